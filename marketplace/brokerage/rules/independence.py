"""Who is free to give advice that serves nobody but the person? What an organisation says, and what follows [003]."""

from collections.abc import Collection
from datetime import date, timedelta

from marketplace.accounts.rules import WHOLE_PLANNING, Scope
from marketplace.brokerage.rules.nouns import Payer
from marketplace.catalogue.rules import CategorySlug
from marketplace.kit.sentences import worded

PLANNING = (CategorySlug("money-and-planning"), CategorySlug("managing-money"))
"""The shelves of help to plan and to run a budget. What else somebody sells could be bought by a plan."""

LONGEST_SAID = 1000
GOES_STALE = timedelta(days=366)
"""A year: who pays, and what is sold, has often changed by then."""


def is_stale(declared_on: date, *, on: date) -> bool:
    """Test whether what an organisation said of itself is too old to count on."""
    return declared_on + GOES_STALE < on


def sells_support(sold: Collection[CategorySlug]) -> bool:
    """Test whether somebody who sells on these shelves stands to gain from what is in a plan."""
    return any(shelf not in PLANNING for shelf in sold)


def holds_everything(scopes: Collection[Scope]) -> bool:
    """Test whether whoever is allowed this holds the whole process: the plan, the pen and the quotes."""
    return set(scopes) >= WHOLE_PLANNING


def conflict(*, sells: bool, holds: Collection[Scope], name: str) -> str | None:
    """Return why an organisation must not hold this much of somebody's planning, as sentences, or None if it may."""
    if not (sells and holds_everything(holds)):
        return None
    return worded(
        "{name} sells support that your plan could buy. So they may help with your plan, or with quotes, but not hold "
        "both. Leave one of them out here, and ask somebody who sells nothing to do that.",
        name=name,
    )


def conflict_of_oneself(*, sells: bool, holds: Collection[Scope], name: str) -> str | None:
    """Return what `conflict` says, to somebody who speaks for the organisation."""
    if not (sells and holds_everything(holds)):
        return None
    return worded(
        "{name} sells support that their plan could buy. So you may help with their plan, or with quotes, but not "
        "hold both. Ask them to leave one of them out.",
        name=name,
    )


def declaration_problem(
    *, payers: Collection[Payer], who_pays: str, also_sells: str, ties: str
) -> tuple[str, str] | None:
    """Return which answer of a declaration will not do, and why, as a sentence, or None if they all will."""
    if not payers:
        return "payers", "Choose at least one: somebody pays for what you do, or you give it."
    if Payer.SOMEBODY_ELSE in payers and not who_pays:
        return "who_pays", "Say who else pays you."
    for field, words in (("who_pays", who_pays), ("also_sells", also_sells), ("ties", ties)):
        if len(words) > LONGEST_SAID:
            return field, worded("Use at most {longest_said:,} characters.", longest_said=LONGEST_SAID)
    return None
