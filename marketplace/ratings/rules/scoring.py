"""
How what people say is counted, and what their ratings are worth when offers are put in order.

Pure and in whole numbers throughout: the same reviews come to the same numbers, on every machine and in any order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import isqrt
from operator import attrgetter

from marketplace.ratings.rules.nouns import Basis

FEWEST_RATERS = 3
"""An average of fewer people than this says more about them than about what they used."""

STAR = 1_000_000
"""One star, in the millionths that everything about order is worked out in."""

HALF_LIFE_MONTHS = 24
"""After so many months a review counts half, after twice as many a quarter."""

FULL = 4
"""What one review counts whose writer is known to have used it, in quarters."""

SHARES = {
    Basis.ARRANGEMENT: FULL,
    Basis.ATTESTED: FULL,
    Basis.INVOICE: FULL,
    # The provider chose whom to give its cards to.
    Basis.CARD: 2,
    Basis.SAID_USED: 1,
}
"""What one review counts by how we know of its use, in quarters, once that has been checked."""

OWN_SHARE = SHARES[Basis.SAID_USED]
"""What one review counts that nobody has checked, or that nobody can, in quarters."""

OWN_TO_VERIFIED = 4
"""All that rests on people's own word counts at most one part for so many verified parts, or as one review."""

MOST_REVIEWS = 20
"""From so many new, verified reviews on, more add nothing: volume must not win (ANCHORS 2.2)."""

PRIOR_REVIEWS = 5
"""How many reviews' worth of what is usual in its category an offer begins with."""

PRIOR_VARIANCE = STAR
"""How far apart those are, as a variance: one star, squared."""

CAUTION = 128
"""How cautious the lower bound is, in hundredths of a standard error: nine times in ten the truth lies above it."""

FIRST_MEAN = 4 * STAR
"""What is taken as usual while nobody has rated anything."""

MEAN_REVIEWS = 20
"""How many reviews' worth of what is usual everywhere the mean of a category begins with."""

_FIRST_YEAR = 2010
_STEPS = tuple(round(1000 * 2 ** (month / HALF_LIFE_MONTHS)) for month in range(HALF_LIFE_MONTHS))


@dataclass(frozen=True, slots=True)
class RatingSummary:
    """How many people rated something, and how. `spread` counts them from one star to five."""

    count: int
    average: Decimal | None
    spread: tuple[int, int, int, int, int]


NO_RATINGS = RatingSummary(count=0, average=None, spread=(0, 0, 0, 0, 0))


@dataclass(frozen=True, slots=True)
class Counted:
    """What counting needs of some reviews alike. `month` is the first day of the month since which they are shown."""

    stars: int
    basis: Basis
    is_verified: bool
    is_set_aside: bool
    month: date
    times: int = 1


@dataclass(frozen=True, slots=True)
class Tally:
    """
    All that is kept of the reviews of one offer: how many gave each number of stars, and the sums that order it.

    The sums are of weights, of weights times stars, and of weights times stars squared: first of verified reviews, then
    of those in people's own word. A review set aside is in the counts and not in the sums.
    """

    ones: int = 0
    twos: int = 0
    threes: int = 0
    fours: int = 0
    fives: int = 0
    verified: int = 0
    set_aside: int = 0
    weight: int = 0
    weight_stars: int = 0
    weight_squares: int = 0
    own_weight: int = 0
    own_weight_stars: int = 0
    own_weight_squares: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(mine + its for mine, its in zip(_numbers(self), _numbers(other), strict=True)))

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(*(mine - its for mine, its in zip(_numbers(self), _numbers(other), strict=True)))

    @property
    def spread(self) -> tuple[int, int, int, int, int]:
        return self.ones, self.twos, self.threes, self.fours, self.fives


NOTHING = Tally()
_numbers = attrgetter(*(it.name for it in fields(Tally)))


