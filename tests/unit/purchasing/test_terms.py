from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.rules import Unit
from marketplace.kit.money import ZERO, Money
from marketplace.purchasing.rules import how_much
from marketplace.purchasing.rules import terms as rules
from marketplace.purchasing.rules.nouns import ArrangementKind
from marketplace.purchasing.rules.terms import Terms

MONDAY = date(2026, 5, 4)
WEEKLY = ArrangementKind.WEEKLY
HOLDS = Terms(
    what="Help.",
    quantity=3,
    weeks=12,
    unit_price=Money(20_00),
    notice_hours=24,
    travel_per_mile=None,
    who="",
    starts_on=MONDAY,
)


def problems(*, kind=WEEKLY, unit=Unit.HOUR, today=MONDAY, now_holds=HOLDS, **wanted):
    return rules.change_problems(
        kind=kind, unit=unit, now_holds=now_holds, wanted=replace(now_holds, **wanted), today=today
    )


def test_support_by_the_week_is_said_by_the_week():
    assert how_much(quantity=3, unit=Unit.HOUR, kind=WEEKLY, weeks=12) == "3 hours a week for 12 weeks"
    assert how_much(quantity=1, unit=Unit.SESSION, kind=WEEKLY, weeks=1) == "1 session a week for 1 week"


@pytest.mark.parametrize("unit", [None, *Unit])
def test_everything_can_be_arranged_somehow_and_the_rest_is_refused(unit):
    open_kinds = rules.kinds_open_to(unit)
    assert open_kinds
    for kind in ArrangementKind:
        assert (rules.kind_problem(kind=kind, unit=unit) is None) == (kind in open_kinds)


@pytest.mark.parametrize(
    ("kind", "weeks", "is_fine"),
    [
        (WEEKLY, 1, True),
        (WEEKLY, 104, True),
        (WEEKLY, 0, False),
        (WEEKLY, 105, False),
        (ArrangementKind.ONE_OFF, 1, True),
        (ArrangementKind.ONE_OFF, 2, False),
    ],
)
def test_only_weekly_support_has_weeks_and_at_most_two_years_of_them(kind, weeks, is_fine):
    assert (rules.weeks_problem(kind=kind, weeks=weeks) is None) == is_fine


def test_a_week_holds_no_more_hours_than_it_has():
    assert rules.weekly_problem(kind=WEEKLY, unit=Unit.HOUR, quantity=168) is None
    assert rules.weekly_problem(kind=WEEKLY, unit=Unit.HOUR, quantity=169)
    assert rules.weekly_problem(kind=ArrangementKind.ONE_OFF, unit=Unit.HOUR, quantity=169) is None


@pytest.mark.parametrize(("weeks", "trial", "is_fine"), [(12, 0, True), (12, 12, True), (12, 13, False), (2, 3, False)])
def test_a_trial_is_no_longer_than_what_it_tries(weeks, trial, is_fine):
    assert (rules.trial_problem(kind=WEEKLY, weeks=weeks, trial_weeks=trial) is None) == is_fine


def test_a_trial_ends_with_its_last_week():
    assert rules.trial_until(starts_on=MONDAY, trial_weeks=2) == MONDAY + timedelta(days=13)
    assert rules.trial_until(starts_on=MONDAY, trial_weeks=0) is None


@pytest.mark.parametrize(
    ("shares", "is_fine"), [({}, True), ({"a": 60, "b": 40}, True), ({"a": 99}, False), ({"a": 101, "b": -1}, False)]
)
def test_parts_of_budgets_come_to_the_whole(shares, is_fine):
    shares = {name: Money(pence) for name, pence in shares.items()}
    assert (rules.shares_problem(shares=shares, total=Money(100)) is None) == is_fine


