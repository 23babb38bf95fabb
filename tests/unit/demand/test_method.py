"""Every figure that is released is explained in words."""

import pytest

from marketplace.demand.rules.method import TABLES, note_about
from marketplace.demand.rules.shapes import tables

SHAPES = tables(criteria=(), outcomes=())


@pytest.mark.parametrize("table", SHAPES, ids=lambda table: table.slug)
def test_every_table_and_column_has_its_words(table):
    assert TABLES[table.slug].endswith(".")
    notes = [note_about(table.slug, measure.slug) for measure in table.measures]
    assert all(note and note.words.endswith(".") for note in notes)


def test_columns_of_one_meaning_share_a_note():
    assert note_about("price-of-an-hour", "median") == note_about("price-of-a-day", "median")
    assert note_about("another", "one") is None
