from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.rules import Role
from marketplace.kit.audit import AuditEvent
from marketplace.kit.money import ZERO, Money
from marketplace.kit.outbox import Message
from marketplace.purchasing import services as purchasing_services
from marketplace.purchasing.models import Dispute
from marketplace.purchasing.queries.disputes import dispute_page, disputes_of, disputes_to_decide
from marketplace.purchasing.rules import ArrangementStatus, Side
from marketplace.purchasing.rules.disputes import DisputeAct, Standing, acts_on_dispute, refund_problem
from marketplace.purchasing.rules.nouns import DisputeOutcome
from marketplace.purchasing.services import disputes as services
from tests.factories import accounts, purchasing

PENNY, POUND = Money(1), Money(100)
QUEUE = "https://example.org/arrangements/disputes"


def link(dispute_id):
    return f"https://example.org/arrangements/disputes/{dispute_id}"


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session)


@pytest.fixture
def moderator(session):
    return accounts.person(session, role=Role.MODERATOR, name="Mo")


@pytest.fixture
def it(session, sides):
    return purchasing.arrangement(
        session, person=sides[0], organisation_id=sides[1].id, status=ArrangementStatus.ACCEPTED
    )


@pytest.fixture
def dispute(session, sides, it, now):
    def dispute(by=0, **differences):
        plain = {"words": "Nobody came.", "wanted": "My money back."}
        opened = services.open_dispute(
            session, arrangement_id=it.id, by=sides[by].id, link=link, now=now, **plain | differences
        )
        return session.get_one(Dispute, opened)

    return dispute


@pytest.fixture
def act(session, now):
    def act(name, dispute, by, *, at=now, **more):
        if name == "refer":
            more = {"queue": QUEUE} | more
        getattr(services, f"{name}_dispute")(session, dispute_id=dispute.id, by=by.id, link=link, now=at, **more)

    return act


@pytest.fixture
def referred(dispute, act, sides):
    one = dispute()
    act("answer", one, sides[2], answer="We did come.")
    act("refer", one, sides[0])
    return one


def letters(session):
    return session.scalars(select(Message).order_by(Message.created_at, Message.id)).all()


class TestPath:
    @pytest.mark.parametrize("by", [0, 2])
    def test_one_says_what_is_wrong_the_other_answers_and_it_is_put_right(self, session, sides, dispute, act, by):
        one = dispute(by)
        act("answer", one, sides[2 - by], answer="Sorry. We come on Friday.")
        act("settle", one, sides[by])
        assert (one.outcome, one.answer, one.closed_by) == (
            DisputeOutcome.SETTLED, "Sorry. We come on Friday.", sides[by].id,
        )  # fmt: skip
        assert sorted(letter.to for letter in letters(session)) == sorted([
            sides[2 - by].email, sides[by].email, sides[2 - by].email,
        ])  # fmt: skip
        assert all("Friday" not in letter.body and "Nobody came" not in letter.body for letter in letters(session))

    def test_a_moderator_decides_with_a_reason_and_says_what_should_be_given_back(
        self, session, sides, it, referred, moderator, now
    ):
        purchasing_services.issue_invoice(session, arrangement_id=it.id, by=sides[2].id, link=link, now=now)
        decide = {"outcome": DisputeOutcome.PARTLY_UPHELD, "reason": "One of three hours.", "refund": Money(14_50)}
        services.decide_dispute(session, dispute_id=referred.id, by=moderator.id, link=link, now=now, **decide)
        assert (referred.refund, referred.decision) == (Money(14_50), "One of three hours.")
        decided = [letter.to for letter in letters(session) if letter.subject.startswith("Decided: ")]
        assert sorted(decided) == sorted([sides[0].email, sides[2].email])
        assert "decided" in session.scalars(select(AuditEvent.did).where(AuditEvent.to_id == referred.id)).all()

    def test_moderators_hear_of_what_waits_for_them(self, session, moderator, referred):
        assert any(letter.to == moderator.email and QUEUE in letter.body for letter in letters(session))

    def test_whoever_opened_it_can_leave_it_at_that(self, sides, dispute, act):
        one = dispute()
        act("withdraw", one, sides[0])
        assert one.outcome is DisputeOutcome.WITHDRAWN
        dispute(words="Something else.")

    def test_what_was_never_agreed_has_nothing_to_put_right(self, session, sides, now):
        asked = purchasing.arrangement(session, person=sides[0], organisation_id=sides[1].id)
        with pytest.raises(purchasing_services.ArrangementMovedOnError):
            services.open_dispute(
                session, arrangement_id=asked.id, by=sides[0].id, words="x", wanted="y", link=link, now=now
            )

    def test_one_is_open_at_a_time(self, session, dispute):
        dispute()
        with pytest.raises(services.DisputeOpenError), session.begin_nested():
            dispute(2)

    @pytest.mark.parametrize("field", ["words", "wanted"])
    @pytest.mark.parametrize("answer", [" \n", "x" * 2_001])
    def test_words_are_needed_and_not_too_many(self, session, dispute, field, answer):
        with pytest.raises(services.DisputeUnclearError) as refusal:
            dispute(**{field: answer})
        assert refusal.value.field == field

    def test_a_stranger_finds_nothing_and_a_moderator_only_what_was_brought_to_them(
        self, session, sides, dispute, act, moderator, now
    ):
        one = dispute()
        stranger = accounts.person(session)
        with pytest.raises(services.DisputeNotFoundError):
            act("settle", one, stranger)
        seen_by = accounts.as_viewer(moderator, role=Role.MODERATOR)
        for viewer in (accounts.as_viewer(stranger), seen_by):
            assert dispute_page(session, dispute_id=one.id, viewer=viewer, now=now) is None
        act("answer", one, sides[2], answer="No.")
        act("refer", one, sides[2])
        page = dispute_page(session, dispute_id=one.id, viewer=seen_by, now=now)
        assert (page.side, page.acts, page.may_decide) == (None, (), True)
        assert [line.id for line in disputes_to_decide(session).lines] == [one.id]
        assert [line.id for line in disputes_of(session, arrangement_id=one.arrangement_id, viewer=seen_by)] == []


