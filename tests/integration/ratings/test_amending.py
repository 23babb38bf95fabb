"""Writers change, add to and take back what they said; nobody else does."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.catalogue.models import Offer
from marketplace.kit.audit import AuditEvent
from marketplace.kit.errors import NotFoundError
from marketplace.kit.outbox import Message
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings.models import Addition, Point, PointVote, Reply, VoiceNote
from marketplace.ratings.queries.scores import summaries_for
from marketplace.ratings.rules.nouns import PointKind, Release, ReviewStatus, Telling
from marketplace.ratings.rules.reviewing import MOST_ADDITIONS, Written
from marketplace.ratings.services import amending, reviewing
from marketplace.ratings.services.answers import ReviewUnclearError
from tests.factories import accounts, purchasing, ratings

THREAT = "I will kill you."


def link(review_id):
    return f"https://example.org/reviews/{review_id}"


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session)


@pytest.fixture
def offer(session, sides):
    return purchasing.offer(session, organisation_id=sides[1].id)


@pytest.fixture
def review(session, sides, offer):
    done = purchasing.arrangement(
        session, person=sides[0], organisation_id=sides[1].id, about=offer, status=ArrangementStatus.DONE
    )
    return ratings.review(session, offer=offer, stars=2, person=sides[0], arrangement=done, told=Telling.PICTURES)


@pytest.fixture
def change(session, sides, review, now):
    def changed(by=None, **differences):
        amending.change_review(
            session,
            review_id=review.id,
            by=(by or sides[0]).id,
            written=Written(**{"stars": 4, "words": "It is much better since May."} | differences),
            link=link,
            now=now + timedelta(days=30),
        )

    return changed


@pytest.fixture
def add(session, sides, review, now):
    def added(words="They have a new rota.", by=None):
        return amending.add_to_review(
            session, review_id=review.id, by=(by or sides[0]).id, words=words, link=link, now=now
        )

    return added


def letters_to(session, person):
    return session.scalars(select(Message.body).where(Message.to == person.email).order_by(Message.created_at)).all()


class TestChanging:
    def test_a_change_takes_the_place_of_what_was_said_and_is_counted(self, session, offer, review, change, now):
        month = review.shown_month
        change()
        assert (review.stars, review.words, review.status) == (4, "It is much better since May.", ReviewStatus.SHOWN)
        assert (review.shown_month, review.edited_at) == (month, now + timedelta(days=30))
        assert review.told is Telling.PICTURES
        assert summaries_for(session, offer_ids=[offer.id])[offer.id].spread == (0, 0, 0, 1, 0)
        assert "changed" in session.scalars(select(AuditEvent.did).where(AuditEvent.to_id == review.id)).all()

    def test_a_reply_stays_and_who_gave_it_hears(self, session, sides, review, change):
        change()
        assert letters_to(session, sides[2]) == []
        ratings.reply(session, to=review, by=sides[2])
        change(stars=5)
        [letter] = letters_to(session, sides[2])
        assert link(review.id) in letter
        assert sides[0].name not in letter
        assert session.scalars(select(Reply.review_id)).all() == [review.id]

    def test_a_point_that_stays_keeps_what_others_say_and_one_that_changes_begins_anew(
        self, session, sides, review, change, now
    ):
        kept = ratings.point(session, of=review, kind=PointKind.WORKING, words="The rota.")
        changed = ratings.point(session, of=review, kind=PointKind.NOT_WORKING, words="The gate.")
        gone = ratings.point(session, of=review, kind=PointKind.SHOULD_CHANGE, words="Saturdays.")
        for it in (kept, changed, gone):
            session.add(PointVote(point_id=it.id, person_id=accounts.person(session).id, voted_at=now))
        session.flush()
        change(points={PointKind.WORKING: "The rota.", PointKind.NOT_WORKING: "The gate sticks."})
        points = {p.kind: p for p in session.scalars(select(Point).where(Point.review_id == review.id))}
        assert set(points) == {PointKind.WORKING, PointKind.NOT_WORKING}
        assert points[PointKind.WORKING].id == kept.id
        assert points[PointKind.NOT_WORKING].id != changed.id
        assert session.scalars(select(PointVote.point_id)).all() == [kept.id]

    def test_the_screens_read_it_again(self, session, offer, review, change):
        change(words=THREAT)
        assert (review.status, review.counts) == (ReviewStatus.UNREAD, False)
        assert summaries_for(session, offer_ids=[offer.id])[offer.id].count == 0

    def test_when_it_is_shown_can_be_changed_until_it_is(self, session, sides, review, change):
        change(release=Release.WITH_OTHERS)
        assert (review.release, review.status) == (Release.NOW, ReviewStatus.SHOWN)
        review.counts, review.status, review.shown_month = False, ReviewStatus.WAITING, None
        review.release = Release.WITH_OTHERS
        session.flush()
        change(release=Release.WITH_OTHERS)
        assert review.status is ReviewStatus.WAITING
        change(release=Release.NOW)
        assert (review.status, review.counts) == (ReviewStatus.SHOWN, True)

    def test_what_was_said_aloud_waits_for_its_words_whatever_else_is_changed(self, session, review, change, now):
        review.told, review.words, review.status, review.counts = Telling.VOICE, "", ReviewStatus.UNREAD, False
        session.add(
            VoiceNote(review_id=review.id, sound=b"x", media_type="audio/wav", seconds=3, recorded_at=now, due_at=now)
        )
        session.flush()
        change(words="", stars=3)
        assert (review.stars, review.status) == (3, ReviewStatus.UNREAD)
        change(words="I have written it down myself.")
        assert review.status is ReviewStatus.SHOWN

    def test_nobody_changes_somebody_elses_or_one_that_is_not_there(self, session, sides, change, now):
        for other in (sides[2], accounts.person(session)):
            with pytest.raises(NotFoundError):
                change(by=other)
        with pytest.raises(NotFoundError):
            amending.change_review(
                session, review_id=uuid.uuid4(), by=sides[0].id, written=Written(stars=3), link=link, now=now
            )

    def test_who_works_there_now_cannot(self, change):
        with pytest.raises(reviewing.OwnProviderError):
            change(works_there=True)

    def test_what_will_not_do_changes_nothing(self, session, review, change):
        with pytest.raises(ReviewUnclearError):
            change(words="x" * 3_001)
        assert (review.stars, review.edited_at) == (2, None)


class TestAdding:
    def test_what_is_added_stands_below_with_its_month(self, session, sides, review, add, now):
        it = session.get_one(Addition, add())
        assert (it.review_id, it.words, it.status) == (review.id, "They have a new rota.", ReviewStatus.SHOWN)
        assert it.added_month == now.date().replace(day=1)
        assert review.stars == 2

    def test_who_replied_hears_of_it(self, session, sides, review, add):
        ratings.reply(session, to=review, by=sides[2])
        add()
        assert len(letters_to(session, sides[2])) == 1

    def test_a_screen_may_stop_it_and_then_nobody_hears(self, session, sides, review, add):
        ratings.reply(session, to=review, by=sides[2])
        it = session.get_one(Addition, add(THREAT))
        assert (it.status, review.status) == (ReviewStatus.UNREAD, ReviewStatus.SHOWN)
        assert letters_to(session, sides[2]) == []

    @pytest.mark.parametrize("words", [" ", "x" * 2_001])
    def test_it_has_bounds(self, add, words):
        with pytest.raises(ReviewUnclearError):
            add(words)

    def test_there_is_an_end_to_it(self, session, review, add):
        for _ in range(MOST_ADDITIONS):
            ratings.addition(session, to=review)
        with pytest.raises(amending.TooManyAdditionsError):
            add()

    def test_only_what_is_shown_is_added_to_and_only_by_its_writer(self, session, sides, review, add):
        for other in (sides[2], accounts.person(session)):
            with pytest.raises(NotFoundError):
                add(by=other)
        review.counts, review.status = False, ReviewStatus.HELD
        session.flush()
        with pytest.raises(amending.NotShownYetError):
            add()

    def test_it_can_be_taken_back_by_its_writer_alone(self, session, sides, review, now):
        it = ratings.addition(session, to=review)
        for other in (sides[2], accounts.person(session)):
            with pytest.raises(NotFoundError):
                amending.withdraw_addition(session, addition_id=it.id, by=other.id, now=now)
        assert amending.withdraw_addition(session, addition_id=it.id, by=sides[0].id, now=now) == review.id
        assert session.scalars(select(Addition)).all() == []
        with pytest.raises(NotFoundError):
            amending.withdraw_addition(session, addition_id=uuid.uuid4(), by=sides[0].id, now=now)


def test_what_is_taken_back_is_counted_no_more(session, sides, offer, review, now):
    ratings.addition(session, to=review)
    assert session.get_one(Offer, offer.id)
    amending.withdraw_review(session, review_id=review.id, by=sides[0].id, now=now)
    assert summaries_for(session, offer_ids=[offer.id])[offer.id].count == 0
    assert session.scalars(select(Addition)).all() == []
