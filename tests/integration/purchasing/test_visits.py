from datetime import time, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from marketplace.accounts.rules import Scope
from marketplace.budgets.models import Budget
from marketplace.budgets.rules import Holding, Purpose, Stream
from marketplace.budgets.services import promising
from marketplace.catalogue.rules import Rate, Unit
from marketplace.kit.audit import AuditEvent
from marketplace.kit.days import day_of
from marketplace.kit.money import ZERO, Money
from marketplace.kit.outbox import Message
from marketplace.purchasing.models import Invoice, InvoiceLine, Visit
from marketplace.purchasing.queries.hours import account_of
from marketplace.purchasing.queries.visits import my_visits, visit_line, visits_for_my_organisations, visits_page
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.nouns import ArrangementKind, VisitStatus
from marketplace.purchasing.rules.visits import TookPlace
from marketplace.purchasing.services import calling_off, confirming, hours, invoicing, visits
from marketplace.purchasing.services.answering import (
    ArrangementMovedOnError,
    ArrangementNotFoundError,
    NotYourSideError,
)
from tests.factories import accounts, budgets, purchasing

DAY = purchasing.TODAY
TEN = time(10)


def link(arrangement_id):
    return f"https://example.org/arrangements/{arrangement_id}"


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session)


@pytest.fixture
def weekly(session, sides):
    return purchasing.weekly(session, person=sides[0], organisation_id=sides[1].id)


@pytest.fixture
def package(session, sides, now):
    about = purchasing.offer(session, organisation_id=sides[1].id, unit=Unit.PACKAGE, hours=Decimal(5))
    it = purchasing.arrangement(
        session, person=sides[0], organisation_id=sides[1].id, about=about, status=ArrangementStatus.ACCEPTED,
        kind=ArrangementKind.PACKAGE, unit=Unit.PACKAGE, package_hours=Decimal(5), quantity=1,
        unit_price=Money(70_00), notice_hours=48,
    )  # fmt: skip
    hours.follow_terms(session, it, by=sides[2].id, now=now)
    return it


@pytest.fixture
def plan(session, sides, now):
    def plan(it, **differences):
        plain = {"first_on": DAY, "starts_at": TEN, "minutes": 60, "by": sides[2].id, "now": now}
        found = visits.plan_visits(session, arrangement_id=it.id, link=link, **plain | differences)
        return found if len(found) > 1 else found[0]

    return plan


@pytest.fixture
def claim(session, sides, now):
    def claim(visit_id, by=None, at=now, **differences):
        plain = {"held_on": DAY, "starts_at": TEN, "minutes": 60}
        visits.claim_visit(
            session, visit_id=visit_id, by=by or sides[2].id, said=TookPlace(**plain | differences), link=link, now=at
        )
        return session.get_one(Visit, visit_id)

    return claim


@pytest.fixture
def confirm(session, sides, now):
    def confirm(visit_id, by=None, at=now):
        return confirming.confirm_visit(session, visit_id=visit_id, by=by or sides[0].id, link=link, now=at)

    return confirm


@pytest.fixture
def call_off(session, sides, now):
    def call_off(visit_id, by=None, at=now, **differences):
        return calling_off.call_off_visit(
            session, visit_id=visit_id, by=by or sides[0].id, link=link, now=at, **differences
        )

    return call_off


def letters_to(session, person):
    return [one.subject for one in session.scalars(select(Message).where(Message.to == person.email))]


