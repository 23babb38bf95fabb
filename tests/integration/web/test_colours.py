"""The colours of the style sheet, read from it, have the contrast we promise, in every scheme."""

import re
from pathlib import Path

import pytest

from marketplace.kit.colours import GROUNDS, contrast, named, pairs

pytestmark = pytest.mark.once

TOKENS = (Path(__file__).parents[3] / "static" / "src" / "scss" / "_tokens.scss").read_text()
WORDS = ["ink", "muted", "teal", "plum", "orange", "green", "red"]


def colours(scheme):
    return named(TOKENS, scheme)


@pytest.fixture(params=["light", "dark", "contrast"])
def scheme(request):
    return colours(request.param) | colours("all")


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("words", WORDS)
def test_words_can_be_read_on_every_ground(scheme, words, ground):
    assert contrast(scheme[words], scheme[ground]) >= 4.5


@pytest.mark.parametrize("ground", GROUNDS)
def test_body_text_meets_the_highest_level(scheme, ground):
    assert contrast(scheme["ink"], scheme[ground]) >= 7


@pytest.mark.parametrize("ground", ["paper", "card", "sand"])
def test_the_edge_of_a_control_can_be_seen(scheme, ground):
    assert contrast(scheme["line"], scheme[ground]) >= 3


@pytest.mark.parametrize(
    ("words", "ground"),
    [
        ("on-teal", "teal"),
        ("on-teal", "teal-deep"),
        ("on-teal", "plum"),
        ("on-red", "red"),
        ("on-red", "red-deep"),
        ("on-hero", "hero"),
        ("focus-ink", "focus"),
    ],
)
def test_words_can_be_read_on_buttons_and_bands(scheme, words, ground):
    assert contrast(scheme[words], scheme[ground]) >= 4.5


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("words", [*WORDS, "line", "hairline"])
def test_whoever_asks_for_high_contrast_gets_it(words, ground):
    high = colours("contrast")
    assert contrast(high[words], high[ground]) >= 12


def test_all_schemes_name_the_same_colours():
    assert set(colours("light")) == set(colours("dark")) == set(colours("contrast"))


@pytest.mark.parametrize("ground", ["paper", "card", "sand"])
def test_what_takes_focus_is_seen(scheme, ground):
    assert contrast(scheme["edge-of-focus"], scheme[ground]) >= 3


def test_no_colour_is_written_anywhere_else():
    sheets = [p for p in Path(__file__).parents[3].glob("static/src/scss/*.scss")]
    allowed = {"_tokens.scss", "_settings.scss", "_print.scss"}  # print is black on white
    strays = [p.name for p in sheets if p.name not in allowed and re.search(r"#[0-9a-f]{3,8}\b", p.read_text())]
    assert not strays, f"name the colour in _tokens.scss: {strays}"


def test_the_gallery_prints_the_contrast_of_every_pair(client):
    page = client.get("/design/looks").text
    for row in pairs(colours("dark")):
        for pair in row:
            assert f"{pair.ratio:.1f}" in page
    assert contrast("#000000", "#ffffff") == 21
