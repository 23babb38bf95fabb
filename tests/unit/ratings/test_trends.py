import uuid
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from marketplace.ratings.rules import trends
from marketplace.ratings.rules.quarters import Quarter
from marketplace.ratings.rules.trends import FEW, Said

NOW = Quarter(2026, 2)
QUARTERS = trends.last_quarters(NOW)
ADA, BEN, CHER, DAN = (uuid.UUID(int=number) for number in range(4))


def said(who, stars=4, quarter=NOW):
    return Said(who=who, quarter=quarter, stars=stars)


def test_a_year_and_the_quarter_that_has_begun_stand_beside_each_other():
    assert [quarter.code for quarter in QUARTERS] == ["2025-q2", "2025-q3", "2025-q4", "2026-q1", "2026-q2"]


def test_three_people_make_a_figure_and_two_do_not():
    assert trends.cell_of([said(ADA), said(BEN)]) == FEW
    # Two people who said two things each are still two people.
    assert trends.cell_of([said(ADA), said(ADA), said(BEN), said(BEN)]) == FEW
    assert trends.cell_of([said(ADA, 5), said(BEN, 4), said(CHER, 4)]) == trends.Cell(3, Decimal("4.3"))


def test_a_line_has_a_cell_for_each_quarter_and_one_for_all():
    before = Quarter(2026, 1)
    line = trends.line_of("All", [said(ADA), said(BEN), said(CHER), said(DAN, quarter=before)], QUARTERS)
    assert [cell.people for cell in line.cells] == [None, None, None, None, 3]
    assert line.whole.people == 4


def test_lines_of_fewer_than_three_people_are_left_out_and_the_best_comes_first():
    three = [ADA, BEN, CHER]
    lines = trends.lines_of(
        {"b": [said(who, 3) for who in three], "a": [said(who, 5) for who in three], "c": [said(ADA), said(BEN)]},
        QUARTERS,
    )
    assert [line.about for line in lines] == ["a", "b"]


def test_a_theme_is_a_word_of_three_people_as_most_of_them_write_it():
    words = [
        (said(ADA, 5), {"late": "late", "garden": "garden", "10": "10", "ok": "ok"}),
        (said(BEN, 1), {"late": "lateness", "garden": "garden", "10": "10", "ok": "ok"}),
        (said(CHER, 3), {"late": "late", "garden": "garden", "10": "10", "ok": "ok"}),
        (said(DAN), {"kind": "kind"}),
    ]
    themes = trends.themes_of(words, but_not=frozenset({"garden"}))
    assert themes == (trends.Theme(word="late", people=3, average=Decimal("3.0")),)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 5), st.sampled_from(QUARTERS)), max_size=30))
def test_no_figure_ever_stands_for_fewer_than_three_people(given_):
    those = [said(uuid.UUID(int=who), stars, quarter) for who, stars, quarter in given_]
    line = trends.line_of("All", those, QUARTERS)
    for quarter, cell in [*zip(QUARTERS, line.cells, strict=True), (None, line.whole)]:
        people = {one.who for one in those if quarter in {None, one.quarter}}
        assert (cell.people is None) is (len(people) < 3)
        assert cell.people in {None, len(people)}
        assert (cell.average is None) is (cell.people is None)
