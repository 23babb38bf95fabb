"""
Whether praise or blame can be bought: what fake reviewers do to a provider's place, and whether they are flagged.

Makes 500 providers with 20,000 honest ratings over four years, as they come in life: some providers have many and most
have few, now and then several come together, and of those in people's own word a third are by accounts made that week.
Then 50 fake reviewers, whom nobody but themselves vouches for, review one provider: in a day, in two weeks, slowly over
half a year; they push up a poor provider, or a middling one, or pull down a good one. Each is done to a service open to
everyone, where own words are all there are; to a provider that is arranged with, by invoices nobody has checked; and,
upwards, by a provider that hands its own cards to fake reviewers. One in ten of them hides well: an older account that
has reviewed others too. Its place among the 500 is compared with what it would be on the same day without the fakes.

Then honest, verified reviews come in waves of 10 to 60 in a day to two weeks, such as after a newsletter or at the end
of a course, and we count how many waves are flagged. It is the rules and the score of the site that decide, over
several worlds, each drawn from a seed of its own. BENCH_SEEDS says how many.
"""

import os
import random
import statistics
import uuid
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from marketplace.ratings.rules import flags, scoring
from marketplace.ratings.rules.flags import Proof, Seen
from marketplace.ratings.rules.nouns import Basis, ReviewId

PROVIDERS, RATINGS, FAKES = 500, 20_000, 50
SEEDS = int(os.environ.get("BENCH_SEEDS", "5"))
CATEGORIES = 10
OPEN_TO_ALL = 0.3
YEARS = 4
TODAY = date(2026, 6, 15)
FEW, MANY = 15, 80
AFTER = 185
LOOKS = 8
WAVES = 200
MOST_PLACES = 3

Bases = Mapping[tuple[Basis, bool], float]

PATTERNS = {"in a day": 1, "in two weeks": 14, "over half a year": 182}
BASES = {
    (Basis.ARRANGEMENT, True): 0.55,
    (Basis.CARD, True): 0.2,
    (Basis.ATTESTED, True): 0.08,
    (Basis.INVOICE, True): 0.12,
    (Basis.INVOICE, False): 0.05,
}
WAVES_OF: Mapping[str, Bases] = {
    "as people come: arranged here, cards, a user-led organisation’s word, invoices": {
        each: share for each, share in BASES.items() if each[1]
    },
    "of people who arranged it here": {(Basis.ARRANGEMENT, True): 1.0},
    "of cards at the end of a course": {(Basis.CARD, True): 1.0},
}


@dataclass(frozen=True, slots=True)
class Rated:
    """One review."""

    id: ReviewId
    on: date
    stars: int
    basis: Basis
    is_verified: bool
    is_fresh: bool

    @property
    def proof(self) -> Proof:
        return flags.proof_of(basis=self.basis, is_verified=self.is_verified)

    @property
    def settles_on(self) -> date:
        return flags.settles_on(proof=self.proof, on=self.on)


@dataclass(frozen=True, slots=True)
class Rival:
    """One provider, how good it is in truth, and what people said of it."""

    category: int
    is_open_to_all: bool
    goodness: float
    reviews: tuple[Rated, ...]


@dataclass(frozen=True, slots=True)
class Attack:
    """Fake reviewers of one provider."""

    aim: str  # Where in the order it stands, from the best (0) to the worst (1).
    place: float
    is_praise: bool
    on_open: bool
    basis: Basis


