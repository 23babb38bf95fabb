from datetime import UTC, date, datetime

import pytest

from marketplace.kit import said
from marketplace.kit.money import Money


def test_a_day_is_said_as_people_say_it():
    assert said.day(date(2026, 3, 3)) == "Tuesday 3 March 2026"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 3, 3, 14, tzinfo=UTC), "Tuesday 3 March 2026, 2pm"),
        (datetime(2026, 7, 3, 23, 30, tzinfo=UTC), "Saturday 4 July 2026, 12:30am"),
        (datetime(2026, 12, 1, 12, 5, tzinfo=UTC), "Tuesday 1 December 2026, 12:05pm"),
    ],
)
def test_a_moment_is_said_in_english_time(moment, expected):
    assert said.moment(moment) == expected


def test_a_review_is_dated_by_its_month_alone():
    assert said.month(datetime(2026, 2, 28, tzinfo=UTC)) == "February 2026"


@pytest.mark.parametrize(("pence", "expected"), [(1400, "£14"), (1450, "£14.50"), (100000, "£1,000")])
def test_whole_pounds_need_no_pence(pence, expected):
    assert said.pounds(Money(pence)) == expected


@pytest.mark.parametrize(
    ("metres", "expected"),
    [(10, "less than 0.1 miles away"), (3700, "2.3 miles away"), (50_000, "31 miles away")],
)
def test_a_distance_is_said_in_miles(metres, expected):
    assert said.distance(metres) == expected


@pytest.mark.parametrize(("number", "expected"), [(1, "1 person"), (0, "0 people"), (1200, "1,200 people")])
def test_a_number_brings_its_noun(number, expected):
    assert said.count(number, "person", "people") == expected
