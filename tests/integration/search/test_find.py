"""One suite for every engine: run with --database sqlite and with --database postgresql, it must see the same."""

import uuid
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.kit.places import Point
from marketplace.search import queries, services
from marketplace.search.language import ENGLISH
from marketplace.search.rules import Cost, Question, Sort
from tests.factories.search import UPDATED, build_document
from tests.integration.search.reference import Reference

HERE = Point(378_000, 392_000)
TODAY = date(2026, 3, 2)


@pytest.fixture
def put(session):
    """Return a function that makes documents findable, by their titles."""

    def by_title(*documents):
        for document in documents:
            services.put_document(session, document)

    return by_title


@pytest.fixture
def titles(session):
    """Return a function that asks, and gives the titles found in order."""

    def found(documents, question):
        names = {document.id: document.title for document in documents}
        return [names[hit.id] for hit in queries.find(session, question).hits]

    return found


@pytest.fixture
def town():
    """Three dozen things in a small town: enough for every word to be common, rare, in a title, or only below."""
    activities = ["Gardening", "Swimming", "Befriending", "Personal assistant", "Day centre", "Choir"]
    places = ["Meadowbridge", "Ashcombe", "Little Ferring", "Harrow Green"]
    return [
        build_document(
            f"{activities[n % 6]} in {places[n % 4]}",
            id=uuid.UUID(int=n),
            kind=("micro", "ulo", "universal")[n % 3],
            category=("outdoors", "company", "care")[n % 5 % 3],
            category_name=("Garden and outdoors", "Company", "Care and support")[n % 5 % 3],
            provider_name=("Green Hands", "The Choir", "Swim Together", "A Friend")[n % 7 % 4],
            description=" ".join(activities[(n * step) % 6] for step in (1, 2, 3)) + " peer support group tea",
            place=places[(n + 1) % 4],
            is_free=n % 4 == 0,
            point=None if n % 11 == 0 else Point(HERE.easting + 700 * n, HERE.northing - 150 * n),
            travels_metres=(None, 9_000, 20_000)[n % 3],
            is_everywhere=n % 13 == 0,
            updated_at=UPDATED + timedelta(hours=n * 7 % 36),
            confirmed_on=None if n % 9 == 0 else TODAY - timedelta(days=n * 37 % 130),
            listed_on=None if n % 10 == 0 else TODAY - timedelta(days=n * 53 % 240),
            hourly=None if n % 6 == 0 else n * 7 % 5 * 500,
        )
        for n in range(1, 37)
    ]


ASKED = [
    "gardening",
    "PA",
    "personal assistant Ashcombe",
    "support",
    "swimming company",
    "companionship",
    "swim OR choir",
    '"peer support"',
    '"support peer"',
    '"green hands" -ashcombe',
    "gard*",
    "centre day",
    "choir tea NOT swimming",
    "(choir OR gardening) meadowbridge",
    '"gardening in Meadowbridge"',
    '"meadowbridge garden"',
    "",
]


@pytest.mark.parametrize("words", ASKED)
@pytest.mark.parametrize(
    "where",
    [
        {},
        {"near": HERE},
        {"near": HERE, "within_metres": 6_000},
        {"near": HERE, "within_metres": 6_000, "sort": Sort.DISTANCE},
        {"within_metres": 6_000, "sort": Sort.DISTANCE},
        {"near": HERE, "today": TODAY},
        {"today": TODAY},
        {"sort": Sort.PRICE, "today": TODAY},
    ],
    ids=["anywhere", "near", "within", "nearest", "no point", "today near", "today", "cheapest"],
)
def test_every_engine_finds_the_same_in_the_same_order(session, town, words, where):
    services.rebuild(session, town)
    question = Question(words, page_size=100, **where)
    expected, is_loosened = Reference(town).found(question)
    found = queries.find(session, question)
    assert [hit.id for hit in found.hits] == expected
    assert found.total == len(expected)
    assert (found.is_loosened or found.is_widened) == is_loosened


def test_a_word_in_the_title_beats_the_category_beats_the_description(put, titles):
    documents = [
        build_document("Below", description="We like bowls"),
        build_document("Beside", provider_name="Bowls Club"),
        build_document("Bowls"),
        build_document("Also", category_name="Bowls"),
        build_document("Around", place="Bowls Lane"),
    ]
    put(*documents)
    found = titles(documents, Question("bowls"))
    assert found[0] == "Bowls"
    assert set(found[1:3]) == {"Beside", "Also"}
    assert set(found[3:]) == {"Below", "Around"}


