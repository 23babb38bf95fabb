"""Asking providers, answering by letter, hiding what nobody confirms, and who has space."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from marketplace.catalogue import jobs, queries, services
from marketplace.catalogue.models import Offer
from marketplace.catalogue.rules import Capacity, Freshness, OfferStatus, Question
from marketplace.catalogue.services import (
    ActNotPossibleError,
    OfferNotFoundError,
    QuestionAnsweredError,
    QuestionTooOldError,
)
from marketplace.kit.audit import AuditEvent
from marketplace.kit.days import midnight
from marketplace.kit.outbox import Message
from marketplace.search.models import IndexedDocument
from tests.factories import catalogue as make
from tests.races import in_transactions

SAID_ON = date(2026, 1, 5)
"""A day in winter: 75 and 120 days on, the clocks have changed."""

LINK = re.compile(r"http://\S+/offers/answer/\S+")


def last_minute_before(day):
    return midnight(day) - timedelta(minutes=1)


def live(session, *, said=None, **differences):
    """Add a live offer that was confirmed at a moment: late in the evening of `SAID_ON`, unless told."""
    offer, speaker = make.live(session, **differences)
    offer.confirmed_at = said or midnight(SAID_ON + timedelta(days=1)) - timedelta(minutes=5)
    session.flush()
    return offer, speaker


def address(question):
    return f"http://site/offers/answer/{question.offer_id}"


def letters(session):
    return session.scalars(select(Message).order_by(Message.created_at)).all()


def forget_letters(session):
    for letter in letters(session):
        session.delete(letter)
    session.flush()


def is_found(session, offer):
    return session.scalar(select(IndexedDocument.id).where(IndexedDocument.id == offer.id)) is not None


def test_a_provider_is_asked_on_the_75th_day_in_england_and_not_before(session):
    offer, _ = live(session)
    forget_letters(session)
    due = SAID_ON + timedelta(days=75)
    assert jobs_ask(session, last_minute_before(due)) == 0
    assert jobs_ask(session, midnight(due)) == 1
    [letter] = letters(session)
    assert letter.subject == "Is all that people read about “Gardening, an hour” still right?"
    assert "Last confirmed on Monday 5 January 2026" in letter.body
    assert "no longer find it from Tuesday 5 May 2026" in letter.body
    assert f"answer/{offer.id}" in letter.body


def jobs_ask(session, now):
    """Do what the job does, in the session of this test."""
    return sum(
        services.ask_provider(session, provider_id=provider_id, address=address, now=now)
        for provider_id in queries.providers_to_ask(session, now=now)
    )


def jobs_hide(session, now):
    return sum(
        services.hide_unconfirmed(session, provider_id=provider_id, address=address, now=now)
        for provider_id in queries.providers_to_hide(session, now=now)
    )


def test_one_letter_tells_of_all_of_a_provider_s_offers_that_are_due(session):
    body, speaker = make.provider(session)
    due = [make.live(session, of=body, by=speaker, title=f"Offer {n}")[0] for n in range(3)]
    fresh, _ = make.live(session, of=body, by=speaker, title="Fresh")
    for offer in due:
        offer.confirmed_at = midnight(SAID_ON)
    fresh.confirmed_at = midnight(SAID_ON + timedelta(days=60))
    forget_letters(session)
    assert jobs_ask(session, midnight(SAID_ON + timedelta(days=80))) == 3
    [letter] = letters(session)
    assert "your 3 offers" in letter.subject
    assert letter.body.count("offers/answer/") == 3
    assert "Fresh" not in letter.body


def test_a_provider_is_asked_once_when_it_is_due_and_once_near_the_end(session):
    live(session)
    forget_letters(session)
    asked = [
        days
        for days in range(70, 125)
        if jobs_ask(session, midnight(SAID_ON + timedelta(days=days)) + timedelta(hours=9))
    ]
    assert asked == [75, 110]
    assert len(letters(session)) == 2


def test_a_confirmed_offer_is_asked_about_again_in_the_next_round(session):
    offer, speaker = live(session)
    first = midnight(SAID_ON + timedelta(days=75)) + timedelta(hours=9)
    jobs_ask(session, first)
    services.confirm_offer(session, offer_id=offer.id, by=speaker, now=first + timedelta(hours=1))
    assert jobs_ask(session, first + timedelta(days=74)) == 0
    assert jobs_ask(session, first + timedelta(days=75)) == 1


def test_an_offer_is_hidden_on_the_120th_day_in_england_and_its_provider_told_once(session):
    offer, _ = live(session)
    forget_letters(session)
    last = SAID_ON + timedelta(days=120)
    assert jobs_hide(session, last_minute_before(last)) == 0
    assert is_found(session, offer)
    assert jobs_hide(session, midnight(last)) == 1
    assert offer.status is OfferStatus.LAPSED
    assert not is_found(session, offer)
    assert jobs_hide(session, midnight(last)) == 0
    [letter] = letters(session)
    assert letter.subject == "“Gardening, an hour” is hidden until you confirm"


def test_a_place_from_a_published_list_is_hidden_too_and_comes_back_with_the_list(session, now):
    make.source(session)
    services.add_universal_service(session, service=make.universal_service(), now=midnight(SAID_ON))
    offer = session.scalars(select(Offer)).one()
    assert jobs_ask(session, midnight(SAID_ON + timedelta(days=80))) == 0
    assert jobs_hide(session, midnight(SAID_ON + timedelta(days=120))) == 1
    assert offer.status is OfferStatus.LAPSED
    assert letters(session) == []
    services.add_universal_service(session, service=make.universal_service(), now=now)
    assert (offer.status, offer.confirmed_at) == (OfferStatus.LIVE, now)
    assert is_found(session, offer)


def test_the_list_confirms_what_it_says_again_and_changes_nothing_else(session, now):
    make.source(session)
    services.add_universal_service(session, service=make.universal_service(), now=now)
    later = now + timedelta(days=40)
    done = services.add_universal_service(session, service=make.universal_service(), now=later)
    offer = session.scalars(select(Offer)).one()
    assert (done, offer.confirmed_at, offer.updated_at) == (services.Imported.UNCHANGED, later, now)


def test_the_list_does_not_put_back_what_a_moderator_took_down(session, now):
    make.source(session)
    services.add_universal_service(session, service=make.universal_service(), now=now)
    offer = session.scalars(select(Offer)).one()
    offer.status = OfferStatus.REFUSED
    services.add_universal_service(session, service=make.universal_service(), now=now + timedelta(days=200))
    assert offer.status is OfferStatus.REFUSED


def test_a_hidden_offer_is_found_again_when_its_provider_confirms_it(session, now):
    offer, speaker = live(session)
    jobs_hide(session, midnight(SAID_ON + timedelta(days=120)))
    services.confirm_offer(session, offer_id=offer.id, by=speaker, now=now)
    assert (offer.status, offer.confirmed_at, offer.updated_at) == (OfferStatus.LIVE, now, now)
    assert is_found(session, offer)


def test_a_new_price_brings_a_hidden_offer_back_and_new_words_wait(session, now):
    priced, speaker = live(session)
    rewritten, other = live(session)
    jobs_hide(session, midnight(SAID_ON + timedelta(days=120)))
    later = midnight(SAID_ON + timedelta(days=121))
    price = make.asking(25, begins_on=date(2026, 9, 1))
    services.set_price(session, offer_id=priced.id, asking=price, by=speaker, now=later)
    services.edit_offer(
        session, offer_id=rewritten.id, details=make.details(title="New"), asking=None, by=other, now=later
    )
    assert (priced.status, rewritten.status) == (OfferStatus.LIVE, OfferStatus.SUBMITTED)


def test_only_its_provider_confirms_an_offer_and_only_one_that_is_or_was_shown(session, now):
    offer, _ = live(session)
    draft, speaker = make.draft(session)
    with pytest.raises(OfferNotFoundError):
        services.confirm_offer(session, offer_id=offer.id, by=speaker, now=now)
    with pytest.raises(ActNotPossibleError, match="nothing to confirm"):
        services.confirm_offer(session, offer_id=draft.id, by=speaker, now=now)


def test_a_letter_is_answered_once(session, now):
    offer, _ = live(session)
    question = Question(offer.id, offer.confirmed_at, now)
    services.answer_question(session, question=question, capacity=Capacity.FULL, now=now)
    assert (offer.confirmed_at, offer.capacity, offer.capacity_on) == (now, Capacity.FULL, now.date())
    with pytest.raises(QuestionAnsweredError):
        services.answer_question(session, question=question, now=now + timedelta(hours=1))
    with pytest.raises(QuestionAnsweredError):
        services.unlist_by_letter(session, question=question, now=now + timedelta(hours=1))
    events = session.scalars(select(AuditEvent.did).where(AuditEvent.to_id == offer.id)).all()
    assert "confirmed by letter" in events


def test_a_letter_can_be_answered_for_sixty_days(session, now):
    offer, _ = live(session)
    question = Question(offer.id, offer.confirmed_at, now)
    with pytest.raises(QuestionTooOldError):
        services.answer_question(session, question=question, now=now + timedelta(days=60))
    services.answer_question(session, question=question, now=now + timedelta(days=60) - timedelta(seconds=1))


def test_a_letter_can_take_an_offer_down_and_its_provider_puts_it_back(session, now):
    offer, speaker = live(session)
    services.unlist_by_letter(session, question=Question(offer.id, offer.confirmed_at, now), now=now)
    assert offer.status is OfferStatus.UNLISTED
    assert not is_found(session, offer)
    services.relist_offer(session, offer_id=offer.id, by=speaker, now=now)
    assert offer.status is OfferStatus.LIVE


def test_a_letter_does_not_bring_back_what_was_changed_or_taken_down_since(session, now):
    offer, speaker = live(session)
    question = Question(offer.id, offer.confirmed_at, now)
    services.unlist_offer(session, offer_id=offer.id, by=speaker, now=now)
    with pytest.raises(QuestionAnsweredError):
        services.answer_question(session, question=question, now=now)
    assert offer.status is OfferStatus.UNLISTED


def test_space_is_said_with_its_day_and_does_not_confirm_the_rest(session, now):
    offer, speaker = live(session)
    before = offer.confirmed_at
    services.say_capacity(session, offer_id=offer.id, capacity=Capacity.SPACE_NOW, by=speaker, now=now)
    assert (offer.capacity, offer.capacity_on, offer.confirmed_at) == (Capacity.SPACE_NOW, now.date(), before)
    services.say_capacity(session, offer_id=offer.id, capacity=None, by=speaker, now=now)
    assert (offer.capacity, offer.capacity_on) == (None, None)


def test_nobody_says_who_has_space_at_another_s(session, now):
    offer, _ = live(session)
    _, other = make.draft(session)
    with pytest.raises(OfferNotFoundError):
        services.say_capacity(session, offer_id=offer.id, capacity=Capacity.FULL, by=other, now=now)


def test_a_provider_sees_how_fresh_its_offers_are_hidden_ones_first(session):
    body, speaker = make.provider(session)
    make.live(session, of=body, by=speaker, title="A fresh one", now=midnight(SAID_ON))
    hidden, _ = make.live(session, of=body, by=speaker, title="Z hidden")
    hidden.status = OfferStatus.LAPSED
    hidden.confirmed_at = midnight(SAID_ON)
    session.flush()
    first, second = queries.my_offers(session, viewer=speaker, on=SAID_ON + timedelta(days=75)).offers
    assert (first.title, second.freshness) == ("Z hidden", Freshness.DUE)


# The jobs themselves, and two at once: committed, in an application of their own.


def _committed(session):
    offer, _ = live(session)
    forget_letters(session)
    return offer.id, offer.provider_id, Question(offer.id, offer.confirmed_at, datetime(2026, 3, 25, tzinfo=UTC))


def test_the_jobs_ask_and_hide_each_once_however_often_they_run(real_app, arrange):
    offer_id, _, _ = arrange(_committed)
    with real_app.app_context():
        asked_at = midnight(SAID_ON + timedelta(days=75))
        assert [jobs.ask_providers(asked_at), jobs.ask_providers(asked_at)] == [1, 0]
        hidden_at = midnight(SAID_ON + timedelta(days=120))
        assert [jobs.hide_unconfirmed_offers(hidden_at), jobs.hide_unconfirmed_offers(hidden_at)] == [1, 0]
    status, bodies = arrange(
        lambda session: (session.get_one(Offer, offer_id).status, session.scalars(select(Message.body)).all())
    )
    assert status is OfferStatus.LAPSED
    assert len(bodies) == 2
    assert all(LINK.search(body) for body in bodies)


def test_two_workers_write_one_letter(real_app, arrange):
    _, provider_id, _ = arrange(_committed)
    now = midnight(SAID_ON + timedelta(days=75))
    asked = in_transactions(
        real_app,
        [lambda session: services.ask_provider(session, provider_id=provider_id, address=address, now=now)] * 4,
    )
    assert sorted(asked) == [0, 0, 0, 1]
    assert len(arrange(lambda session: session.scalars(select(Message)).all())) == 1


def test_two_taps_at_once_confirm_once(real_app, arrange):
    offer_id, _, question = arrange(_committed)
    done = in_transactions(
        real_app,
        [lambda session: services.answer_question(session, question=question, now=question.asked_at)] * 4,
    )
    assert sum(refusal is None for refusal in done) == 1
    assert sum(isinstance(refusal, QuestionAnsweredError) for refusal in done) == 3
    events = arrange(
        lambda session: session.scalars(
            select(AuditEvent.did).where(AuditEvent.to_id == offer_id, AuditEvent.did == "confirmed by letter")
        ).all()
    )
    assert len(events) == 1


def test_confirming_while_it_is_being_hidden_ends_with_it_shown(real_app, arrange):
    offer_id, provider_id, question = arrange(_committed)
    now = midnight(SAID_ON + timedelta(days=120))
    in_transactions(
        real_app,
        [
            lambda session: services.hide_unconfirmed(session, provider_id=provider_id, address=address, now=now),
            lambda session: services.answer_question(session, question=question, now=question.asked_at),
        ],
    )
    assert arrange(lambda session: session.get_one(Offer, offer_id).status) is OfferStatus.LIVE
