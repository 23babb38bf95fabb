from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.rules import Rate, Unit
from marketplace.kit.money import ZERO, Money
from marketplace.purchasing.rules import Side
from marketplace.purchasing.rules import visits as rules
from marketplace.purchasing.rules.hours import HoursAccount, draws_hours, in_hours, may_bank, minutes_bought
from marketplace.purchasing.rules.nouns import ArrangementKind, VisitStatus
from marketplace.purchasing.rules.visits import NEXT_OF_VISIT, VisitAct, VisitTerms

MONDAY = date(2026, 5, 11)
BANK_HOLIDAY = date(2026, 5, 25)
PRICE = Money(14_50)


def terms(**differences):
    plain = {
        "kind": ArrangementKind.WEEKLY,
        "unit": Unit.HOUR,
        "unit_price": PRICE,
        "prices": {Rate.STANDARD: PRICE},
        "travel_per_mile": Money(45),
        "notice_hours": 48,
        "trial_until": None,
    }
    return VisitTerms(**plain | differences)


def owed(now, by=Side.PERSON, starts_at=time(10), is_from_bank=False, **differences):
    return rules.owed_if_called_off(
        terms(**differences), by=by, held_on=MONDAY, starts_at=starts_at, minutes=90, is_from_bank=is_from_bank, now=now
    )


class TestRates:
    priced = {Rate.STANDARD: PRICE, Rate.EVENING: PRICE, Rate.WEEKEND: PRICE, Rate.BANK_HOLIDAY: PRICE}

    @pytest.mark.parametrize(
        ("held_on", "starts_at", "rate"),
        [
            (MONDAY, time(10), Rate.STANDARD),
            (MONDAY, None, Rate.STANDARD),
            (MONDAY, time(16, 59), Rate.STANDARD),
            (MONDAY, time(17), Rate.EVENING),
            (MONDAY, time(23), Rate.EVENING),
            (MONDAY, time(7, 59), Rate.EVENING),
            (MONDAY + timedelta(days=5), time(10), Rate.WEEKEND),
            (MONDAY + timedelta(days=5), time(20), Rate.WEEKEND),
            (BANK_HOLIDAY, time(20), Rate.BANK_HOLIDAY),
        ],
    )
    def test_a_bank_holiday_comes_before_a_weekend_before_an_evening(self, held_on, starts_at, rate):
        assert rules.rate_for(held_on=held_on, starts_at=starts_at, prices=self.priced) is rate
        assert rules.rate_for(held_on=held_on, starts_at=starts_at, prices={}) is Rate.STANDARD

    def test_one_without_a_price_gives_way_to_the_next(self):
        def rate(held_on, priced):
            return rules.rate_for(held_on=held_on, starts_at=time(20), prices=dict.fromkeys(priced, PRICE))

        assert rate(BANK_HOLIDAY, [Rate.STANDARD, Rate.EVENING]) is Rate.EVENING
        assert rate(date(2026, 12, 26), [Rate.WEEKEND, Rate.EVENING]) is Rate.WEEKEND
        assert rate(MONDAY, [Rate.STANDARD, Rate.EVENING, Rate.BANK_HOLIDAY]) is Rate.EVENING

    def test_a_rate_without_a_price_costs_the_usual(self):
        assert rules.price_at(terms(), Rate.EVENING) == PRICE