def test_a_rare_word_says_more_than_a_common_one(session, titles):
    documents = [build_document(f"Help {n}", description="plain") for n in range(20)]
    documents += [build_document("Help", description="pottery"), build_document("Pottery", description="help")]
    services.rebuild(session, documents)
    assert titles(documents, Question("pottery help"))[:2] == ["Pottery", "Help"]


@pytest.mark.parametrize(
    ("within", "expected"), [(1_000, {"At home", "Online"}), (5_000, {"At home", "Online", "Hall"}), (None, None)]
)
def test_near_means_you_can_get_there_or_it_comes_to_you(session, put, within, expected):
    documents = [
        build_document("Hall", point=Point(HERE.easting + 3_000, HERE.northing - 4_000)),
        build_document("At home", point=Point(HERE.easting + 9_000, HERE.northing), travels_metres=9_000),
        build_document("Not quite", point=Point(HERE.easting + 9_000, HERE.northing), travels_metres=8_999),
        build_document("Online", is_everywhere=True),
        build_document("Nobody knows where"),
    ]
    put(*documents)
    found = queries.find(session, Question(near=HERE, within_metres=within))
    names = {document.id: document.title for document in documents}
    assert {names[hit.id] for hit in found.hits} == (expected or set(names.values()))
    far = {names[hit.id]: hit.distance_metres for hit in found.hits}
    assert far["At home"] == 9_000
    assert far["Online"] is None


def test_the_farthest_corners_of_the_country_are_apart_by_the_right_distance(session, put):
    put(build_document(point=Point(655_000, 10_000)))
    found = queries.find(session, Question(near=Point(80_000, 660_000)))
    assert [hit.distance_metres for hit in found.hits] == [867_827]


def test_counts_say_what_another_choice_would_find(session, put):
    put(
        build_document(kind="micro", category="bowls", is_free=True),
        build_document(kind="micro", category="bowls", is_free=False),
        build_document(kind="ulo", category="bowls", is_free=False),
        build_document(kind="ulo", category="tea", is_free=False),
    )
    found = queries.find(session, Question(kinds=frozenset({"micro"}), cost=Cost.PAID))
    assert found.total == len(found.hits) == 1
    assert found.counts == {
        "kind": {"micro": 1, "ulo": 2},
        "category": {"bowls": 1},
        "cost": {"free": 1, "paid": 1},
        "mark": {},
    }


def test_several_values_of_a_filter_mean_any_of_them(session, put):
    put(*(build_document(category=category) for category in ("bowls", "tea", "choir")))
    assert queries.find(session, Question(categories=frozenset({"bowls", "tea"}))).total == 2


def test_a_filter_that_lets_nothing_through_does_not_loosen_the_words(session, put):
    put(*(build_document("Red bowls", kind="micro") for _ in range(10)), build_document("Red", kind="ulo"))
    found = queries.find(session, Question("red bowls", kinds=frozenset({"ulo"})))
    assert (found.hits, found.total, found.is_loosened) == ((), 0, False)
    assert found.counts["kind"] == {"micro": 10}


def test_what_hardly_anything_has_comes_with_what_has_the_telling_words(session, titles):
    documents = [build_document("Red bowls"), build_document("Blue bowls"), *(build_document() for _ in range(30))]
    services.rebuild(session, documents)
    question = Question("red bowls")
    assert titles(documents, question) == ["Red bowls", "Blue bowls"]
    found = queries.find(session, question)
    assert (found.is_widened, found.is_loosened) == (True, False)


def test_a_word_that_is_nowhere_is_taken_for_the_nearest(session, put):
    put(build_document("Gardening"), build_document("Tea"))
    found = queries.find(session, Question("gardning"))
    assert (found.total, found.correction, found.is_corrected) == (1, "gardening", True)


def test_pages_follow_each_other_and_end(session, put):
    put(*(build_document("Bowls") for _ in range(7)))
    pages = [queries.find(session, Question("bowls", page=page, page_size=3)) for page in (1, 2, 3, 4, 9_999, 10**30)]
    assert [len(found.hits) for found in pages] == [3, 3, 1, 0, 0, 0]
    assert {(found.total, found.pages) for found in pages} == {(7, 3)}
    assert len({hit.id for found in pages for hit in found.hits}) == 7
    assert queries.find(session, Question("bowls", page=0, page_size=3)).hits == pages[0].hits
    assert queries.find(session, Question("bowls", page=-5, page_size=3)).page == 1


