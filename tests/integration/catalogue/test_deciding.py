"""What moderators decide about offers."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.rules import Role, Viewer
from marketplace.catalogue import queries, services
from marketplace.catalogue.rules import OfferStatus
from marketplace.catalogue.services import ActNotPossibleError, OfferChangedError, OfferNotFoundError, OwnOfferError
from marketplace.kit.outbox import Message
from marketplace.moderation.models import Decision
from marketplace.moderation.services import ReasonMissingError
from tests.factories import catalogue as make
from tests.factories import moderation

ADDRESS = "http://127.0.0.1:8000/offers/1"


def approve(session, offer, by, now, **differences):
    plain = {"seen": offer.updated_at, "address": ADDRESS}
    services.approve_offer(session, offer_id=offer.id, by=by, now=now, **plain | differences)


def refuse(session, offer, by, now, **differences):
    plain = {"reason": "Say what an hour costs.", "seen": offer.updated_at, "address": ADDRESS}
    services.refuse_offer(session, offer_id=offer.id, by=by, now=now, **plain | differences)


def test_an_approved_offer_is_live_decided_and_its_provider_is_told(session, now):
    offer, _ = make.submitted(session)
    approve(session, offer, moderation.moderator(session), now)
    assert offer.status is OfferStatus.LIVE
    assert session.scalars(select(Decision.outcome).where(Decision.subject_id == offer.id)).one() == "approved"
    letter = session.scalars(select(Message)).one()
    assert letter.subject == "“Gardening, an hour” is now on the site"
    assert ADDRESS in letter.body


def test_a_refused_offer_says_why_to_its_provider_alone(session, now):
    offer, speaker = make.submitted(session)
    refuse(session, offer, moderation.moderator(session), now)
    [line] = queries.my_offers(session, viewer=speaker, on=now.date()).offers
    assert (line.status, line.refused_because) == (OfferStatus.REFUSED, "Say what an hour costs.")
    assert "Say what an hour costs." in session.scalars(select(Message.body)).one()


def test_a_refused_offer_can_be_sent_again(session, now):
    offer, speaker = make.submitted(session)
    refuse(session, offer, moderation.moderator(session), now)
    services.submit_offer(session, offer_id=offer.id, by=speaker, now=now)
    assert offer.status is OfferStatus.SUBMITTED


def test_a_live_offer_can_be_taken_down_with_a_reason(session, now):
    offer, _ = make.live(session)
    refuse(session, offer, moderation.moderator(session), now)
    assert offer.status is OfferStatus.REFUSED
    assert any("taken down" in body for body in session.scalars(select(Message.body)))


def test_a_refusal_needs_a_reason_and_without_one_nothing_happens(session, now):
    offer, _ = make.submitted(session)
    moderator = moderation.moderator(session)
    session.commit()
    with pytest.raises(ReasonMissingError):
        refuse(session, offer, moderator, now, reason="  ")
    session.rollback()
    assert session.get(type(offer), offer.id).status is OfferStatus.SUBMITTED


def test_a_decision_is_about_what_was_read(session, now):
    offer, _ = make.submitted(session)
    with pytest.raises(OfferChangedError, match="Read it again"):
        approve(session, offer, moderation.moderator(session), now, seen=offer.updated_at - timedelta(seconds=1))


def test_nobody_decides_twice(session, now):
    offer, _ = make.submitted(session)
    moderator = moderation.moderator(session)
    approve(session, offer, moderator, now)
    with pytest.raises(ActNotPossibleError, match="already"):
        approve(session, offer, moderator, now)


def test_only_moderators_decide(session, now):
    offer, speaker = make.submitted(session)
    with pytest.raises(OfferNotFoundError):
        approve(session, offer, speaker, now)


def test_a_moderator_does_not_decide_about_their_own_provider(session, now):
    offer, speaker = make.submitted(session)
    both = Viewer(
        person_id=speaker.person_id, roles=speaker.roles | {Role.MODERATOR}, organisations=speaker.organisations
    )
    with pytest.raises(OwnOfferError):
        approve(session, offer, both, now)


def test_the_queue_shows_moderators_what_has_waited_longest(session):
    later, speaker = make.submitted(session, now=make.LISTED + timedelta(hours=1))
    sooner, _ = make.submitted(session)
    waiting = queries.waiting_for_approval(session, viewer=moderation.moderator(session))
    assert [line.id for line in waiting.offers] == [sooner.id, later.id]
    assert queries.waiting_for_approval(session, viewer=speaker).offers == ()
