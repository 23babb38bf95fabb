"""Telling us what is missing, and reading how results are put in order."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from marketplace.kit.facts import ANY_CATEGORY, Fact
from marketplace.search import services as search
from tests.factories import catalogue as make

TRAFFORD = "E08000009"


def told(session):
    return [tuple(fact) for fact in session.execute(select(Fact.council, Fact.category).order_by(Fact.id))]


def test_a_need_is_counted_by_kind_and_council_and_the_visitor_thanked(client, session):
    page = client.fill_in("/offers/need", category="getting-about", near="M33 7ZF")
    assert page.status_code == 302
    assert told(session) == [(TRAFFORD, "getting-about")]
    thanks = client.get(page.location)
    assert "Thank you for telling us" in thanks.text
    assert "Trafford" in thanks.text
    assert "M33" not in page.location


def test_something_else_has_no_kind(client, session):
    client.fill_in("/offers/need", category="something-else", near="Trafford")
    assert told(session) == [(TRAFFORD, ANY_CATEGORY)]


def test_a_need_told_twice_by_one_visitor_is_one(client, app, session):
    for _ in range(2):
        client.fill_in("/offers/need", category="getting-about", near="M33")
    assert told(session) == [(TRAFFORD, "getting-about")]
    app.test_client().fill_in("/offers/need", category="getting-about", near="M33")
    assert len(told(session)) == 2


def test_a_need_that_was_just_searched_for_is_the_same_need(client, session):
    make.live(session)
    session.commit()
    client.get("/offers?q=submarines&near=M33")
    assert told(session) == [(TRAFFORD, ANY_CATEGORY)]
    client.fill_in("/offers/need", category="getting-about", near="M33")
    assert told(session) == [(TRAFFORD, "getting-about")]
    client.get("/offers?q=submarines&near=M33&category=equipment")
    client.fill_in("/offers/need", category="equipment", near="M33")
    assert told(session) == [(TRAFFORD, "getting-about"), (TRAFFORD, "equipment")]


def test_a_need_elsewhere_or_of_another_kind_leaves_the_search_as_it_was(client, session):
    make.live(session)
    session.commit()
    client.get("/offers?q=submarines&near=M33&category=equipment")
    client.fill_in("/offers/need", category="getting-about", near="M33")
    client.get("/offers?q=submarines&near=M33")
    client.fill_in("/offers/need", category="getting-about", near="Salford")
    assert told(session) == [
        (TRAFFORD, "equipment"),
        (TRAFFORD, "getting-about"),
        (TRAFFORD, ANY_CATEGORY),
    ], "nobody counts in two councils"


def test_a_search_that_nobody_counted_cannot_become_a_need(session):
    search.count_need(
        session,
        by=search.Searcher(person_id=None, address="203.0.113.4"),
        council=TRAFFORD,
        category="equipment",
        was_searched_for=True,
        now=datetime(2026, 5, 4, 12, tzinfo=UTC),
    )
    assert told(session) == [(TRAFFORD, "equipment")]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"category": "", "near": "M33"}, "Choose what comes nearest to it."),
        ({"category": "submarines", "near": "M33"}, "Choose"),
        ({"category": "equipment", "near": ""}, "Enter a postcode"),
        ({"category": "equipment", "near": "CF10 1AA"}, "Wales"),
        ({"category": "equipment", "near": "x" * 500}, "Enter at most 100 characters."),
    ],
)
def test_what_we_cannot_count_is_said_beside_its_question(client, session, answers, said):
    page = client.fill_in("/offers/need", **answers)
    assert page.status_code == 422
    assert said in page.text
    assert not told(session)


def test_the_form_knows_what_was_looked_for(client, session):
    make.live(session)
    session.commit()
    page = client.get("/offers/need?near=M33+7ZF&category=equipment")
    assert 'value="M33 7ZF"' in page.text
    assert client.get("/offers/need?category=submarines&near=" + "x" * 500).status_code == 200


def test_thanks_for_a_council_that_is_not_there_are_not_there(client):
    assert client.get("/offers/need/E99999999/told").status_code == 404


def test_the_order_is_explained(client):
    page = client.get("/offers/order")
    assert "Nobody can pay to be higher" in page.text
    assert "90 days" in page.text
