import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from marketplace.kit.places import Point
from marketplace.search.rules import (
    DocumentId,
    fingerprint,
    is_common,
    is_time_to_count,
    is_within_reach,
    pages_for,
    rarity,
)
from tests.factories.search import build_document

HERE = Point(378_000, 392_000)
FIVE_KILOMETRES_EAST = Point(383_000, 392_000)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"point": FIVE_KILOMETRES_EAST}, False),
        ({"point": FIVE_KILOMETRES_EAST, "travels_metres": 4_999}, False),
        ({"point": FIVE_KILOMETRES_EAST, "travels_metres": 5_000}, True),
        ({"point": Point(378_000, 394_000)}, True),
        ({"point": Point(378_000, 394_001)}, False),
        ({"point": FIVE_KILOMETRES_EAST, "is_everywhere": True}, True),
        ({"point": None}, False),
        ({"point": None, "is_everywhere": True}, True),
    ],
)
def test_it_is_within_reach_if_you_can_get_there_or_it_comes_to_you(changes, expected):
    assert is_within_reach(build_document(**changes), near=HERE, within_metres=2_000) is expected


def test_the_rarer_a_word_the_more_it_tells():
    assert [rarity(documents=n, of=1_000) for n in (1_000, 500, 100, 10, 1)] == [10, 16, 35, 67, 100]


@pytest.mark.parametrize(("documents", "of"), [(0, 0), (0, 5), (7, 5), (1, 0)])
def test_a_word_tells_something_even_if_the_count_is_behind(documents, of):
    assert rarity(documents=documents, of=of) >= 10


@pytest.mark.parametrize(("documents", "expected"), [(10, False), (11, True)])
def test_a_word_in_more_than_a_tenth_of_all_is_common(documents, expected):
    assert is_common(documents=documents, of=100) is expected


def test_words_are_counted_again_whenever_the_index_has_grown_by_a_tenth():
    counted = [number for number in range(1, 3_001) if is_time_to_count(number)]
    assert counted[:12] == [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 200, 300]
    assert counted[-3:] == [1_000, 2_000, 3_000]


def test_a_fingerprint_changes_with_anything_in_the_document_and_with_the_language():
    document = build_document()
    changes = {
        "id": DocumentId(uuid.uuid4()),
        "kind": "ulo",
        "category": "peer",
        "is_free": True,
        "provider": "another",
        "updated_at": document.updated_at + timedelta(microseconds=1),
        "title": "Other",
        "description": "More",
        "council": "E08000009",
        "point": HERE,
        "travels_metres": 1,
        "is_everywhere": True,
    }
    prints = {fingerprint(replace(document, **{name: value}), language="one") for name, value in changes.items()}
    prints |= {fingerprint(document, language="one"), fingerprint(document, language="two")}
    assert len(prints) == len(changes) + 2
    assert fingerprint(replace(document), language="one") in prints


@pytest.mark.parametrize(("total", "expected"), [(0, 1), (1, 1), (20, 1), (21, 2), (40, 2), (41, 3)])
def test_no_answers_fill_one_page(total, expected):
    assert pages_for(total=total, page_size=20) == expected
