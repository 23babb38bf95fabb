import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from marketplace.budgets.queries.paying import set_aside
from marketplace.budgets.rules import Purpose, Stream
from marketplace.catalogue.rules import Unit
from marketplace.kit.days import LONDON
from marketplace.kit.money import ZERO, Money
from marketplace.kit.outbox import Message
from marketplace.purchasing import services
from marketplace.purchasing.models import Arrangement, Visit
from marketplace.purchasing.queries.ending import cancel_page
from marketplace.purchasing.queries.owed import owed_in_all
from marketplace.purchasing.rules import ArrangementStatus, Side
from marketplace.purchasing.rules.ending import part_done, part_used
from marketplace.purchasing.rules.nouns import ArrangementKind, VisitStatus
from marketplace.purchasing.services.ending import CancelCostChangedError
from tests.factories import accounts, budgets, purchasing

WEEKLY = {"kind": ArrangementKind.WEEKLY, "weeks": 4}


def link(arrangement_id):
    return f"https://example.org/arrangements/{arrangement_id}"


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session)


@pytest.fixture
def agree(session, sides, now):
    """Agree on three units at £10, with 48 hours' notice, all paid by a budget."""

    def agree(*, unit=Unit.HOUR, hours=None, notice_hours=48, **differences):
        offer = purchasing.offer(
            session, organisation_id=sides[1].id, notice_hours=notice_hours, price=Money(10_00), unit=unit, hours=hours
        )
        weeks = differences.get("weeks", 1)
        budget_id = budgets.budget(session, sides[0], social_care=500_00)
        plain = {
            "what": "Help.",
            "quantity": 3,
            "starts_on": now.date(),
            "shares": {budgets.streams(session, budget_id)[Stream.SOCIAL_CARE]: Money(30_00 * weeks)},
        } | differences
        asked = services.ask_for_arrangement(session, offer_id=offer.id, by=sides[0].id, link=link, now=now, **plain)
        services.accept_arrangement(session, arrangement_id=asked, by=sides[2].id, link=link, now=now)
        return session.get_one(Arrangement, asked)

    return agree


@pytest.fixture
def visit(session, sides, now):
    def visit(it, *, days, minutes=60, status=VisitStatus.PLANNED, amount=ZERO):
        done = status in {VisitStatus.CLAIMED, VisitStatus.CONFIRMED}
        confirmed = status is VisitStatus.CONFIRMED
        one = Visit(
            arrangement_id=it.id,
            held_on=now.date() + timedelta(days=days),
            starts_at=time(13),
            minutes=minutes,
            miles=Decimal(0),
            amount=amount,
            status=status,
            planned_by=sides[2].id,
            planned_at=now,
            claimed_by=sides[2].id if done else None,
            claimed_at=now if done else None,
            confirmed_by=sides[0].id if confirmed else None,
            confirmed_at=now if confirmed else None,
            id=uuid.uuid4(),
        )
        session.add(one)
        session.flush()
        return one

    return visit


@pytest.fixture
def cancel(session, sides, now):
    def cancel(it, *, by=0, at=now, **shown):
        return services.cancel_arrangement(session, arrangement_id=it.id, by=sides[by].id, link=link, now=at, **shown)

    return cancel


def promised(session, it):
    return set_aside(session, purpose=Purpose(it.id)).promised


def page_of(session, it, viewer, now):
    return cancel_page(session, arrangement_id=it.id, viewer=viewer, now=now)


class TestWeekly:
    def test_visits_within_the_notice_are_owed_and_the_rest_is_let_go(self, session, sides, agree, visit, cancel, now):
        it = agree(**WEEKLY)
        tomorrow, next_week = visit(it, days=1), visit(it, days=7)
        shown = page_of(session, it, accounts.as_viewer(sides[0]), now).cost
        assert (shown.late, shown.late_visits, shown.visits, shown.let_go) == (Money(10_00), 1, 2, Money(110_00))
        assert cancel(it, agreed_owed=shown.owed).owed == Money(10_00)
        assert [(one.status, one.amount) for one in (tomorrow, next_week)] == [
            (VisitStatus.CANCELLED, Money(10_00)),
            (VisitStatus.CANCELLED, ZERO),
        ]
        assert promised(session, it) == owed_in_all(session, it, today=now.date()) == Money(10_00)

    def test_what_took_place_is_owed_whether_it_is_confirmed_or_not(self, session, sides, agree, visit, cancel, now):
        it = agree(**WEEKLY)
        visit(it, days=0, status=VisitStatus.CONFIRMED, amount=Money(10_00))
        visit(it, days=0, status=VisitStatus.CLAIMED, amount=Money(5_00))
        assert cancel(it).done == promised(session, it) == Money(15_00)

    def test_a_provider_who_cancels_is_owed_nothing_for_what_was_to_come(self, session, agree, visit, cancel):
        it = agree(**WEEKLY)
        visit(it, days=1)
        assert cancel(it, by=2).owed == promised(session, it) == ZERO

    def test_a_trial_ends_without_notice_or_cost(self, session, sides, agree, visit, cancel, now):
        it = agree(**WEEKLY, trial_weeks=1)
        last_day = datetime.combine(it.trial_until, time(20), tzinfo=LONDON)
        visit(it, days=7)
        shown = page_of(session, it, accounts.as_viewer(sides[0]), last_day).cost
        assert (shown.is_trial, shown.owed) == (True, ZERO)
        assert cancel(it, at=last_day).owed == promised(session, it) == ZERO

    def test_the_day_after_the_trial_notice_holds(self, sides, session, agree, visit, now):
        it = agree(**WEEKLY, trial_weeks=1)
        visit(it, days=7)
        day_after = datetime.combine(it.trial_until + timedelta(days=1), time(8), tzinfo=LONDON)
        shown = page_of(session, it, accounts.as_viewer(sides[0]), day_after).cost
        assert (shown.is_trial, shown.late) == (False, Money(10_00))

    def test_a_visit_whose_time_has_come_stays_until_the_provider_says(self, session, agree, visit, cancel):
        it = agree(**WEEKLY)
        one = visit(it, days=0, minutes=30)
        one.starts_at = time(9)
        session.flush()
        assert (cancel(it).unsaid_visits, one.status) == (1, VisitStatus.PLANNED)

    def test_where_no_notice_was_agreed_nothing_to_come_is_owed(self, agree, visit, cancel):
        it = agree(**WEEKLY, notice_hours=None)
        visit(it, days=0)
        assert cancel(it).late == ZERO

    def test_weeks_that_have_passed_are_owed_of_what_has_no_visits(self, session, agree, cancel, now):
        it = agree(**WEEKLY, unit=Unit.ITEM)
        assert cancel(it, at=now + timedelta(days=8)).owed == promised(session, it) == Money(30_00)


