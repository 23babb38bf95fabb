import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.rules.published import BLANK, LONGEST_KEY, cell_prose, cell_words, key_of, readable_name

ANYTHING = st.text(max_size=300)
CAPITALS = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ .,'’()-/&0123456789", max_size=80)


@given(ANYTHING)
def test_a_cell_becomes_one_tidy_line(cell):
    words = cell_words(cell)
    assert words == " ".join(words.split())
    assert "\x00" not in words
    assert words not in BLANK or words == ""


@given(ANYTHING)
def test_reading_a_cell_never_leaves_a_tag(cell):
    assert "<script>" not in cell_prose(f"<script>alert(1)</script>{cell.replace('<', '').replace('&', '')}")


@given(st.sampled_from(sorted(BLANK)), st.text(" \t\n\r", max_size=3), st.text(" \t\n\r", max_size=3))
def test_what_spreadsheets_write_for_nothing_is_nothing(blank, before, after):
    assert cell_words(before + blank + after) == ""
    assert cell_prose(before + blank + after) == ""


def test_a_cell_keeps_what_it_says():
    assert cell_words("  Ashton on Mersey  RUFC ") == "Ashton on Mersey RUFC"
    assert cell_words("Tea &amp; <b>cake</b>") == "Tea & cake"
    assert cell_words("Na") == "Na"
    assert cell_words("Not known", blank=BLANK | {"Not known"}) == ""
    assert cell_prose("One.\r\n\r\n\r\nTwo. ") == "One.\n\nTwo."


@given(CAPITALS)
def test_a_readable_name_changes_only_capitals(name):
    assert readable_name(name).casefold() == " ".join(name.split()).casefold()


@given(ANYTHING)
def test_a_readable_name_is_readable_at_once(name):
    once = readable_name(name)
    assert once == " ".join(once.split())
    assert not any(letter.islower() for letter in once) or readable_name(once) == once


@pytest.mark.parametrize(
    ("published", "readable"),
    [
        ("FRIENDS OF ST MARY'S", "Friends of St Mary's"),
        (
            "THE PAROCHIAL CHURCH COUNCIL OF ST. ALBAN, BROADHEATH",
            "The Parochial Church Council of St. Alban, Broadheath",
        ),
        ("BREAKTHROUGH U.K. LTD", "Breakthrough U.K. Ltd"),
        ("1ST DAVYHULME SCOUT GROUP", "1st Davyhulme Scout Group"),
        ("BODY OF CHRIST INTERNATIONAL MINISTRIES (BCIM)", "Body of Christ International Ministries (BCIM)"),
        ("PENGUIN PLAYGROUP (TIMPERLEY)", "Penguin Playgroup (Timperley)"),
        ("SALE U3A", "Sale U3A"),
        ("TLC: TALK, LISTEN, CHANGE", "TLC: Talk, Listen, Change"),
        ("CHAIM V'TIKVAH", "Chaim V'Tikvah"),
        ("O'BRIEN AND MCDONALD TRUST", "O'Brien and McDonald Trust"),
        ("ART WITH A HEART CIO", "Art with a Heart CIO"),
        ("RAGLAN ROAD PRE-SCHOOL PTA", "Raglan Road Pre-School PTA"),
        ("M AND L COHEN TRUST", "M and L Cohen Trust"),
        ("Already Fine, of course", "Already Fine, of course"),
        ("2028", "2028"),
    ],
)
def test_names_in_capitals_are_made_readable(published, readable):
    assert readable_name(published) == readable


@given(st.lists(ANYTHING, max_size=4))
def test_a_key_can_be_stored_and_stays_the_same(parts):
    key = key_of(parts)
    assert len(key) <= LONGEST_KEY
    assert key == key_of(parts)
    assert "\x00" not in key


def test_capitals_and_spaces_do_not_make_another_key():
    assert key_of(["Sale  Library", " M33 7ZF"]) == key_of(["SALE LIBRARY", "m33 7zf "])
    assert key_of(["", " "]) == ""


def test_long_keys_that_differ_at_the_end_stay_apart():
    assert key_of(["a" * 300]) != key_of(["a" * 300 + "b"])
