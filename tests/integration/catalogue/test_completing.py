"""What is suggested while somebody types."""

import pytest

from tests.factories import catalogue as make


@pytest.fixture
def garden(session):
    offer, _speaker = make.live(session, title="Gardening with tea")
    session.commit()
    return offer


def test_words_categories_and_titles_are_suggested(client, garden):
    answer = client.get("/offers/suggest?q=gard")
    assert answer.status_code == 200
    assert answer.json["suggestions"] == ["gardening", "Home, garden and repairs", "Gardening with tea"]
    assert "public" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("typed", ["", "g", "gard ", "zzzz", "%", "\0"])
def test_there_may_be_nothing_to_suggest(client, garden, typed):
    assert client.get("/offers/suggest", query_string={"q": typed}).json == {"suggestions": []}


def test_it_is_answered_without_a_question(client):
    assert client.get("/offers/suggest").json == {"suggestions": []}


def test_what_is_not_live_is_not_suggested(client, session):
    make.submitted(session, title="Juggling")
    session.commit()
    assert client.get("/offers/suggest?q=jugg").json == {"suggestions": []}


def test_what_others_typed_is_never_suggested(client, garden):
    client.get("/offers?q=unicycling")
    assert client.get("/offers/suggest?q=unicy").json == {"suggestions": []}


def test_three_questions_are_enough(client, garden, count_queries):
    client.get("/offers/suggest?q=gard")
    count_queries.clear()
    client.get("/offers/suggest?q=gardenin")
    assert len(count_queries) <= 4, count_queries


def test_both_search_boxes_say_where_to_ask(client, garden):
    for page in ("/", "/offers"):
        assert 'data-suggest="/offers/suggest"' in client.get(page).text
