"""Reads the site's pages, fast: tests read them by the thousand."""

from lxml import html
from lxml.etree import XPath

_parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
_form = XPath(
    "//main//form[@method='post'][not(contains(concat(' ', normalize-space(@class), ' '), ' button-form '))]"
    "[not(@action='/reading')]"
)
_hidden = XPath(".//input[@type='hidden']")
_texts = XPath(".//text()[not(parent::script or parent::style)]")


def read(page):
    """Return the root of a page's tree, to be asked by XPath."""
    return html.document_fromstring(page.encode(), parser=_parser)


def form(page):
    """Return the form that a page is about, or nothing if it is about none."""
    return next(iter(_form(page)), None)


def hidden(form):
    """Return what a form sends that nobody fills in."""
    return {tag.get("name"): tag.get("value", "") for tag in _hidden(form)}


def source(element):
    """Return an element as it is written."""
    return html.tostring(element, encoding="unicode", with_tail=False)


def words(element):
    """Return what can be read in a part of a page, with one space wherever there is any."""
    return " ".join(" ".join(_texts(element)).split())
