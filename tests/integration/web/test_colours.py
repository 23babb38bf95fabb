"""The colours of the style sheet, read from it, have the contrast we promise, in both schemes."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

TOKENS = (Path(__file__).parents[3] / "static" / "src" / "scss" / "_tokens.scss").read_text()
GROUNDS = ["paper", "card", "sand", "teal-tint", "plum-tint", "orange-tint", "green-tint", "red-tint"]
WORDS = ["ink", "muted", "teal", "plum", "orange", "green", "red"]


def colours(scheme):
    block = re.search(rf"@mixin {scheme} {{(.*?)\n}}", TOKENS, re.DOTALL)
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[1]))


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture(params=["light", "dark"])
def scheme(request):
    return colours(request.param) | colours("both")


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


def test_both_schemes_name_the_same_colours():
    assert set(colours("light")) == set(colours("dark"))


def test_no_colour_is_written_anywhere_else():
    sheets = [p for p in Path(__file__).parents[3].glob("static/src/scss/*.scss")]
    allowed = {"_tokens.scss", "_settings.scss", "_print.scss"}  # print is black on white
    strays = [p.name for p in sheets if p.name not in allowed and re.search(r"#[0-9a-f]{3,8}\b", p.read_text())]
    assert not strays, f"name the colour in _tokens.scss: {strays}"
