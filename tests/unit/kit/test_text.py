import unicodedata

import bleach
import html5lib
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kit.text import ATTRIBUTES, TAGS, plain, prose, tidy, tidy_line

ANYTHING = st.text(max_size=300)


@given(ANYTHING)
def test_tidying_twice_changes_nothing_more(typed):
    assert tidy(tidy(typed)) == tidy(typed)


@given(ANYTHING)
def test_prose_of_anything_is_valid_html_without_scripts(typed):
    shown = str(prose(typed))
    html5lib.HTMLParser(strict=True).parseFragment(shown)
    assert "<script" not in shown.lower()
    assert "javascript:" not in shown.lower().replace("&", "") or "href" not in shown


@given(ANYTHING | st.text("ab.:/@<&'\"\n- ", max_size=60))
def test_bleach_finds_no_link_and_no_tag_that_was_missed(typed):
    shown = str(prose(typed))
    if "<a " not in shown:
        again = bleach.clean(bleach.linkify(shown, parse_email=False), tags=TAGS, attributes=ATTRIBUTES)
        assert html5lib.serialize(html5lib.parseFragment(again)) == html5lib.serialize(html5lib.parseFragment(shown))


@given(ANYTHING)
def test_nothing_unprintable_is_kept(typed):
    assert not any(unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn"} for c in tidy(typed) if c != "\n")


def test_control_characters_and_spare_space_go():
    assert tidy("a\x00b  c \r\n\r\n\r\n\r\nd ") == "ab c\n\nd"
    assert tidy("one\ttwo") == "one two"
    assert tidy("e\x00\u0301") == "é"
    assert tidy_line(" one\n two ") == "one two"
    assert tidy(None) == ""


def test_paragraphs_lists_and_links_are_drawn():
    shown = str(prose("Hello\nthere\n\n- one\n- two\n\nSee https://example.org/x"))
    assert "<p>Hello<br>there</p>" in shown
    assert "<ul><li>one</li><li>two</li></ul>" in shown
    assert 'href="https://example.org/x" rel="nofollow noopener ugc"' in shown


def test_markup_that_people_type_is_shown_not_obeyed():
    assert "&lt;img" in str(prose("<img src=x onerror=alert(1)>"))


def test_imported_markup_becomes_plain_words():
    assert plain("<p>Tea &amp; <b>cake</b></p>") == "Tea & cake"