def test_nothing_with_all_the_words_gives_what_has_the_telling_ones(session, titles):
    documents = [build_document(f"Tea {n}") for n in range(30)]
    documents += [build_document("Shopping and tea"), build_document("Lifts to the shops")]
    services.rebuild(session, documents)
    question = Question("someone to take mum to the shops for tea")
    found = queries.find(session, question)
    assert found.is_widened
    assert titles(documents, question)[:2] == ["Shopping and tea", "Lifts to the shops"]
    assert found.total == 2, "what only has a word that is everywhere is not an answer"


def test_loosening_still_leaves_out_what_was_not_wanted(session, put):
    put(build_document("Red bus"), build_document("Red train"))
    found = queries.find(session, Question("red zebra -train"))
    assert found.is_loosened
    assert found.total == 1


def test_one_word_that_nobody_wrote_finds_nothing(session, put):
    put(build_document("Gardening"))
    found = queries.find(session, Question("xylophone"))
    assert (found.hits, found.total, found.correction, found.is_loosened) == ((), 0, None, False)


@pytest.mark.parametrize(
    ("asked", "correction"),
    [
        ("gardning", "gardening"),
        ("Help with gardning!", "Help with gardening!"),
        ("gardening", None),
        ("garden", None),
        ("gard*", None),
        ("gardn*", None),
        ("peer suport", "peer support"),
    ],
)
def test_did_you_mean(session, put, asked, correction):
    put(build_document("Gardening help", description="peer support"), build_document("Something else"))
    assert queries.find(session, Question(asked)).correction == correction


def test_a_slip_that_somebody_published_is_still_put_right(session):
    documents = [build_document("Swimming") for _ in range(9)] + [build_document("Swiming")]
    services.rebuild(session, documents)
    found = queries.find(session, Question("swiming"))
    assert (found.total, found.correction) == (1, "swimming")
    assert queries.find(session, Question("swimming")).correction is None


@pytest.mark.parametrize(
    "words", ["the", "  ", "🎉", "\0", "?!", "''", '"', "-", "*", "OR", "()", "NOT", "someone please"]
)
def test_words_that_say_nothing_hide_nothing(session, put, words):
    put(build_document(), build_document())
    assert queries.find(session, Question(words)).total == 2


@pytest.mark.parametrize(
    "words",
    [
        "x" * 10_000,
        "help " * 2_000,
        '"' * 999 + "help",
        "(((help OR",
        "help' OR 1=1 --",
        "help\0help",
        "help & !help | <-> :*",
        "NEAR(help help)",
        "title:help",
        "{help}",
        "^help",
        "help:A",
        "\\",
        "'help",
        "\ud800help",
        "٣ ½ ﷺ Ⅷ",
        "हिन्दी ภาษาไทย 日本語",
        "İstanbul",
        "1e5 0x1F -7 3.14 24/7 a@b.org https://example.org/a?b",
    ],
)
def test_nothing_that_can_be_typed_is_an_error(session, put, words):
    put(build_document("Help", description=words))
    queries.find(session, Question(words))
    assert queries.find(session, Question("help")).total == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.one_of(st.text(max_size=60), st.text(alphabet=" ab\"()-*’&|!:<>\\'\0NOTAR", max_size=40)))
def test_whatever_is_typed_is_answered_and_whatever_is_written_is_found(session, words):
    document = build_document(words, id=uuid.UUID(int=1))
    services.put_document(session, document)
    found = queries.find(session, Question(words))
    assert found.total in {0, 1}
    for stem in ENGLISH.of(words)[:3]:
        if ENGLISH.of(stem) == [stem]:
            assert queries.find(session, Question(f'"{stem}"')).total == 1


@pytest.mark.parametrize("value", ["nothing such", "", "\0", "\ud800", "'; --", "x" * 9_999])
def test_a_filter_nobody_offered_finds_nothing(session, put, value):
    put(build_document())
    assert queries.find(session, Question(kinds=frozenset({value}))).total == 0
    assert queries.find(session, Question(categories=frozenset({value}))).hits == ()


def test_a_search_asks_the_database_twice_and_twice_more_for_a_slip(session, put, count_queries):
    put(build_document("Gardening"), build_document("Garden tea"))
    for words, expected in (("", 2), ("gardening", 2), ("gardning", 4)):
        count_queries.clear()
        queries.find(session, Question(words, near=HERE, within_metres=100_000, cost=Cost.PAID))
        assert len([each for each in count_queries if not each.startswith("RELEASE")]) == expected, words


def test_highlight_marks_what_was_asked():
    assert queries.highlight("Tea for carers", "carer") == [("Tea for ", False), ("carers", True)]
