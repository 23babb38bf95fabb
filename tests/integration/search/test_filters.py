"""Everything that can be asked for besides words, against the plain reference, on whichever database."""

import random
import uuid
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.kit.places import Point
from marketplace.search import queries, services
from marketplace.search.rules import Cost, Freshness, Part, Question, Setting, Sort
from tests.factories.search import build_document
from tests.integration.search.reference import Reference, worth_of

HERE = Point(378_000, 392_000)
TODAY = date(2026, 3, 2)
TRAFFORD, STOCKPORT = "E08000009", "E08000007"
MARKS = ("access:step_free", "access:bsl", "time:monday:morning", "accepts:direct_payment", "space:now", "group:yes")
WORDS = ("bowls", "tea", "garden", "choir")


def made_up(seed, how_many=40):
    """Return documents that differ in everything that can be asked for, and how some are rated."""
    chance = random.Random(seed)  # noqa: S311 - nobody's secret
    documents = [
        build_document(
            " ".join(chance.sample(WORDS, 2)),
            id=uuid.UUID(int=chance.getrandbits(128), version=4),
            kind=chance.choice(("micro", "ulo", "universal")),
            category=chance.choice(("outdoors", "company", "care")),
            description=" ".join(chance.choices(WORDS, k=2)),
            is_free=chance.random() < 0.3,
            hourly=chance.choice((None, 0, 900, 1_250, 1_250, 2_000)),
            marks=frozenset(mark for mark in MARKS if chance.random() < 0.5),
            point=chance.choice((None, *(Point(HERE.easting + 900 * n, HERE.northing - 300 * n) for n in range(12)))),
            travels_metres=chance.choice((None, 3_000, 9_000)),
            is_everywhere=chance.random() < 0.1,
            council=chance.choice((None, TRAFFORD, STOCKPORT)),
            councils=frozenset(chance.sample((TRAFFORD, STOCKPORT), chance.choice((0, 0, 1, 2)))),
            confirmed_on=chance.choice((None, *(TODAY - timedelta(days=days) for days in (0, 30, 31, 90, 91, 119)))),
            listed_on=chance.choice((None, *(TODAY - timedelta(days=days) for days in (0, 60, 61, 400)))),
        )
        for _ in range(how_many)
    ]
    ratings = {each.id: (chance.randint(100, 500), chance.randint(1, 9)) for each in documents if chance.random() < 0.6}
    return documents, ratings


def put(session, documents, ratings):
    services.rebuild(session, documents)
    for each, (score, people) in ratings.items():
        services.rate_document(session, each, score=score, ratings=people, worth=worth_of(score, people))


questions = st.builds(
    Question,
    words=st.sampled_from(("", "bowls", "tea choir", "tea OR garden", "gard*", "bowls -tea")),
    near=st.sampled_from((None, HERE)),
    within_metres=st.sampled_from((None, 2_000, 6_000)),
    kinds=st.frozensets(st.sampled_from(("micro", "ulo", "nobody")), max_size=2),
    categories=st.frozensets(st.sampled_from(("outdoors", "company")), max_size=2),
    cost=st.sampled_from((None, *Cost)),
    setting=st.sampled_from((None, None, *Setting)),
    marks=st.frozensets(st.sampled_from(MARKS), max_size=2),
    dearest=st.sampled_from((None, 0, 1_250, 10_000)),
    rated_at_least=st.sampled_from((None, 300, 400)),
    rated_by=st.integers(1, 5),
    council=st.sampled_from((None, TRAFFORD)),
    listed_since=st.sampled_from((None, TODAY - timedelta(days=60))),
    today=st.sampled_from((None, TODAY, TODAY + timedelta(days=1))),
    sort=st.sampled_from(Sort),
    page_size=st.sampled_from((5, 100)),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 3), question=questions)
def test_whatever_is_asked_is_answered_as_the_rules_say(session, seed, question):
    documents, ratings = made_up(seed)
    put(session, documents, ratings)
    reference = Reference(documents, ratings)
    expected, is_loosened = reference.found(question)
    found = queries.find(session, question)
    assert (found.is_loosened or found.is_widened) == is_loosened
    assert [hit.id for hit in found.hits] == expected[: question.page_size]
    assert (found.total, found.is_counted, found.at_least) == (len(expected), True, frozenset())
    assert {name: dict(counts) for name, counts in found.counts.items()} == reference.count(question)


def test_pages_never_say_anything_twice_nor_leave_anything_out(session):
    documents, ratings = made_up(7, how_many=33)
    put(session, documents, ratings)
    for asked in (Question(), Question(today=TODAY), Question("tea", today=TODAY, near=HERE)):
        question = Question(asked.words, today=asked.today, near=asked.near, page_size=5)
        expected = Reference(documents, ratings).ids(question)
        pages = [
            queries.find(session, Question(asked.words, today=asked.today, near=asked.near, page_size=5, page=page))
            for page in range(1, 9)
        ]
        assert [hit.id for page in pages for hit in page.hits] == expected
        assert {page.total for page in pages} == {len(expected)}


