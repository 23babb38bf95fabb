import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
import yaml
from lxml import etree

from marketplace.brokerage.gateways.odt import as_odt
from marketplace.brokerage.gateways.shelf import read_shelf
from marketplace.brokerage.rules.documents import BlockKind, blocks_of, plain_text
from marketplace.brokerage.rules.library import (
    Suspicion,
    beginning,
    is_to_be_told,
    may_become,
    names_in,
    problems_of,
    read_by,
    suspicions_in,
)
from marketplace.brokerage.rules.nouns import Part, PieceKind, PieceStatus
from marketplace.ratings.gateways.schemes import SHIPPED as SCHEMES

FRIDAY = datetime(2026, 6, 5, 15, tzinfo=UTC)
STORY = "I was afraid of the water. Then somebody came with me every week, and waited until I was ready to go in. "


@pytest.mark.parametrize(
    ("differences", "fields"),
    [
        ({}, []),
        ({"words": "It was nice."}, ["words"]),
        ({"words": "x" * 6_001}, ["words"]),
        ({"words": STORY + "Ring me on 07700 900123."}, ["words"]),
        ({"words": STORY + "I live at 12 Acacia Road, M33 7ZF."}, ["words"]),
        ({"pseudonym": "me@example.org"}, ["pseudonym"]),
    ],
)
def test_a_story_is_whole_and_holds_no_way_to_find_anybody(differences, fields):
    plain = {"title": "In the water", "words": STORY, "pseudonym": "Quiet Heron"}
    assert [it.field for it in problems_of(**plain | differences)] == fields


def test_names_are_found_even_ones_that_only_we_know():
    assert names_in(title="Swimming with Sarah", words=STORY + "Okonkwo drove.", names=("Okonkwo",)) == (
        "Sarah",
        "Okonkwo",
    )


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (STORY, ()),
        (STORY + "The council was useless and I am furious.", ()),
        (STORY + "Before that they left me on the floor for hours.", (Suspicion.SAFEGUARDING,)),
        (STORY + "Sarah was there.", (Suspicion.IDENTIFYING,)),
        (STORY + "Use my discount code.", (Suspicion.OFF_TOPIC,)),
    ],
)
def test_a_moderator_is_told_where_to_look_first(words, found):
    assert suspicions_in(title="In the water", words=words, pseudonym="Quiet Heron", names=()) == found


def test_a_story_is_read_in_two_working_days_and_harm_in_four_hours():
    assert read_by((), since=FRIDAY) == FRIDAY + timedelta(days=4)
    assert read_by((Suspicion.SAFEGUARDING,), since=FRIDAY) == FRIDAY + timedelta(hours=4)


def test_moderators_hear_a_day_ahead_and_each_day_once_it_is_late():
    day, due = timedelta(days=1), FRIDAY + timedelta(days=4)
    told = [
        is_to_be_told(due_at=due, told_at=told_at, now=now)
        for told_at, now in (
            (None, due - 2 * day),
            (None, due - day),
            (due - day, due - day / 2),
            (due - day / 2, due),
            (due, due + day / 2),
            (due, due + day),
        )
    ]
    assert told == [False, True, False, True, False, True]


def test_what_was_taken_down_never_comes_back_and_anything_can_be_taken_down():
    assert not any(may_become(PieceStatus.TAKEN_DOWN, after) for after in PieceStatus)
    others = set(PieceStatus) - {PieceStatus.TAKEN_DOWN}
    assert all(may_become(before, PieceStatus.TAKEN_DOWN) for before in others)


def test_a_list_shows_the_first_words_and_no_half_ones():
    assert beginning("One line.\nAnother.") == "One line."
    long = beginning("word " * 100)
    assert len(long) <= 300
    assert long.endswith("word\u00a0…")


def test_a_document_is_read_by_its_headings_and_lists_wherever_it_is_opened():
    blocks = blocks_of("[Your name]\n[Date]\n\n## What happened\n\n- On <Monday>\n- & after\n\nYours.")
    assert [block.kind for block in blocks] == [
        BlockKind.PARAGRAPH,
        BlockKind.HEADING,
        BlockKind.LIST,
        BlockKind.PARAGRAPH,
    ]
    assert "WHAT\r\n\r\n[Your name]\r\n[Date]\r\n\r\nWhat happened\r\n\r\n- On <Monday>\r\n- & after" in plain_text(
        "What", blocks
    )
    with zipfile.ZipFile(io.BytesIO(as_odt("A & B", blocks))) as odt:
        assert odt.infolist()[0].filename == "mimetype"
        content = etree.fromstring(odt.read("content.xml"))
        listed = etree.fromstring(odt.read("META-INF/manifest.xml"))
    text = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
    assert [it.text for it in content.iter(f"{text}h")] == ["A & B", "What happened"]
    assert ["".join(it.itertext()) for it in content.iter(f"{text}list-item")] == ["On <Monday>", "& after"]
    assert len(listed) == 4


def test_what_comes_with_the_site_is_whole():
    pieces = read_shelf()
    kinds = [piece.kind for piece in pieces]
    assert min(kinds.count(kind) for kind in (PieceKind.EXAMPLE_PLAN, PieceKind.MODEL_DOCUMENT)) >= 6
    law = yaml.safe_load((SCHEMES / "care-act.yaml").read_text())
    known = {f"care-act.{row['code']}" for row in law["outcomes"]}
    for piece in pieces:
        plan = piece.plan or {"lines": []}
        assert {piece.outcome_id, *(line["outcome_id"] for line in plan["lines"])} <= known, piece.title
        assert piece.plan is None or set(piece.plan["parts"]) == set(Part), piece.title
