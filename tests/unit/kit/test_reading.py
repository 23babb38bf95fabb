from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.reading import Ground, Motion, Reading, Size, Spacing, Words

EVERY = [Reading(*chosen) for chosen in product(Size, Spacing, Ground, Motion, Words)]


def test_whoever_says_nothing_reads_as_the_page_comes():
    assert Reading.from_cookie("") == Reading()
    assert not Reading().is_easy
    assert not Reading().is_asked


def test_what_is_written_down_is_read_again_in_all_its_144_ways():
    written = [one.to_cookie() for one in EVERY]
    assert [Reading.from_cookie(one) for one in written] == EVERY
    assert len(set(written)) == 144


def test_easy_read_is_an_answer_and_so_are_the_usual_words():
    easy, usual = Reading(words=Words.EASY), Reading(words=Words.USUAL)
    assert (easy.is_easy, easy.is_asked) == (True, True)
    assert (usual.is_easy, usual.is_asked) == (False, True)


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("large", Reading(size=Size.LARGE)),
        ("huge.wide", Reading(spacing=Spacing.WIDE)),
        (
            "large.wide.dark.still.easy.and.more",
            Reading(Size.LARGE, Spacing.WIDE, Ground.DARK, Motion.STILL, Words.EASY),
        ),
        ("LARGE.<script>.dark", Reading(ground=Ground.DARK)),
        ("....easy", Reading(words=Words.EASY)),
    ],
)
def test_what_we_do_not_know_is_as_if_it_were_not_said(told, meant):
    assert Reading.from_cookie(told) == meant


def test_a_language_is_read_only_where_it_can_be_chosen():
    told = "normal.normal.device.device.usual.cy"
    assert Reading.from_cookie(told, {"cy"}) == Reading(words=Words.USUAL, language="cy")
    assert Reading.from_cookie(told, {"cy"}).to_cookie() == told
    assert Reading.from_cookie(told).language == ""


@given(st.text(max_size=200))
def test_whatever_a_cookie_says_there_is_no_other_way_to_read(told):
    assert Reading.from_cookie(told) in EVERY
