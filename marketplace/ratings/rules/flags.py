"""
Which reviews of a provider look arranged, so that a person must look at them. Pure: no database, no web, no clock.

Nothing here removes or hides a review. It compares what was said in some days with what is usual, as Kulldorff's scan
statistic does: over windows of every length, is it more, is it more of one mind, is it more by accounts made for it?
Each is weighed as the logarithm of how much likelier it is that these days were different than that they were not.
What shows for itself that somebody used it, such as an arrangement done here, is never suspected by this. It is what
the others are compared with, so a wave of honest, verified reviews raises no flag, however high.
"""

import enum
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate
from math import log

from marketplace.ratings.rules.nouns import Basis, FlagKind, ReviewId

LOOKS_BACK_DAYS = 1104
"""So far back reviews are looked at one by one. Those before are only counted, as what is usual."""

SETTLING_DAYS = 184
"""So long a review waits until it moves its offer's place, if only its writer and the provider say that it was used."""

FRESH_DAYS = 14
"""An account made no longer before its review than this, and used for nothing else, may have been made for it."""

USUAL_FRESH = 0.4
"""Such a share of honest reviews in own words is by fresh accounts, until more is known of a provider."""

FEWEST = 5
"""Fewer reviews than this are never flagged for coming together."""

WORKING_DAYS = 2
"""Within so many working days a person looks at a flag."""

_LENGTHS = (1, 3, 7, 14, 30, 61, 122, 184)
_LONGEST_BURST_DAYS = 30
_FEWEST_CARDS = 8
_MOST_FOR_HASTE = 5.0  # That many came at once is never enough alone: a newspaper may have written about it.
_MOST_ROUNDS = 4
# What is usual before anything is known of a provider: so many reviews' worth of each.
_USUAL_REVIEWS = 8
_USUAL_BROAD = {"up": 0.75, "down": 0.12}
_USUAL_EXTREME = {"up": 0.5, "down": 0.06}
_USUAL_FRESH_REVIEWS = 20
_USUAL_DAYS_FOR_ONE, _USUAL_DAYS = 60, 120


class Proof(enum.Enum):
    """How well a review shows for itself that its writer used what it is about."""

    OWN_WORD = enum.auto()  # Nobody has checked it, or nobody can.
    CARD = enum.auto()  # The provider chose whom to give the card to.
    PROVEN = enum.auto()  # Two sides arranged it here, or somebody else than the provider vouched for it.


# As natural logarithms. For own words a million to one, as there are many providers, and many windows in a year.
_AT_LEAST = {Proof.OWN_WORD: 14.0, Proof.CARD: 7.5}


class Lean(enum.StrEnum):
    """Which way reviews would move the provider."""

    UP = "up"
    DOWN = "down"


_BROAD = {Lean.UP: frozenset({4, 5}), Lean.DOWN: frozenset({1, 2})}
_EXTREME = {Lean.UP: frozenset({5}), Lean.DOWN: frozenset({1})}


@dataclass(frozen=True, slots=True)
class Seen:
    """What may be known here of one review: not its words, and not who wrote it."""

    id: ReviewId
    on: date
    stars: int
    proof: Proof
    # Made for this review, as far as one can see: see `FRESH_DAYS`.
    is_fresh: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a person is shown: figures and days, never a name."""

    lean: Lean
    days: int
    reviews: int  # So many came in these days, of those that do not show for themselves that something was used.
    leaning: int  # So many of them lean the same way.
    fresh: int  # So many of those that lean are by accounts made for it.
    usual_reviews: float  # So many would be usual in as many days.
    usual_leaning: float  # Such a share usually leans this way.


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Some reviews that look arranged, and why."""

    kind: FlagKind
    proof: Proof
    since: date
    until: date
    reviews: tuple[ReviewId, ...]
    # Those of them beyond what is usual: these are set aside.
    too_many: frozenset[ReviewId]
    evidence: Evidence


def lean_of(stars: int) -> Lean | None:
    """Return which way a review leans, if any."""
    return next((lean for lean, broad in _BROAD.items() if stars in broad), None)


def proof_of(*, basis: Basis, is_verified: bool) -> Proof:
    """Return how well a review shows for itself that something was used."""
    if not is_verified:
        return Proof.OWN_WORD
    return Proof.CARD if basis is Basis.CARD else Proof.PROVEN


