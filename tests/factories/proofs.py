"""The most boring proofs there are: cards, an invoice that nobody has looked at, and a recording."""

import uuid
from datetime import UTC, datetime

from marketplace.kit.sounds import Sound
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings.gateways.invoices import Invoice
from marketplace.ratings.models import Review
from marketplace.ratings.rules.reviewing import Written
from marketplace.ratings.services import cards, invoices, voice
from tests.factories import accounts, purchasing, sounds

NOW = datetime(2026, 5, 21, 10, tzinfo=UTC)
ALOUD = Written(stars=4)
GOOD = Written(stars=5, words="They came when they said.")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"
INVOICE = Invoice(PDF, "application/pdf")
SOUND = Sound(sounds.wav(), "audio/wav", 2)


def made(session, *, offer, by, number=3, now=NOW):
    """Make cards, and return their codes with the id of their batch."""
    return cards.make_cards(
        session, offer_id=offer.id, codes=cards.draw_codes(number), batch_id=uuid.uuid4(), by=by, now=now
    )


def with_card(session, code, *, by=None, written=GOOD, now=NOW):
    """Add a review by somebody who was given a card."""
    by = by or accounts.person(session).id
    card_id = cards.card_with_code(session, code=code, by=by, today=now.date())
    review_id = cards.review_with_card(session, card_id=card_id, by=by, written=written, link=str, now=now)
    return session.get_one(Review, review_id)


def with_invoice(session, *, offer, by=None, written=GOOD, now=NOW):
    """Add a review with an invoice that nobody has looked at."""
    by = by or accounts.person(session).id
    invoices.keep_invoice(session, offer_id=offer.id, by=by, invoice=INVOICE, now=now)
    review_id = invoices.review_with_invoice(session, offer_id=offer.id, by=by, written=written, link=str, now=now)
    return session.get_one(Review, review_id)


def said_aloud(session, *, offer, organisation_id, person=None, written=ALOUD, now=NOW):
    """Add a review of an arrangement that was told aloud, and that nobody has written down."""
    person = person or accounts.person(session)
    done = purchasing.arrangement(
        session, person=person, organisation_id=organisation_id, about=offer, status=ArrangementStatus.DONE
    )
    voice.keep_sound(session, offer_id=offer.id, by=person.id, sound=SOUND, now=now)
    review_id = voice.say_of_arrangement(
        session, arrangement_id=done.id, by=person.id, written=written, link=str, now=now
    )
    return session.get_one(Review, review_id)
