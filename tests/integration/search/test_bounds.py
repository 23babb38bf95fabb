"""When more fits than is looked at: what is left out, and what never is."""

import uuid
from datetime import date, timedelta

import pytest

from marketplace.kit.places import Point
from marketplace.search import queries, services
from marketplace.search.queries import looking, planning
from marketplace.search.rules import Question, Sort
from tests.factories.search import build_document

HERE = Point(378_000, 392_000)
TODAY = date(2026, 3, 2)


@pytest.fixture
def many(session, monkeypatch):
    """More documents with one word than are looked at: one in forty has it in its title."""
    for module in (planning, looking):
        monkeypatch.setattr(module, "MOST", 60)
    monkeypatch.setattr(planning, "AIM", 40)
    documents = [
        build_document(
            "Bowls" if n % 40 == 0 else f"Club {n}",
            id=uuid.uuid5(uuid.NAMESPACE_OID, str(n)),
            description="bowls",
            category=("games", "tea")[n % 2],
            hourly=n,
            point=Point(HERE.easting + 50 * n, HERE.northing),
            marks=frozenset({"space:now"} if n % 5 == 0 else ()),
        )
        for n in range(400)
    ]
    services.rebuild(session, documents)
    return {each.id: each for each in documents}


def test_what_is_not_counted_says_so_and_is_no_more_than_there_is(session, many):
    found = queries.find(session, Question("bowls", today=TODAY))
    assert not found.is_counted
    assert 20 < found.total <= 60
    assert found.at_least == {"kind", "category", "cost", "mark"}
    assert 0 < found.counts["category"]["games"] <= 200
    assert 0 < found.counts["mark"]["space:now"] <= 80


def test_what_has_the_words_in_its_title_is_looked_at_every_day(session, many):
    for day in range(5):
        found = queries.find(session, Question("bowls", today=TODAY + timedelta(days=day), page_size=10))
        assert [many[hit.id].title for hit in found.hits] == ["Bowls"] * 10


def test_everything_has_its_day(session, many):
    seen = {
        hit.id
        for day in range(60)
        for hit in queries.find(session, Question("bowls", today=TODAY + timedelta(days=day), page_size=60)).hits
    }
    assert len(seen) > 350


def test_pages_of_what_is_looked_at_follow_each_other(session, many):
    pages = [queries.find(session, Question("bowls", today=TODAY, page=page)) for page in (1, 2, 3, 4)]
    hits = [hit.id for page in pages for hit in page.hits]
    assert len(hits) == len(set(hits)) == pages[0].total


def test_the_nearest_and_the_cheapest_are_never_left_out(session, many):
    for sort, near in ((Sort.DISTANCE, HERE), (Sort.PRICE, None)):
        found = queries.find(session, Question("bowls", near=near, sort=sort, page_size=10))
        assert [many[hit.id].hourly for hit in found.hits] == list(range(10)), sort


def test_a_filter_makes_what_is_looked_at_exact_again(session, many):
    found = queries.find(session, Question("bowls", dearest=19))
    assert (found.total, found.is_counted) == (20, True)
    found = queries.find(session, Question("bowls", near=HERE, within_metres=1_000))
    assert (found.total, found.is_counted) == (21, True)
