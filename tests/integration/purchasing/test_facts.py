"""What arrangements say about demand: a fact for each thing that happens, in the transaction in which it happens."""

import uuid

import pytest
from sqlalchemy import select

from marketplace.catalogue.queries import offer_terms
from marketplace.catalogue.rules import Capacity, Unit
from marketplace.kit.facts import Fact, FactKind
from marketplace.kit.money import ZERO, Money
from marketplace.purchasing import services
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.rules.nouns import ArrangementKind, PayBy
from marketplace.purchasing.services import changing_terms, confirming, for_pools
from marketplace.purchasing.services.making import make_arrangement_for_pool
from marketplace.purchasing.services.quoted import Quoted, make_arrangement_on_quote
from tests.factories import purchasing
from tests.factories.facts import kinds, said

TRAFFORD = "E08000009"
GARDEN = "home-and-garden"


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session, lives_in=TRAFFORD)


@pytest.fixture
def offer(session, sides):
    return purchasing.offer(session, organisation_id=sides[1].id, price=Money(10_00), category=GARDEN)


@pytest.fixture
def ask(session, sides, offer, now):
    def ask(**differences):
        plain = {"offer_id": offer.id, "what": "The hedge.", "quantity": 3, "starts_on": now.date()}
        return services.ask_for_arrangement(session, by=sides[0].id, link=str, now=now, **plain | differences)

    return ask


def test_asking_agreeing_another_price_and_a_visit_are_facts_about_one_person(session, sides, ask, now):
    person, _organisation, speaker = sides
    arrangement_id = ask()
    assert said(session) == [(FactKind.ASKED, GARDEN, "", 0)]
    services.accept_arrangement(session, arrangement_id=arrangement_id, by=speaker.id, link=str, now=now)
    it = session.get_one(Arrangement, arrangement_id)
    purchasing.change(session, it, by=person, unit_price=Money(11_00))
    changing_terms.agree_to_terms(session, arrangement_id=it.id, version=2, by=speaker.id, link=str, now=now)
    visit = purchasing.visit(session, it, by=speaker.id)
    confirming.confirm_visit(session, visit_id=visit.id, by=person.id, link=str, now=now)
    assert said(session)[1:] == [
        (FactKind.AGREED, GARDEN, "", 30_00),
        (FactKind.PRICED, GARDEN, Unit.HOUR, 10_00),
        (FactKind.PRICED, GARDEN, Unit.HOUR, 11_00),
        (FactKind.VISITED, GARDEN, "", 0),
    ]
    assert session.execute(select(Fact.council, Fact.who, Fact.provider).distinct()).all() == [
        (TRAFFORD, *session.execute(select(Fact.who, Fact.provider).limit(1)).one())
    ]


@pytest.mark.parametrize(
    ("capacity", "waits"),
    [(Capacity.FULL, True), (Capacity.WAITING_LIST, True), (Capacity.SPACE_NOW, False), (None, False)],
)
def test_who_asks_where_there_is_no_space_begins_to_wait(session, offer, ask, now, capacity, waits):
    offer.capacity, offer.capacity_on = capacity, now.date() if capacity else None
    session.flush()
    ask()
    assert kinds(session) == [FactKind.ASKED, *([FactKind.WAITING] if waits else [])]


def test_a_quote_that_is_chosen_was_asked_for_and_what_is_free_has_no_price(session, sides, offer, now):
    quoted = {
        "offer_id": offer.id,
        "organisation_id": sides[1].id,
        "what": "The hedge.",
        "kind": ArrangementKind.ONE_OFF,
        "unit": Unit.SESSION,
        "quantity": 2,
        "weeks": 1,
        "notice_hours": None,
        "trial_weeks": 0,
        "starts_on": now.date(),
    }
    for price in (Money(15_00), ZERO):
        make_arrangement_on_quote(
            session,
            arrangement_id=uuid.uuid4(),
            quoted=Quoted(unit_price=price, **quoted),
            person_id=sides[0].id,
            pay_by=PayBy.BANK_TRANSFER,
            link=str,
            now=now,
        )
    assert said(session) == [
        (FactKind.ASKED, GARDEN, "", 0),
        (FactKind.AGREED, GARDEN, "", 30_00),
        (FactKind.PRICED, GARDEN, Unit.SESSION, 15_00),
        (FactKind.ASKED, GARDEN, "", 0),
        (FactKind.AGREED, GARDEN, "", 0),
    ]


def test_what_waits_for_its_pool_counts_once_that_is_certain_and_at_what_it_came_to(session, sides, offer, now):
    arrangement_id = make_arrangement_for_pool(
        session,
        terms=offer_terms(session, offer_id=offer.id, on=now.date()),
        unit_price=Money(9_00),
        quantity=1,
        person_id=sides[0].id,
        pool_key=uuid.uuid4(),
        what="From a pool.",
        starts_on=now.date(),
        waits=True,
        now=now,
    )
    for_pools.reprice_for_pool(session, arrangement_id=arrangement_id, quantity=1, unit_price=Money(8_00), now=now)
    assert not kinds(session)
    for_pools.confirm_for_pool(session, arrangement_id=arrangement_id, starts_on=now.date(), now=now)
    for_pools.reprice_for_pool(session, arrangement_id=arrangement_id, quantity=1, unit_price=Money(7_00), now=now)
    assert said(session) == [
        (FactKind.ASKED, GARDEN, "", 0),
        (FactKind.AGREED, GARDEN, "", 8_00),
        (FactKind.PRICED, GARDEN, Unit.HOUR, 8_00),
        (FactKind.PRICED, GARDEN, Unit.HOUR, 7_00),
    ]