class TestPlanning:
    def test_a_row_of_weeks_is_planned_together_and_the_person_is_told_once(self, session, sides, weekly, plan):
        assert len(plan(weekly, weeks=4)) == 4
        found = session.scalars(select(Visit).order_by(Visit.held_on)).all()
        assert [visit.held_on for visit in found] == [DAY + timedelta(weeks=n) for n in range(4)]
        assert letters_to(session, sides[0]) == ["4 visits planned: Gardening"]
        assert "planned visits" in session.scalars(select(AuditEvent.did)).all()

    def test_what_is_planned_already_stays_and_the_rest_is_added(self, session, weekly, plan):
        plan(weekly)
        assert len(plan(weekly, weeks=3)) == 2
        with pytest.raises(visits.VisitThereAlreadyError):
            plan(weekly, weeks=3)

    @pytest.mark.parametrize(
        ("field", "wrong"),
        [
            ("weeks", {"weeks": 53}),
            ("weeks", {"weeks": 0}),
            ("first_on", {"first_on": DAY - timedelta(days=1)}),
            ("first_on", {"first_on": DAY + timedelta(days=999)}),
            ("minutes", {"minutes": 2}),
        ],
    )
    def test_what_will_not_do_is_refused_beside_its_question(self, session, weekly, plan, field, wrong):
        with pytest.raises(visits.VisitUnclearError) as refusal:
            plan(weekly, **wrong)
        assert refusal.value.field == field
        assert session.scalars(select(Visit)).all() == []

    def test_only_the_provider_plans(self, session, sides, weekly, plan):
        with pytest.raises(NotYourSideError):
            plan(weekly, by=sides[0].id)
        with pytest.raises(ArrangementNotFoundError):
            plan(weekly, by=accounts.person(session).id)

    def test_nothing_is_planned_for_what_is_over(self, session, sides, plan):
        done = purchasing.weekly(session, person=sides[0], organisation_id=sides[1].id, status=ArrangementStatus.DONE)
        with pytest.raises(ArrangementMovedOnError):
            plan(done)

    def test_banked_hours_are_of_weekly_support_and_have_to_be_there(self, weekly, package, plan):
        with pytest.raises(visits.VisitUnclearError):
            plan(package, from_bank=True)
        with pytest.raises(hours.NotEnoughHoursError):
            plan(weekly, from_bank=True)


class TestClaiming:
    def test_it_costs_its_time_and_its_miles_at_the_rate_of_its_hour(self, weekly, plan, claim):
        visit = claim(plan(weekly), starts_at=time(18), minutes=90, miles=Decimal("3.5"), note="  Hedge.  ")
        assert (visit.status, visit.rate) == (VisitStatus.CLAIMED, Rate.EVENING)
        assert (visit.amount, visit.travel, visit.note) == (Money(24_00), Money(1_58), "Hedge.")

    def test_the_provider_may_charge_another_rate_that_was_agreed(self, weekly, plan, claim):
        assert claim(plan(weekly), rate=Rate.EVENING).amount == Money(16_00)
        with pytest.raises(visits.VisitUnclearError) as refusal:
            claim(plan(weekly, first_on=DAY + timedelta(days=1)), rate=Rate.BANK_HOLIDAY)
        assert refusal.value.field == "rate"

    @pytest.mark.parametrize(
        ("field", "wrong"),
        [
            ("held_on", {"held_on": DAY + timedelta(days=1)}),
            ("minutes", {"minutes": 1441}),
            ("miles", {"miles": Decimal(1000)}),
        ],
    )
    def test_what_cannot_have_been_is_refused(self, weekly, plan, claim, field, wrong):
        with pytest.raises(visits.VisitUnclearError) as refusal:
            claim(plan(weekly), **wrong)
        assert refusal.value.field == field

    def test_a_visit_that_was_not_planned_can_be_written_down(self, session, sides, weekly, now):
        said = TookPlace(held_on=DAY, starts_at=TEN, minutes=45)
        visit_id = visits.write_down_visit(
            session, arrangement_id=weekly.id, by=sides[2].id, said=said, link=link, now=now
        )
        assert session.get_one(Visit, visit_id).amount == Money(10_88)
        with pytest.raises(visits.VisitThereAlreadyError):
            visits.write_down_visit(session, arrangement_id=weekly.id, by=sides[2].id, said=said, link=link, now=now)

    def test_one_letter_asks_for_many_yeses(self, session, sides, weekly, plan, claim):
        for visit_id in (plan(weekly), plan(weekly, starts_at=time(12))):
            claim(visit_id)
        assert letters_to(session, sides[0]).count("Was this right? Gardening") == 1

    def test_only_the_provider_claims(self, sides, weekly, plan, claim):
        with pytest.raises(NotYourSideError):
            claim(plan(weekly), by=sides[0].id)


