"""Facts: nobody can be told from them, and nobody is in two councils."""

import uuid

import pytest
from sqlalchemy import select

from marketplace.kit import facts
from marketplace.kit.facts import ANY_CATEGORY, Fact, FactKind, QuarterSecret
from marketplace.kit.quarters import Quarter
from tests.factories.facts import said

QUARTER = Quarter(2026, 2)
TRAFFORD, STOCKPORT = "E08000009", "E08000007"
PROVIDER = uuid.UUID(int=7)


@pytest.fixture
def bought(session):
    def bought(*, who=1, council=TRAFFORD, quarter=QUARTER, **of):
        plain = {"category": "home-and-garden", "provider_id": PROVIDER, "facet": "nhs", "amount": 50_00} | of
        facts.record(session, FactKind.BOUGHT, quarter=quarter, who=who, council=council, **plain)

    return bought


def test_who_somebody_is_can_be_told_within_a_quarter_and_no_further(session):
    key = facts.key_of(session, quarter=QUARTER, about="person:1")
    assert 0 < key < 2**63
    assert key == facts.key_of(session, quarter=QUARTER, about="person:1")
    others = {
        facts.key_of(session, quarter=QUARTER, about="provider:1"),
        facts.key_of(session, quarter=QUARTER.next, about="person:1"),
    }
    session.delete(session.get_one(QuarterSecret, 20262))
    others.add(facts.key_of(session, quarter=QUARTER, about="person:1"))
    assert len(others - {key}) == 3, "no other quarter, and no other secret, makes the same number"


def test_a_secret_is_drawn_once_before_its_quarter_begins(session):
    assert facts.prepare(session, quarter=QUARTER.next)
    drawn = session.scalars(select(QuarterSecret.secret)).one()
    assert not facts.prepare(session, quarter=QUARTER.next)
    facts.key_of(session, quarter=QUARTER.next, about="person:1")
    assert session.scalars(select(QuarterSecret.secret)).one() == drawn


def test_whoever_moves_stays_where_they_were_first_counted_until_the_quarter_ends(session, bought):
    bought()
    bought(council=STOCKPORT)
    bought(council=STOCKPORT, who=2)
    bought(council=STOCKPORT, quarter=QUARTER.next)
    counted = session.execute(select(Fact.quarter, Fact.who, Fact.council).order_by(Fact.id)).all()
    assert [tuple(row) for row in counted] == [
        (20262, 1, TRAFFORD),
        (20262, 1, TRAFFORD),
        (20262, 2, STOCKPORT),
        (20263, 1, STOCKPORT),
    ]


def test_what_is_given_back_comes_off_the_newest_and_never_goes_below_nothing(session, bought):
    for amount in (50_00, 20_00):
        bought(amount=amount)
    bought(facet="own_money")
    bought(who=2)

    def give_back(amount):
        facts.take_off(
            session,
            FactKind.BOUGHT,
            quarter=QUARTER,
            who=1,
            category="home-and-garden",
            provider_id=PROVIDER,
            facet="nhs",
            amount=amount,
        )
        session.flush()
        return [amount for *_, facet, amount in said(session) if facet == "nhs"]

    assert give_back(30_00) == [40_00, 50_00]
    assert give_back(90_00) == [50_00]
    assert [facet for _, _, facet, _ in said(session)] == ["own_money", "nhs"]


def test_what_was_about_nothing_in_particular_can_become_about_something_once(session):
    def now_it_is(category):
        kind = FactKind.SEARCHED_IN_VAIN
        return facts.say_category(session, kind, quarter=QUARTER, who=1, category=category)

    assert not now_it_is("equipment")
    facts.record(session, FactKind.SEARCHED_IN_VAIN, quarter=QUARTER, who=1, council=TRAFFORD, category=None)
    assert now_it_is(None)
    assert [category for _, category, *_ in said(session)] == [ANY_CATEGORY]
    assert now_it_is("equipment")
    assert not now_it_is("getting-about")
    assert [category for _, category, *_ in said(session)] == ["equipment"]
