"""What is true of decision packs: what one holds, how its hash is made, and what makes a file ours. Pure."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from marketplace.kit.said import count
from marketplace.kit.sentences import worded

MOST_IN_PACK = 20
"""Offers in one pack: as many as a shortlist holds."""

MOST_PACKS = 200
"""Packs of one person: each is kept for good."""

LONGEST_TITLE = 120
LONGEST_REASONS = 4_000
LONGEST_BECAUSE = 1_000
_FORMAT = 1
_HASH = re.compile(r"[0-9a-f]{64}")
_MARK = "decision-pack-sha256:"
_MARKED = re.compile(rb"decision-pack-sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class FrozenCheck:
    """How one check on a provider stood: what it is of, in which state, and who looked when."""

    what: str
    state: str
    said: str


@dataclass(frozen=True, slots=True)
class FrozenRating:
    """What people had given an offer. There is no average below three people. `spread` counts one to five stars."""

    count: int
    average: str | None
    spread: tuple[int, ...]
    verified: int


@dataclass(frozen=True, slots=True)
class FrozenArrangement:
    """What had been arranged with a provider by then."""

    status: str
    how_much: str
    total: str
    starts_on: str
    asked_on: str


@dataclass(frozen=True, slots=True)
class FrozenOffer:
    """One offer as it stood when the pack was made, whether it was chosen, and why or why not."""

    title: str
    provider: str
    kind: str
    page: str
    version: int | None
    is_chosen: bool
    because: str
    prices: tuple[str, ...]
    conditions: tuple[str, ...]
    included: str
    where: str
    times: tuple[str, ...]
    access: tuple[str, ...]
    ways_to_pay: tuple[str, ...]
    checks: tuple[FrozenCheck, ...]
    rating: FrozenRating
    confirmed_on: str
    arrangement: FrozenArrangement | None


@dataclass(frozen=True, slots=True)
class FrozenQuote:
    """What a provider said that it would cost, for the same thing."""

    provider: str
    total: str
    said: str


@dataclass(frozen=True, slots=True)
class Contents:
    """
    Everything in a decision pack. `made_at` is in UTC; `id` makes every pack, and so every hash, another one.

    Nothing in it is looked up again: it is what was true when it was made.
    """

    id: str
    made_at: str
    made_for: str
    title: str
    reasons: str
    offers: tuple[FrozenOffer, ...]
    quotes: tuple[FrozenQuote, ...]

    @property
    def chosen(self) -> tuple[FrozenOffer, ...]:
        """What was chosen."""
        return tuple(offer for offer in self.offers if offer.is_chosen)

    @property
    def others(self) -> tuple[FrozenOffer, ...]:
        """What was looked at and not chosen."""
        return tuple(offer for offer in self.offers if not offer.is_chosen)


def written(contents: Contents) -> str:
    """Return the contents of a pack as we keep them: JSON with sorted keys, the same for the same contents."""
    return json.dumps({"format": _FORMAT, **asdict(contents)}, sort_keys=True, ensure_ascii=False, indent=1)


def read(kept: str) -> Contents:
    """Return the contents of a pack from what we keep."""
    said: dict[str, Any] = json.loads(kept)
    return Contents(
        id=said["id"],
        made_at=said["made_at"],
        made_for=said["made_for"],
        title=said["title"],
        reasons=said["reasons"],
        offers=tuple(_offer(offer) for offer in said["offers"]),
        quotes=tuple(FrozenQuote(**quote) for quote in said["quotes"]),
    )


def hash_of(kept: str | bytes) -> str:
    """Return the SHA-256 of what we keep, or of a file that somebody holds."""
    return hashlib.sha256(kept.encode() if isinstance(kept, str) else kept).hexdigest()


def mark_of(pack_hash: str) -> str:
    """Return the words by which the PDF of a pack says, among its properties, which one it is."""
    return _MARK + pack_hash


def marked_in(file: bytes) -> str | None:
    """Return the hash that a PDF says it is the pack of, or None if it says none. It may lie."""
    found = _MARKED.search(file)
    return found[1].decode() if found else None


def hash_in(typed: str) -> str | None:
    """Return the hash that somebody typed or pasted, with whatever spaces, or None if it is none."""
    tidy = "".join(typed.split()).lower()
    return tidy if _HASH.fullmatch(tidy) else None


def printed_hash(pack_hash: str) -> str:
    """Return a hash as it is printed, in groups of eight that an eye can follow."""
    return " ".join(pack_hash[at : at + 8] for at in range(0, len(pack_hash), 8))


def rows_told(offer: FrozenOffer) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return everything that a pack tells of one offer: what it is about, and what is told, in lines."""
    rows = (
        ("Price", offer.prices),
        ("Arranged", _arranged_told(offer.arrangement)),
        ("Conditions", offer.conditions),
        ("Included", tuple(offer.included.splitlines())),
        ("Where", (offer.where,)),
        ("When", offer.times),
        ("Access", offer.access),
        ("Ways to pay", offer.ways_to_pay),
        ("What people say", rating_told(offer.rating)),
        ("Checks", tuple(_check_told(check) for check in offer.checks)),
        ("Confirmed", (_confirmed_told(offer),)),
        ("Page", (_page_told(offer),)),
    )
    return tuple((label, lines) for label, lines in rows if any(lines))


