from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from marketplace.kit.audit import AuditEvent
from marketplace.kit.money import ZERO, Money
from marketplace.kit.outbox import Message
from marketplace.pooling.models import SharedVisit, SharedVisitMember
from marketplace.pooling.queries.checking import broken_rows
from marketplace.pooling.rules import PoolStatus
from marketplace.pooling.rules.nouns import Presence, SharedVisitStatus
from marketplace.pooling.services import attending, visiting
from marketplace.pooling.services.locking import PoolNotFoundError
from marketplace.purchasing.models import Visit
from marketplace.purchasing.queries.calendars import visits_of_feed
from marketplace.purchasing.rules.nouns import ArrangementKind, VisitStatus
from marketplace.purchasing.services import calendars, calling_off, confirming, ending, invoicing, visits
from marketplace.web.queries import broken_books
from tests.factories import accounts, together

BEFORE = datetime(2026, 4, 27, 9, tzinfo=UTC)
AFTER = datetime(2026, 5, 4, 18, tzinfo=UTC)
DAY = together.STARTED


@pytest.fixture
def it(session):
    return together.running(session)


@pytest.fixture
def planned(session, it):
    return together.plan(session, it, now=BEFORE)[0]


@pytest.fixture
def away(session):
    def away(visit, person, *, is_away=True, now=BEFORE):
        return visiting.say_away(
            session, shared_visit_id=visit.id, by=person.id, is_away=is_away, address=together.address, now=now
        )

    return away


@pytest.fixture
def hold(session, it):
    def hold(visit, *there, by=None, now=AFTER, minutes=120, note=""):
        return attending.hold_pool_visit(
            session, shared_visit_id=visit.id, by=(by or it.speaker).id, minutes=minutes, note=note,
            present=[it.people[n].id for n in there], link=together.address, now=now,
        )  # fmt: skip

    return hold


@pytest.fixture
def confirm(session, it):
    def confirm(n):
        return confirming.confirm_visit(
            session, visit_id=share(session, it, n).id, by=it.people[n].id, link=together.address, now=AFTER
        )

    return confirm


def share(session, it, n):
    """The share of the visit that somebody has to answer for, if there is one."""
    return session.scalars(
        select(Visit).where(
            Visit.arrangement_id == it.arrangements[n].id, Visit.status != VisitStatus.CANCELLED
        ).execution_options(populate_existing=True)
    ).one_or_none()  # fmt: skip


def shares(session, visit, it):
    rows = {row.person_id: row for row in session.scalars(select(SharedVisitMember).where(
        SharedVisitMember.shared_visit_id == visit.id))}  # fmt: skip
    return [rows[person.id].share.pence if person.id in rows and rows[person.id].share is not None else None
            for person in it.people]  # fmt: skip


def subjects(session, person):
    return [one.subject for one in session.scalars(select(Message).where(Message.to == person.email))]


class TestPlanning:
    def test_a_row_of_weeks_is_in_everybodys_own_visits_and_each_is_told_once(self, session, it):
        assert len(together.plan(session, it, now=BEFORE, weeks=3)) == 3
        for n, person in enumerate(it.people):
            own = session.scalars(select(Visit).where(Visit.arrangement_id == it.arrangements[n].id)).all()
            assert sorted(visit.held_on for visit in own) == [DAY + timedelta(weeks=week) for week in range(3)]
            assert all(visit.shared_key and visit.status is VisitStatus.PLANNED for visit in own)
            assert subjects(session, person) == ["3 visits planned: Swimming with support"]
        assert len(together.plan(session, it, now=BEFORE, weeks=4)) == 4
        with pytest.raises(visiting.VisitPlannedAlreadyError):
            together.plan(session, it, now=BEFORE, weeks=4)
        assert "planned visits" in session.scalars(select(AuditEvent.did)).all()

    @pytest.mark.parametrize(
        ("field", "wrong"),
        [
            ("weeks", {"weeks": 53}),
            ("weeks", {"weeks": 0}),
            ("first_on", {"first_on": DAY - timedelta(days=1)}),
            ("minutes", {"minutes": 2}),
        ],
    )
    def test_what_will_not_do_is_refused_beside_its_question(self, session, it, field, wrong):
        with pytest.raises(visiting.VisitUnclearError) as refusal:
            together.plan(session, it, now=BEFORE, **wrong)
        assert refusal.value.field == field
        assert session.scalars(select(SharedVisit)).all() == []

    def test_only_the_provider_of_weekly_support_that_goes_ahead_plans(self, session, it):
        for somebody in (it.people[0], accounts.organisation(session)[1]):
            with pytest.raises(PoolNotFoundError):
                together.plan(session, it, now=BEFORE, by=somebody)
        once = together.running(session, kind=ArrangementKind.ONE_OFF, weeks=1)
        over = together.running(session, status=PoolStatus.ENDED, ended_at=BEFORE)
        for pool in (once, over):
            with pytest.raises(visiting.NoVisitsTogetherError):
                together.plan(session, pool, now=BEFORE)


