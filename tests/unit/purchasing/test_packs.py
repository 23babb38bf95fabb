import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.purchasing.rules import packs
from marketplace.purchasing.rules.packs import (
    Contents,
    FrozenArrangement,
    FrozenCheck,
    FrozenOffer,
    FrozenQuote,
    FrozenRating,
)

RATED = FrozenRating(count=4, average="4.3", spread=(0, 0, 1, 1, 2), verified=3)
OFFER = FrozenOffer(
    title="Gardening",
    provider="Boring Help",
    kind="Micro-provider",
    page="https://example.org/offers/1",
    version=2,
    is_chosen=True,
    because="They know my dog.",
    prices=("£14.50 an hour", "£18 an hour, weekends"),
    conditions=("Travel is 45p a mile on top.",),
    included="Tools.\nWaste.",
    where="At your home",
    times=("Monday: morning",),
    access=("Step-free",),
    ways_to_pay=("Direct payment",),
    checks=(FrozenCheck("Identity", "Checked", "by the council"), FrozenCheck("DBS check", "Not checked", "")),
    rating=RATED,
    confirmed_on="Monday 4 May 2026",
    arrangement=FrozenArrangement("Agreed", "3 hours", "£43.50", "Monday 4 May 2026", "Friday 1 May 2026"),
)
CONTENTS = Contents(
    id="1",
    made_at="2026-05-04T12:00:00+00:00",
    made_for="Ada",
    title="Help in the garden",
    reasons="I cannot bend.",
    offers=(OFFER, replace(OFFER, title="Mowing", is_chosen=False, arrangement=None)),
    quotes=(FrozenQuote("Hedges Ltd", "£30", "For two hours."),),
)


def test_what_is_written_is_read_back_whole():
    assert packs.read(packs.written(CONTENTS)) == CONTENTS


def test_what_is_kept_is_plain_json_that_names_its_format():
    kept = json.loads(packs.written(CONTENTS))
    assert kept["format"] == 1
    assert kept["offers"][0]["prices"] == ["£14.50 an hour", "£18 an hour, weekends"]


@given(st.text(max_size=200))
def test_one_letter_more_makes_another_hash(words):
    changed = replace(CONTENTS, reasons=words)
    assert packs.hash_of(packs.written(changed)) == packs.hash_of(packs.written(changed).encode())
    assert packs.hash_of(packs.written(changed)) != packs.hash_of(packs.written(replace(changed, reasons=words + "x")))


def test_chosen_and_others_are_told_apart():
    assert [offer.title for offer in CONTENTS.chosen] == ["Gardening"]
    assert [offer.title for offer in CONTENTS.others] == ["Mowing"]


def test_a_hash_is_known_however_it_is_typed():
    whole = packs.hash_of("x")
    assert packs.hash_in(packs.printed_hash(whole).upper()) == whole
    assert packs.hash_in(f" {whole}\n") == whole


@pytest.mark.parametrize("typed", ["", "abc", "g" * 64, "a" * 63, "a" * 65, "\uff11" * 64])
def test_what_is_no_hash_is_none(typed):
    assert packs.hash_in(typed) is None


def test_a_file_says_which_pack_it_is():
    whole = packs.hash_of("x")
    assert packs.marked_in(f"%PDF {packs.mark_of(whole)} …".encode()) == whole
    assert packs.marked_in(b"%PDF nothing of the kind") is None


def test_everything_of_an_offer_is_told_in_order():
    rows = packs.rows_told(OFFER)
    assert [label for label, _lines in rows] == [
        "Price",
        "Arranged",
        "Conditions",
        "Included",
        "Where",
        "When",
        "Access",
        "Ways to pay",
        "What people say",
        "Checks",
        "Confirmed",
        "Page",
    ]
    told = dict(rows)
    assert told["Arranged"][0] == "Agreed: 3 hours, £43.50 altogether, from Monday 4 May 2026"
    assert told["Checks"] == ("Identity: checked, by the council", "DBS check: not checked")
    assert told["Included"] == ("Tools.", "Waste.")
    assert told["Page"] == ("example.org/offers/1, version 2",)


def test_what_nobody_said_is_left_out():
    told = dict(packs.rows_told(replace(OFFER, arrangement=None, where="", checks=(), confirmed_on="", version=None)))
    assert "Arranged" not in told
    assert "Where" not in told
    assert "Checks" not in told
    assert told["Confirmed"] == ("It was not on the site any more",)
    assert told["Page"] == ("example.org/offers/1",)


@pytest.mark.parametrize(
    ("rating", "told", "short"),
    [
        (FrozenRating(0, None, (0, 0, 0, 0, 0), 0), "Nobody had rated it yet", "No average yet"),
        (FrozenRating(1, None, (0, 0, 0, 0, 1), 1), "Rated by 1 person: too few for an average", "No average yet"),
        (RATED, "4.3 out of 5, from 4 people. 3 of them are known to have used it", "4.3 from 4 people"),
    ],
)
def test_a_rating_is_told_in_words(rating, told, short):
    assert packs.rating_told(rating)[0] == told
    assert packs.rating_in_short(rating) == short


def test_the_stars_are_told_from_the_best():
    assert packs.rating_told(RATED)[1] == "5 stars: 2, 4 stars: 1, 3 stars: 1, 2 stars: 0, 1 star: 0"


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (packs.title_problem(""), "Say what"),
        (packs.title_problem("x" * 121), "at most 120"),
        (packs.reasons_problem(""), "Say why"),
        (packs.reasons_problem("x" * 4001), "at most 4,000"),
        (packs.because_problem("x" * 1001), "at most 1,000"),
        (packs.choice_problem([]), "at least one"),
        (packs.choice_problem([False, False]), "which one you chose"),
        (packs.choice_problem([True] * 21), "at most 20"),
    ],
)
def test_what_will_not_do_is_said(problem, said):
    assert said in problem


def test_what_will_do_has_no_problem():
    assert packs.title_problem("Help") is None
    assert packs.reasons_problem("Because.") is None
    assert packs.because_problem("") is None
    assert packs.choice_problem([True, False]) is None
