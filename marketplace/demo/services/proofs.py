"""Reviews of what was bought elsewhere: with a card, on paper, with an invoice; and a wave that looks arranged."""

import uuid
import wave
from datetime import datetime, timedelta
from functools import cache, partial
from io import BytesIO
from math import pi, sin
from random import Random

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import PersonId
from marketplace.demo.rules.calendar import some_time
from marketplace.demo.rules.voices import WrittenCards, WrittenInvoices, WrittenReview, WrittenWave
from marketplace.demo.services.street import Street
from marketplace.demo.services.voices import Told, expect_what_follows, written_of
from marketplace.kit.days import day_of
from marketplace.kit.sounds import Sound
from marketplace.ratings.gateways.invoices import Invoice
from marketplace.ratings.rules.nouns import CardBatchId, ProofState, ReviewId, Telling
from marketplace.ratings.services import cards, flagging, invoices, voice

_LOOKED_AT_AFTER = timedelta(hours=26)
_HERTZ = 8_000
_INVOICE = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 200]/Contents 4 0 R/Resources<</Font<</F<</Type/Font
/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj
4 0 obj<</Length 71>>stream
BT /F 18 Tf 40 120 Td (An invoice, made up for the demo town.) Tj ET
endstream endobj
trailer<</Root 1 0 R>>
%%EOF
"""


def expect_proofs(draw: Random, street: Street) -> None:
    """Put on the agenda the reviews that come in without an arrangement here."""
    voices, there = street.town.voices, {offer.key for offer in street.town.offers}
    for batch in voices.cards:
        if batch.offer in there:
            at = some_time(draw, street.calendar.days_ago(batch.made_days_ago))
            writers = draw.sample([one.key for one in street.town.people], len(batch.reviews))
            street.agenda.add(at, partial(_make_cards, street, batch, writers))
    for one in voices.invoices:
        if one.offer in there:
            at = some_time(draw, street.calendar.days_ago(one.days_ago))
            writer = draw.choice(street.town.people).key
            street.agenda.add(at, partial(_send_invoice, street, one, writer))
    for together in voices.waves:
        if together.offer in there:
            begins_at = some_time(draw, street.calendar.days_ago(together.days_ago))
            _expect_wave(draw, street, together, begins_at)


def _make_cards(street: Street, batch: WrittenCards, writers: list[str], *, now: datetime) -> None:
    made = cards.make_cards(
        street.session,
        offer_id=street.offers[batch.offer],
        codes=cards.draw_codes(batch.number),
        batch_id=CardBatchId(uuid.uuid4()),
        by=street.viewer(street.speakers[batch.by]),
        now=now,
    )
    days = batch.made_days_ago / (len(batch.reviews) + 1)
    for number, (code, writer, review) in enumerate(zip(made.codes, writers, batch.reviews, strict=False), start=1):
        at = now + timedelta(days=days * number)
        street.agenda.add(at, partial(_use_card, street, batch.offer, code, writer, review))


def _use_card(street: Street, offer: str, code: str, writer: str, review: WrittenReview, *, now: datetime) -> None:
    is_paper = review.told is Telling.PAPER
    by = street.moderator if is_paper else street.people[writer]
    if review.told is Telling.VOICE:
        _say_aloud(street, offer, code, by, review, now=now)
        return
    card_id = cards.card_with_code(street.session, code=code, by=by, today=day_of(now))
    written, link = written_of(street, offer, review), street.addresses.review
    if is_paper:
        review_id = cards.type_in_paper(
            street.session, card_id=card_id, typed_by=by, written=written, link=link, now=now
        )
    else:
        review_id = cards.review_with_card(street.session, card_id=card_id, by=by, written=written, link=link, now=now)
    expect_what_follows(street, Told(offer, review, None if is_paper else by), review_id, now=now)


def _say_aloud(street: Street, offer: str, code: str, by: PersonId, review: WrittenReview, *, now: datetime) -> None:
    """Say a review aloud. What is written of it in the file is what a moderator hears."""
    card_id = cards.card_with_code(street.session, code=code, by=by, today=day_of(now))
    sound = Sound(content=_hum(), media_type="audio/wav", seconds=2)
    voice.keep_sound(street.session, offer_id=street.offers[offer], by=by, sound=sound, now=now)
    written, link = written_of(street, offer, review.model_copy(update={"words": ""})), street.addresses.review
    review_id = voice.say_with_card(street.session, card_id=card_id, by=by, written=written, link=link, now=now)
    street.agenda.add(now + _LOOKED_AT_AFTER, partial(_write_down, street, review, review_id))


def _write_down(street: Street, review: WrittenReview, review_id: ReviewId, *, now: datetime) -> None:
    by, link = street.viewer(street.moderator), street.addresses.review
    voice.write_down(street.session, review_id=review_id, words=review.words, by=by, link=link, now=now)


@cache
def _hum() -> bytes:
    """Return two seconds of a hum as a recording: nobody is made up to speak."""
    kept = BytesIO()
    with wave.open(kept, "wb") as out:
        out.setparams((1, 1, _HERTZ, 0, "NONE", ""))
        out.writeframes(bytes(128 + round(40 * sin(2 * pi * 220 * n / _HERTZ)) for n in range(2 * _HERTZ)))
    return kept.getvalue()


def _send_invoice(street: Street, one: WrittenInvoices, writer: str, *, now: datetime) -> None:
    review_id = _review_with_invoice(street, one.offer, one.review, street.people[writer], now=now)
    if one.checked is not ProofState.TO_CHECK:
        street.agenda.add(now + _LOOKED_AT_AFTER, partial(_look_at_invoice, street, one, review_id))


def _review_with_invoice(street: Street, offer: str, review: WrittenReview, by: PersonId, *, now: datetime) -> ReviewId:
    offer_id = street.offers[offer]
    sent = Invoice(content=_INVOICE, media_type="application/pdf")
    invoices.keep_invoice(street.session, offer_id=offer_id, by=by, invoice=sent, now=now)
    review_id = invoices.review_with_invoice(
        street.session,
        offer_id=offer_id,
        by=by,
        written=written_of(street, offer, review),
        link=street.addresses.review,
        now=now,
    )
    expect_what_follows(street, Told(offer, review, by), review_id, now=now)
    return review_id


def _look_at_invoice(street: Street, one: WrittenInvoices, review_id: ReviewId, *, now: datetime) -> None:
    by, link = street.viewer(street.checker), street.addresses.review
    if one.checked is ProofState.ACCEPTED:
        invoices.accept_invoice(street.session, review_id=review_id, by=by, link=link, now=now)
    else:
        invoices.refuse_invoice(street.session, review_id=review_id, reason=one.reason, by=by, link=link, now=now)


def _expect_wave(draw: Random, street: Street, written: WrittenWave, begins_at: datetime) -> None:
    for number, review in enumerate(written.reviews):
        at = begins_at + timedelta(hours=draw.randint(0, 60))
        street.agenda.add(at, partial(_join_and_praise, street, written.offer, review, number))
    street.agenda.add(begins_at + timedelta(hours=62), partial(_look_for_flags, street, written.offer))


def _join_and_praise(street: Street, offer: str, review: WrittenReview, number: int, *, now: datetime) -> None:
    person_id = accounts.add_person(
        street.session,
        email=f"new-here-{number}@example.net",
        name="New here",
        password=None,
        confirmed=True,
        now=now - timedelta(hours=1),
    )
    _review_with_invoice(street, offer, review, person_id, now=now)


def _look_for_flags(street: Street, offer: str, *, now: datetime) -> None:
    flagging.look_at(street.session, provider_id=street.provider(offer), address=street.addresses.flag, now=now)
