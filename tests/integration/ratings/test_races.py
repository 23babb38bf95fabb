"""Real threads on a real engine, nothing rolled back: one review for one arrangement, one reply for one review."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kit.db import transaction
from marketplace.kit.errors import DomainError
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings import services
from marketplace.ratings.models import Reply, Review
from tests.factories import accounts, purchasing, ratings

CROWD = 8


def link(review_id):
    return f"https://example.org/reviews/{review_id}"


@pytest.fixture(scope="module")
def real_app(new_app):
    return new_app()


@pytest.fixture
def arrange(real_app):
    """Return a function that runs in a committed transaction of its own."""

    def run(doing):
        with Session(real_app.extensions["engine"], expire_on_commit=False) as session:
            session.connection(execution_options={"writing": True})
            result = doing(session)
            session.commit()
        return result

    return run


def all_at_once(app, doing):
    """Do the same in many threads, each in its own context and transaction; return what each did or raised."""
    together = Barrier(CROWD)

    def run(_number):
        together.wait()
        with app.app_context():
            try:
                with transaction() as session:
                    return doing(session)
            except DomainError as refusal:
                return refusal

    with ThreadPoolExecutor(CROWD) as threads:
        return list(threads.map(run, range(CROWD)))


def test_an_arrangement_reviewed_many_times_at_once_has_one_review(real_app, arrange, now):
    def prepare(session):
        person, organisation, _ = purchasing.two_sides(session)
        done = purchasing.arrangement(
            session, person=person, organisation_id=organisation.id, status=ArrangementStatus.DONE
        )
        return person.id, done.id

    person_id, arrangement_id = arrange(prepare)
    outcomes = all_at_once(
        real_app,
        lambda session: services.review_arrangement(
            session, arrangement_id=arrangement_id, by=person_id, stars=4, words="They listened.", link=link, now=now
        ),
    )
    assert sum(isinstance(it, services.AlreadyReviewedError) for it in outcomes) == CROWD - 1
    assert len(arrange(lambda s: s.scalars(select(Review).where(Review.person_id == person_id)).all())) == 1


def test_a_place_reviewed_many_times_at_once_by_one_person_has_one_review(real_app, arrange, now):
    def prepare(session):
        return accounts.person(session).id, purchasing.offer(session, organisation_id=None).id

    person_id, offer_id = arrange(prepare)
    outcomes = all_at_once(
        real_app,
        lambda session: services.declare_use_and_review(
            session, offer_id=offer_id, by=person_id, stars=4, words="A warm place.", link=link, now=now
        ),
    )
    assert sum(isinstance(it, services.AlreadyReviewedError) for it in outcomes) == CROWD - 1
    assert len(arrange(lambda s: s.scalars(select(Review).where(Review.person_id == person_id)).all())) == 1


def test_replies_at_once_leave_one(real_app, arrange, now):
    def prepare(session):
        _, organisation, speaker = purchasing.two_sides(session)
        offer = purchasing.offer(session, organisation_id=organisation.id)
        return ratings.review_of_done(session, offer=offer, organisation_id=organisation.id, stars=2).id, speaker.id

    review_id, speaker_id = arrange(prepare)
    outcomes = all_at_once(
        real_app,
        lambda session: services.reply_to_review(
            session, review_id=review_id, by=speaker_id, words="Thank you.", link=link, now=now
        ),
    )
    assert len(set(outcomes)) == 1
    assert len(arrange(lambda s: s.scalars(select(Reply).where(Reply.review_id == review_id)).all())) == 1