ATTACKS = (
    Attack("push up a poor one", 0.92, is_praise=True, on_open=True, basis=Basis.SAID_USED),
    Attack("push up a middling one", 0.5, is_praise=True, on_open=True, basis=Basis.SAID_USED),
    Attack("pull down a good one", 0.08, is_praise=False, on_open=True, basis=Basis.SAID_USED),
    Attack("push up a poor one", 0.92, is_praise=True, on_open=False, basis=Basis.INVOICE),
    Attack("push up a middling one", 0.5, is_praise=True, on_open=False, basis=Basis.INVOICE),
    Attack("pull down a good one", 0.08, is_praise=False, on_open=False, basis=Basis.INVOICE),
    Attack("push up a poor one", 0.92, is_praise=True, on_open=False, basis=Basis.CARD),
    Attack("push up a middling one", 0.5, is_praise=True, on_open=False, basis=Basis.CARD),
)
BY = {
    Basis.SAID_USED: "own word, open to everyone",
    Basis.INVOICE: "unchecked invoices",
    Basis.CARD: "the provider’s own cards",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attack: by how many places the provider stood elsewhere than without it."""

    name: str
    by_own_word: bool
    at_its_end: int
    # Once a person has decided about the flag, as the site asks them to within two working days.
    once_decided: int
    # If nobody ever decides.
    half_a_year_later: int
    on_its_worst_day: int
    # By how many places one more honest review moves the same provider.
    by_one_honest: int
    is_flagged: bool
    caught: float


def run() -> dict[str, Any]:
    """Attack each world in every way, and let honest waves come."""
    outcomes: list[Outcome] = []
    waves: dict[str, list[bool]] = {}
    quiet = []
    for seed in range(SEEDS):
        chance = random.Random(seed)  # noqa: S311 (a made-up world, not a secret)
        world = World(tuple(_rivals(chance)))
        quiet.append(sum(map(bool, world.flagged)) / PROVIDERS)
        outcomes += [world.attacked(attack, pattern, chance) for attack in ATTACKS for pattern in PATTERNS]
        for kind, flagged in world.waves(chance):
            waves.setdefault(kind, []).append(flagged)
    return {
        "worlds": SEEDS,
        "providers": PROVIDERS,
        "honest ratings": RATINGS,
        "fake reviewers": FAKES,
        "by fakes in their own word": _summary([it for it in outcomes if it.by_own_word]),
        "by fakes with the provider’s cards": _summary([it for it in outcomes if not it.by_own_word]),
        "places moved (medians; worst)": {
            name: _line([it for it in outcomes if it.name == name])
            for name in dict.fromkeys(it.name for it in outcomes)
        },
        "honest waves": {kind: len(some) for kind, some in waves.items()},
        "honest waves flagged (%)": {kind: _percent(some) for kind, some in waves.items()},
        "honest providers flagged in three years (%)": round(100 * statistics.fmean(quiet), 2),
    }


def _summary(some: Sequence[Outcome]) -> dict[str, float]:
    return {
        "attacks": len(some),
        "flagged (%)": _percent(it.is_flagged for it in some),
        "fakes under a flag (%)": round(100 * statistics.fmean(it.caught for it in some), 1),
        "places moved, median": statistics.median(it.at_its_end for it in some),
        "places moved, worst": max(it.at_its_end for it in some),
        "moved at most 3 places (%)": _percent(it.at_its_end <= MOST_PLACES for it in some),
        "once decided, at most 3 places (%)": _percent(it.once_decided <= MOST_PLACES for it in some),
        "undecided after half a year, at most 3 places (%)": _percent(
            it.half_a_year_later <= MOST_PLACES for it in some
        ),
        "on its worst day, at most 3 places (%)": _percent(it.on_its_worst_day <= MOST_PLACES for it in some),
    }


def _line(some: Sequence[Outcome]) -> str:
    each = [
        [it.at_its_end for it in some],
        [it.once_decided for it in some],
        [it.half_a_year_later for it in some],
        [it.on_its_worst_day for it in some],
        [it.by_one_honest for it in some],
    ]
    medians, worst = (" / ".join(f"{of(places):g}" for places in each) for of in (statistics.median, max))
    return f"{medians}; {worst}"


class Grown:
    """What is kept of a provider's honest reviews, as they settled: of none, of the first, and so on."""

    def __init__(self, reviews: Sequence[Rated]) -> None:
        too_many = {each for found in _found(reviews) for each in found.too_many}
        settled = sorted(reviews, key=lambda it: it.settles_on)
        self.days = [it.settles_on for it in settled]
        self.sums = [*accumulate((_tally([it], too_many) for it in settled), initial=scoring.NOTHING)]

    def tally(self, on: date) -> scoring.Tally:
        return self.sums[bisect_right(self.days, on)]


class World:
    """The providers, and where each stands."""

    def __init__(self, rivals: tuple[Rival, ...]) -> None:
        self.rivals = rivals
        self.flagged = [_flagged(it.reviews) for it in rivals]
        self.grown = [Grown(it.reviews) for it in rivals]
        self.usual = self._usual()
        self.worths: dict[date, list[int]] = {}

    def attacked(self, attack: Attack, pattern: str, chance: random.Random) -> Outcome:
        """Return what 50 fakes do who come in some days, half a year ago at the latest."""
        target, length = self._target(attack), PATTERNS[pattern]
        it = self.rivals[target]
        fakes = sorted(_fakes(attack, length, chance), key=lambda fake: fake.on)
        ids = {fake.id for fake in fakes}
        under = _flagged((*it.reviews, *fakes))
        flagged, cleared = under & ids, under - ids
        # While it goes on, when it is over, and until its last review would have settled if nobody had seen it.
        last = fakes[-1].on
        looked = [last - timedelta(days=length * part // LOOKS) for part in range(LOOKS)]
        looked += [last + timedelta(days=days) for days in (15, 31, 62, 92, 123, 153, AFTER)]
        moved = {on: abs(self._moved(target, _until(fakes, on), on)) for on in looked}
        honest = _honest(it.goodness, {(attack.basis, attack.basis is Basis.CARD): 1}, it.reviews[0].on, chance)
        return Outcome(
            name=f"{BY[attack.basis]}: {attack.aim} {pattern}",
            by_own_word=attack.basis is not Basis.CARD,
            at_its_end=moved[last],
            once_decided=abs(
                self._moved(target, [fake for fake in fakes if fake.id not in flagged], looked[-1], cleared)
            ),
            half_a_year_later=moved[looked[-1]],
            on_its_worst_day=max(moved.values()),
            by_one_honest=abs(self._moved(target, [replace(honest, on=last - timedelta(days=AFTER))], last)),
            is_flagged=bool(flagged),
            caught=len(flagged) / len(ids),
        )

    def waves(self, chance: random.Random) -> Iterator[tuple[str, bool]]:
        """Yield for each honest wave of what kind it is, and whether it is flagged."""
        for kind, bases in WAVES_OF.items():
            fit = [it for it in self.rivals if not it.is_open_to_all]
            for _ in range(WAVES):
                it = chance.choice(fit)
                wave = tuple(_wave(it, bases, chance))
                yield kind, bool(_flagged((*it.reviews, *wave)) & {each.id for each in wave})

    def _target(self, attack: Attack) -> int:
        """Return who stands nearest the place that is attacked, of the right sort and with as many as most have."""
        worths = self._worths(TODAY)
        wanted = int(attack.place * PROVIDERS)
        fit = [
            (abs(place - wanted), n)
            for place, n in enumerate(sorted(range(PROVIDERS), key=lambda n: -worths[n]))
            if self.rivals[n].is_open_to_all is attack.on_open
            and FEW <= len(self.rivals[n].reviews) <= MANY
            and not self.flagged[n]
        ]
        return min(fit)[1]

    def _moved(self, target: int, fakes: Sequence[Rated], on: date, cleared: Collection[ReviewId] = frozenset()) -> int:
        """Return how many places better a provider stands with these than without, that day."""
        honest = _until(self.rivals[target].reviews, on)
        given = [*honest, *fakes]
        without = self._worth(target, _tally(honest, _aside(honest, on)), on)
        with_them = self._worth(target, _tally(given, _aside(given, on, cleared)), on)
        others = [worth for n, worth in enumerate(self._worths(on)) if n != target]
        return sum(without < worth for worth in others) - sum(with_them < worth for worth in others)

    def _worths(self, on: date) -> list[int]:
        if on not in self.worths:
            self.worths[on] = [self._worth(n, grown.tally(on), on) for n, grown in enumerate(self.grown)]
        return self.worths[on]

    def _worth(self, n: int, tally: scoring.Tally, on: date) -> int:
        it = self.rivals[n]
        return scoring.worth_of(
            tally, usual=self.usual[it.category], month=on.replace(day=1), can_be_verified=not it.is_open_to_all
        )

    def _usual(self) -> dict[int, int]:
        month = TODAY.replace(day=1)
        every = [
            (it.category, scoring.weighed(grown.tally(TODAY), month=month, can_be_verified=not it.is_open_to_all))
            for it, grown in zip(self.rivals, self.grown, strict=True)
        ]
        everywhere = scoring.mean_of((weighed for _category, weighed in every), month=month)
        return {
            wanted: scoring.mean_of(
                (weighed for category, weighed in every if category == wanted), month=month, otherwise=everywhere
            )
            for wanted in range(CATEGORIES)
        }


def _rivals(chance: random.Random) -> Iterator[Rival]:
    """Yield the providers: few have many ratings, and most are good."""
    sizes = [chance.lognormvariate(0, 0.8) for _ in range(PROVIDERS)]
    each = [max(1, round(size * RATINGS / sum(sizes))) for size in sizes]
    each[0] += RATINGS - sum(each)
    for number, count in enumerate(each):
        is_open = chance.random() < OPEN_TO_ALL
        goodness = min(4.9, max(1.8, chance.gauss(4.2, 0.55)))
        bases = {(Basis.SAID_USED, False): 1.0} if is_open else BASES
        days = _days(count, chance)
        reviews = tuple(_honest(goodness, bases, on, chance) for on in days)
        yield Rival(number % CATEGORIES, is_open, goodness, reviews)


def _days(count: int, chance: random.Random) -> list[date]:
    """Return on which days people wrote: more as the years go by, and now and then several together."""
    days: list[date] = []
    while len(days) < count:
        on = TODAY - timedelta(days=int(YEARS * 365 * (1 - chance.random() ** 0.7)))
        together = 1 if chance.random() < 0.9 else chance.randint(2, 6)
        days += [min(TODAY, on + timedelta(days=chance.randint(0, 4))) for _ in range(together)]
    return sorted(days[:count])


def _honest(goodness: float, bases: Bases, on: date, chance: random.Random) -> Rated:
    basis, is_verified = chance.choices([*bases], [*bases.values()])[0]
    fresh = 0.7 if basis is Basis.CARD else 0.35
    stars = min(5, max(1, round(chance.gauss(goodness, 1.1))))
    return Rated(_id(chance), on, stars, basis, is_verified, is_fresh=chance.random() < fresh)


def _fakes(attack: Attack, length: int, chance: random.Random) -> Iterator[Rated]:
    most, some = (5, 4) if attack.is_praise else (1, 2)
    for _ in range(FAKES):
        yield Rated(
            _id(chance),
            TODAY - timedelta(days=AFTER + chance.randrange(length)),
            most if chance.random() < 0.9 else some,
            attack.basis,
            is_verified=attack.basis is Basis.CARD,
            is_fresh=chance.random() < 0.9,
        )


def _wave(it: Rival, bases: Bases, chance: random.Random) -> Iterator[Rated]:
    """Yield an honest wave. People are in a good mood then: a fifth of a star above what they say otherwise."""
    count, length = chance.randint(10, 60), chance.choice((1, 3, 7, 14))
    ends = TODAY - timedelta(days=chance.randrange(180))
    # Most are told of the site by the wave itself, and so have new accounts.
    for _ in range(count):
        on = ends - timedelta(days=chance.randrange(length))
        yield replace(_honest(it.goodness + 0.2, bases, on, chance), is_fresh=chance.random() < 0.8)


def _found(reviews: Iterable[Rated], cleared: Collection[ReviewId] = frozenset()) -> tuple[flags.Suspicion, ...]:
    """Return what looks arranged, by the rules of the site, but for what a person has looked at and cleared."""
    reviews = list(reviews)
    first = flags.looks_back_to(max((it.on for it in reviews), default=TODAY))
    recent, settled = [], [0] * 5
    for it in reviews:
        if it.proof is Proof.PROVEN or it.on < first or it.id in cleared:
            settled[it.stars - 1] += 1
        else:
            recent.append(Seen(it.id, it.on, it.stars, it.proof, it.is_fresh))
    return flags.suspicions(recent, settled=settled)


def _flagged(reviews: Iterable[Rated]) -> set[ReviewId]:
    return {each for found in _found(reviews) for each in found.reviews}


def _aside(reviews: Iterable[Rated], on: date, cleared: Collection[ReviewId] = frozenset()) -> set[ReviewId]:
    """Return which reviews do not move a provider's place on a day: those that are too many, and those too new."""
    reviews = list(reviews)
    too_many = {each for found in _found(reviews, cleared) for each in found.too_many}
    return too_many | {it.id for it in reviews if it.settles_on > on and it.id not in cleared}


def _counted(it: Rated, aside: set[ReviewId]) -> scoring.Counted:
    return scoring.Counted(it.stars, it.basis, it.is_verified, it.id in aside, it.on.replace(day=1))


def _tally(reviews: Iterable[Rated], aside: set[ReviewId]) -> scoring.Tally:
    return scoring.tally_of(_counted(it, aside) for it in reviews)


def _until(reviews: Sequence[Rated], on: date) -> Sequence[Rated]:
    return reviews[: bisect_right(reviews, on, key=lambda it: it.on)]


def _id(chance: random.Random) -> ReviewId:
    return ReviewId(uuid.UUID(int=chance.getrandbits(128)))


def _percent(some: Iterable[bool]) -> float:
    return round(100 * statistics.fmean(some), 2)
