"""What the search knows of an offer, and what it learns because days go by."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import text

from marketplace.catalogue import services
from marketplace.catalogue.models import OfferAccess, OfferCouncil, OfferPayment, OfferPrice, OfferTime
from marketplace.catalogue.rules import AccessFact, Capacity, Day, PartOfDay, PriceId, Unit, WayToPay
from marketplace.catalogue.rules.marks import EVERY_MARK
from marketplace.catalogue.services.indexing import keep_index_true
from marketplace.kit.days import day_of
from marketplace.kit.money import Money
from marketplace.search import queries as search
from marketplace.search import services as searching
from marketplace.search.rules import MOST_MARKS, Question
from tests.factories import catalogue as make


def found(session, **asked):
    return search.find(session, Question(**asked)).total


def test_every_mark_there_can_be_fits_in_the_index():
    assert len(EVERY_MARK) <= MOST_MARKS


def test_an_offer_is_found_by_all_that_it_tells(session, now):
    offer, _speaker = make.live(session)
    session.add_all(
        (
            OfferAccess(offer_id=offer.id, fact=AccessFact.BSL),
            OfferTime(offer_id=offer.id, day=Day.TUESDAY, part=PartOfDay.MORNING),
            OfferPayment(offer_id=offer.id, way=WayToPay.DIRECT_PAYMENT),
            OfferCouncil(offer_id=offer.id, council="E08000007"),
        )
    )
    offer.capacity, offer.capacity_on = Capacity.SPACE_NOW, day_of(now)
    keep_index_true(session, offer, now=now)
    for mark in ("access:bsl", "time:tuesday:morning", "time:tuesday", "accepts:direct_payment", "space:now"):
        assert found(session, marks=frozenset({mark})) == 1, mark
    assert found(session, marks=frozenset({"time:monday"})) == 0
    assert found(session, council="E08000007") == 1
    assert search.check(session, services.documents(session, today=day_of(now))).is_none


def test_a_price_that_begins_later_is_found_from_its_day(session, now):
    offer, _speaker = make.live(session)
    begins_on = day_of(now) + timedelta(days=3)
    session.add(
        OfferPrice(
            id=PriceId(uuid.uuid4()),
            offer_id=offer.id,
            amount=Money(100),
            unit=Unit.HOUR,
            begins_on=begins_on,
            edition=99,
        )
    )
    keep_index_true(session, offer, now=now)
    assert found(session, dearest=100) == 0
    turned = services.offers_that_turned(session, today=begins_on)
    assert offer.id in turned
    assert services.refresh_documents(session, turned, today=begins_on) == 1
    assert services.refresh_documents(session, turned, today=begins_on) == 0, "it is safe to run twice"
    assert found(session, dearest=100) == 1


def test_what_was_said_of_room_gets_too_old_to_go_by(session, now):
    offer, _speaker = make.live(session)
    offer.capacity, offer.capacity_on = Capacity.SPACE_NOW, day_of(now)
    keep_index_true(session, offer, now=now)
    assert found(session, marks=frozenset({"space:now"})) == 1
    later = day_of(now) + timedelta(days=31)
    services.refresh_documents(session, services.offers_that_turned(session, today=later), today=later)
    assert found(session, marks=frozenset({"space:now"})) == 0


@pytest.mark.parametrize("change", ["marks = 0", "hourly = 1", "rating = 100, ratings = 3", "title_words = ' x '"])
def test_a_check_sees_what_is_stored_wrong_and_a_rebuild_puts_it_right(session, now, change):
    offer, _speaker = make.live(session)
    offer.capacity, offer.capacity_on = Capacity.SPACE_NOW, day_of(now)
    keep_index_true(session, offer, now=now)
    session.execute(text(f"UPDATE search_document SET {change}"))  # noqa: S608
    today = day_of(now)
    difference = search.check(session, services.documents(session, today=today))
    assert difference.outdated == (offer.id,)
    searching.rebuild(session, services.documents(session, today=today), spoilt=difference.outdated)
    assert search.check(session, services.documents(session, today=today)).is_none
