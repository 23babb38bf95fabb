"""What papers say of words that their typeface cannot draw."""

import pytest

from marketplace.kit.papers import UNDRAWN, drawn


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Two  cups\nof tea: £3.50 – “lovely”", "Two cups of tea: £3.50 – “lovely”"),
        ("Łódź, Ñandú", "Łódź, Ñandú"),
        ("Tea \U0001f375 for two", "Tea for two"),
        ("茶", UNDRAWN),
        ("\ufdfa\ufdfa", UNDRAWN),
        ("", ""),
        (" \n", ""),
    ],
)
def test_what_cannot_be_drawn_is_left_out_and_never_leaves_nothing(words, shown):
    assert drawn(words) == shown