class TestWhatAVisitCosts:
    @pytest.mark.parametrize(
        ("minutes", "pence"), [(60, 14_50), (90, 21_75), (50, 12_08), (45, 10_88), (5, 1_21), (1440, 348_00)]
    )
    def test_time_is_charged_to_the_penny_half_a_penny_up(self, minutes, pence):
        assert rules.price_of_time(terms(), minutes=minutes, rate=Rate.STANDARD) == Money(pence)

    @given(minutes=st.integers(5, 1440), pence=st.integers(0, 20_000))
    def test_no_visit_is_charged_half_a_penny_off(self, minutes, pence):
        cost = rules.price_of_time(terms(unit_price=Money(pence), prices={}), minutes=minutes, rate=Rate.STANDARD)
        assert abs(cost.pence * 60 - pence * minutes) <= 30

    def test_other_times_cost_their_own_price_but_not_banked_hours(self):
        dear = terms(prices={Rate.STANDARD: PRICE, Rate.BANK_HOLIDAY: Money(29_00)})
        assert rules.price_of_time(dear, minutes=60, rate=Rate.BANK_HOLIDAY) == Money(29_00)
        assert rules.price_of_time(dear, minutes=60, rate=Rate.BANK_HOLIDAY, is_from_bank=True) == PRICE

    def test_a_session_costs_a_session_however_long(self):
        assert rules.price_of_time(terms(unit=Unit.SESSION), minutes=200, rate=Rate.STANDARD) == PRICE

    @pytest.mark.parametrize("kind", [ArrangementKind.ONE_OFF, ArrangementKind.PACKAGE])
    def test_what_has_a_price_of_its_own_costs_nothing_by_the_visit(self, kind):
        assert rules.price_of_time(terms(kind=kind), minutes=60, rate=Rate.STANDARD) == ZERO

    @pytest.mark.parametrize(("miles", "pence"), [("0", 0), ("3.5", 1_58), ("0.1", 5), ("10", 4_50)])
    def test_miles_are_charged_to_the_penny_half_a_penny_up(self, miles, pence):
        assert rules.price_of_miles(terms(), miles=Decimal(miles)) == Money(pence)
        assert rules.price_of_miles(terms(travel_per_mile=None), miles=Decimal(miles)) == ZERO


class TestNotice:
    late = datetime(2026, 5, 9, 9, 1, tzinfo=UTC)  # Summer time: 47 hours 59 minutes before 10 in England.

    def test_too_late_is_less_than_the_notice_before_it_begins(self):
        assert owed(self.late) == Money(21_75)
        assert owed(self.late - timedelta(minutes=1)) == ZERO

    def test_nothing_is_owed_when_the_provider_calls_off(self):
        assert owed(self.late, by=Side.PROVIDER) == ZERO

    def test_nothing_is_owed_where_no_notice_was_agreed_or_in_a_trial(self):
        assert owed(self.late, notice_hours=None) == ZERO
        assert owed(self.late, trial_until=MONDAY) == ZERO
        assert owed(self.late, trial_until=MONDAY - timedelta(days=1)) == Money(21_75)

    def test_without_a_time_notice_counts_to_the_end_of_the_day(self):
        assert owed(self.late, starts_at=None) == ZERO

    def test_the_hour_that_clocks_go_back_is_counted(self):
        sunday = date(2026, 10, 25)
        before = datetime(2026, 10, 24, 9, 30, tzinfo=UTC)  # 10:30 in England, and 24.5 hours before 10:00.
        assert not rules.is_late(terms(notice_hours=24), held_on=sunday, starts_at=time(10), now=before)


class TestActs:
    def acts(self, status, side, held_on=MONDAY, now=datetime(2026, 5, 10, 12, tzinfo=UTC)):
        return set(rules.acts_on_visit(status=status, side=side, held_on=held_on, starts_at=time(10), now=now))

    def test_the_table_knows_every_status(self):
        assert set(NEXT_OF_VISIT) == set(VisitStatus)

    def test_nothing_is_claimed_beforehand(self):
        assert self.acts(VisitStatus.PLANNED, Side.PROVIDER) == {VisitAct.CALL_OFF}
        on_the_day = datetime(2026, 5, 11, 0, 30, tzinfo=UTC)
        assert VisitAct.CLAIM in self.acts(VisitStatus.PLANNED, Side.PROVIDER, now=on_the_day)

    def test_the_person_calls_off_what_has_not_begun(self):
        assert self.acts(VisitStatus.PLANNED, Side.PERSON) == {VisitAct.CALL_OFF}
        assert self.acts(VisitStatus.PLANNED, Side.PERSON, now=datetime(2026, 5, 11, 9, tzinfo=UTC)) == set()

    def test_only_the_person_says_that_it_is_right(self):
        after = datetime(2026, 5, 12, tzinfo=UTC)
        for status in (VisitStatus.CLAIMED, VisitStatus.QUERIED):
            assert VisitAct.CONFIRM in self.acts(status, Side.PERSON, now=after)
            assert self.acts(status, Side.PROVIDER, now=after) == {VisitAct.CLAIM, VisitAct.CALL_OFF}

    @pytest.mark.parametrize("side", Side)
    def test_what_is_over_stays_as_it_is(self, side):
        assert self.acts(VisitStatus.CONFIRMED, side) == self.acts(VisitStatus.CANCELLED, side) == set()


