"""
What quotes are worth by somebody's own criteria. Pure: no database, no web, no clock.

Scores help people think. They choose nothing: whoever asked for quotes may choose any of them, or none.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from marketplace.brokerage.rules.nouns import CriterionId, QuoteId
from marketplace.kit.money import Money
from marketplace.kit.sentences import worded

MOST_POINTS = 4
LONGEST_BECAUSE = 300
FAR_APART = 2
"""From so many points between two people on, it is worth talking about."""

POINTS_SAID: Mapping[int, str] = {
    0: "Not at all",
    1: "A little",
    2: "Half of it",
    3: "Most of it",
    4: "All of it",
}
"""What each number of points means: how far a quote gives what the criterion asks for."""

COST_RULE = worded(
    "Points for cost follow from the prices, by one rule for all: the quote that costs least gets {most_points}. One "
    "that costs twice as much gets {most_points_2}. In general it is {most_points} times the lowest cost, divided "
    "by what this one costs.",
    most_points=MOST_POINTS,
    most_points_2=MOST_POINTS // 2,
)
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Weighed:
    """One criterion, as far as counting goes."""

    id: CriterionId
    weight: int
    is_cost: bool


@dataclass(frozen=True, slots=True)
class Given:
    """What one person gives one quote for one criterion."""

    scorer: object
    quote_id: QuoteId
    criterion_id: CriterionId
    points: int


def points_problem(points: int | None) -> str | None:
    """Return why points will not do, as a sentence, or None if they will."""
    if points is None or not 0 <= points <= MOST_POINTS:
        return worded("Choose from 0 to {most_points}.", most_points=MOST_POINTS)
    return None


def because_problem(because: str) -> str | None:
    """Return why somebody's words about a score will not do, as a sentence, or None if they will. None are needed."""
    return (
        worded("Use at most {longest_because} characters.", longest_because=LONGEST_BECAUSE)
        if len(because) > LONGEST_BECAUSE
        else None
    )


def cost_points(totals: Mapping[QuoteId, Money]) -> dict[QuoteId, Decimal]:
    """
    Return the points for cost of each quote, from what it costs in all: a published rule, and nobody's opinion.

    The cheapest gets 4; any other 4 times the cheapest over its own cost, to a tenth. Beside one that costs nothing,
    whatever costs something gets 0.
    """
    if not totals:
        return {}
    cheapest = min(totals.values())
    return {quote_id: _cost_points(total, cheapest=cheapest) for quote_id, total in totals.items()}


def _cost_points(total: Money, *, cheapest: Money) -> Decimal:
    if total == cheapest:
        return Decimal(MOST_POINTS)
    return _tenth(Decimal(MOST_POINTS * cheapest.pence) / total.pence)


def worth(points: Mapping[CriterionId, Decimal], *, criteria: Sequence[Weighed]) -> Decimal | None:
    """Return what a quote is worth out of a hundred, to a tenth, or None while a criterion has no points."""
    if not criteria or any(one.id not in points for one in criteria):
        return None
    in_all = sum(one.weight for one in criteria)
    return _tenth(sum((points[one.id] * one.weight for one in criteria), Decimal(0)) * 100 / (MOST_POINTS * in_all))


def in_the_middle(points: Collection[int]) -> Decimal | None:
    """Return what several people gave on average, to a tenth, or None if nobody gave any."""
    return _tenth(Decimal(sum(points)) / len(points)) if points else None


def together(
    given: Collection[Given], *, agreed: Mapping[tuple[QuoteId, CriterionId], int], quote_id: QuoteId
) -> dict[CriterionId, Decimal]:
    """Return the points that count for one quote: what was agreed, or else what people gave on average."""
    by_criterion: dict[CriterionId, list[int]] = {}
    for one in given:
        if one.quote_id == quote_id:
            by_criterion.setdefault(one.criterion_id, []).append(one.points)
    found = {it: mean for it, points in by_criterion.items() if (mean := in_the_middle(points)) is not None}
    found.update({it: Decimal(points) for (about, it), points in agreed.items() if about == quote_id})
    return found


def are_far_apart(points: Collection[int]) -> bool:
    """Test whether people differ so much about one thing that they had better talk about it."""
    return bool(points) and max(points) - min(points) >= FAR_APART


def may_see_others(*, finished: Collection[bool]) -> bool:
    """Test whether people who score by themselves first may see what the others gave: once all have finished."""
    return all(finished)


def still_to_score(
    given: Collection[tuple[QuoteId, CriterionId]], *, quotes: Collection[QuoteId], criteria: Sequence[Weighed]
) -> int:
    """Return how many points somebody has not given yet. Those for cost give themselves."""
    wanted = {(quote_id, one.id) for quote_id in quotes for one in criteria if not one.is_cost}
    return len(wanted - set(given))


def _tenth(number: Decimal) -> Decimal:
    return number.quantize(_TENTH, rounding=ROUND_HALF_UP)
