import uuid

import pytest
from sqlalchemy import select

from marketplace.accounts.rules import Role
from marketplace.catalogue.models import Offer
from marketplace.kit.errors import NotFoundError
from marketplace.kit.outbox import Message
from marketplace.moderation.models import Decision
from marketplace.moderation.rules import Outcome, SubjectKind
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings.models import LedgerLine, Screening
from marketplace.ratings.rules.nouns import Ground, Release, ReviewStatus, Screened, ScreeningOutcome
from marketplace.ratings.services import holding
from marketplace.ratings.services.screening import Subject
from tests.factories import accounts, fairness, moderation, purchasing, ratings

REFUSED, SHOWN = ScreeningOutcome.REFUSED, ScreeningOutcome.SHOWN


def link(review_id):
    return f"https://example.org/reviews/{review_id}"


def letters_to(session, person):
    return session.scalars(select(Message.body).where(Message.to == person.email).order_by(Message.created_at)).all()


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session)


@pytest.fixture
def moderator(session):
    return accounts.person(session, role=Role.MODERATOR)


@pytest.fixture
def review(session, sides):
    done = purchasing.arrangement(session, person=sides[0], organisation_id=sides[1].id, status=ArrangementStatus.DONE)
    offer = session.get_one(Offer, done.offer_id)
    return ratings.review(session, offer=offer, stars=1, person=sides[0], arrangement=done)


@pytest.fixture
def decide(session, moderator, now):
    def deciding(thing, outcome, *, kind=Screened.REVIEW, by=None, **said):
        said = {"ground": Ground.IDENTIFYING, "reason": "It names a child."} | said
        review_id = thing.id if kind is Screened.REVIEW else thing.review_id
        holding.decide(
            session,
            Subject(kind, thing.id, review_id),
            outcome=outcome,
            ground=said["ground"] if outcome is REFUSED else None,
            reason=said["reason"],
            by=(by or moderator).id,
            link=link,
            now=now,
        )

    return deciding


def test_a_review_is_kept_from_view_on_a_ground_and_shown_again(session, sides, review, decide, now):
    decide(review, REFUSED)
    assert (review.status, review.counts) == (ReviewStatus.HELD, False)
    [decision] = session.scalars(select(Decision))
    assert (decision.subject_kind, decision.subject_id) == (SubjectKind.REVIEW, review.id)
    assert (decision.outcome, decision.reason) == (Outcome.HELD, "It names a child.")
    # A refusal of what no screen had stopped is set down too, so that its writer can appeal.
    [screening] = session.scalars(select(Screening))
    assert (screening.outcome, screening.ground, screening.suspected) == (REFUSED, Ground.IDENTIFYING, [])
    line = session.get_one(LedgerLine, review.id)
    assert (line.ground, line.refused_at, line.stopped_at) == (Ground.IDENTIFYING, now, None)
    with pytest.raises(holding.ReviewMovedOnError):
        decide(review, REFUSED)
    decide(review, SHOWN)
    assert (review.status, line.ground, line.refused_at) == (ReviewStatus.SHOWN, None, None)
    assert len(letters_to(session, sides[0])) == 2


def test_what_waits_is_read_and_shown(session, sides, review, decide, now):
    waiting = fairness.stopped(session, review)
    decide(review, SHOWN, reason="")
    assert (review.status, waiting.outcome, waiting.decided_at) == (ReviewStatus.SHOWN, SHOWN, now)
    line = session.get_one(LedgerLine, review.id)
    assert (line.decided_at, line.published_at) == (now, now)
    [letter] = letters_to(session, sides[0])
    assert "it is shown now" in letter


def test_what_waits_is_shown_with_others_if_its_writer_chose_that(session, sides, review, decide):
    fairness.stopped(session, review)
    review.release, review.shown_month = Release.WITH_OTHERS, None
    decide(review, SHOWN)
    assert review.status is ReviewStatus.WAITING
    [letter] = letters_to(session, sides[0])
    assert "together with others" in letter


def test_a_reply_is_kept_from_view_apart_from_its_review(session, sides, review, decide):
    reply = ratings.reply(session, to=review, by=sides[2])
    decide(reply, REFUSED, kind=Screened.REPLY)
    assert (reply.status, review.status) == (ReviewStatus.HELD, ReviewStatus.SHOWN)
    assert len(letters_to(session, sides[2])) == 1
    decide(reply, SHOWN, kind=Screened.REPLY)
    assert reply.status is ReviewStatus.SHOWN


def test_the_writer_hears_of_a_reply_once_it_has_been_read(session, sides, review, decide):
    reply = ratings.reply(session, to=review, by=sides[2], status=ReviewStatus.UNREAD)
    fairness.screening(session, review, subject_kind=Screened.REPLY, subject_id=reply.id)
    decide(reply, SHOWN, kind=Screened.REPLY)
    assert reply.status is ReviewStatus.SHOWN
    [letter] = letters_to(session, sides[0])
    assert "has replied to your review" in letter


def test_leaving_what_was_reported_closes_the_reports(session, sides, review, decide):
    report = moderation.report(session, subject_kind=SubjectKind.REVIEW, subject_id=review.id)
    decide(review, SHOWN, reason="")
    assert report.closed_at is not None
    assert review.status is ReviewStatus.SHOWN
    assert letters_to(session, sides[0]) == []
    with pytest.raises(holding.ReviewMovedOnError):
        decide(review, SHOWN)


def test_a_refusal_needs_a_ground_and_a_reason(session, review, decide):
    for wrong, field in (
        ({"ground": None}, "ground"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 2_001}, "reason"),
    ):
        with pytest.raises(holding.DecisionUnclearError) as refusal, session.begin_nested():
            decide(review, REFUSED, **wrong)
        assert refusal.value.field == field
    assert review.status is ReviewStatus.SHOWN


def test_nobody_decides_about_themselves_or_their_own_organisation(session, sides, review, decide):
    reply = ratings.reply(session, to=review, by=sides[2])
    for who in (sides[0], sides[2]):
        for thing, kind in ((review, Screened.REVIEW), (reply, Screened.REPLY)):
            with pytest.raises(holding.OwnProviderDecisionError):
                decide(thing, REFUSED, kind=kind, by=who)


def test_what_is_not_there_cannot_be_decided_about(session, review, moderator, now):
    for it in (Subject(Screened.REPLY, uuid.uuid4(), review.id), Subject(Screened.ADDITION, uuid.uuid4(), review.id)):
        with pytest.raises(NotFoundError):
            holding.decide(
                session, it, outcome=SHOWN, ground=None, reason="", by=moderator.id, link=link, now=now
            )  # fmt: skip
    with pytest.raises(NotFoundError):
        holding.hold_review(
            session, review_id=uuid.uuid4(), ground=Ground.OFF_TOPIC, reason="x", by=moderator.id, link=link, now=now
        )