class TestProblems:
    def test_days(self):
        def problem(held_on):
            return rules.day_problem(held_on=held_on, starts_on=MONDAY, today=MONDAY + timedelta(days=30))

        assert problem(MONDAY) is None
        assert problem(MONDAY - timedelta(days=1)) is not None
        assert problem(MONDAY + timedelta(days=800)) is not None
        long_ago = rules.day_problem(held_on=MONDAY, starts_on=MONDAY, today=MONDAY + timedelta(days=93))
        assert long_ago is not None

    def test_lengths_and_weeks(self):
        assert rules.minutes_problem(5) is rules.minutes_problem(1440) is None
        assert rules.minutes_problem(4) is not None
        assert rules.minutes_problem(1441) is not None
        assert rules.weeks_problem(52) is None
        assert rules.weeks_problem(0) is not None

    def test_miles_need_a_price(self):
        assert rules.miles_problem(Decimal("3.5"), travel_per_mile=Money(45)) is None
        assert rules.miles_problem(Decimal(0), travel_per_mile=None) is None
        assert rules.miles_problem(Decimal(1), travel_per_mile=None) is not None
        assert rules.miles_problem(Decimal(-1), travel_per_mile=Money(45)) is not None
        assert rules.miles_problem(Decimal(1000), travel_per_mile=Money(45)) is not None


def test_money_is_kept_for_what_was_agreed_or_for_what_is_charged_if_that_is_more():
    def needed(**differences):
        plain = {"total": Money(100), "called_off": ZERO, "charged": ZERO, "credited": ZERO}
        return rules.money_needed(**plain | differences).pence

    assert needed() == 100
    assert needed(called_off=Money(30)) == 70
    assert needed(called_off=Money(30), charged=Money(90)) == 90
    assert needed(charged=Money(130)) == 130
    assert needed(credited=Money(40)) == 60
    assert needed(credited=Money(400)) == 0


class TestHours:
    def test_what_a_package_holds(self):
        package = {"kind": ArrangementKind.PACKAGE, "quantity": 2}
        assert minutes_bought(unit=Unit.PACKAGE, package_hours=Decimal("7.5"), **package) == 900
        assert minutes_bought(unit=Unit.HOUR, package_hours=None, **package) == 120
        assert minutes_bought(unit=Unit.PACKAGE, package_hours=None, **package) == 0
        assert minutes_bought(unit=Unit.HOUR, package_hours=None, kind=ArrangementKind.WEEKLY, quantity=2) == 0

    def test_only_weekly_hours_are_banked(self):
        assert may_bank(kind=ArrangementKind.WEEKLY, unit=Unit.HOUR)
        assert not may_bank(kind=ArrangementKind.WEEKLY, unit=Unit.SESSION)
        assert not may_bank(kind=ArrangementKind.PACKAGE, unit=Unit.HOUR)

    def test_what_draws_hours(self):
        assert draws_hours(kind=ArrangementKind.WEEKLY, is_from_bank=True, bought=0)
        assert not draws_hours(kind=ArrangementKind.WEEKLY, is_from_bank=False, bought=0)
        assert draws_hours(kind=ArrangementKind.PACKAGE, is_from_bank=False, bought=60)
        assert not draws_hours(kind=ArrangementKind.PACKAGE, is_from_bank=False, bought=0)

    def test_visits_that_wait_are_not_free(self):
        assert HoursAccount(left=120, waiting=45).free == 75

    @pytest.mark.parametrize(
        ("minutes", "said"),
        [(0, "0 hours"), (45, "45 minutes"), (60, "1 hour"), (90, "1 hour 30 minutes"), (601, "10 hours 1 minute")],
    )
    def test_how_it_is_said(self, minutes, said):
        assert in_hours(minutes) == said