class TestSayingThatOneCannotCome:
    def test_the_provider_is_told_but_not_who(self, session, it, planned, away):
        assert away(planned, it.people[1])
        subject = Message.subject.startswith("Somebody cannot come on Monday 4 May 2026")
        letter = session.scalars(select(Message).where(Message.to == it.speaker.email, subject)).one()
        assert "Member 1" not in letter.body
        assert away(planned, it.people[1])
        assert len(subjects(session, it.speaker)) == 1
        away(planned, it.people[1], is_away=False)
        assert any(one.startswith("Somebody can come after all") for one in subjects(session, it.speaker))

    def test_it_is_in_good_time_until_two_days_before_unless_the_pool_has_agreed_otherwise(
        self, session, it, planned, away
    ):
        two_days_before = datetime(2026, 5, 2, 9, tzinfo=UTC)
        assert away(planned, it.people[1], now=two_days_before)
        assert not away(planned, it.people[2], now=two_days_before + timedelta(minutes=1))
        together.agreed(session, it, absence="half", notice="24")
        assert away(planned, it.people[3], now=two_days_before + timedelta(days=1))

    def test_nobody_else_can_and_nobody_once_it_has_begun(self, session, it, planned, away):
        with pytest.raises(PoolNotFoundError):
            away(planned, accounts.person(session))
        with pytest.raises(visiting.SharedVisitMovedOnError):
            away(planned, it.people[1], now=AFTER)


class TestSayingWhatWas:
    def test_everybody_there_pays_as_ever_and_is_asked(self, session, it, planned, hold):
        assert hold(planned, 0, 1, 2, 3, note="We swam.") == ()
        assert shares(session, planned, it) == [16_00] * 4
        assert (planned.status, planned.cost) == (SharedVisitStatus.HELD, Money(64_00))
        for n, person in enumerate(it.people):
            own = share(session, it, n)
            assert (own.status, own.amount, own.note) == (VisitStatus.CLAIMED, Money(16_00), "We swam.")
            assert "Was this right? Swimming with support" in subjects(session, person)

    def test_who_told_in_time_pays_nothing_and_those_who_came_share_it(self, session, it, planned, away, hold):
        away(planned, it.people[3])
        hold(planned, 0, 1, 2)
        assert shares(session, planned, it) == [21_34, 21_33, 21_33, 0]
        assert planned.cost == Money(64_00)
        assert share(session, it, 3) is None

    def test_half_where_that_is_agreed_and_all_for_whoever_said_nothing(self, session, it, planned, away, hold):
        together.agreed(session, it, absence="half", notice="24")
        away(planned, it.people[3])
        hold(planned, 0, 1)
        assert shares(session, planned, it) == [20_00, 20_00, 16_00, 8_00]
        away_untold = share(session, it, 2)
        assert away_untold.note.startswith("You were not there.")

    def test_nobody_pays_above_their_most_and_the_provider_gets_less(self, session, it, planned, away, hold):
        for n in (1, 2, 3):
            away(planned, it.people[n])
        hold(planned, 0)
        assert shares(session, planned, it) == [24_00, 0, 0, 0]
        assert planned.cost == Money(24_00)

    def test_a_longer_visit_costs_more(self, session, it, planned, hold):
        hold(planned, 0, 1, 2, 3, minutes=135)
        assert shares(session, planned, it) == [18_00] * 4

    def test_it_is_refused_beforehand_by_others_and_without_anybody_there(self, session, it, planned, hold):
        with pytest.raises(visiting.SharedVisitMovedOnError):
            hold(planned, 0, now=BEFORE)
        with pytest.raises(PoolNotFoundError):
            hold(planned, 0, by=it.people[0])
        for wrong, field in (({}, "present"), ({"minutes": 1}, "minutes")):
            with pytest.raises(visiting.VisitUnclearError) as refusal:
                hold(planned, *([0] if wrong else []), **wrong)
            assert refusal.value.field == field

    def test_whoever_has_ended_their_arrangement_has_no_part(self, session, it, planned, hold):
        ending.cancel_arrangement(
            session, arrangement_id=it.arrangements[3].id, by=it.people[3].id, link=together.address, now=BEFORE
        )
        hold(planned, 0, 1, 2)
        assert shares(session, planned, it) == [16_00, 16_00, 16_00, None]

    def test_whoever_was_not_planned_for_is_asked_for_their_share_all_the_same(self, session, it, planned, hold):
        session.query(SharedVisitMember).where(SharedVisitMember.person_id == it.people[3].id).delete()
        session.query(Visit).where(Visit.arrangement_id == it.arrangements[3].id).delete()
        hold(planned, 0, 1, 2, 3)
        assert shares(session, planned, it) == [16_00] * 4
        assert share(session, it, 3).shared_key == planned.id


