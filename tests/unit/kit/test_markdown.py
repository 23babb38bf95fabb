import pytest

from marketplace.kit.markdown import Heading, Shot, id_of, without_remarks, written

START = "# A title\n\nWhat it is\nabout.\n\n"


def page(words, link=lambda target: f"/there/{target}"):
    return written(START + words, link=link, shot=lambda source: Shot("n.png", "w.png", 1280, 900))


def test_a_page_has_a_title_a_first_paragraph_and_the_rest():
    made = page("The rest.\n")
    assert (made.title, made.lead, made.body) == ("A title", "What it is about.", "<p>The rest.</p>\n")


@pytest.mark.parametrize("words", ["No title.\n", "# A title\n\n- a list\n", ""])
def test_a_page_that_begins_otherwise_is_refused(words):
    with pytest.raises(ValueError, match="begins with a title"):
        written(words, link=lambda target: target, shot=lambda source: None)


def test_headings_are_gone_to_as_everywhere_else():
    made = page("## What’s new?\n\nMore.\n\n### Small\n\nLess.\n")
    assert made.headings == (Heading("whats-new", "What’s new?"),)
    assert '<h2 id="whats-new">' in made.body
    assert '<h3 id="small">' in made.body
    assert id_of("Ask for it") == "ask-for-it"


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>\n", "Words <img src=x onerror=alert(1)>.\n", "[x](javascript:alert(1))\n"]
)
def test_html_is_words_and_no_script_gets_in(words):
    made = page(words, link=lambda target: None)
    assert "<script" not in made.body
    assert "<img" not in made.body
    assert "<a" not in made.body


def test_links_lead_where_the_site_has_the_page():
    assert '<a href="/there/b.md">other</a>' in page("See [other](b.md).\n").body
    assert '<a href="https://example.org">out</a>' in page("See [out](https://example.org).\n").body


def test_a_link_to_what_the_site_does_not_show_says_where_to_look():
    made = page("See [all of it](../demand.md) or [this](b.md).\n", link=lambda t: None if ".." in t else f"/x/{t}")
    assert made.body == '<p>See all of it (docs/demand.md) or <a href="/x/b.md">this</a>.</p>\n'


def test_an_address_of_the_site_is_a_link_and_a_command_is_not():
    made = page("Open `/offers?q=tea&near=M33`, or type `flask <doctor>`.\n")
    assert '<a href="/offers?q=tea&amp;near=M33">/offers?q=tea&amp;near=M33</a>' in made.body
    assert "<code>flask &lt;doctor&gt;</code>" in made.body


def test_a_picture_is_there_in_two_widths_and_in_words():
    body = page("![A “list” & more](pictures/find-1280.png)\n").body
    assert '<source media="(max-width: 40em)" srcset="n.png">' in body
    assert '<img src="w.png" alt="A “list” &amp; more" width="1280" height="900" loading="lazy">' in body


def test_what_writers_say_to_each_other_is_not_shown():
    assert without_remarks("One.\n\n<!-- anyone: open / -->\n![It](a.png)\n") == "One.\n\n![It](a.png)\n"
