import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.rules import Rate, Unit
from marketplace.kit.money import ZERO, Money
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.invoicing import (
    Agreed,
    Line,
    VisitDue,
    agreed_line,
    charged_by_visit,
    due_as_agreed,
    lines_of_visit,
    nearest_penny,
)
from marketplace.purchasing.rules.nouns import ArrangementKind
from marketplace.purchasing.rules.terms import Terms

BEGINS = date(2026, 5, 4)


def version(**differences):
    plain = {
        "what": "Help.",
        "quantity": 2,
        "weeks": 4,
        "unit_price": Money(10_00),
        "notice_hours": None,
        "travel_per_mile": None,
        "who": "",
        "starts_on": BEGINS,
    }
    return Terms(**plain | differences)


def agreed(**differences):
    plain = {
        "title": "Meals",
        "kind": ArrangementKind.WEEKLY,
        "unit": Unit.ITEM,
        "versions": [version()],
        "status": ArrangementStatus.ACCEPTED,
    }
    return Agreed(**plain | differences)


def due(days, **differences):
    return due_as_agreed(agreed(**differences), today=BEGINS + timedelta(days=days)).pence


def visit(**differences):
    plain = {
        "id": uuid.uuid4(),
        "held_on": BEGINS,
        "minutes": 60,
        "miles": Decimal(0),
        "rate": Rate.STANDARD,
        "amount": ZERO,
        "travel": ZERO,
        "is_from_bank": False,
        "is_called_off": False,
    }
    return VisitDue(**plain | differences)


class TestWhatIsDue:
    def test_weeks_fall_due_as_they_have_passed(self):
        assert [due(days) for days in (-1, 0, 5, 6, 13, 27, 400)] == [0, 0, 0, 20_00, 40_00, 80_00, 80_00]

    def test_each_week_costs_what_held_in_it(self):
        versions = [version(), version(unit_price=Money(15_00), weeks=2, starts_on=BEGINS + timedelta(weeks=2))]
        assert due(27, versions=versions) == 2 * 20_00 + 2 * 30_00

    def test_no_week_falls_due_after_the_end(self):
        ended = {"status": ArrangementStatus.DONE, "ended_on": BEGINS + timedelta(days=6)}
        assert due(400, **ended) == 20_00

    def test_what_costs_by_the_visit_is_not_due_as_agreed(self):
        assert due(400, unit=Unit.HOUR) == 0
        assert charged_by_visit(kind=ArrangementKind.WEEKLY, unit=None)
        assert not charged_by_visit(kind=ArrangementKind.PACKAGE, unit=Unit.HOUR)

    def test_one_off_things_and_packages_are_due_at_once(self):
        assert due(0, kind=ArrangementKind.ONE_OFF, versions=[version(weeks=1)]) == 20_00

    @pytest.mark.parametrize("status", ["asked", "declined", "withdrawn", "cancelled"])
    def test_nothing_is_due_that_does_not_go_ahead(self, status):
        given = {"kind": ArrangementKind.ONE_OFF, "status": ArrangementStatus(status), "versions": [version(weeks=1)]}
        assert due(0, **given) == 0

    def test_what_was_owed_at_the_end_is_due(self):
        given = {"kind": ArrangementKind.ONE_OFF, "status": ArrangementStatus.CANCELLED, "versions": [version(weeks=1)]}
        assert due(0, owed_at_end=Money(5_00), **given) == 5_00


class TestLines:
    def test_what_is_agreed_is_said_in_units(self):
        line = agreed_line(agreed(), due=Money(60_00), invoiced=Money(20_00))
        assert (line.how_much, line.amount) == ("4 items", Money(40_00))

    def test_what_is_no_whole_number_of_units_is_said_as_a_change(self):
        line = agreed_line(agreed(), due=Money(15_00), invoiced=ZERO)
        assert (line.quantity, line.amount) == (1, Money(15_00))
        assert "terms as changed" in line.what

    def test_what_is_invoiced_already_makes_no_line(self):
        assert agreed_line(agreed(), due=Money(20_00), invoiced=Money(20_00)) is None

    def test_a_visit_makes_a_line_for_its_time_and_one_for_its_miles(self):
        one = visit(minutes=90, amount=Money(21_75), miles=Decimal("3.5"), travel=Money(1_58), rate=Rate.EVENING)
        time_, travel = lines_of_visit(one, unit=Unit.HOUR, price=Money(14_50), per_mile=Money(45))
        assert (time_.how_much, time_.amount) == ("1 hour 30 minutes", Money(21_75))
        assert "in the evening or at night" in time_.what
        assert (travel.how_much, travel.amount) == ("3.5 miles", Money(1_58))

    def test_a_visit_keeps_the_amount_it_was_confirmed_with(self):
        [line] = lines_of_visit(visit(amount=Money(9_99)), unit=Unit.HOUR, price=Money(14_50), per_mile=ZERO)
        assert (line.quantity, line.unit, line.unit_price) == (1, "visit", Money(9_99))

    def test_lines_say_what_is_out_of_the_usual(self):
        assert "banked" in visit(is_from_bank=True).what
        assert "too late" in visit(is_called_off=True).what

    @given(minutes=st.integers(5, 1440), pence=st.integers(1, 20_000))
    def test_two_decimals_of_an_hour_are_enough_to_say_the_minutes_again(self, minutes, pence):
        amount = nearest_penny(Money(pence), Decimal(minutes) / 60)
        lines = lines_of_visit(visit(minutes=minutes, amount=amount), unit=Unit.HOUR, price=Money(pence), per_mile=ZERO)
        for line in lines:
            assert line.minutes == minutes

    def test_one_and_several_are_said(self):
        assert Line("", Decimal(1), "session", ZERO, ZERO).how_much == "1 session"
        assert Line("", Decimal("2.50"), "mile", ZERO, ZERO).how_much == "2.5 miles"