def test_something_new_stands_in_the_fourth_place_and_says_so(session):
    old = [build_document("Bowls", confirmed_on=TODAY) for _ in range(8)]
    new = build_document("Bowls", listed_on=TODAY - timedelta(days=60))
    put(session, [*old, new], {})
    found = queries.find(session, Question("bowls", today=TODAY, page_size=6))
    assert [hit.why.is_new for hit in found.hits] == [False, False, False, True, False, False]
    assert found.hits[3].id == new.id
    assert found.total == 9
    assert not any(
        hit.why.is_new for hit in queries.find(session, Question("bowls", today=TODAY, sort=Sort.PRICE)).hits
    )
    tomorrow = queries.find(session, Question("bowls", today=TODAY + timedelta(days=1), page_size=6))
    assert not any(hit.why.is_new for hit in tomorrow.hits), "after sixty days it stands where it stands"


def test_the_new_place_needs_something_that_fits(session):
    old = [build_document("Bowls", confirmed_on=TODAY) for _ in range(8)]
    put(session, [*old, build_document("Darts", listed_on=TODAY)], {})
    assert not any(hit.why.is_new for hit in queries.find(session, Question("bowls", today=TODAY)).hits)


def test_ties_are_shuffled_anew_each_day_and_stay_all_day(session):
    documents = [build_document("Bowls", confirmed_on=TODAY) for _ in range(12)]
    put(session, documents, {})

    def order(day):
        return [hit.id for hit in queries.find(session, Question("bowls", today=day)).hits]

    days = [TODAY + timedelta(days=n) for n in range(25)]
    assert order(TODAY) == order(TODAY)
    assert len({order(day)[0] for day in days}) > 5, "many get their turn to be first"
    assert all(hit.why.is_shuffled for hit in queries.find(session, Question("bowls", today=TODAY)).hits)


def test_why_says_where_the_words_were_found(session):
    document = build_document(
        "Gardening",
        provider_name="Green Hands",
        description="Tea and a chat",
        point=Point(HERE.easting + 300, HERE.northing + 400),
        confirmed_on=TODAY - timedelta(days=3),
    )
    put(session, [document], {})
    why = queries.find(session, Question("gardening hands tea", near=HERE, today=TODAY)).hits[0].why
    assert why.words == (("gardening", Part.TITLE), ("hands", Part.LABEL), ("tea", Part.BODY))
    assert (why.distance_metres, why.freshness, why.is_new, why.is_shuffled) == (500, Freshness.MONTH, False, False)


def test_why_leaves_out_words_that_are_not_there(session):
    put(session, [build_document("Red bowls", description="tea"), *(build_document() for _ in range(20))], {})
    found = queries.find(session, Question("green bowls tea xylophone"))
    assert found.is_loosened
    assert [hit.why.words for hit in found.hits] == [(("bowls", Part.TITLE), ("tea", Part.BODY))]


def test_a_filter_that_keeps_everything_away_does_not_loosen_the_words(session):
    red_bowls = [build_document("Red bowls") for _ in range(10)]
    put(session, [*red_bowls, build_document("Red", marks=frozenset({"space:now"}))], {})
    found = queries.find(session, Question("red bowls", marks=frozenset({"space:now"})))
    assert (found.total, found.is_loosened, found.is_widened) == (0, False, False)


@pytest.mark.parametrize("value", ["nothing such", "", "\0", "\ud800", "'; --", "x" * 9_999])
def test_a_mark_or_council_that_nobody_has_finds_nothing(session, value):
    put(session, [build_document(marks=frozenset({"space:now"}), councils=frozenset({TRAFFORD}))], {})
    assert queries.find(session, Question(marks=frozenset({value}))).total == 0
    assert queries.find(session, Question(council=value)).total == 0


@pytest.mark.parametrize("number", [-(10**30), -1, 0, 2**31, 2**63, 10**30])
def test_numbers_of_any_size_are_answered(session, number):
    put(session, [build_document(hourly=5)], {})
    assert queries.find(session, Question(dearest=number)).total == (number > 5)
    queries.find(session, Question(rated_at_least=number, rated_by=number))


def test_sixty_two_marks_fit_and_no_more(session):
    many = frozenset(f"mark:{n}" for n in range(62))
    services.put_document(session, build_document(marks=many))
    services.put_document(session, build_document(marks=frozenset({"mark:61"})))
    found = queries.find(session, Question(marks=frozenset({"mark:61"})))
    assert (found.total, found.counts["mark"]["mark:0"]) == (2, 1)
    with pytest.raises(services.TooManyMarksError):
        services.put_document(session, build_document(marks=frozenset({"one more"})))


def test_ratings_stay_while_a_document_is_away_and_through_a_rebuild(session):
    document = build_document("Bowls")
    services.rate_document(session, document.id, score=430, ratings=4, worth=4_000_000)
    services.put_document(session, document)
    question = Question(rated_at_least=430, rated_by=4)
    assert queries.find(session, question).total == 1
    services.remove_document(session, document.id)
    services.rebuild(session, [document])
    assert queries.find(session, question).total == 1
    services.rate_document(session, document.id, score=0, ratings=0, worth=0)
    assert queries.find(session, question).total == 0
