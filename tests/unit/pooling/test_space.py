from datetime import UTC, date, datetime, time

import pytest

from marketplace.pooling.rules import space as rules

TODAY = date(2026, 5, 4)


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("2pm", time(14)),
        ("2:30 PM", time(14, 30)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("9.15", time(9, 15)),
        ("14:30", time(14, 30)),
        ("  ", None),
    ],
)
def test_a_time_is_read_as_people_type_it(typed, at):
    assert rules.clock_time(typed) == at


@pytest.mark.parametrize("typed", ["soon", "25:00", "13pm", "2:99", "0am", ":", "²pm", "2147483648"])
def test_what_is_no_time_is_refused(typed):
    with pytest.raises(ValueError, match=r"."):
        rules.clock_time(typed)


@pytest.mark.parametrize(("at", "said"), [(time(14), "2pm"), (time(0, 5), "12:05am")])
def test_a_time_is_said_as_people_say_it(at, said):
    assert rules.clock_words(at) == said


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (rules.message_problem(""), "Write something first."),
        (rules.message_problem("x" * 2001), "Use at most 2,000 characters."),
        (rules.message_problem("Hello"), None),
        (
            rules.room_problem(sizes=[1] * 40, size=1),
            "A pool keeps at most 40 documents. Remove one that nobody needs.",
        ),
        (
            rules.room_problem(sizes=[24_000_000], size=1_000_001),
            "A pool keeps at most 25 MB. Remove a document that nobody needs.",
        ),
        (rules.room_problem(sizes=[24_000_000], size=1_000_000), None),
        (rules.turn_problem(""), "Say what is to be done."),
        (rules.turn_problem("x" * 121), "Use at most 120 characters."),
        (rules.turn_problem("Drive"), None),
        (rules.turn_day_problem(held_on=date(2026, 5, 3), today=TODAY), "Choose today or a day after it."),
        (rules.turn_day_problem(held_on=date(2027, 5, 6), today=TODAY), "Choose a day within a year."),
        (rules.turn_day_problem(held_on=TODAY, today=TODAY), None),
        (rules.weeks_problem(0), "Choose a number of weeks from 1 to 26."),
        (rules.weeks_problem(26), None),
    ],
)
def test_what_will_not_do_is_refused_in_words(problem, said):
    assert problem == said


def test_a_turn_comes_back_on_the_same_day_of_each_week():
    assert rules.days_of(held_on=TODAY, weeks=3) == (TODAY, date(2026, 5, 11), date(2026, 5, 18))


def test_letters_go_in_the_evening_by_the_clock_in_london():
    # London is an hour ahead of UTC in May.
    assert rules.is_time_for_letters(datetime(2026, 5, 4, 16, tzinfo=UTC))
    assert not rules.is_time_for_letters(datetime(2026, 5, 4, 15, 59, tzinfo=UTC))
    assert rules.this_morning(datetime(2026, 5, 4, 16, tzinfo=UTC)) == datetime(2026, 5, 3, 23, tzinfo=UTC)
