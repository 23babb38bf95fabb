"""What is true of the library: what a story may be, who reads it first and by when, and what may follow. Pure."""

import enum
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from marketplace.brokerage.rules.nouns import PieceStatus
from marketplace.kit import phrases
from marketplace.kit.days import working_days_after
from marketplace.kit.sentences import worded
from marketplace.kit.spotting import Spotted, SpottedKind, spot

LONGEST_TITLE, LONGEST_PSEUDONYM, LONGEST_SUMMARY = 120, 60, 300
SHORTEST_STORY, LONGEST_STORY = 100, 6_000
"""Characters: two or three sentences at least, and a page at most."""
MOST_WAITING = 5
"""So many stories of one person may wait to be read at once."""
WORKING_DAYS = 2
"""Within so many working days a moderator reads a story, as they do a review that waits."""
SAFEGUARDING_HOURS = 4
"""Within so many hours somebody reads what sounds as if a person is being harmed."""
_SOON = timedelta(days=1)
_MOST_LINKS = 1
_CURLY = str.maketrans({"\N{RIGHT SINGLE QUOTATION MARK}": "'", "\N{LEFT SINGLE QUOTATION MARK}": "'"})

NEXT: dict[PieceStatus, frozenset[PieceStatus]] = {
    PieceStatus.WAITING: frozenset({PieceStatus.SHOWN, PieceStatus.REFUSED, PieceStatus.TAKEN_DOWN}),
    PieceStatus.SHOWN: frozenset({PieceStatus.HELD, PieceStatus.WAITING, PieceStatus.TAKEN_DOWN}),
    PieceStatus.REFUSED: frozenset({PieceStatus.SHOWN, PieceStatus.WAITING, PieceStatus.TAKEN_DOWN}),
    PieceStatus.HELD: frozenset({PieceStatus.SHOWN, PieceStatus.WAITING, PieceStatus.TAKEN_DOWN}),
    # Its words are gone.
    PieceStatus.TAKEN_DOWN: frozenset(),
}
"""What may follow what. What its writer changes is read again; what a moderator hides can come back."""


class Suspicion(enum.StrEnum):
    """What a moderator looks at first in a story. It proves nothing, and hides nothing by itself."""

    SAFEGUARDING = "safeguarding"
    UNLAWFUL = "unlawful"
    IDENTIFYING = "identifying"
    OFF_TOPIC = "off_topic"

    @property
    def words(self) -> str:
        """What it is called on a moderator's page."""
        return {
            Suspicion.SAFEGUARDING: "Somebody may be being harmed",
            Suspicion.UNLAWFUL: "May break the law",
            Suspicion.IDENTIFYING: "May name somebody",
            Suspicion.OFF_TOPIC: "May be an advertisement",
        }[self]


CONTACTS = frozenset(
    {
        SpottedKind.EMAIL,
        SpottedKind.PHONE,
        SpottedKind.WEB_ADDRESS,
        SpottedKind.POSTCODE,
        SpottedKind.ADDRESS,
    }
)
"""What a story never holds: ways to reach or to find somebody."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is the matter with one answer, as a sentence."""

    field: str
    sentence: str


def problems_of(*, title: str, words: str, pseudonym: str) -> tuple[Problem, ...]:
    """Return why a story cannot be sent as it is."""
    return tuple(_problems(title, words, pseudonym))


def _problems(title: str, words: str, pseudonym: str) -> Iterable[Problem]:
    if not title:
        yield Problem("title", "Give your story a title.")
    if not pseudonym:
        yield Problem("pseudonym", "Choose a name to show. It need not be yours.")
    if len(words) < SHORTEST_STORY:
        yield Problem("words", "Tell a little more: two or three sentences at least.")
    for field, said, most in (
        ("title", title, LONGEST_TITLE),
        ("pseudonym", pseudonym, LONGEST_PSEUDONYM),
        ("words", words, LONGEST_STORY),
    ):
        if len(said) > most:
            yield Problem(field, worded("Use at most {most:,} characters.", most=most))
    for field, said in (("title", title), ("words", words), ("pseudonym", pseudonym)):
        contacts = [it.text for it in spot(said) if it.kind in CONTACTS]
        if contacts:
            yield Problem(
                field,
                worded(
                    "Take out {listed}. Anybody can read a story, and could use it to find you.",
                    listed=_listed(contacts),
                ),
            )


def names_in(*, title: str, words: str, names: Collection[str]) -> tuple[str, ...]:
    """Return what looks like names in a story, each once. Its writer may say that they are to stay."""
    found = [it.text for it in spot(f"{title}\n{words}", names=names) if it.kind is SpottedKind.NAME]
    return tuple(dict.fromkeys(found))


def suspicions_in(*, title: str, words: str, pseudonym: str, names: Collection[str]) -> tuple[Suspicion, ...]:
    """Return what a moderator should look at first."""
    told = f"{title}\n{words}"
    everything = f"{told}\n{pseudonym}".translate(_CURLY)
    links = len(phrases.LINK.findall(everything))
    spotted: tuple[Spotted, ...] = spot(told, names=names)
    found = {
        Suspicion.SAFEGUARDING: phrases.SAFEGUARDING.search(everything) is not None,
        Suspicion.UNLAWFUL: phrases.UNLAWFUL.search(everything) is not None,
        Suspicion.IDENTIFYING: bool(spotted),
        Suspicion.OFF_TOPIC: phrases.OFF_TOPIC.search(everything) is not None or links > _MOST_LINKS,
    }
    return tuple(one for one, is_there in found.items() if is_there)


def read_by(suspected: Collection[Suspicion], *, since: datetime) -> datetime:
    """Return by when a moderator must have read a story."""
    if Suspicion.SAFEGUARDING in suspected:
        return since + timedelta(hours=SAFEGUARDING_HOURS)
    return working_days_after(since, WORKING_DAYS)


def is_to_be_told(*, due_at: datetime, told_at: datetime | None, now: datetime) -> bool:
    """Test whether to remind of a story that waits: once a day before it is due, and once it is late every day."""
    if now < due_at - _SOON:
        return False
    if told_at is None or now - told_at >= _SOON:
        return True
    return told_at < due_at <= now


def may_become(before: PieceStatus, after: PieceStatus) -> bool:
    """Test whether one may follow the other."""
    return after in NEXT[before]


def beginning(words: str) -> str:
    """Return the first words of a story, for lists."""
    first = words.split("\n", 1)[0]
    if len(first) <= LONGEST_SUMMARY:
        return first
    return first[: LONGEST_SUMMARY - 2].rsplit(" ", 1)[0] + "\u00a0…"


def _listed(found: list[str]) -> str:
    quoted = [f"“{it}”" for it in dict.fromkeys(found)]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " and " + quoted[-1]
