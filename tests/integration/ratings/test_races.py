"""Real threads on a real engine, nothing rolled back: one review for one arrangement, one reply for one review."""

from sqlalchemy import select

from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings import services
from marketplace.ratings.models import Reply, Review
from marketplace.ratings.rules import Written
from tests.factories import accounts, purchasing, ratings
from tests.races import in_transactions

CROWD = 8


def link(review_id):
    return f"https://example.org/reviews/{review_id}"


def test_an_arrangement_reviewed_many_times_at_once_has_one_review(real_app, arrange, now):
    def prepare(session):
        person, organisation, _ = purchasing.two_sides(session)
        done = purchasing.arrangement(
            session, person=person, organisation_id=organisation.id, status=ArrangementStatus.DONE
        )
        return person.id, done.id

    person_id, arrangement_id = arrange(prepare)
    outcomes = in_transactions(
        real_app,
        [
            lambda session: services.review_arrangement(
                session,
                arrangement_id=arrangement_id,
                by=person_id,
                written=Written(stars=4, words="They listened."),
                link=link,
                now=now,
            )
        ]
        * CROWD,
    )
    assert sum(isinstance(it, services.AlreadyReviewedError) for it in outcomes) == CROWD - 1
    assert len(arrange(lambda s: s.scalars(select(Review).where(Review.person_id == person_id)).all())) == 1


def test_a_place_reviewed_many_times_at_once_by_one_person_has_one_review(real_app, arrange, now):
    def prepare(session):
        return accounts.person(session).id, purchasing.offer(session, organisation_id=None).id

    person_id, offer_id = arrange(prepare)
    outcomes = in_transactions(
        real_app,
        [
            lambda session: services.declare_use_and_review(
                session,
                offer_id=offer_id,
                by=person_id,
                written=Written(stars=4, words="A warm place."),
                link=link,
                now=now,
            )
        ]
        * CROWD,
    )
    assert sum(isinstance(it, services.AlreadyReviewedError) for it in outcomes) == CROWD - 1
    assert len(arrange(lambda s: s.scalars(select(Review).where(Review.person_id == person_id)).all())) == 1


def test_replies_at_once_leave_one(real_app, arrange, now):
    def prepare(session):
        _, organisation, speaker = purchasing.two_sides(session)
        offer = purchasing.offer(session, organisation_id=organisation.id)
        return ratings.review_of_done(session, offer=offer, organisation_id=organisation.id, stars=2).id, speaker.id

    review_id, speaker_id = arrange(prepare)
    outcomes = in_transactions(
        real_app,
        [
            lambda session: services.reply_to_review(
                session, review_id=review_id, by=speaker_id, words="Thank you.", link=link, now=now
            )
        ]
        * CROWD,
    )
    assert len(set(outcomes)) == 1
    assert len(arrange(lambda s: s.scalars(select(Reply).where(Reply.review_id == review_id)).all())) == 1
