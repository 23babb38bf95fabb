"""
What is true: figures counted from facts. They never leave the package but through a release.

Somebody is in one council for a quarter, so the figures of councils sum to their region's, and those to England's.
Providers are in many: they are told apart anew for each area.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from heapq import nlargest
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.demand.queries import contributions
from marketplace.demand.queries.contributions import By
from marketplace.demand.rules.disclosure import TrueFigure
from marketplace.demand.rules.shapes import ALL, Measure, RowsBy, Statistic, Table
from marketplace.demand.rules.truth import Column, TrueFigures
from marketplace.kit.facts import Fact, FactKind
from marketplace.kit.places import CouncilCode
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import AreaCode, ladder_of
from marketplace.kit.sentences import worded

Tell = Callable[[str, float], None]
"""Is told what is being done, and which share of it is done."""
Key = tuple[FactKind, ...]
"""A kind, then what its figures go by."""

_QUARTERS = {Statistic.LOWER_QUARTILE: 1, Statistic.MEDIAN: 2, Statistic.UPPER_QUARTILE: 3}


class Wanted(NamedTuple):
    """A measure of a table, for its rows or for all of them together."""

    table: Table
    measure: Measure
    by: By

    def column(self, key: Sequence[str]) -> Column | None:
        """Return which column a key is a figure of; None if the measure leaves it out."""
        said = dict(zip(self.by, key, strict=True))
        if self.measure.facet is not None and said.pop("facet") != self.measure.facet:
            return None
        return (self.table.slug, self.measure.slug, said.popitem()[1] if said else ALL)


Asked = Mapping[FactKind, Sequence[Wanted]]


class Added(NamedTuple):
    """A sum, how many gave to it, and what the two largest of them gave."""

    people: int
    value: int
    largest: tuple[int, int]


class Taken(NamedTuple):
    """How many providers there are behind a figure, and what the two largest took."""

    providers: int
    largest: tuple[int, int]


_NO_PROVIDER = Taken(0, (0, 0))


def true_figures(
    session: Session, *, quarter: Quarter, tables: Sequence[Table], tell: Tell = lambda what, share: None
) -> TrueFigures:
    """Return every true figure of a quarter behind which there is somebody."""
    contributions.make_room(session)
    found = TrueFigures()
    steps = [
        ("people", {Statistic.CONTRIBUTORS}, _count),
        ("money", {Statistic.SUM}, _add_up),
        ("averages", {Statistic.MEAN}, _average),
        ("prices", set(_QUARTERS), _spread),
    ]
    for number, (said, statistics, put) in enumerate(steps):
        tell(worded("Counting {said}", said=said), number / len(steps))
        for by, asked in _asked(tables, statistics).items():
            put(session, quarter, by, asked, found)
    return found


def quarters_with_facts(session: Session) -> tuple[Quarter, ...]:
    """Return the quarters about which there are facts, oldest first."""
    found: list[Quarter] = []
    number: int | None = 0
    # From one to the next by the index: there may be millions of facts, of a few quarters.
    following = select(Fact.quarter).order_by(Fact.quarter).limit(1)
    while number := session.scalar(following.where(Fact.quarter > number)):
        found.append(Quarter(number // 10, number % 10))
    return tuple(found)


def _asked(tables: Sequence[Table], statistics: set[Statistic]) -> dict[By, dict[FactKind, list[Wanted]]]:
    asked: dict[By, dict[FactKind, list[Wanted]]] = {}
    for table in tables:
        for measure in table.measures:
            if measure.statistic in statistics:
                for by in _goes_by(table, measure):
                    asked.setdefault(by, {}).setdefault(measure.kind, []).append(Wanted(table, measure, by))
    return asked


def _goes_by(table: Table, measure: Measure) -> Iterator[By]:
    narrowed = ("facet",) if measure.facet is not None else ()
    yield (("category",) if table.rows_by is RowsBy.CATEGORY else ("facet",)) + narrowed
    if table.has_all:
        yield narrowed


def _columns(asked: Asked, key: Key) -> Iterator[tuple[Measure, Column]]:
    """Yield what a key is a figure of."""
    kind, *row = key
    for one in asked[kind]:
        column = one.column(row)
        if column is not None:
            yield one.measure, column


def _put(found: TrueFigures, asked: Asked, key: Key, figures: Mapping[AreaCode, TrueFigure | int]) -> None:
    for _, column in _columns(asked, key):
        for area, figure in figures.items():
            found.put(column, area, figure)


def _count(session: Session, quarter: Quarter, by: By, asked: Asked, found: TrueFigures) -> None:
    numbers: dict[Key, Counter[AreaCode]] = defaultdict(Counter)
    for kind, council, *row, number in contributions.people(session, quarter, asked, by=by):
        for area in _areas(council):
            numbers[kind, *row][area] += number
    for key, of_areas in numbers.items():
        _put(found, asked, key, of_areas)


def _average(session: Session, quarter: Quarter, by: By, asked: Asked, found: TrueFigures) -> None:
    sums: dict[Key, Counter[AreaCode]] = defaultdict(Counter)
    people: dict[Key, Counter[AreaCode]] = defaultdict(Counter)
    for kind, council, *row, number, value in contributions.means(session, quarter, asked, by=by):
        for area in _areas(council):
            sums[kind, *row][area] += value
            people[kind, *row][area] += number
    for key, of_areas in people.items():
        figures = {area: TrueFigure(_halves_up(sums[key][area], number), number) for area, number in of_areas.items()}
        _put(found, asked, key, figures)


def _add_up(session: Session, quarter: Quarter, by: By, asked: Asked, found: TrueFigures) -> None:
    added: dict[Key, dict[AreaCode, Added]] = defaultdict(dict)
    for kind, council, *row, people, value, first, second in contributions.sums(session, quarter, asked, by=by):
        one = Added(people, value, (first, second))
        for area in _areas(council):
            so_far = added[kind, *row].get(area)
            added[kind, *row][area] = _together(so_far, one) if so_far else one
    for key, taken in _taken(session, quarter, by, asked):
        figures = {
            area: TrueFigure(one.value, one.people, taken[area].providers, one.largest, taken[area].largest)
            for area, one in added[key].items()
        }
        _put(found, asked, key, figures)


def _spread(session: Session, quarter: Quarter, by: By, asked: Asked, found: TrueFigures) -> None:
    behind = dict(_taken(session, quarter, by, asked))
    for key, rows in _together_by_key(contributions.values(session, quarter, asked, by=by), by):
        prices: dict[AreaCode, Counter[int]] = defaultdict(Counter)
        for council, price, number in rows:
            for area in _areas(council):
                prices[area][price] += number
        figures = {
            area: _quartiles(of_area, behind[key].get(area, _NO_PROVIDER).providers) for area, of_area in prices.items()
        }
        for measure, column in _columns(asked, key):
            for area, of_area in figures.items():
                found.put(column, area, of_area[_QUARTERS[measure.statistic] - 1])


def _taken(session: Session, quarter: Quarter, by: By, asked: Asked) -> Iterator[tuple[Key, dict[AreaCode, Taken]]]:
    for key, rows in _together_by_key(contributions.providers(session, quarter, asked, by=by), by):
        sums: dict[AreaCode, Counter[int]] = defaultdict(Counter)
        for council, provider, value in rows:
            for area in _areas(council):
                sums[area][provider] += value
        yield key, {area: Taken(len(each.keys() - {0}), _two(each.values())) for area, each in sums.items()}


def _together_by_key(rows: Iterator[Sequence[int]], by: By) -> Iterator[tuple[Key, Iterator[Sequence[int]]]]:
    width = len(by) + 1
    for key, together in groupby(rows, key=lambda row: tuple(row[:width])):
        yield key, (row[width:] for row in together)


def _quartiles(prices: Counter[int], providers: int) -> list[TrueFigure]:
    """Return the quartiles of what each pays, those of the inclusive method: the least and the most are among them."""
    people = prices.total()
    in_order = sorted(prices.items())
    figures = []
    for quarter in (1, 2, 3):
        below, over = divmod((people - 1) * quarter, 4)
        value = _at(in_order, below) * (4 - over) + _at(in_order, min(below + 1, people - 1)) * over
        figures.append(TrueFigure(_halves_up(value, 4), people, providers))
    return figures


def _at(in_order: Sequence[tuple[int, int]], place: int) -> int:
    for value, number in in_order:
        if place < number:
            return value
        place -= number
    raise IndexError(place)


def _together(one: Added, other: Added) -> Added:
    return Added(one.people + other.people, one.value + other.value, _two((*one.largest, *other.largest)))


def _two(values: Iterable[int]) -> tuple[int, int]:
    first, second, *_ = *nlargest(2, values), 0, 0
    return first, second


def _halves_up(value: int, parts: int) -> int:
    return (2 * value + parts) // (2 * parts)


@lru_cache(maxsize=1_000)
def _areas(council: CouncilCode) -> tuple[AreaCode, ...]:
    return ladder_of(council)