class TestOnce:
    def test_in_good_time_it_costs_nothing(self, session, agree, cancel, now):
        it = agree(starts_on=now.date() + timedelta(days=3))
        assert cancel(it).owed == promised(session, it) == it.owed_at_end == ZERO

    def test_too_late_it_costs_what_was_agreed_and_may_be_invoiced(self, session, sides, agree, cancel, now):
        it = agree(starts_on=now.date() + timedelta(days=1))
        assert cancel(it).owed == promised(session, it) == it.owed_at_end == Money(30_00)
        services.issue_invoice(session, arrangement_id=it.id, by=sides[2].id, link=link, now=now)

    def test_planned_visits_say_whether_it_is_late(self, agree, visit, cancel):
        it = agree()
        visit(it, days=5)
        assert cancel(it).owed == ZERO

    def test_what_took_place_of_it_is_owed(self, session, agree, visit, cancel):
        it = agree(notice_hours=None)
        visit(it, days=0, status=VisitStatus.CONFIRMED)
        assert cancel(it).owed == promised(session, it) == Money(10_00)


class TestPackages:
    def test_hours_used_are_owed_and_the_rest_leaves_the_account(self, session, sides, agree, visit, cancel, now):
        it = agree(kind=ArrangementKind.PACKAGE)
        assert it.minutes_left == 180
        visit(it, days=0, status=VisitStatus.CLAIMED, minutes=45)
        late = visit(it, days=1, minutes=60)
        cost = cancel(it)
        assert (cost.done, cost.late) == (Money(7_50), Money(10_00))
        assert promised(session, it) == it.owed_at_end == Money(17_50)
        assert late.status is VisitStatus.CANCELLED
        # The claimed visit still waits for its yes, and will take its minutes then.
        assert it.minutes_left == 45

    def test_a_package_nobody_used_is_free_to_end_in_good_time(self, session, agree, cancel):
        it = agree(unit=Unit.PACKAGE, hours=8)
        assert it.minutes_left == 3 * 8 * 60
        assert cancel(it).owed == ZERO
        assert it.minutes_left == 0

    def test_parts_are_exact_to_the_penny(self):
        assert part_used(total=Money(100), used=1, bought=3) == Money(33)
        assert part_used(total=Money(101), used=1, bought=2) == Money(51)
        assert part_used(total=Money(100), used=9, bought=3) == Money(100)
        assert part_used(total=Money(100), used=0, bought=0) == ZERO
        assert part_done(unit=Unit.SESSION, unit_price=Money(500), total=Money(900), minutes=[5, 5]) == Money(900)


class TestSaying:
    def test_what_changed_since_it_was_shown_is_said_and_nothing_happens(self, session, agree, cancel, visit):
        it = agree(**WEEKLY)
        visit(it, days=1)
        with pytest.raises(CancelCostChangedError, match=r"now £10\.00"), session.begin_nested():
            cancel(it, agreed_owed=ZERO)
        session.refresh(it)
        assert it.status is ArrangementStatus.ACCEPTED

    @pytest.mark.parametrize("by", [0, 2])
    def test_the_other_side_hears_what_is_owed(self, session, sides, agree, visit, cancel, now, by):
        it = agree(**WEEKLY)
        visit(it, days=0, status=VisitStatus.CONFIRMED, amount=Money(10_00))
        cancel(it, by=by)
        letter = session.scalars(select(Message).where(Message.body.contains("has cancelled"))).one()
        assert letter.to == sides[2 - by].email
        assert "£10.00 is owed" in letter.body

    def test_a_provider_sees_what_it_costs_and_nothing_of_a_budget(self, session, sides, agree, now):
        it = agree(**WEEKLY)
        seen = page_of(session, it, accounts.as_viewer(sides[2], sides[1]), now)
        assert (seen.side, seen.cost.let_go) == (Side.PROVIDER, ZERO)
        assert page_of(session, it, accounts.as_viewer(accounts.person(session)), now) is None

    def test_what_was_invoiced_beyond_what_is_owed_is_to_be_given_back(self, session, sides, agree, cancel, now):
        it = agree(starts_on=date(2026, 6, 1))
        services.issue_invoice(session, arrangement_id=it.id, by=sides[2].id, link=link, now=now)
        cost = cancel(it)
        assert (cost.owed, cost.to_give_back) == (ZERO, Money(30_00))
