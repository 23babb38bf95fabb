"""A walk through everything that is kept for counting: nothing in it leads to anybody."""

import logging

from sqlalchemy import select

from marketplace.brokerage.models import Quote
from marketplace.brokerage.services import awarding
from marketplace.catalogue.models import Category
from marketplace.demand.rules import shapes
from marketplace.kit.facts import ANY_CATEGORY, Fact, FactKind, QuarterSecret
from marketplace.kit.regions import region_of_councils
from marketplace.purchasing.rules.nouns import PayBy
from marketplace.ratings import services as ratings
from marketplace.ratings.models import Criterion
from marketplace.ratings.rules import Written
from marketplace.search.services import Searcher, count_search_in_vain
from tests.factories import budgets, choosing, purchasing

ADDRESS, WORDS = "203.0.113.77", "My knees gave way in the shower."


def live_a_little(session):
    """Let somebody search, choose a quote and rate something; return all that must not be found."""
    world = choosing.closed(session)
    person, brief = world.person, world.brief
    for by in (Searcher(person.id, ADDRESS), Searcher(None, ADDRESS)):
        count_search_in_vain(session, by=by, council="E08000009", category=None, now=choosing.CLOSED)
    quote = session.get_one(Quote, world.quotes[0])
    awarding.award_quote(
        session,
        brief_id=brief.id,
        quote_id=quote.id,
        by=person.id,
        because=WORDS,
        pay_by=PayBy.BANK_TRANSFER,
        shares={next(iter(budgets.streams(session, world.budget_id).values())): quote.total},
        why_not={},
        starts_on=None,
        link=str,
        quote_link=str,
        now=choosing.CLOSED,
    )
    library = purchasing.offer(session, organisation_id=None, title="A library")
    ratings.declare_use_and_review(
        session,
        offer_id=library.id,
        by=person.id,
        link=str,
        now=choosing.CLOSED,
        written=Written(stars=4, words=WORDS),
    )
    session.flush()
    ids = (person.id, brief.id, quote.id, quote.organisation_id, library.id, library.provider_id)
    return ids, (person.name, person.email, ADDRESS, WORDS, brief.title, library.title)


def known_words(session):
    """Return every word that a fact may hold: all of them are published, with each release or with the map."""
    listed = (
        shapes.STREAMS, shapes.POOL_ENDINGS, shapes.NO_BIDS, shapes.SPACE, shapes.FRESHNESS, shapes.DECISIONS,
        shapes.PRICED_UNITS,
    )  # fmt: skip
    return {
        "",
        ANY_CATEGORY,
        *FactKind,
        *region_of_councils(),
        *(code for rows in listed for code, _name in rows),
        *session.scalars(select(Category.slug)),
        *map(str, session.scalars(select(Criterion.id))),
    }


def test_no_fact_and_no_log_holds_who_where_exactly_when_or_what_they_said(session, caplog):
    caplog.set_level(logging.DEBUG)
    ids, words = live_a_little(session)
    facts = session.execute(select(Fact.__table__)).mappings().all()
    assert {fact["kind"] for fact in facts} >= {
        FactKind.BRIEF_OPENED, FactKind.BRIEF_AWARDED, FactKind.SEARCHED_IN_VAIN, FactKind.PRICED, FactKind.RATED,
    }  # fmt: skip
    held = [value for fact in facts for value in fact.values()]
    strings = {str(value) for value in held if not isinstance(value, int)}
    assert strings <= known_words(session)
    numbers = {value for value in held if isinstance(value, int)}
    for row in ids:
        parts = {row.int, row.int >> 64, row.int % 2**64, row.int % 2**63, hash(row)}
        assert not parts & numbers, "a number that stands for somebody is no part of an id"
    said = caplog.text + str([dict(fact) for fact in facts])
    for secret in (*map(str, ids), *(row.hex for row in ids), *words, *session.scalars(select(QuarterSecret.secret))):
        assert str(secret) not in said
    assert set(Fact.__table__.columns.keys()) == {
        "id", "quarter", "kind", "council", "category", "facet", "who", "provider", "amount",
    }, "a new column of a fact needs a reason, and a line here"  # fmt: skip
