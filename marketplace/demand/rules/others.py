"""What did others buy, at what price, and what did it do for them? Each figure from the nearest area that shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.demand.rules.figures import Area, AreaFigures
from marketplace.demand.rules.shapes import ALL, PRICED_UNITS, Row
from marketplace.kit.fact_kinds import ANY_CATEGORY

MOST_PRICES = 2
"""Prices told of one kind of support: by the hour and the day, say, whichever most people pay by."""


@dataclass(frozen=True, slots=True)
class Near:
    """One shown figure, and the area it is about: the first of the ladder that shows it."""

    value: int
    area: Area


@dataclass(frozen=True, slots=True)
class UsualPrice:
    """What people pay for one unit, in pence: the middle one, and between what half of them pay. `unit`: `an hour`."""

    unit: str
    people: int
    middle: int
    lower: int
    upper: int
    area: Area


@dataclass(frozen=True, slots=True)
class Stars:
    """What people gave on average, in hundredths, and how many they are."""

    average: int
    people: int
    area: Area


@dataclass(frozen=True, slots=True)
class Bought:
    """What others did in one kind of support. None, or nothing: no area can show it."""

    kind: Row
    people: Near | None
    prices: tuple[UsualPrice, ...]
    stars: Stars | None
    pooled: Near | None

    @property
    def is_known(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.people or self.prices or self.stars)


@dataclass(frozen=True, slots=True)
class Others:
    """What others bought and what worked, for the people of one area. The first of `ladder` is that area."""

    ladder: tuple[AreaFigures, ...]
    kinds: tuple[Bought, ...]
    untold: tuple[Row, ...]
    outcomes: tuple[tuple[Row, Stars], ...]

    @property
    def here(self) -> Area:
        """The area that was asked about."""
        return self.ladder[0].area

    @property
    def falls_back(self) -> bool:
        """Whether any figure is of a wider area than was asked about."""
        areas = [one.people.area for one in self.kinds if one.people]
        areas += [stars.area for _, stars in self.outcomes]
        areas += [price.area for one in self.kinds for price in one.prices]
        areas += [one.stars.area for one in self.kinds if one.stars]
        return any(area.code != self.here.code for area in areas)


def others(ladder: Sequence[AreaFigures]) -> Others:
    """
    Return what others bought, kinds of support that most people paid for here first.

    :param ladder: the released figures of an area and those that hold it, the smallest first. Not empty.
    """
    rows = [row for row in ladder[0].rows.get("support", ()) if row.code not in {ALL, ANY_CATEGORY}]
    kinds = [_bought(row, ladder) for row in rows]
    # Nearest first, then by how many; what is equal stays as the catalogue has it.
    place = {figures.area.code: number for number, figures in enumerate(ladder)}
    kinds.sort(key=lambda one: (place[one.people.area.code], -one.people.value) if one.people else (len(place), 0))
    return Others(
        ladder=tuple(ladder),
        kinds=tuple(one for one in kinds if one.is_known),
        untold=tuple(one.kind for one in kinds if not one.is_known),
        outcomes=_outcomes(ladder),
    )


def _bought(row: Row, ladder: Sequence[AreaFigures]) -> Bought:
    return Bought(
        kind=row,
        people=_near(ladder, "support", "bought", row.code),
        prices=_prices(row, ladder),
        stars=_stars(ladder, "ratings", "stars", row.code),
        pooled=_near(ladder, "pools", "met", row.code),
    )


def _near(ladder: Sequence[AreaFigures], table: str, measure: str, row: str) -> Near | None:
    shown = ((figures.value(table, measure, row), figures.area) for figures in ladder)
    return next((Near(value, area) for value, area in shown if value is not None), None)


def _prices(row: Row, ladder: Sequence[AreaFigures]) -> tuple[UsualPrice, ...]:
    # All of one area: what an hour costs here says little beside what a week costs somewhere else.
    for figures in ladder:
        found = [price for _, unit in PRICED_UNITS if (price := _price(row, unit, figures))]
        if found:
            return tuple(sorted(found, key=lambda price: -price.people)[:MOST_PRICES])
    return ()


def _price(row: Row, unit: str, figures: AreaFigures) -> UsualPrice | None:
    table = f"price-of-{unit.replace(' ', '-')}"
    measures = ("people", "lower_quartile", "median", "upper_quartile")
    people, lower, middle, upper = (figures.value(table, measure, row.code) for measure in measures)
    if people is None or lower is None or middle is None or upper is None:
        return None
    return UsualPrice(unit=unit, people=people, middle=middle, lower=lower, upper=upper, area=figures.area)


def _stars(ladder: Sequence[AreaFigures], table: str, measure: str, row: str) -> Stars | None:
    for figures in ladder:
        average, people = figures.value(table, measure, row), figures.value(table, "people", row)
        if average is not None and people is not None:
            return Stars(average=average, people=people, area=figures.area)
    return None


def _outcomes(ladder: Sequence[AreaFigures]) -> tuple[tuple[Row, Stars], ...]:
    rows = [row for row, _ in ladder[0].column("outcomes", "mean")]
    told = ((row, _stars(ladder, "outcomes", "mean", row.code)) for row in rows)
    return tuple((row, stars) for row, stars in told if stars)