def suspicions(recent: Sequence[Seen], *, settled: Sequence[int]) -> tuple[Suspicion, ...]:
    """
    Return what looks arranged in the reviews of one provider, the most striking first.

    :param recent: those of the last `LOOKS_BACK_DAYS` that are not proven.
    :param settled: how many others there are of one star to five: proven ones, older ones, and those that a person has
        looked at and found nothing wrong with.
    """
    found = []
    for proof in (Proof.OWN_WORD, Proof.CARD):
        left = sorted((it for it in recent if it.proof is proof), key=lambda it: (it.on, str(it.id)))
        for _ in range(_MOST_ROUNDS):
            window = _most_striking(left, proof, settled)
            if window is None:
                break
            suspected, too_many = window.suspects()
            if len(suspected) < FEWEST:
                break
            found.append(window.suspicion(proof, suspected, too_many))
            gone = {it.id for it in suspected}
            left = [it for it in left if it.id not in gone]
    return tuple(found)


def _most_striking(reviews: Sequence[Seen], proof: Proof, settled: Sequence[int]) -> "_Window | None":
    """Return, of the days that differ enough from what is usual, those that differ most, all in all."""
    best, most = None, 0.0
    for lean in Lean:
        counts = _Counts(reviews, lean, settled)
        for window in counts.windows(FEWEST if proof is Proof.OWN_WORD else _FEWEST_CARDS):
            surprise = window.surprise() if proof is Proof.OWN_WORD else window.one_mind()
            if surprise >= _AT_LEAST[proof] and (strength := surprise + window.haste()) > most:
                best, most = window, strength
    return best


@dataclass(slots=True)
class _Counts:
    """The reviews of one provider in order of days, and sums up to each, so that a window is two look-ups."""

    reviews: Sequence[Seen]
    lean: Lean
    settled: Sequence[int]
    days: list[int] = field(init=False)
    broad: list[int] = field(init=False)
    extreme: list[int] = field(init=False)
    fresh: list[int] = field(init=False)
    fresh_broad: list[int] = field(init=False)

    def __post_init__(self) -> None:
        broad, extreme = _BROAD[self.lean], _EXTREME[self.lean]
        self.days = [it.on.toordinal() for it in self.reviews]
        self.broad = _sums(it.stars in broad for it in self.reviews)
        self.extreme = _sums(it.stars in extreme for it in self.reviews)
        self.fresh = _sums(it.is_fresh for it in self.reviews)
        self.fresh_broad = _sums(it.is_fresh and it.stars in broad for it in self.reviews)

    def windows(self, fewest: int) -> Iterator["_Window"]:
        """Yield each window that ends with a review and holds enough of them that lean this way."""
        for stop in range(1, len(self.days) + 1):
            if stop < len(self.days) and self.days[stop] == self.days[stop - 1]:
                continue  # The day is not over.
            for length in _LENGTHS:
                start = bisect_left(self.days, self.days[stop - 1] - length + 1)
                if self.broad[stop] - self.broad[start] >= fewest:
                    yield _Window(self, start, stop, length)

    def settled_of(self, stars: frozenset[int]) -> int:
        return sum(self.settled[each - 1] for each in stars)