class TestVersions:
    def test_weekly_support_costs_by_each_version_for_as_long_as_it_holds(self):
        more = replace(HOLDS, quantity=4, weeks=8, starts_on=MONDAY + timedelta(weeks=4))
        assert rules.cost_in_all(WEEKLY, [HOLDS]) == Money(720_00)
        assert rules.cost_in_all(WEEKLY, [HOLDS, more]) == Money(4 * 60_00 + 8 * 80_00)

    def test_a_started_week_counts_as_one_and_no_version_costs_for_longer_than_its_weeks(self):
        later = replace(HOLDS, weeks=1, starts_on=MONDAY + timedelta(days=1))
        assert rules.cost_in_all(WEEKLY, [HOLDS, later]) == Money(2 * 60_00)
        after = replace(HOLDS, weeks=1, starts_on=MONDAY + timedelta(weeks=20))
        assert rules.cost_in_all(WEEKLY, [HOLDS, after]) == Money(13 * 60_00)

    def test_anything_else_costs_what_it_says_last(self):
        assert rules.cost_in_all(ArrangementKind.ONE_OFF, [HOLDS, replace(HOLDS, weeks=1)]) == Money(60_00)

    @given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(-30, 90)), min_size=1, max_size=5))
    def test_a_version_that_begins_with_the_one_before_replaces_it(self, drawn):
        versions = [replace(HOLDS, quantity=q, weeks=w, starts_on=MONDAY + timedelta(days=d)) for q, w, d in drawn]
        again = [*versions, versions[-1]]
        assert rules.cost_in_all(WEEKLY, again) == rules.cost_in_all(WEEKLY, versions) >= versions[-1].total

    def test_each_day_has_its_terms(self):
        later = replace(HOLDS, quantity=4, starts_on=MONDAY + timedelta(weeks=4))
        assert rules.terms_on([HOLDS, later], MONDAY - timedelta(days=1)) is HOLDS
        assert rules.terms_on([HOLDS, later], MONDAY + timedelta(days=27)) is HOLDS
        assert rules.terms_on([HOLDS, later], MONDAY + timedelta(days=28)) is later

    def test_a_change_begins_with_the_next_week_and_is_for_the_weeks_still_to_come(self):
        today = MONDAY + timedelta(days=16)
        begins = rules.change_begins(HOLDS, kind=WEEKLY, today=today)
        assert begins == MONDAY + timedelta(weeks=3)
        assert rules.weeks_left(HOLDS, day=begins) == 9
        assert rules.weeks_left(HOLDS, day=MONDAY + timedelta(weeks=50)) == 1
        assert rules.change_begins(HOLDS, kind=WEEKLY, today=MONDAY - timedelta(days=1)) == MONDAY


class TestChanges:
    @pytest.mark.parametrize(
        ("field", "answer"),
        [
            ("what", ""),
            ("quantity", 0),
            ("quantity", 169),
            ("weeks", 0),
            ("unit_price", Money(-1)),
            ("unit_price", Money(10**9)),
            ("notice_hours", -1),
            ("travel_per_mile", ZERO),
            ("who", "x" * 201),
            ("starts_on", MONDAY - timedelta(days=1)),
            ("starts_on", MONDAY + timedelta(days=731)),
        ],
    )
    def test_an_answer_that_will_not_do_is_said_beside_it(self, field, answer):
        assert list(problems(**{field: answer})) == [field]

    def test_what_will_do_has_no_problems(self):
        assert problems(quantity=4, notice_hours=None, travel_per_mile=Money(45), who="Rosa") == {}

    def test_a_change_of_weekly_support_never_reaches_back(self):
        assert problems(today=MONDAY + timedelta(days=1), quantity=4) == {
            "starts_on": "Choose a day that is today or later."
        }
        assert problems(today=MONDAY + timedelta(days=1), starts_on=MONDAY - timedelta(days=1))["starts_on"].startswith(
            "Choose a day that is today or later: what was done"
        )

    def test_the_first_day_of_anything_else_may_stay_what_it_was(self):
        once = replace(HOLDS, weeks=1)
        late = {"kind": ArrangementKind.ONE_OFF, "now_holds": once, "today": MONDAY + timedelta(days=9)}
        assert problems(**late, quantity=4) == {}
        assert list(problems(**late, starts_on=MONDAY + timedelta(days=1))) == ["starts_on"]

    def test_what_is_free_stays_free(self):
        assert list(problems(unit=None, kind=ArrangementKind.ONE_OFF, now_holds=replace(HOLDS, weeks=1))) == [
            "unit_price"
        ]
        free = replace(HOLDS, weeks=1, unit_price=ZERO)
        assert problems(unit=None, kind=ArrangementKind.ONE_OFF, now_holds=free) == {}

    def test_the_same_from_a_later_day_to_the_same_end_changes_nothing(self):
        later = replace(HOLDS, starts_on=MONDAY + timedelta(weeks=2), weeks=10)
        assert rules.changes_nothing(kind=WEEKLY, holds=HOLDS, wanted=HOLDS)
        assert rules.changes_nothing(kind=WEEKLY, holds=HOLDS, wanted=later)
        assert not rules.changes_nothing(kind=WEEKLY, holds=HOLDS, wanted=replace(later, weeks=9))
        assert not rules.changes_nothing(kind=WEEKLY, holds=HOLDS, wanted=replace(later, quantity=4))
        assert not rules.changes_nothing(kind=ArrangementKind.ONE_OFF, holds=HOLDS, wanted=later)
