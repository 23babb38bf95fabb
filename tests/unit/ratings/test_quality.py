from datetime import date

import pytest

from marketplace.ratings.rules import quality
from marketplace.ratings.rules.nouns import Finding

TODAY = date(2026, 5, 20)


@pytest.mark.parametrize(
    ("typed", "items"),
    [
        ("One\nTwo\n\n  Three  ", ("One", "Two", "Three")),
        ("- One\n* Two\n3. Three\n4) Four", ("One", "Two", "Three", "Four")),
        ("24-hour cover\n2 staff at night", ("24-hour cover", "2 staff at night")),
        ("", ()),
    ],
)
def test_each_line_is_one_thing_to_look_at(typed, items):
    assert quality.items_of(typed) == items


@pytest.mark.parametrize(
    ("items", "said"),
    [
        (("a", "b"), "at least 3"),
        (tuple(map(str, range(41))), "at most 40"),
        (("a", "b", "c" * 301), "at most 300 characters on a line"),
        (("Quiet room", "b", "quiet ROOM"), "Two lines say the same"),
    ],
)
def test_a_checklist_is_short_enough_to_be_looked_at(items, said):
    assert said in quality.items_problem(items)


def test_a_fair_checklist_has_no_problem():
    assert quality.items_problem(("a", "b", "c")) is None
    assert quality.title_problem("A visit") is None
    assert quality.title_problem("")
    assert quality.title_problem("x" * 121)


@pytest.mark.parametrize(
    ("visited_on", "is_right"),
    [(TODAY, True), (date(2026, 5, 21), False), (date(2025, 11, 18), True), (date(2025, 11, 17), False)],
)
def test_a_visit_was_in_the_last_six_months(visited_on, is_right):
    assert (quality.visit_problem(visited_on, today=TODAY) is None) is is_right


def test_a_report_has_words_but_not_too_many():
    assert quality.report_problem("Nice.")
    assert quality.report_problem("x" * 100) is None
    assert "10,000" in quality.report_problem("x" * 10_001)


def test_a_visit_is_old_after_two_years():
    assert not quality.is_old(date(2024, 5, 20), today=TODAY)
    assert quality.is_old(date(2024, 5, 19), today=TODAY)


def test_what_was_found_is_counted_best_first():
    tally = {Finding.NOT_MET: 1, Finding.MET: 7}
    assert quality.tally_words(tally) == "7 as it should be, 1 not as it should be"
    assert quality.tally_words({}) == ""
