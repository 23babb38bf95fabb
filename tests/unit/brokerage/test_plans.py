import pytest

from marketplace.brokerage.rules.plans import edition_seen, left_as_seen, mark_of
from marketplace.brokerage.rules.week import words_of


@pytest.mark.parametrize(("typed", "left"), [("I like tea.", True), ("I like tea", False), ("", False)])
def test_a_mark_knows_words_that_were_left_as_they_were(typed, left):
    mark = mark_of(edition=3, words="I like tea.")
    assert edition_seen(mark) == 3
    assert left_as_seen(mark, words=typed) is left


@pytest.mark.parametrize("mark", ["", "-1.ab", "²" * 3, "9" * 4000])
def test_a_mark_that_is_none_saw_nothing(mark):
    assert edition_seen(mark) == 0
    assert not left_as_seen(mark, words="I like tea.")


@pytest.mark.parametrize(
    ("words", "drawing", "said", "called"),
    [
        ("Tea with Jo", "tea", "", "Tea with Jo"),
        ("", "tea", "", "Cup of tea"),
        ("", None, "My garden", "My garden"),
        ("", "nothing we drew", "", ""),
    ],
)
def test_something_in_the_week_is_called_as_typed_or_as_its_picture_says(words, drawing, said, called):
    assert words_of(words=words, drawing=drawing, said=said) == called
