"""Real threads on a real engine: reviews that wait are changed while others come in, and nobody waits for ever."""

from sqlalchemy import select

from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings.models import Review
from marketplace.ratings.rules.nouns import Release, ReviewStatus
from marketplace.ratings.rules.reviewing import Written
from marketplace.ratings.services import amending, reviewing
from tests.factories import accounts, purchasing
from tests.races import in_transactions

TOGETHER = {"words": "They came when they said.", "release": Release.WITH_OTHERS}


def link(review_id):
    return f"https://example.org/reviews/{review_id}"


def test_changed_while_others_come_in_all_are_shown_once_enough_wait(real_app, arrange, now):
    def prepare(session):
        _, organisation, _ = purchasing.two_sides(session)
        offer = purchasing.offer(session, organisation_id=organisation.id)
        people = [accounts.person(session) for _ in range(4)]
        done = [
            purchasing.arrangement(
                session, person=person, organisation_id=organisation.id, about=offer, status=ArrangementStatus.DONE
            )
            for person in people
        ]
        return offer.id, [(person.id, it.id) for person, it in zip(people, done, strict=True)]

    offer_id, dones = arrange(prepare)

    def write(person_id, arrangement_id):
        return lambda session: reviewing.review_arrangement(
            session,
            arrangement_id=arrangement_id,
            by=person_id,
            written=Written(stars=4, **TOGETHER),
            link=link,
            now=now,
        )

    first, second = in_transactions(real_app, [write(*done) for done in dones[:2]])

    def change(review_id, person_id, stars):
        return lambda session: amending.change_review(
            session, review_id=review_id, by=person_id, written=Written(stars=stars, **TOGETHER), link=link, now=now
        )

    outcomes = in_transactions(
        real_app,
        [
            change(first, dones[0][0], 1),
            write(*dones[2]),
            change(second, dones[1][0], 2),
            write(*dones[3]),
            change(first, dones[0][0], 3),
        ],
    )
    assert not [it for it in outcomes if isinstance(it, Exception)]
    reviews = arrange(lambda session: session.scalars(select(Review).where(Review.offer_id == offer_id)).all())
    assert len(reviews) == 4
    shown = [it for it in reviews if it.status is ReviewStatus.SHOWN]
    assert len(shown) >= 3
    assert {it.status for it in reviews} <= {ReviewStatus.SHOWN, ReviewStatus.WAITING}
    assert all(it.counts == (it.status is ReviewStatus.SHOWN) for it in reviews)
