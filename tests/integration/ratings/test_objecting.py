import uuid
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from marketplace.accounts.rules import ANYONE, Role
from marketplace.kit.errors import NotAllowedError, NotFoundError
from marketplace.kit.outbox import Message
from marketplace.ratings.models import LedgerLine, Objection
from marketplace.ratings.queries import objections as queries
from marketplace.ratings.rules.nouns import Ground, ObjectionOutcome, ReviewStatus
from marketplace.ratings.services import objecting
from tests.factories import accounts, purchasing, ratings

WEIGHED = {
    "our_interest": "It is recent, and about the work.",
    "their_interest": "It says that she is ill.",
    "balance": "Her illness is nobody’s business, and the rest cannot be read without it.",
}


def link(some_id):
    return f"https://example.org/{some_id}"


def letters_to(session, person):
    return session.scalars(select(Message.body).where(Message.to == person.email).order_by(Message.created_at)).all()


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session)


@pytest.fixture
def review(session, sides):
    offer = purchasing.offer(session, organisation_id=sides[1].id)
    return ratings.review(session, offer=offer, stars=1, person=sides[0])


@pytest.fixture
def moderator(session):
    return accounts.person(session, role=Role.MODERATOR)


@pytest.fixture
def object_to(session, sides, review, moderator, now):
    def objecting_(by=sides[2], words="It says that I am ill."):
        return objecting.object_to_review(session, review_id=review.id, by=by.id, words=words, link=link, now=now)

    return objecting_


@pytest.fixture
def decide(session, moderator, now):
    def deciding(objection_id, outcome, by=moderator, **differences):
        objecting.decide_objection(
            session, objection_id=objection_id, outcome=outcome, by=by.id, link=link, now=now, **WEIGHED | differences
        )

    return deciding


def test_a_review_stays_while_an_objection_is_weighed_for_a_month(session, review, moderator, object_to, now):
    it = session.get_one(Objection, object_to())
    assert (review.status, it.due_at) == (ReviewStatus.SHOWN, datetime(2026, 6, 4, 12, tzinfo=UTC))
    assert len(letters_to(session, moderator)) == 1


def test_taking_it_down_is_weighed_in_writing_and_both_hear(session, sides, review, object_to, decide):
    decide(object_to(), ObjectionOutcome.TAKEN_DOWN)
    assert review.status is ReviewStatus.HELD
    assert session.get_one(LedgerLine, review.id).ground is Ground.OBJECTION
    [to_objector] = letters_to(session, sides[2])
    assert all(words in to_objector for words in WEIGHED.values())
    assert len(letters_to(session, sides[0])) == 1


def test_keeping_it_is_told_to_both(session, sides, review, object_to, decide):
    objection_id = object_to()
    decide(objection_id, ObjectionOutcome.KEPT)
    assert review.status is ReviewStatus.SHOWN
    assert "It stays" in letters_to(session, sides[2])[0]
    assert "it stays" in letters_to(session, sides[0])[0]
    with pytest.raises(objecting.ObjectionDecidedError):
        decide(objection_id, ObjectionOutcome.TAKEN_DOWN)
    with pytest.raises(objecting.AlreadyObjectedError):
        object_to()


def test_one_objection_at_a_time(session, object_to):
    object_to()
    with pytest.raises(objecting.AlreadyObjectedError):
        object_to(by=accounts.person(session))


def test_an_objection_says_what_it_is_about(object_to):
    for words in (" ", "x" * 2_001):
        with pytest.raises(objecting.ObjectionUnclearError):
            object_to(words=words)


def test_nobody_objects_to_their_own_words_or_to_what_is_not_shown(session, sides, review, object_to, now):
    with pytest.raises(NotAllowedError):
        object_to(by=sides[0])
    with pytest.raises(NotFoundError):
        objecting.object_to_review(session, review_id=uuid.uuid4(), by=sides[2].id, words="x", link=link, now=now)


@pytest.mark.parametrize("part", WEIGHED)
def test_nothing_is_decided_without_weighing(session, object_to, decide, part):
    with pytest.raises(objecting.ObjectionUnclearError) as refusal, session.begin_nested():
        decide(object_to(), ObjectionOutcome.KEPT, **{part: " "})
    assert refusal.value.field == part


def test_nobody_weighs_what_they_have_to_do_with(session, sides, object_to, decide):
    objection_id = object_to()
    for somebody in (sides[0], sides[2]):
        with pytest.raises(NotAllowedError):
            decide(objection_id, ObjectionOutcome.KEPT, by=somebody)
    with pytest.raises(NotFoundError):
        decide(uuid.uuid4(), ObjectionOutcome.KEPT)


class TestReading:
    def page(self, session, objection_id, person, *organisations, role=Role.PERSON):
        viewer = accounts.as_viewer(person, *organisations, role=role)
        return queries.objection_page(session, objection_id=objection_id, viewer=viewer)

    def test_whoever_objected_and_impartial_moderators_read_it(self, session, sides, moderator, object_to, now):
        objection_id = object_to()
        assert self.page(session, objection_id, sides[2]).is_mine
        assert not self.page(session, objection_id, moderator, role=Role.MODERATOR).is_mine
        assert self.page(session, objection_id, sides[0]) is None
        own = accounts.organisation(session)[1]
        assert self.page(session, objection_id, own, sides[1], role=Role.MODERATOR) is None
        assert queries.objection_page(session, objection_id=objection_id, viewer=ANYONE) is None
        viewer = accounts.as_viewer(moderator, role=Role.MODERATOR)
        [line] = queries.open_objections(session, viewer=viewer, now=now).objections
        assert (line.id, line.is_late) == (objection_id, False)
        assert queries.open_objections(session, viewer=accounts.as_viewer(sides[2]), now=now).objections == ()

    def test_whoever_objected_no_longer_reads_what_is_taken_down(self, session, sides, object_to, decide):
        objection_id = object_to()
        decide(objection_id, ObjectionOutcome.TAKEN_DOWN)
        page = self.page(session, objection_id, sides[2])
        assert (page.review, page.balance) == ("", WEIGHED["balance"])
