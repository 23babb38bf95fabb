import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.pages import Slice, as_csv, page_number


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        (None, 1),
        ("", 1),
        ("3", 3),
        ("0", 1),
        ("-2", 1),
        ("9999", 9999),
        ("x", 1),
        ("٣", 1),
        ("9" * 50, 100_000),
        ("9" * 5_000, 100_000),
    ],
)
def test_anything_typed_is_some_page(typed, page):
    assert page_number(typed) == page


@given(total=st.integers(0, 10_000), size=st.integers(1, 100))
def test_every_row_is_on_exactly_one_page(total, size):
    pages = Slice(number=1, size=size, total=total).pages
    assert (pages - 1) * size <= max(total - 1, 0) < pages * size


@given(total=st.integers(0, 10_000), size=st.integers(1, 100), page=st.integers(1, 100_000))
def test_a_page_past_the_end_is_the_last_page(total, size, page):
    part = Slice.within(total=total, size=size, page=page)
    assert part.number == min(page, part.pages)
    assert part.offset <= max(total - 1, 0)


@given(
    st.lists(st.text(alphabet=st.characters(blacklist_categories=("Cs",), blacklist_characters="\r\n\0")), min_size=1)
)
def test_no_cell_of_a_download_is_a_formula(cells):
    line = next(csv.reader(io.StringIO(as_csv(["heading"] * len(cells), [cells]).split("\r\n", 1)[1])))
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in line)