@dataclass(frozen=True, slots=True)
class Weighed:
    """Sums of weights, of weights times stars, and of weights times stars squared."""

    weight: int
    stars: int
    squares: int

    def at_most(self, limit: int) -> "Weighed":
        """Return the same with no more weight than `limit`: as many for each number of stars, in proportion."""
        if self.weight <= limit:
            return self
        return Weighed(limit, self.stars * limit // self.weight, self.squares * limit // self.weight)

    def __add__(self, other: "Weighed") -> "Weighed":
        return Weighed(self.weight + other.weight, self.stars + other.stars, self.squares + other.squares)


@dataclass(frozen=True, slots=True)
class Working:
    """
    Every step from reviews to the number that orders an offer, to be shown to anybody who asks.

    Reviews are in thousandths of a new, verified one; what is in stars is in millionths of a star.
    """

    verified: int
    own: int
    own_counted: int
    counted: int
    mean: int | None
    usual: int
    estimate: int
    doubt: int
    worth: int


def fading(month: date) -> int:
    """
    Return what a review of a month weighs beside those of other months: twice as much as one of two years before.

    It grows for new ones instead of shrinking for old ones, so that nothing kept needs changing as time goes by. In
    whole numbers until the 2060s; whatever is older than 2010 weighs what 2010 does.
    """
    months = max(0, (month.year - _FIRST_YEAR) * 12 + month.month - 1)
    return _STEPS[months % HALF_LIFE_MONTHS] << (months // HALF_LIFE_MONTHS)


def one_review(month: date) -> int:
    """Return what one new, verified review of a month weighs."""
    return FULL * fading(month)


def tally_of(counted: Iterable[Counted]) -> Tally:
    """Return everything that is kept of some reviews."""
    spread, verified, set_aside = [0] * 5, 0, 0
    sums, own_sums = [0] * 3, [0] * 3
    for it in counted:
        spread[it.stars - 1] += it.times
        verified += it.times * it.is_verified
        set_aside += it.times * it.is_set_aside
        if it.is_set_aside:
            continue
        weight = it.times * fading(it.month) * (SHARES[it.basis] if it.is_verified else OWN_SHARE)
        to = sums if it.is_verified else own_sums
        for power in range(3):
            to[power] += weight * it.stars**power
    ones, twos, threes, fours, fives = spread
    weight, stars, squares = sums
    own_weight, own_stars, own_squares = own_sums
    return Tally(
        *(ones, twos, threes, fours, fives, verified, set_aside),
        *(weight, stars, squares),
        *(own_weight, own_stars, own_squares),
    )


def weighed(tally: Tally, *, month: date, can_be_verified: bool) -> Weighed:
    """
    Return what the reviews of an offer weigh together, old ones faded, with neither own words nor volume winning.

    :param can_be_verified: False where nobody can show that they used it, as in a library: own words are all there are.
    """
    verified = Weighed(tally.weight, tally.weight_stars, tally.weight_squares)
    own = Weighed(tally.own_weight, tally.own_weight_stars, tally.own_weight_squares)
    if can_be_verified:
        own = own.at_most(max(verified.weight // OWN_TO_VERIFIED, one_review(month)))
    return (verified + own).at_most(MOST_REVIEWS * one_review(month))


def working(tally: Tally, *, usual: int, month: date, can_be_verified: bool) -> Working:
    """
    Return how the number comes about that orders an offer: the lower bound of a Bayesian estimate of its stars.

    It begins with what is usual, and what people say moves it. What is then known with little certainty, because few
    said it or they disagree, is taken down accordingly.

    :param usual: the mean of its category, in millionths of a star.
    """
    one = one_review(month)
    total = weighed(tally, month=month, can_be_verified=can_be_verified)
    prior = PRIOR_REVIEWS * one
    together = prior + total.weight
    estimate = (prior * usual + total.stars * STAR) // together
    squares = (prior * (usual**2 + PRIOR_VARIANCE * STAR) + total.squares * STAR**2) // together
    variance = max(0, squares - estimate**2)
    doubt = isqrt(variance * one // together) * CAUTION // 100
    own = tally.own_weight
    own_counted = min(own, max(tally.weight // OWN_TO_VERIFIED, one)) if can_be_verified else own
    return Working(
        verified=tally.weight * 1000 // one,
        own=own * 1000 // one,
        own_counted=own_counted * 1000 // one,
        counted=total.weight * 1000 // one,
        mean=total.stars * STAR // total.weight if total.weight else None,
        usual=usual,
        estimate=estimate,
        doubt=doubt,
        worth=estimate - doubt,
    )


def worth_of(tally: Tally, *, usual: int, month: date, can_be_verified: bool) -> int:
    """Return the number that orders an offer, in millionths of a star: see `working`."""
    return working(tally, usual=usual, month=month, can_be_verified=can_be_verified).worth


def mean_of(offers: Iterable[Weighed], *, month: date, otherwise: int = FIRST_MEAN) -> int:
    """
    Return the mean of some offers, in millionths of a star, drawn to what is usual otherwise while they are few.

    What was weighed counts no offer for more than `MOST_REVIEWS`, so that no big one sets what is usual.
    """
    weight = MEAN_REVIEWS * one_review(month)
    stars = weight * otherwise
    for it in offers:
        weight += it.weight
        stars += it.stars * STAR
    return stars // weight


def summary_of(spread: Sequence[int]) -> RatingSummary:
    """
    Return the summary of what people gave, from one star to five.

    The average has one decimal, halves rounded up, and is None below `FEWEST_RATERS`.
    """
    one, two, three, four, five = spread
    count = one + two + three + four + five
    average = None
    if count >= FEWEST_RATERS:
        stars = one + 2 * two + 3 * three + 4 * four + 5 * five
        average = (Decimal(stars) / count).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return RatingSummary(count=count, average=average, spread=(one, two, three, four, five))
