"""Real threads on a real engine, nothing rolled back: one review for one arrangement, one reply for one review."""

import uuid

from sqlalchemy import func, select

from marketplace.accounts.rules import Role
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings import services
from marketplace.ratings.models import Card, CardBatch, Reply, Review
from marketplace.ratings.rules import Written
from marketplace.ratings.services import cards, invoices
from tests.factories import accounts, catalogue, proofs, purchasing, ratings
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


def test_a_card_used_by_many_at_once_is_used_once(real_app, arrange):
    def prepare(session):
        offer, speaker = catalogue.live(session)
        code = proofs.made(session, offer=offer, by=speaker, number=1).codes[0]
        people = [accounts.person(session).id for _ in range(CROWD)]
        card_id = cards.card_with_code(session, code=code, by=people[0], today=proofs.NOW.date())
        return card_id, people

    card_id, people = arrange(prepare)
    outcomes = in_transactions(
        real_app,
        [
            lambda session, by=by: cards.review_with_card(
                session, card_id=card_id, by=by, written=proofs.GOOD, link=link, now=proofs.NOW
            )
            for by in people
        ],
    )
    assert sum(isinstance(it, cards.CardUnclearError) for it in outcomes) == CROWD - 1
    assert len(arrange(lambda s: s.scalars(select(Review).where(Review.card_id == card_id)).all())) == 1


def test_makers_at_once_make_no_more_cards_than_there_may_be(real_app, arrange):
    def prepare(session):
        offer, speaker = catalogue.live(session)
        return offer.id, speaker

    offer_id, speaker = arrange(prepare)
    outcomes = in_transactions(
        real_app,
        [
            lambda session: cards.make_cards(
                session,
                offer_id=offer_id,
                codes=[cards.DrawnCode("", uuid.uuid4().hex) for _ in range(50)],
                batch_id=uuid.uuid4(),
                by=speaker,
                now=proofs.NOW,
            )
        ]
        * CROWD,
    )
    assert sum(isinstance(it, cards.CardNumberError) for it in outcomes) == 2
    made = select(func.count()).select_from(Card).join(CardBatch).where(CardBatch.offer_id == offer_id)
    assert arrange(lambda s: s.scalar(made)) == 300


def test_an_invoice_looked_at_by_many_at_once_is_decided_once(real_app, arrange):
    def prepare(session):
        offer, _speaker = catalogue.live(session)
        checkers = [
            accounts.as_viewer(accounts.person(session, role=Role.CHECKER), role=Role.CHECKER) for _ in range(CROWD)
        ]
        return proofs.with_invoice(session, offer=offer).id, checkers

    review_id, checkers = arrange(prepare)
    outcomes = in_transactions(
        real_app,
        [
            lambda session, by=by: invoices.accept_invoice(
                session, review_id=review_id, by=by, link=link, now=proofs.NOW
            )
            for by in checkers
        ],
    )
    assert sum(isinstance(it, invoices.InvoiceNotFoundError) for it in outcomes) == CROWD - 1
