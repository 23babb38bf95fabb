"""What is true: figures counted from facts. They never leave the package but through a release."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from statistics import mean, quantiles

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.demand.rules.disclosure import TrueFigure
from marketplace.demand.rules.figures import FigureName
from marketplace.demand.rules.shapes import ALL, Measure, RowsBy, Statistic, Table
from marketplace.kit.facts import Fact, number_of
from marketplace.kit.places import CouncilCode
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import AreaCode, ladder_of

Contribution = tuple[int, int, int, int]
"""Who, the provider, the sum of the amounts, how many facts."""


def true_figures(session: Session, *, quarter: Quarter, tables: Sequence[Table]) -> dict[FigureName, TrueFigure]:
    """Return every true figure of a quarter in which somebody stands behind it. The others are nothing."""
    found: dict[FigureName, TrueFigure] = {}
    for table in tables:
        for measure in table.measures:
            for (area, row), behind in _contributions(session, quarter, table, measure).items():
                found[FigureName(table.slug, measure.slug, area, row)] = _figure(measure, behind)
    return found


def _contributions(
    session: Session, quarter: Quarter, table: Table, measure: Measure
) -> Mapping[tuple[AreaCode, str], list[Contribution]]:
    by_row = Fact.category if table.rows_by is RowsBy.CATEGORY else Fact.facet
    asked = (
        select(Fact.council, by_row, Fact.who, Fact.provider, func.sum(Fact.amount), func.count())
        .where(Fact.quarter == number_of(quarter), Fact.kind == measure.kind)
        .group_by(Fact.council, by_row, Fact.who, Fact.provider)
    )
    if measure.facet is not None:
        asked = asked.where(Fact.facet == measure.facet)
    found: dict[tuple[AreaCode, str], list[Contribution]] = defaultdict(list)
    for council, row, *behind in session.execute(asked):
        for place in _places(council, row, table):
            found[place].append((behind[0], behind[1], int(behind[2]), behind[3]))
    return found


def _places(council: CouncilCode, row: str, table: Table) -> Iterator[tuple[AreaCode, str]]:
    for area in ladder_of(council):
        yield area, row
        if table.has_all:
            yield area, ALL


def _figure(measure: Measure, behind: Sequence[Contribution]) -> TrueFigure:
    people: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    providers: dict[int, int] = defaultdict(int)
    for who, provider, amount, times in behind:
        people[who][0] += amount
        people[who][1] += times
        providers[provider] += amount
    sums = sorted((amount for amount, _ in people.values()), reverse=True)
    of_providers = sorted(providers.values(), reverse=True)
    return TrueFigure(
        value=_value(measure, people),
        people=len(people),
        providers=len(providers.keys() - {0}),
        largest=(sums[0], sums[1] if len(sums) > 1 else 0),
        largest_of_providers=(of_providers[0], of_providers[1] if len(of_providers) > 1 else 0),
    )


def _value(measure: Measure, people: Mapping[int, Sequence[int]]) -> int:
    if measure.statistic is Statistic.CONTRIBUTORS:
        return len(people)
    if measure.statistic is Statistic.SUM:
        return sum(amount for amount, _ in people.values())
    each = [amount / times for amount, times in people.values()]
    if measure.statistic is Statistic.MEAN or len(each) == 1:
        return round(mean(each))
    lower, middle, upper = quantiles(each, n=4, method="inclusive")
    spread = {Statistic.LOWER_QUARTILE: lower, Statistic.MEDIAN: middle, Statistic.UPPER_QUARTILE: upper}
    return round(spread[measure.statistic])


def quarters_with_facts(session: Session) -> tuple[Quarter, ...]:
    """Return the quarters about which there are facts, oldest first."""
    numbers = session.scalars(select(Fact.quarter).distinct().order_by(Fact.quarter))
    return tuple(Quarter(number // 10, number % 10) for number in numbers)
