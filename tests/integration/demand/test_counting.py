"""Figures counted by the database are those that counting facts one by one gives."""

from collections import defaultdict
from fractions import Fraction
from random import Random

import pytest
from sqlalchemy import insert

from marketplace.demand.queries import counting
from marketplace.demand.rules.disclosure import TrueFigure
from marketplace.demand.rules.figures import FigureName
from marketplace.demand.rules.shapes import ALL, PRICED_UNITS, STREAMS, RowsBy, Statistic, tables
from marketplace.kit.facts import Fact, FactKind, number_of
from marketplace.kit.regions import ladder_of
from tests.factories import demand

COUNCILS = ("E08000009", "E08000003", "E09000023", "E06000001")
CATEGORIES = ("meals", "sport-and-leisure", "none")
FACETS = {FactKind.PRICED: [unit for unit, _ in PRICED_UNITS][:2], FactKind.BOUGHT: [one for one, _ in STREAMS][:3]}
TABLES = tables(criteria=[("a", "Kind"), ("b", "On time")], outcomes=[("c", "Out more")])


def some_facts(draw, many):
    """Facts of a few people and providers, who do much: most figures are about several of each."""
    people = {council: [draw.randrange(1, 2**62) for _ in range(7)] for council in COUNCILS}
    for _ in range(many):
        kind, council = draw.choice(list(FactKind)), draw.choice(COUNCILS)
        yield {
            "quarter": number_of(demand.QUARTER),
            "kind": kind,
            "council": council,
            "category": draw.choice(CATEGORIES),
            "facet": draw.choice(FACETS.get(kind, ("", "a", "c", "space", "too_few"))),
            "who": draw.choice(people[council]),
            "provider": draw.randint(0, 4),
            "amount": draw.randint(1, 60) * 25 if kind is not FactKind.BOUGHT else draw.randint(-500, 9000),
        }


def half_up(value):
    return int((Fraction(value) * 2 + 1) // 2)


def two_largest(amounts):
    largest = sorted(amounts, reverse=True)
    return (largest[0], largest[1] if len(largest) > 1 else 0)


def figure_of(facts, measure):
    """One figure, counted in the plainest way."""
    people, providers = defaultdict(list), defaultdict(list)
    for fact in facts:
        people[fact["who"]].append(fact["amount"])
        providers[fact["provider"]].append(fact["amount"])
    if measure.statistic is Statistic.CONTRIBUTORS:
        return TrueFigure(len(people), len(people))
    known = len(providers.keys() - {0})
    if measure.statistic is Statistic.SUM:
        sums, of_providers = [[sum(each) for each in one.values()] for one in (people, providers)]
        return TrueFigure(sum(sums), len(people), known, two_largest(sums), two_largest(of_providers))
    each = sorted(half_up(Fraction(sum(of), len(of))) for of in people.values())
    if measure.statistic is Statistic.MEAN:
        return TrueFigure(half_up(Fraction(sum(each), len(each))), len(each))
    part = {Statistic.LOWER_QUARTILE: 1, Statistic.MEDIAN: 2, Statistic.UPPER_QUARTILE: 3}[measure.statistic]
    at = Fraction((len(each) - 1) * part, 4)
    below = each[int(at)]
    over = each[min(int(at) + 1, len(each) - 1)]
    return TrueFigure(half_up(below + (over - below) * (at - int(at))), len(each), known)


def counted_plainly(facts):
    found = defaultdict(list)
    for fact in facts:
        for table in TABLES:
            for measure in table.measures:
                if fact["kind"] is measure.kind and measure.facet in {None, fact["facet"]}:
                    row = fact["category"] if table.rows_by is RowsBy.CATEGORY else fact["facet"]
                    for area in ladder_of(fact["council"]):
                        for one in (row, ALL) if table.has_all else (row,):
                            found[FigureName(table.slug, measure.slug, area, one), measure].append(fact)
    return {name: figure_of(behind, measure) for (name, measure), behind in found.items()}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_figure_is_what_counting_one_by_one_gives(session, seed):
    facts = list(some_facts(Random(seed), 900))  # noqa: S311  (nobody is to be surprised)
    session.execute(insert(Fact), facts)
    demand.facts(session, FactKind.ASKED, people=3, quarter=demand.QUARTER.next)
    found = counting.true_figures(session, quarter=demand.QUARTER, tables=TABLES)
    plain = counted_plainly(facts)
    assert len(found) == len(plain) > 1000
    assert dict(found) == plain
    assert dict(found.items()) == plain
