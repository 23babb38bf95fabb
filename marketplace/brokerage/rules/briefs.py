"""What is true of briefs: what one says, how long, and what may happen to it. Pure."""

import enum
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from marketplace.accounts.rules import OrganisationId
from marketplace.brokerage.rules.nouns import BriefStatus, NoBid
from marketplace.kit.sentences import one_word, worded

MOST_NEEDS = 6
MOST_WORDS_OF_A_NEED = 30
LONGEST_NEED = 200
MOST_CRITERIA = 5
LONGEST_CRITERION = 120
LONGEST_TITLE = 120
LONGEST_ABOUT = 2_000
LONGEST_TIMES = 300
LONGEST_QUESTION = 500
LONGEST_ANSWER = 1_000
MOST_BRIEFS_BEGUN = 20
"""How many briefs of one person may be open or not sent yet at once."""
MOST_QUESTIONS = 5
"""How many questions one organisation may ask about one brief."""
WHOLE = 100

NEXT: dict[BriefStatus, frozenset[BriefStatus]] = {
    BriefStatus.DRAFT: frozenset({BriefStatus.OPEN, BriefStatus.WITHDRAWN}),
    BriefStatus.OPEN: frozenset({BriefStatus.CLOSED, BriefStatus.WITHDRAWN}),
    BriefStatus.CLOSED: frozenset({BriefStatus.AWARDED, BriefStatus.NONE_CHOSEN, BriefStatus.WITHDRAWN}),
    BriefStatus.AWARDED: frozenset(),
    BriefStatus.NONE_CHOSEN: frozenset(),
    BriefStatus.WITHDRAWN: frozenset(),
}
"""What may become of a brief."""

STATUS_WORDS: dict[BriefStatus, str] = {
    BriefStatus.DRAFT: "Not sent yet",
    BriefStatus.OPEN: "Open for quotes",
    BriefStatus.CLOSED: "Ready for you to look at",
    BriefStatus.AWARDED: one_word("Chosen"),
    BriefStatus.NONE_CHOSEN: "None chosen",
    BriefStatus.WITHDRAWN: "Taken back",
}
"""How a brief stands, as its own page says it."""


NO_BID_WORDS: dict[NoBid, str] = {
    NoBid.NO_SPACE: "We have no room",
    NoBid.TOO_FAR: "It is too far",
    NoBid.NOT_WHAT_WE_DO: "It is not what we do",
    NoBid.BUDGET_TOO_SMALL: "It cannot be done for this budget",
    NoBid.TIMES: "The times do not suit us",
    NoBid.TOO_LITTLE_TOLD: "It does not say enough to quote",
    NoBid.SOMETHING_ELSE: "Something else",
}
"""Why a provider does not quote, in words to choose from."""


def may_become(status: BriefStatus, wanted: BriefStatus) -> bool:
    """Test whether a brief that stands like this may come to stand like that."""
    return wanted in NEXT[status]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing by which somebody chooses, and how much of a hundred it counts."""

    words: str
    weight: int
    is_cost: bool = False


@dataclass(frozen=True, slots=True)
class Preset:
    """Criteria to begin from. Nobody needs to take any of them."""

    slug: str
    words: str
    criteria: tuple[Criterion, ...]


def _preset(slug: str, words: str, *, cost: int, fit: int, feel: int) -> Preset:
    criteria = (
        Criterion("What it costs", cost, is_cost=True),
        Criterion("How well it fits what I need", fit),
        Criterion("How we get on", feel),
    )
    return Preset(slug, words, tuple(one for one in criteria if one.weight))


PRESETS = (
    _preset("fit", "Mostly how it fits: 20 for cost, 80 for the rest", cost=20, fit=50, feel=30),
    _preset("half", "Half and half: 50 for cost, 50 for the rest", cost=50, fit=30, feel=20),
    _preset("essex", "As Essex councils do: 60 for cost, 40 for the rest", cost=60, fit=25, feel=15),
    _preset("no-cost", "Cost does not count", cost=0, fit=60, feel=40),
)
"""Essex’s 60 to 40 is the known one [ANCHORS row 40]; it is no better than the others."""


def word_count(words: str) -> int:
    """Return how many words there are, as a person counts them."""
    return len(words.split())


def needs_problem(needs: Sequence[str]) -> str | None:
    """Return why these needs will not do, as a sentence, or None if they will."""
    if not needs:
        return "Write at least one thing that must be met."
    if len(needs) > MOST_NEEDS:
        return worded(
            "Write at most {most_needs} things. Put two together, or leave out what you could do without.",
            most_needs=MOST_NEEDS,
        )
    if len({need.casefold() for need in needs}) < len(needs):
        return "Two of these say the same. Take one of them out."
    return None


def need_problem(need: str) -> str | None:
    """Return why one need will not do, as a sentence, or None if it will."""
    if word_count(need) > MOST_WORDS_OF_A_NEED or len(need) > LONGEST_NEED:
        return worded(
            "Use at most {most_words_of_a_need} words for one thing.", most_words_of_a_need=MOST_WORDS_OF_A_NEED
        )
    return None


def criteria_problem(criteria: Sequence[Criterion]) -> str | None:
    """Return why these criteria will not do, as a sentence, or None if they will."""
    if not criteria:
        return "Write at least one thing you will choose by."
    if len(criteria) > MOST_CRITERIA:
        return worded("Write at most {most_criteria} things you will choose by.", most_criteria=MOST_CRITERIA)
    if any(not 1 <= one.weight <= WHOLE for one in criteria):
        return worded("Give each thing a number from 1 to {whole}.", whole=WHOLE)
    if len({one.words.casefold() for one in criteria}) < len(criteria):
        return "Two of these say the same. Take one of them out."
    total = sum(one.weight for one in criteria)
    if total != WHOLE:
        off = (
            worded("{whole} too few", whole=WHOLE - total)
            if total < WHOLE
            else worded("{total} too many", total=total - WHOLE)
        )
        return worded(
            "The numbers come to {total}, which is {off}. Change them so that they come to {whole}.",
            total=total,
            off=off,
            whole=WHOLE,
        )
    return None


def organisation_kept(organisation_id: OrganisationId) -> str:
    """Return how a brief remembers that it names an organisation all the same: that one cannot quote then."""
    return f"organisation:{organisation_id}"


def fingerprint(*said: object) -> str:
    """Return what tells one edition of an answer from another, so that two who write at once are noticed."""
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Missing:
    """What a brief does not say yet: the page that asks for it, and why it is needed."""

    page: str
    sentence: str


def missing(*, title: str, about: str, has_category: bool, has_area: bool, needs: int, weights: Iterable[int],
            times: str) -> tuple[Missing, ...]:  # fmt: skip
    """Return what must still be said before a brief can open, in the order of its pages."""
    found = []
    if not title or not about or not has_category:
        found.append(Missing("what", "Say what you are looking for."))
    if not needs:
        found.append(Missing("needs", "Write at least one thing that must be met."))
    if sum(weights) != WHOLE:
        found.append(Missing("matters", "Say what you will choose by."))
    if not has_area:
        found.append(Missing("where", "Say roughly where."))
    if not times:
        found.append(Missing("when", "Say when it would suit you."))
    return tuple(found)


class Page(enum.StrEnum):
    """The short pages of a brief, in the order they are asked."""

    WHAT = "what"
    NEEDS = "needs"
    MATTERS = "matters"
    MONEY = "money"
    WHERE = "where"
    WHEN = "when"
