"""A test client that refuses to return a bad page."""

import re

import html5lib
from flask.testing import FlaskClient
from lxml.etree import XPath

from marketplace.kit.headers import EARLY_SCRIPT
from tests import pages

BANNED = re.compile(
    r"service users?\b|\bsuccessfully\b|\bclick here\b|\boops\b|\bplease note\b|suffers? from", re.IGNORECASE
)


class CarefulClient(FlaskClient):
    """Fetches pages as a browser would, and looks at each as a strict reader would."""

    # Both databases make the same pages, so their grammar is read on SQLite alone.
    reads_strictly = True

    def open(self, *args, **kwargs):
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in {301, 302, 303, 307, 308}:
            html = response.get_data(as_text=True)
            look_at(html, response.headers)
            if self.reads_strictly:
                read_strictly(html)
        return response

    def fill_in(self, url, **answers):
        """Open a page, fill in its form and send it, as a person would. CSRF stays on."""
        form = pages.form(pages.read(self.get(url).text))
        assert form is not None, f"{url} has no form to fill in"
        return self.post(form.get("action") or url, data=pages.hidden(form) | answers)

    def press(self, url, button):
        """Open a page and press one of its buttons, by its words."""
        for form in POSTING(pages.read(self.get(url).text)):
            pressed = form.find(".//button")
            if pressed is not None and pages.words(pressed) == button:
                return self.post(form.get("action") or url, data=pages.hidden(form))
        raise AssertionError(f"{url} has no button that says {button!r}")


def look_at(html, headers):
    """Fail on anything in a page that a strict reader, or a screen reader, would stumble over."""
    page = pages.read(html)
    assert len(H1(page)) == 1, "a page has exactly one h1"
    title = page.find("head/title")
    assert title is not None, "a page has a title"
    assert pages.words(title), "a title has words"
    ids = IDS(page)
    assert len(ids) == len(set(ids)), f"an id is used once: {sorted(i for i in ids if ids.count(i) > 1)}"
    for form in POSTING(page):
        # How somebody reads, and where they are, is asked on pages that are the same for everybody: who sent it is
        # seen by its headers.
        assert TOKEN(form) or form.get("action") in {"/reading", "/near"}, "a form that posts carries a CSRF token"
    labelled = set(LABELLED(page))
    for control in CONTROLS(page):
        assert control.get("aria-label") or control.get("id", "") in labelled, f"{pages.source(control)} has a label"
    for image in IMAGES_WITHOUT_WORDS(page):
        raise AssertionError(f"{pages.source(image)} has words")
    for script in OWN_SCRIPTS(page):
        data_block = script.get("type") in {"application/ld+json", "application/json"}
        assert data_block or script.text == EARLY_SCRIPT, "a script stands in a file, but for the one the policy knows"
    assert not STYLED(page), "the policy forbids style attributes: use a class"
    assert not HANDLING(page), "no inline handlers"
    assert "Content-Security-Policy" in headers, "every page has its policy"
    main = page.find(".//main")
    assert main is not None, "a page has a main part"
    words = BANNED.search(pages.words(main))
    assert not words, f"say it another way: {words}"


H1 = XPath("//h1")
IDS = XPath("//@id")
POSTING = XPath("//form[@method='post'][not(@action='/reading' or @action='/near')]")
"""The forms that post, but for how one reads and where one is: those stand on pages that are kept for everybody."""
TOKEN = XPath(".//input[@name='csrf_token']")
LABELLED = XPath("//label/@for")
CONTROLS = XPath("//input[not(@type='hidden' or @type='submit')] | //select | //textarea")
IMAGES_WITHOUT_WORDS = XPath("//img[not(@alt)]")
OWN_SCRIPTS = XPath("//script[not(@src)]")
STYLED = XPath("//*[@style]")
HANDLING = XPath("//*[@onclick or @onchange or @onsubmit]")


# Plain words cannot break a page's grammar, wherever they stand. Nor can an attribute's value, unless it is a type.
PLAIN = r"""(?:[\w\s.,:;!?/()'’‘“”…£%+#@*|=·–—-]|&(?:amp|lt|gt|quot|\#3[49]);)"""
WORDS = re.compile(rf">(?!\s*+<){PLAIN}*+(?=<)")
VALUE = re.compile(rf'(?<!type)="{PLAIN}*+"')
_read = set()


def read_strictly(html):
    """Fail on a page whose grammar a browser would have to mend.

    That is slow, so each pattern of tags is read once: of what stands around a page, and of its main part by itself.
    """
    around, main = _in_two(html)
    if _is_new(around):
        html5lib.HTMLParser(strict=True).parse(around)
    if _is_new(main):
        html5lib.HTMLParser(strict=True).parseFragment(main, container="body")


def _in_two(html):
    """Return a page without what is in its main part, and its main part."""
    begins, ends = html.index("<main"), html.index("</main>")
    return html[:begins] + "<main>" + html[ends:], html[begins:ends] + "</main>"


def _is_new(html):
    tags = hash(VALUE.sub('=""', WORDS.sub(">words", html)))
    if tags in _read:
        return False
    _read.add(tags)
    return True