class TestConfirming:
    def test_one_press_and_it_is_final(self, session, sides, weekly, plan, claim, confirm):
        visit = claim(plan(weekly))
        assert confirm(visit.id) == ZERO
        assert (visit.status, visit.confirmed_by) == (VisitStatus.CONFIRMED, sides[0].id)
        with pytest.raises(visits.VisitMovedOnError):
            confirm(visit.id)
        with pytest.raises(visits.VisitMovedOnError):
            claim(visit.id)

    def test_the_provider_does_not_confirm(self, sides, weekly, plan, claim, confirm):
        visit = claim(plan(weekly))
        with pytest.raises(NotYourSideError):
            confirm(visit.id, by=sides[2].id)

    def test_somebody_with_live_consent_confirms_until_it_ends(self, session, sides, weekly, plan, claim, confirm, now):
        other = accounts.friend(session, of=sides[0], scopes={Scope.SEE_BUDGETS}, now=now)[0]
        friend = accounts.friend(session, of=sides[0], scopes={Scope.CONFIRM_VISITS}, now=now)[0]
        visit = claim(plan(weekly))
        with pytest.raises(ArrangementNotFoundError):
            confirm(visit.id, by=other.id)
        far = now + timedelta(days=4000)
        with pytest.raises(ArrangementNotFoundError):
            confirm(visit.id, by=friend.id, at=far)
        confirm(visit.id, by=friend.id)
        assert visit.confirmed_by == friend.id

    def test_all_at_once(self, session, sides, weekly, plan, claim, now):
        for visit_id in plan(weekly, first_on=DAY, weeks=2):
            claim(visit_id, held_on=DAY)
        done = confirming.confirm_all(session, arrangement_id=weekly.id, by=sides[0].id, link=link, now=now)
        assert done == (2, ZERO)
        with pytest.raises(visits.VisitMovedOnError):
            confirming.confirm_all(session, arrangement_id=weekly.id, by=sides[0].id, link=link, now=now)

    def test_a_query_goes_back_and_is_put_right(self, session, sides, weekly, plan, claim, confirm, now):
        visit = claim(plan(weekly), minutes=90)
        with pytest.raises(confirming.QueryUnclearError):
            confirming.query_visit(session, visit_id=visit.id, by=sides[0].id, words=" ", link=link, now=now)
        confirming.query_visit(session, visit_id=visit.id, by=sides[0].id, words="An hour.", link=link, now=now)
        assert (visit.status, visit.query) == (VisitStatus.QUERIED, "An hour.")
        assert any("Not quite right" in subject for subject in letters_to(session, sides[2]))
        claim(visit.id, minutes=60)
        confirm(visit.id)
        assert visit.amount == Money(14_50)

    def test_the_provider_takes_back_what_did_not_take_place(self, session, sides, weekly, plan, claim, call_off):
        visit = claim(plan(weekly))
        assert call_off(visit.id, by=sides[2].id) == ZERO
        assert (visit.status, visit.amount) == (VisitStatus.CANCELLED, ZERO)


class TestCallingOff:
    def test_in_good_time_it_costs_nothing(self, session, sides, weekly, plan, call_off):
        visit_id = plan(weekly, first_on=DAY + timedelta(days=3))
        assert call_off(visit_id) == ZERO
        assert any("called off" in subject for subject in letters_to(session, sides[2]))

    def test_too_late_its_time_is_owed_and_invoiced(self, session, sides, weekly, plan, call_off, now):
        visit_id = plan(weekly, first_on=DAY + timedelta(days=1))
        with pytest.raises(calling_off.CostChangedError):
            call_off(visit_id, agreed_owed=ZERO)
        assert call_off(visit_id, agreed_owed=Money(14_50)) == Money(14_50)
        invoicing.issue_invoice(session, arrangement_id=weekly.id, by=sides[2].id, link=link, now=now)
        [line] = session.scalars(select(InvoiceLine))
        assert "too late" in line.what

    def test_the_provider_calls_off_at_no_cost_to_the_person(self, session, sides, weekly, plan, call_off):
        assert call_off(plan(weekly, first_on=DAY + timedelta(days=1)), by=sides[2].id) == ZERO
        assert any("called off" in subject for subject in letters_to(session, sides[0]))

    def test_what_has_begun_is_not_called_off_by_the_person(self, weekly, plan, call_off):
        with pytest.raises(visits.VisitMovedOnError):
            call_off(plan(weekly))

    def test_banked_hours_are_used_later_at_the_usual_price(self, session, weekly, plan, claim, confirm, call_off, now):
        call_off(plan(weekly, first_on=DAY + timedelta(days=3), minutes=90), bank=True)
        assert account_of(session, weekly).left == 90
        visit = claim(plan(weekly, from_bank=True), starts_at=time(18), minutes=60)
        assert visit.amount == Money(14_50)
        confirm(visit.id)
        account = account_of(session, weekly)
        assert (account.banked, account.used, account.left, weekly.minutes_left) == (90, 60, 30, 30)

    def test_hours_of_banked_visits_go_back_by_staying(self, session, weekly, plan, call_off):
        call_off(plan(weekly, first_on=DAY + timedelta(days=3)), bank=True)
        call_off(plan(weekly, first_on=DAY + timedelta(days=4), from_bank=True), bank=True)
        assert account_of(session, weekly).left == 60


