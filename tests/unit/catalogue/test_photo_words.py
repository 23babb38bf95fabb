"""Which words can stand for a photograph."""

import pytest

from marketplace.catalogue.rules import alt_problem


def test_words_that_say_what_is_shown_will_do():
    assert alt_problem("Three people planting beans") is None


@pytest.mark.parametrize("alt", ["", "IMG_2034.jpg", "photo", "A photo.", "Garden", "x" * 301])
def test_words_that_say_nothing_will_not(alt):
    assert alt_problem(alt).endswith((".", "”."))