class TestRefusals:
    def test_nobody_acts_for_the_other_side_or_out_of_turn(self, sides, dispute, act):
        one = dispute()
        for name, by in (("answer", 0), ("settle", 2), ("withdraw", 2), ("refer", 0), ("refer", 2)):
            more = {"answer": "x"} if name == "answer" else {}
            with pytest.raises(services.DisputeMovedOnError):
                act(name, one, sides[by], **more)

    def test_nobody_waits_for_an_answer_for_ever(self, sides, dispute, act, now):
        one = dispute()
        act("refer", one, sides[0], at=now + timedelta(days=9))
        assert one.referred_at is not None

    def test_a_moderator_decides_nothing_of_their_own(self, session, sides, it, referred, now):
        for one in (sides[0], sides[2]):
            with pytest.raises(services.OwnDisputeError):
                services.decide_dispute(
                    session, dispute_id=referred.id, by=one.id, outcome=DisputeOutcome.UPHELD, reason="Me.",
                    refund=None, link=link, now=now,
                )  # fmt: skip

    @pytest.mark.parametrize(
        ("field", "answers"),
        [
            ("outcome", {"outcome": DisputeOutcome.SETTLED}),
            ("reason", {"reason": " "}),
            ("refund", {"refund": Money(1)}),
        ],
    )
    def test_a_decision_that_will_not_do_says_why(self, session, referred, moderator, now, field, answers):
        plain = {"outcome": DisputeOutcome.UPHELD, "reason": "Because.", "refund": None}
        with pytest.raises(services.DisputeUnclearError) as refusal:
            services.decide_dispute(
                session, dispute_id=referred.id, by=moderator.id, link=link, now=now, **plain | answers
            )
        assert refusal.value.field == field

    def test_only_what_was_brought_to_a_moderator_is_decided_and_once(
        self, session, sides, dispute, moderator, act, now
    ):
        one = dispute()
        decide = {"outcome": DisputeOutcome.NOT_UPHELD, "reason": "No.", "refund": None, "link": link, "now": now}
        with pytest.raises(services.DisputeMovedOnError):
            services.decide_dispute(session, dispute_id=one.id, by=moderator.id, **decide)
        act("answer", one, sides[2], answer="No.")
        act("refer", one, sides[0])
        services.decide_dispute(session, dispute_id=one.id, by=moderator.id, **decide)
        assert one.refund == ZERO
        with pytest.raises(services.DisputeMovedOnError):
            services.decide_dispute(session, dispute_id=one.id, by=moderator.id, **decide)

    def test_nothing_is_given_back_by_a_person_or_for_no_reason_or_beyond_what_was_invoiced(self):
        def problem(outcome=DisputeOutcome.UPHELD, refund=PENNY, opened_by=Side.PERSON, invoiced=POUND):
            return refund_problem(outcome=outcome, refund=refund, opened_by=opened_by, invoiced=invoiced)

        assert problem() is problem(refund=None) is problem(refund=ZERO) is None
        assert problem(refund=Money(100)) is None
        for wrong in (
            {"outcome": DisputeOutcome.NOT_UPHELD}, {"opened_by": Side.PROVIDER}, {"refund": Money(101)},
            {"refund": Money(-1)}, {"invoiced": ZERO},
        ):  # fmt: skip
            assert problem(**wrong).endswith(".")


class TestReminding:
    def remind(self, session, now):
        return services.remind_of_disputes(session, link=link, queue=QUEUE, now=now)

    def test_both_hear_once_that_an_answer_is_late(self, session, sides, dispute, now):
        dispute()
        assert self.remind(session, now + timedelta(days=4)) == 0
        late = now + timedelta(days=8)
        assert [self.remind(session, late), self.remind(session, late)] == [1, 0]
        late_ones = {letter.to for letter in letters(session) if letter.subject.startswith("No answer yet: ")}
        assert late_ones == {sides[0].email, sides[2].email}

    def test_moderators_hear_once_a_day_that_a_decision_is_late(self, session, moderator, referred, now):
        late = now + timedelta(days=20)
        told = [
            self.remind(session, moment) for moment in (now + timedelta(days=10), late, late, late + timedelta(days=1))
        ]
        assert told == [0, 1, 0, 1]
        assert letters(session)[-1].to == moderator.email


def test_what_each_side_may_do_is_one_table(now):
    def acts(side, *, is_answered=False, referred=False, is_closed=False, days=0):
        standing = Standing(
            opened_by=Side.PERSON, opened_at=now, is_answered=is_answered, referred_at=now if referred else None,
            is_closed=is_closed,
        )  # fmt: skip
        return acts_on_dispute(standing, side=side, now=now + timedelta(days=days))

    settle, refer, leave = DisputeAct.SETTLE, DisputeAct.REFER, DisputeAct.WITHDRAW
    assert acts(Side.PERSON) == (settle, leave)
    assert acts(Side.PERSON, days=8) == acts(Side.PERSON, is_answered=True) == (settle, refer, leave)
    assert acts(Side.PERSON, is_answered=True, referred=True) == (settle, leave)
    assert acts(Side.PROVIDER) == acts(Side.PROVIDER, referred=True, days=8) == (DisputeAct.ANSWER,)
    assert acts(Side.PROVIDER, is_answered=True) == (refer,)
    assert acts(Side.PERSON, is_closed=True) == acts(Side.PROVIDER, is_closed=True) == ()
