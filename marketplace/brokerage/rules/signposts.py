"""What is true of signposts to free help: which fit where somebody hesitates, and what one must say. Pure."""

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.brokerage.rules.nouns import SignpostKind
from marketplace.kit.places import CouncilCode
from marketplace.kit.sentences import worded

LONGEST_NAME, LONGEST_WORDS, LONGEST_PHONE, LONGEST_EMAIL, LONGEST_HREF = 120, 300, 40, 320, 300
STALE_AFTER = timedelta(days=365)
"""After so long nobody can be sure that a number still rings where it did."""
MOST_SHOWN = 3
"""So many are shown where somebody hesitates: more would be one more thing to choose from."""

_PHONE = re.compile(r"(?:\+44 ?|0)\d(?:[ ()-]{0,2}\d){7,10}|\d{3}(?: ?\d{3})?")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+")
_HREF = re.compile(r"https://[^\s/?#]+\.[^\s/?#.]+(?:[/?#]\S*)?")


class Hesitation(enum.StrEnum):
    """Where somebody may wonder whether they can go on."""

    EMPTY_PLAN = "empty_plan"
    NO_BUDGET = "no_budget"
    OVER_BUDGET = "over_budget"
    NONE_CHOSEN = "none_chosen"
    BRIEF_WITHDRAWN = "brief_withdrawn"
    DECLINED = "declined"
    DISPUTE = "dispute"
    ENDED = "ended"


KINDS_AT: dict[Hesitation, tuple[SignpostKind, ...]] = {
    Hesitation.EMPTY_PLAN: (SignpostKind.ADVICE, SignpostKind.ADVOCACY, SignpostKind.ASSESSMENT),
    Hesitation.NO_BUDGET: (SignpostKind.ASSESSMENT, SignpostKind.ADVICE, SignpostKind.CARERS),
    # A plan that costs more than there is may mean that needs have changed: then the council looks again.
    Hesitation.OVER_BUDGET: (SignpostKind.ASSESSMENT, SignpostKind.ADVICE, SignpostKind.ADVOCACY),
    Hesitation.NONE_CHOSEN: (SignpostKind.ADVICE, SignpostKind.ADVOCACY),
    Hesitation.BRIEF_WITHDRAWN: (SignpostKind.ADVICE, SignpostKind.ADVOCACY),
    Hesitation.DECLINED: (SignpostKind.ADVICE, SignpostKind.ADVOCACY),
    Hesitation.DISPUTE: (SignpostKind.COMPLAINTS, SignpostKind.ADVOCACY, SignpostKind.ADVICE),
    Hesitation.ENDED: (SignpostKind.ADVICE, SignpostKind.ASSESSMENT, SignpostKind.CARERS),
}
"""Which kinds of free help fit where, the likeliest first: one of each, the council’s own before England’s."""


@dataclass(frozen=True, slots=True)
class WrittenSignpost:
    """A signpost as somebody writes it. Without a council it is for all of England."""

    council: CouncilCode | None
    kind: SignpostKind
    name: str
    words: str
    phone: str
    email: str
    href: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class Problem:
    """What is the matter with one answer, as a sentence."""

    field: str
    sentence: str


def problems_of(it: WrittenSignpost, *, today: date) -> tuple[Problem, ...]:
    """Return what keeps a signpost from being shown: a number that is none would cost somebody their courage."""
    return tuple(_problems(it, today))


def _problems(it: WrittenSignpost, today: date) -> Iterable[Problem]:
    if not it.name:
        yield Problem("name", "Say who they are.")
    if not it.words:
        yield Problem("words", "Say in a sentence or two what they do.")
    for field, said, most in (
        ("name", it.name, LONGEST_NAME),
        ("words", it.words, LONGEST_WORDS),
        ("phone", it.phone, LONGEST_PHONE),
        ("email", it.email, LONGEST_EMAIL),
        ("href", it.href, LONGEST_HREF),
    ):
        if len(said) > most:
            yield Problem(field, worded("Use at most {most} characters.", most=most))
    yield from _unreadable(it)
    if not (it.phone or it.email or it.href):
        yield Problem("phone", "Give at least one way to reach them: a number, an email address or a web page.")
    if it.checked_on > today:
        yield Problem("checked_on", "Nobody can have checked it on a day that is still to come.")


def _unreadable(it: WrittenSignpost) -> Iterable[Problem]:
    if it.phone and not _PHONE.fullmatch(it.phone):
        yield Problem("phone", "Enter a number to ring and nothing else, like 0300 061 0614.")
    if it.email and not _EMAIL.fullmatch(it.email):
        yield Problem("email", "Enter an email address, like advice@example.org.")
    if it.href and not _HREF.fullmatch(it.href):
        yield Problem("href", "Enter the address of a web page that begins with https://.")


def is_stale(*, checked_on: date, today: date) -> bool:
    """Test whether it is too long ago that somebody made sure."""
    return today - checked_on > STALE_AFTER
