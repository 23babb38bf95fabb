"""What is true of briefs: their days, what may be said in them, and how little they tell of where."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from marketplace.brokerage.rules import areas, reading
from marketplace.brokerage.rules import briefs as rules
from marketplace.brokerage.rules.briefs import PRESETS, Criterion
from marketplace.brokerage.rules.days import days_of, is_due_again, last_day
from marketplace.brokerage.rules.nouns import BriefStatus

OPENED = datetime(2026, 3, 24, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days_open", "questions", "answers", "closes"),
    [
        (14, date(2026, 3, 31), date(2026, 4, 6), date(2026, 4, 7)),
        (7, date(2026, 3, 27), date(2026, 3, 30), date(2026, 3, 31)),
    ],
)
def test_whole_days_count_even_when_the_clocks_change(days_open, questions, answers, closes):
    days = days_of(opened_at=OPENED, days_open=days_open)
    assert [last_day(one) for one in (days.questions_until, days.answers_by, days.closes_at)] == [
        questions,
        answers,
        closes,
    ]


def test_a_question_is_told_of_when_it_comes_and_twice_again():
    days = days_of(opened_at=OPENED, days_open=14)
    told, due = [], None
    moment = OPENED + timedelta(days=1)
    while moment < days.closes_at:
        if is_due_again(told_at=due, days=days, now=moment):
            told.append(last_day(moment))
            due = moment
        moment += timedelta(hours=1)
    assert told == [date(2026, 3, 25), date(2026, 3, 31), date(2026, 4, 5)]


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ((60, 40), None),
        ((60, 30), "10 too few"),
        ((60, 50), "10 too many"),
        ((100, 0), "from 1 to 100"),
        ((), "at least one"),
        ((20, 20, 20, 20, 10, 10), "at most 5"),
    ],
)
def test_what_counts_comes_to_a_hundred(weights, said):
    problem = rules.criteria_problem([Criterion(f"Thing {at}", weight) for at, weight in enumerate(weights)])
    assert problem is None if said is None else said in problem


def test_every_preset_will_do():
    assert all(rules.criteria_problem(preset.criteria) is None for preset in PRESETS)


def test_thirty_words_are_enough_for_a_need_and_thirty_one_are_not():
    assert rules.need_problem("so " * 30) is None
    assert "30 words" in rules.need_problem("so " * 31)
    assert rules.needs_problem(["Swim"] * 2)
    assert rules.needs_problem([f"Need {at}" for at in range(7)])


def test_what_is_over_stays_over():
    over = (BriefStatus.AWARDED, BriefStatus.NONE_CHOSEN, BriefStatus.WITHDRAWN)
    assert not any(rules.may_become(status, wanted) for status in over for wanted in BriefStatus)
    assert not rules.may_become(BriefStatus.DRAFT, BriefStatus.CLOSED)


def test_no_small_district_is_told():
    assert areas.is_large_enough(outward="M33", postcodes=2_600, council="E08000009")
    assert not areas.is_large_enough(outward="LA20", postcodes=96, council="E06000063")
    # Offices: nobody knows how many live there.
    assert not areas.is_large_enough(outward="EC1V", postcodes=2_600, council="E09000019")
    assert areas.told_as("E09000001") == "E09000030"


def test_hard_words_get_a_hint_and_plain_ones_none():
    assert reading.hint("I like to swim. I go once a week. " * 5) is None
    assert "two sentences" in reading.hint("Notwithstanding considerable organisational difficulties " * 10)
    assert reading.reading_age("Too few words.") is None
