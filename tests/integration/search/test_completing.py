import uuid

import pytest

from marketplace.search import queries, services
from tests.factories.search import build_document

TITLES = ("Gardening", "Gardens of the north", "Garden tea", "Café mornings", "Quiet swim", "Swimming lessons")


@pytest.fixture
def complete(session):
    """Return a function that completes what was typed, among a few documents."""
    services.rebuild(session, [build_document(title, id=uuid.UUID(int=n)) for n, title in enumerate(TITLES)])

    def completed(typed):
        found = queries.completions(session, typed)
        return list(found.words), [TITLES[each.int] for each in found.documents]

    return completed


@pytest.mark.parametrize(
    ("typed", "words", "titles"),
    [
        ("g", [], []),
        ("ga", ["garden"], []),
        ("gard", ["garden"], ["Gardening", "Gardens of the north", "Garden tea"]),
        ("GARD", ["garden"], ["Gardening", "Gardens of the north", "Garden tea"]),
        ("gardening", ["gardening"], ["Gardening", "Gardens of the north", "Garden tea"]),
        ("garden ", [], []),
        ("tea gard", ["tea garden"], ["Garden tea"]),
        ("caf", ["cafe"], ["Café mornings"]),
        ("café morn", ["café mornings"], ["Café mornings"]),
        ("zebr", [], []),
        ("", [], []),
        ("1g", [], []),
        ("'; --", [], []),
        ("\0gard", ["\0garden"], ["Gardening", "Gardens of the north", "Garden tea"]),
    ],
)
def test_what_was_begun_is_completed_from_what_is_written(complete, typed, words, titles):
    assert complete(typed) == (words, titles)


def test_there_are_never_more_than_eight(session):
    services.rebuild(session, [build_document(f"Bowls bo{letter}al") for letter in "abcdefghijkl"])
    found = queries.completions(session, "bow")
    assert len(found.documents) == 8
    assert len(queries.completions(session, "bo").words) == 8


def test_what_has_gone_is_suggested_no_more(session):
    document = build_document("Zebras")
    services.rebuild(session, [document])
    assert queries.completions(session, "zeb").documents == (document.id,)
    services.remove_document(session, document.id)
    assert queries.completions(session, "zeb").documents == ()
    services.count_words(session)
    assert queries.completions(session, "zeb").words == ()


@pytest.mark.parametrize(
    "typed", ["x" * 9_999, "gard " * 900 + "gard", "\ud800gard", '"gard', "gard*", "-gard", "ﷺ" * 9]
)
def test_anything_may_be_typed(complete, typed):
    complete(typed)
