"""What changed between two versions."""

from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.rules.versions import FIELDS, Mark, Piece, changed_fields, pieces

WORDS = st.text(alphabet="ab ,.\n", max_size=40)


def test_words_that_went_and_came_are_marked():
    assert pieces("I cut hedges.", "I cut trees.") == (
        Piece(Mark.KEPT, "I cut "),
        Piece(Mark.REMOVED, "hedges"),
        Piece(Mark.ADDED, "trees"),
        Piece(Mark.KEPT, "."),
    )


def test_changes_with_only_a_space_between_them_are_one():
    assert pieces("I like old cats.", "I like young dogs.") == (
        Piece(Mark.KEPT, "I like "),
        Piece(Mark.REMOVED, "old cats"),
        Piece(Mark.ADDED, "young dogs"),
        Piece(Mark.KEPT, "."),
    )


@given(WORDS, WORDS)
def test_both_texts_can_be_read_out_of_the_marked_one(before, after):
    found = pieces(before, after)
    assert "".join(piece.text for piece in found if piece.mark is not Mark.ADDED) == before
    assert "".join(piece.text for piece in found if piece.mark is not Mark.REMOVED) == after
    assert all(piece.text for piece in found)


def test_fields_that_changed_come_in_one_order_and_what_was_not_known_was_empty():
    before = {"description": "a", "title": "b", "access": ["hoist"]}
    after = {"description": "c", "title": "d", "access": ["hoist"], "suits": "", "is_free": False, "times": []}
    assert changed_fields(before, after) == ("title", "description")
    assert changed_fields({}, {"suits": "Everybody"}) == ("suits",)


def test_every_field_has_a_name():
    assert all(FIELDS.values())