def rating_told(rating: FrozenRating) -> tuple[str, ...]:
    """Return how an offer was rated, in lines."""
    if not rating.count:
        return ("Nobody had rated it yet",)
    people = count(rating.count, "person", "people")
    if rating.average is None:
        return (worded("Rated by {people}: too few for an average", people=people),)
    given = list(enumerate(rating.spread, start=1))
    return (
        worded(
            "{average} out of 5, from {people}. {verified} of them are known to have used it",
            average=rating.average,
            people=people,
            verified=rating.verified,
        ),
        ", ".join(f"{count(stars, 'star', 'stars')}: {number}" for stars, number in reversed(given)),
    )


def rating_in_short(rating: FrozenRating) -> str:
    """Return how an offer was rated, for one cell of a table."""
    if rating.average is None:
        return "No average yet"
    return worded("{average} from {count} people", average=rating.average, count=rating.count)


def title_problem(title: str) -> str | None:
    """Return why the title of a pack will not do, as a sentence, or None if it will."""
    if not title:
        return "Say what you were choosing, in a few words."
    return (
        worded("Use at most {longest_title} characters.", longest_title=LONGEST_TITLE)
        if len(title) > LONGEST_TITLE
        else None
    )


def reasons_problem(reasons: str) -> str | None:
    """Return why the reasons for a choice will not do, as a sentence, or None if they will."""
    if not reasons:
        return "Say why you chose as you did. A few words are enough."
    return (
        worded("Use at most {longest_reasons:,} characters.", longest_reasons=LONGEST_REASONS)
        if len(reasons) > LONGEST_REASONS
        else None
    )


def because_problem(because: str) -> str | None:
    """Return why the words about one offer will not do, as a sentence, or None if they will. They may be empty."""
    return (
        worded("Use at most {longest_because:,} characters.", longest_because=LONGEST_BECAUSE)
        if len(because) > LONGEST_BECAUSE
        else None
    )


def choice_problem(chosen: Iterable[bool]) -> str | None:
    """Return why a choice will not do, as a sentence, or None if it will. It tells of each offer if it was chosen."""
    said = list(chosen)
    if not said:
        return "Keep at least one offer in the pack."
    if len(said) > MOST_IN_PACK:
        return worded("A pack holds at most {most_in_pack} offers.", most_in_pack=MOST_IN_PACK)
    return None if any(said) else "Say which one you chose, or which ones."


def _offer(said: Mapping[str, Any]) -> FrozenOffer:
    lists = {name: tuple(said[name]) for name in ("prices", "conditions", "times", "access", "ways_to_pay")}
    rating, arrangement = said["rating"], said["arrangement"]
    return FrozenOffer(
        **{
            **said,
            **lists,
            "checks": tuple(FrozenCheck(**check) for check in said["checks"]),
            "rating": FrozenRating(**{**rating, "spread": tuple(rating["spread"])}),
            "arrangement": FrozenArrangement(**arrangement) if arrangement else None,
        }
    )


def _arranged_told(it: FrozenArrangement | None) -> tuple[str, ...]:
    if it is None:
        return ()
    return (
        worded(
            "{status}: {how_much}, {total} altogether, from {starts_on}",
            status=it.status,
            how_much=it.how_much,
            total=it.total,
            starts_on=it.starts_on,
        ),
        worded("Asked for on {asked_on}", asked_on=it.asked_on),
    )


def _check_told(check: FrozenCheck) -> str:
    return f"{check.what}: {check.state.lower()}" + (f", {check.said}" if check.said else "")


def _confirmed_told(offer: FrozenOffer) -> str:
    if not offer.confirmed_on:
        return "It was not on the site any more"
    return worded("The provider had last said that this is right on {confirmed_on}", confirmed_on=offer.confirmed_on)


def _page_told(offer: FrozenOffer) -> str:
    address = offer.page.split("://", 1)[-1]
    return worded("{address}, version {version}", address=address, version=offer.version) if offer.version else address