@dataclass(frozen=True, slots=True)
class _Window:
    """Some days of a provider's reviews, beside all others."""

    counts: _Counts
    start: int
    stop: int
    days: int

    def within(self, sums: Sequence[int]) -> int:
        return sums[self.stop] - sums[self.start]

    def outside(self, sums: Sequence[int]) -> int:
        return sums[-1] - self.within(sums)

    @property
    def reviews(self) -> int:
        return self.stop - self.start

    @property
    def others(self) -> int:
        return len(self.counts.days) - self.reviews

    def surprise(self) -> float:
        """Return how much likelier these days were different than that they were as usual, as a logarithm."""
        return min(_MOST_FOR_HASTE, self.haste()) + self.one_mind() + self.made_for_it()

    def haste(self) -> float:
        """Weigh that more came in these days than in others."""
        days = _USUAL_DAYS + LOOKS_BACK_DAYS - self.days
        return _likelier_rate(self.reviews, self.days, self.others + _USUAL_DAYS / _USUAL_DAYS_FOR_ONE, days)

    def one_mind(self) -> float:
        """Weigh that more of them lean one way, or go to the very end of it, than is usual here."""
        lean, counts = self.counts.lean, self.counts
        return max(
            self._likelier_share(counts.broad, _BROAD[lean], _USUAL_BROAD[lean]),
            self._likelier_share(counts.extreme, _EXTREME[lean], _USUAL_EXTREME[lean]),
        )

    def _likelier_share(self, sums: Sequence[int], stars: frozenset[int], usual: float) -> float:
        like, of = self._usual(sums, stars, usual)
        return _likelier_share(self.within(sums), self.reviews, like, of)

    def _usual(self, sums: Sequence[int], stars: frozenset[int], usual: float) -> tuple[float, float]:
        like = self.outside(sums) + self.counts.settled_of(stars) + usual * _USUAL_REVIEWS
        return like, self.others + sum(self.counts.settled) + _USUAL_REVIEWS

    def made_for_it(self) -> float:
        """Weigh that more of those that lean are by fresh accounts than is usual."""
        counts = self.counts
        return _likelier_share(
            self.within(counts.fresh_broad),
            self.within(counts.broad),
            self.outside(counts.fresh) + USUAL_FRESH * _USUAL_FRESH_REVIEWS,
            self.others + _USUAL_FRESH_REVIEWS,
        )

    def suspects(self) -> tuple[list[Seen], list[Seen]]:
        """
        Return those that lean this way, of the sort that there are too many of; and, of these, who are too many.

        Fresh accounts and others are told apart. Of each sort as many as are usual in that time are not too many: some
        would have written anyway, and it makes no difference which of those who say the same are counted.
        """
        broad, reviews = _BROAD[self.counts.lean], self.counts.reviews
        leaning = [it for it in reviews[self.start : self.stop] if it.stars in broad]
        elsewhere = [it for it in (*reviews[: self.start], *reviews[self.stop :]) if it.stars in broad]
        suspected, too_many = [], []
        for is_fresh in (True, False):
            here = [it for it in leaning if it.is_fresh is is_fresh]
            usual = sum(it.is_fresh is is_fresh for it in elsewhere) * self.days / (LOOKS_BACK_DAYS - self.days)
            if len(here) > usual + 1:
                suspected += here
                too_many += here[round(usual) :]
        return suspected, too_many

    def suspicion(self, proof: Proof, suspected: Sequence[Seen], too_many: Sequence[Seen]) -> Suspicion:
        counts, lean = self.counts, self.counts.lean
        since, until = counts.reviews[self.start].on, counts.reviews[self.stop - 1].on
        like, of = self._usual(counts.broad, _BROAD[lean], _USUAL_BROAD[lean])
        rate = (self.others + _USUAL_DAYS / _USUAL_DAYS_FOR_ONE) / (_USUAL_DAYS + LOOKS_BACK_DAYS - self.days)
        days = (until - since).days + 1
        return Suspicion(
            kind=FlagKind.BURST if days <= _LONGEST_BURST_DAYS else FlagKind.ONE_TARGET,
            proof=proof,
            since=since,
            until=until,
            reviews=tuple(it.id for it in suspected),
            too_many=frozenset(it.id for it in too_many),
            evidence=Evidence(
                lean=lean,
                days=days,
                reviews=self.reviews,
                leaning=self.within(counts.broad),
                fresh=self.within(counts.fresh_broad),
                usual_reviews=round(rate * days, 1),
                usual_leaning=round(like / of, 2),
            ),
        )


def is_young(*, made_at: datetime | None, written_at: datetime) -> bool:
    """Test whether an account was made shortly before its review. What was typed in from paper has no account."""
    return made_at is not None and timedelta() <= written_at - made_at <= timedelta(days=FRESH_DAYS)


def settles_on(*, proof: Proof, on: date) -> date:
    """
    Return from which day on a review moves its offer's place. It is shown and counted from the start.

    What rests on somebody's own word, or on cards that a provider gave out, can be arranged in a day. So it moves
    nothing before there was time to see whether more of the kind come. Good and bad wait alike.
    """
    return on if proof is Proof.PROVEN else on + timedelta(days=SETTLING_DAYS)


def looks_back_to(today: date) -> date:
    """Return the first day from which reviews are looked at one by one."""
    return today - timedelta(days=LOOKS_BACK_DAYS)


def _sums(flags: Iterator[bool]) -> list[int]:
    return list(accumulate(flags, initial=0))


def _likelier_share(here: float, of: float, elsewhere: float, of_those: float) -> float:
    """Return the log of how much likelier two shares are two than one; nothing, if the first is not the larger."""
    if of == 0 or here / of <= elsewhere / of_those:
        return 0.0
    together = (here + elsewhere) / (of + of_those)
    return (
        _part(here, here / of, together)
        + _part(of - here, 1 - here / of, 1 - together)
        + _part(elsewhere, elsewhere / of_those, together)
        + _part(of_those - elsewhere, 1 - elsewhere / of_those, 1 - together)
    )


def _likelier_rate(here: float, days: float, elsewhere: float, other_days: float) -> float:
    """Return the log of how much likelier two rates are two than one; nothing, if the first is not the larger."""
    if here / days <= elsewhere / other_days:
        return 0.0
    together = (here + elsewhere) / (days + other_days)
    return _part(here, here / days, together) + _part(elsewhere, elsewhere / other_days, together)


def _part(count: float, own: float, together: float) -> float:
    return count * log(own / together) if count else 0.0
