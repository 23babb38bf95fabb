"""What may be shown of one figure, and how it is said and read again."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.demand.rules import disclosure
from marketplace.demand.rules.disclosure import TrueFigure
from marketplace.demand.rules.figures import NOT_SHOWN, Area, in_words, read_tidy, rows_of, tidy_files
from marketplace.demand.rules.shapes import Measure, Row, Statistic, Unit, tables
from marketplace.kit.facts import FactKind
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import ENGLAND, Level

PEOPLE = Measure("people", "People", FactKind.ASKED)
SPEND = Measure("spend", "Spent", FactKind.BOUGHT, Statistic.SUM, Unit.PENCE)
PRICE = Measure("median", "Middle price", FactKind.PRICED, Statistic.MEDIAN, Unit.PENCE)


@given(st.integers(0, 9))
def test_nothing_under_ten_is_shown_and_none_is_hidden_too(number):
    assert disclosure.is_small(TrueFigure(number, number), PEOPLE)


@given(st.integers(10, 10**6))
def test_what_is_shown_is_a_multiple_of_five_within_two_of_the_truth(number):
    figure = TrueFigure(number, number)
    assert not disclosure.is_small(figure, PEOPLE)
    assert disclosure.rounded(figure, PEOPLE) % 5 == 0
    assert abs(disclosure.rounded(figure, PEOPLE) - number) <= 2


@pytest.mark.parametrize(
    ("figure", "small"),
    [
        (TrueFigure(100_00, 10, 3, (30_00, 20_00), (40_00, 40_00)), False),
        (TrueFigure(100_00, 9, 3, (30_00, 20_00), (40_00, 40_00)), True),
        (TrueFigure(100_00, 10, 2, (30_00, 20_00), (50_00, 50_00)), True),
        (TrueFigure(100_00, 10, 3, (80_00, 11_00), (40_00, 40_00)), True),
        (TrueFigure(100_00, 10, 3, (30_00, 20_00), (80_00, 11_00)), True),
        (TrueFigure(100_00, 10, 3, (92_00, 0), (40_00, 40_00)), True),
        (TrueFigure(0, 10, 3, (0, 0), (0, 0)), False),
    ],
)
def test_money_is_hidden_when_few_are_nearly_all_of_it(figure, small):
    assert disclosure.is_small(figure, SPEND) is small


@pytest.mark.parametrize(("people", "providers", "small"), [(10, 3, False), (9, 3, True), (10, 2, True)])
def test_a_price_needs_enough_people_and_providers(people, providers, small):
    assert disclosure.is_small(TrueFigure(17_40, people, providers), PRICE) is small


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [(45, Unit.PEOPLE, "45"), (1200_00, Unit.PENCE, "1200.00"), (4_30, Unit.STARS, "4.30"), (None, Unit.PENCE, "[c]")],
)
def test_a_figure_is_said_in_its_unit_or_by_the_one_mark(value, unit, said):
    assert in_words(value, unit) == said
    assert NOT_SHOWN == "[c]"


def test_what_is_written_is_read_again():
    categories = [Row("meals", "Meals"), Row("none", "No category chosen")]
    shapes = [(one, rows_of(one, categories)) for one in tables(criteria=[("a", "Kind")], outcomes=[("b", "Out more")])]
    shown = {
        ("support", "asked", "all"): 45,
        ("support", "spend", "meals"): 1200_00,
        ("price-of-an-hour", "median", "meals"): 14_50,
        ("ratings", "stars", "meals"): 430,
    }
    area = Area(ENGLAND, "England, all of it", Level.ENGLAND)
    [(_, content)] = tidy_files(shapes, areas=[area], quarter=Quarter(2026, 1), shown={ENGLAND: shown})
    assert len(list(csv.reader(content.decode().splitlines()))) == 1 + sum(
        len(rows) * len(table.measures) for table, rows in shapes
    )
    read = read_tidy(content)
    assert read.shown == shown
    assert (read.area, read.quarter) == (area, Quarter(2026, 1))
    assert {table.slug for table, _ in shapes} == set(read.titles)
    assert {table.slug: rows for table, rows in shapes} == dict(read.rows)