class TestPuttingItRight:
    def test_a_query_is_put_right_for_all_but_those_who_have_confirmed(self, session, it, planned, away, hold, confirm):
        away(planned, it.people[3])
        hold(planned, 0, 1, 2)
        confirm(0)
        confirming.query_visit(
            session, visit_id=share(session, it, 1).id, by=it.people[1].id, words="Dee was there too.",
            link=together.address, now=AFTER,
        )  # fmt: skip
        overpaid = hold(planned, 0, 1, 2, 3)
        assert [(one.person_id, one.too_much) for one in overpaid] == [(it.people[0].id, Money(5_34))]
        assert shares(session, planned, it) == [21_34, 16_00, 16_00, 16_00]
        assert planned.cost == Money(69_34)
        assert share(session, it, 3).amount == Money(16_00)
        for n in (1, 2, 3):
            confirm(n)
        assert hold(planned, 0, 1, 2, 3)[0].too_much == Money(5_34)

    def test_the_same_said_twice_changes_nothing(self, session, it, planned, hold):
        hold(planned, 0, 1)
        first, letters = shares(session, planned, it), len(session.scalars(select(Message)).all())
        hold(planned, 0, 1)
        assert shares(session, planned, it) == first
        assert len(session.scalars(select(Message)).all()) == letters

    def test_somebody_who_was_taken_for_absent_is_asked_again_with_their_share(
        self, session, it, planned, hold, confirm
    ):
        hold(planned, 0, 1, 2)
        row = session.get_one(SharedVisitMember, (planned.id, it.people[3].id))
        assert row.presence is Presence.AWAY_UNTOLD
        hold(planned, 0, 1, 2, 3)
        session.refresh(row)
        assert row.presence is Presence.PRESENT
        assert confirm(3) == ZERO

    def test_shares_go_onto_each_ones_own_invoice(self, session, it, planned, away, hold, confirm):
        away(planned, it.people[3])
        hold(planned, 0, 1, 2)
        for n in range(3):
            confirm(n)
        for n, amount in ((0, 21_34), (1, 21_33)):
            invoicing.issue_invoice(
                session, arrangement_id=it.arrangements[n].id, by=it.speaker.id, link=together.address, now=AFTER
            )
            assert session.scalars(
                select(invoicing.Invoice.amount).where(invoicing.Invoice.arrangement_id == it.arrangements[n].id)
            ).one() == Money(amount)
        assert broken_books(session, today=date(2028, 1, 1)) == ()


class TestChecking:
    @pytest.mark.parametrize(
        ("broken", "named"),
        [
            (lambda visit, _share, _row: setattr(visit, "cost", Money(1)), {"what a visit together costs is the sum"}),
            (
                lambda _visit, share, _row: setattr(share, "amount", Money(1)),
                {"a share of a visit together is what its own visit says"},
            ),
            (
                lambda _visit, share, row: (
                    setattr(share, "amount", Money(24_01)),
                    setattr(row, "share", Money(24_01)),
                ),
                {"what a visit together costs is the sum", "nobody pays more for a visit together"},
            ),
        ],
        ids=["cost", "share", "most"],
    )
    def test_a_share_that_is_not_right_is_named(self, session, it, planned, hold, broken, named):
        hold(planned, 0, 1, 2, 3)
        assert broken_rows(session) == ()
        broken(planned, share(session, it, 0), session.get_one(SharedVisitMember, (planned.id, it.people[0].id)))
        session.flush()
        found = {one.promise for one in broken_rows(session)}
        assert len(found) == len(named)
        assert all(any(promise.startswith(words) for promise in found) for words in named)


class TestCallingOff:
    def test_nobody_owes_anything_and_each_is_told(self, session, it, planned):
        def call_off():
            visiting.call_off_pool_visit(
                session, shared_visit_id=planned.id, by=it.speaker.id, address=together.address, now=BEFORE
            )

        call_off()
        assert planned.status is SharedVisitStatus.CANCELLED
        assert all(share(session, it, n) is None for n in range(4))
        letters = [subjects(session, person) for person in it.people]
        assert all(any(one.startswith("Visit on Monday 4 May") for one in told) for told in letters)
        with pytest.raises(visiting.SharedVisitMovedOnError):
            call_off()


class TestInTheArrangementItself:
    def test_a_share_is_neither_claimed_nor_called_off_there(self, session, it, planned):
        own = share(session, it, 0)
        with pytest.raises(visits.SharedVisitError):
            calling_off.call_off_visit(session, visit_id=own.id, by=it.people[0].id, link=together.address, now=BEFORE)
        with pytest.raises(visits.SharedVisitError):
            visits.claim_visit(
                session, visit_id=own.id, by=it.speaker.id, link=together.address, now=AFTER,
                said=visits.TookPlace(held_on=DAY, starts_at=time(10), minutes=60),
            )  # fmt: skip

    def test_a_calendar_shows_each_their_own_and_the_provider_one(self, session, it, planned):
        def feed(person):
            token = calendars.make_feed(session, by=person.id, now=BEFORE)
            return [one.summary for one in visits_of_feed(session, token=token, names=True, now=BEFORE)]

        assert feed(it.people[0]) == ["Swimming with support, Boring Help"]
        assert feed(it.speaker) == ["Swimming with support, a pool"]