class TestPackages:
    def test_confirmed_visits_use_the_hours_that_were_bought(self, session, package, plan, claim, confirm):
        visit = claim(plan(package), minutes=90)
        account = account_of(session, package)
        assert (account.bought, account.left, account.waiting, account.free) == (300, 300, 90, 210)
        assert visit.amount == ZERO
        confirm(visit.id)
        assert account_of(session, package).left == package.minutes_left == 210

    def test_no_more_is_claimed_than_is_left(self, session, package, plan, claim):
        claim(plan(package), minutes=240)
        with pytest.raises(hours.NotEnoughHoursError, match="1 hour left"):
            claim(plan(package, starts_at=time(15)), starts_at=time(15), minutes=61)
        claim(plan(package, starts_at=time(16)), starts_at=time(16), minutes=60)

    def test_a_claim_put_right_counts_once(self, package, plan, claim):
        visit = claim(plan(package), minutes=240)
        claim(visit.id, minutes=300)

    def test_called_off_too_late_it_uses_its_hours(self, session, package, plan, call_off):
        call_off(plan(package, first_on=DAY + timedelta(days=1)))
        assert account_of(session, package).left == 240

    def test_fewer_packages_agreed_take_back_what_is_free(self, session, sides, package, plan, claim, confirm, now):
        confirm(claim(plan(package), minutes=120).id)
        package.package_hours = Decimal(1)
        hours.follow_terms(session, package, by=sides[0].id, now=now)
        account = account_of(session, package)
        assert (account.bought, account.used, account.left) == (120, 120, 0)

    def test_at_the_end_the_rest_is_released(self, session, sides, package, now):
        hours.close_account(session, package, by=sides[0].id, now=now)
        account = account_of(session, package)
        assert (account.released, account.left) == (300, 0)


class TestMoney:
    @pytest.fixture
    def budget(self, session, sides, weekly, now):
        budget_id = budgets.budget(session, sides[0], social_care=174_00 + 10_00)
        stream = budgets.streams(session, budget_id)[Stream.SOCIAL_CARE]
        promising.promise(
            session, by=sides[0].id, purpose=Purpose(weekly.id), shares={stream: weekly.total}, what="Gardening",
            key=budgets.key(), now=now,
        )  # fmt: skip
        return budget_id

    def test_within_what_was_agreed_nothing_more_is_promised(self, session, budget, weekly, plan, claim, confirm):
        confirm(claim(plan(weekly)).id)
        assert budgets.standing(session, budget)["promised"] == 174_00

    def test_a_visit_called_off_in_time_is_released_unless_its_hours_are_banked(
        self, session, budget, weekly, plan, call_off
    ):
        call_off(plan(weekly, first_on=DAY + timedelta(days=3)), bank=True)
        assert budgets.standing(session, budget)["promised"] == 174_00
        call_off(plan(weekly, first_on=DAY + timedelta(days=4)))
        assert budgets.standing(session, budget)["promised"] == 174_00 - 14_50

    def test_what_costs_more_than_agreed_is_promised_besides(self, session, budget, weekly, plan, claim, confirm):
        confirm(claim(plan(weekly), minutes=12 * 60, miles=Decimal(10)).id)
        assert budgets.standing(session, budget)["promised"] == 174_00 + 4_50

    def test_what_a_budget_lacks_is_said_to_its_person_alone(
        self, session, sides, budget, weekly, plan, claim, confirm
    ):
        short = confirm(claim(plan(weekly), minutes=13 * 60).id)
        assert short == Money(14_50)
        assert any("short" in subject for subject in letters_to(session, sides[0]))
        assert not any("budget" in one.lower() for one in letters_to(session, sides[2]))


class TestInvoices:
    def test_confirmed_visits_go_onto_the_next_invoice_once(self, session, sides, weekly, plan, claim, confirm, now):
        first = claim(plan(weekly), minutes=90, miles=Decimal(2))
        claim(plan(weekly, starts_at=time(14)), starts_at=time(14))
        confirm(first.id)

        def issue():
            return invoicing.issue_invoice(session, arrangement_id=weekly.id, by=sides[2].id, link=link, now=now)

        invoice = session.get_one(Invoice, issue())
        assert (invoice.amount, invoice.due_on) == (Money(21_75 + 90), day_of(now) + timedelta(days=14))
        with pytest.raises(invoicing.AlreadyInvoicedError):
            issue()
        second = claim(plan(weekly, starts_at=time(16)), starts_at=time(16))
        confirm(second.id)
        assert session.get_one(Invoice, issue()).number == 2

    def test_it_is_addressed_to_whoever_holds_the_budget_that_pays(self, session, sides, now):
        it = purchasing.arrangement(
            session, person=sides[0], organisation_id=sides[1].id, status=ArrangementStatus.ACCEPTED
        )
        budget_id = budgets.budget(session, sides[0], holding=Holding.TRUST)
        session.get_one(Budget, budget_id).holder_name = "The Trust"
        [stream] = budgets.streams(session, budget_id).values()
        promising.promise(
            session, by=sides[0].id, purpose=Purpose(it.id), shares={stream: it.total}, what="Gardening",
            key=budgets.key(), now=now,
        )  # fmt: skip
        invoicing.issue_invoice(session, arrangement_id=it.id, by=sides[2].id, link=link, now=now)
        assert session.scalars(select(Invoice.bill_to_name)).one() == "The Trust"

    def test_before_anything_is_confirmed_nothing_is_due(self, session, sides, weekly, now):
        with pytest.raises(invoicing.AlreadyInvoicedError, match="Nothing is due yet"):
            invoicing.issue_invoice(session, arrangement_id=weekly.id, by=sides[2].id, link=link, now=now)

    def test_a_credit_note_takes_back_at_most_what_is_left(self, session, sides, now):
        it = purchasing.arrangement(
            session, person=sides[0], organisation_id=sides[1].id, status=ArrangementStatus.ACCEPTED
        )
        invoice_id = invoicing.issue_invoice(session, arrangement_id=it.id, by=sides[2].id, link=link, now=now)

        def credit(pence, by=sides[2], reason="The hedge was half done."):
            return invoicing.issue_credit_note(
                session, invoice_id=invoice_id, by=by.id, amount=Money(pence), reason=reason, link=link, now=now
            )

        note = session.get_one(Invoice, credit(40_00))
        assert (note.number, note.credits_id, note.amount) == (2, invoice_id, Money(40_00))
        for pence, reason in ((3_51, "More."), (0, "Nothing."), (1, " ")):
            with pytest.raises(invoicing.CreditUnclearError):
                credit(pence, reason=reason)
        with pytest.raises(NotYourSideError):
            credit(1, by=sides[0])
        credit(3_50)


class TestWhoSees:
    def test_each_side_sees_its_own_and_consent_shows_what_waits(
        self, session, sides, weekly, plan, claim, now, count_queries
    ):
        person, organisation, speaker = sides
        visit = claim(plan(weekly))
        plan(weekly, first_on=DAY + timedelta(days=2))
        friend = accounts.friend(session, of=person, scopes={Scope.CONFIRM_VISITS}, now=now)[0]
        stranger = accounts.person(session)
        count_queries.clear()
        mine = my_visits(session, viewer=accounts.as_viewer(person), now=now)
        assert len(count_queries) == 2
        assert ([one.id for one in mine.waiting], len(mine.to_come)) == ([visit.id], 1)
        theirs = my_visits(session, viewer=accounts.as_viewer(friend), now=now)
        assert ([one.id for one in theirs.waiting], theirs.to_come) == ([visit.id], ())
        assert theirs.waiting[0].is_for_another
        assert my_visits(session, viewer=accounts.as_viewer(stranger), now=now).waiting == ()
        of_provider = visits_for_my_organisations(session, viewer=accounts.as_viewer(speaker, organisation), now=now)
        assert (of_provider.waiting, len(of_provider.to_come)) == ((), 1)
        for viewer, sees in ((person, True), (friend, True), (stranger, False)):
            line = visit_line(session, visit_id=visit.id, viewer=accounts.as_viewer(viewer), now=now)
            assert (line is not None) is sees
        for viewer, sees in ((person, True), (friend, False), (stranger, False)):
            page = visits_page(session, arrangement_id=weekly.id, viewer=accounts.as_viewer(viewer), now=now)
            assert (page is not None) is sees

    def test_a_page_of_visits_takes_as_many_questions_however_many_there_are(
        self, session, sides, weekly, plan, now, count_queries
    ):
        plan(weekly, weeks=40)
        session.flush()
        count_queries.clear()
        page = visits_page(session, arrangement_id=weekly.id, viewer=accounts.as_viewer(sides[0]), now=now, page=2)
        assert (len(page.visits), page.slice.pages) == (10, 2)
        assert len(count_queries) <= 7
