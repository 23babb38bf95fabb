"""Pages are made of the pieces that there are: nobody draws a card, a notice, a tag or a table by hand again."""

import re

import pytest

from tests.house.codebase import ROOT

PAGES = sorted(
    path
    for path in ROOT.rglob("templates/**/*.html")
    if not {"components", "design", "stationery"} & set(path.relative_to(ROOT).parts)
)
BY_HAND = {
    "card": re.compile(r'class="card[ "]'),
    "notice": re.compile(r'class="notice[ "]'),
    "status_tag": re.compile(r'<span class="tag[ "]'),
    "empty_state": re.compile(r'class="empty"'),
    "figures": re.compile(r"<table\b"),
    "stars": re.compile(r'class="rating__stars"'),
    "money_bar": re.compile(r'class="money-bar'),
    "pool_progress": re.compile(r'class="pool[ "_-]'),
    "progress_bar": re.compile(r"<progress\b"),
    "field": re.compile(r'<(?:select|textarea)\b(?![^>]*\bclass="govuk)'),
}
ALLOWED = {
    # A line of a numbered list that is itself the card: an article in it would be read twice.
    ("card", "brokerage/quoting_list.html"),
    ("card", "catalogue/history.html"),
    ("card", "purchasing/terms.html"),
    # A part of a form, not one of several things of a kind.
    ("card", "catalogue/answer.html"),
    # A card with a class of its own: a line that can be tried out without counting.
    ("card", "brokerage/cost_all.html"),
    # Tables of boxes to tick, of times of the week, or of things beside each other: no table of figures.
    ("figures", "catalogue/_ask_times.html"),
    ("figures", "catalogue/_offer_week.html"),
    ("figures", "catalogue/_offer_price.html"),
    ("figures", "catalogue/_offer_together.html"),
    ("figures", "catalogue/compare.html"),
    ("figures", "brokerage/choosing_quotes.html"),
}


def drawn_by_hand(path):
    """Return which pieces a page draws by hand although there is a component."""
    words, name = path.read_text(), "/".join(path.parts[-2:])
    return {piece for piece, pattern in BY_HAND.items() if pattern.search(words) and (piece, name) not in ALLOWED}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_use_the_pieces_that_there_are(path):
    assert drawn_by_hand(path) == set(), "use the component of that name, or say in ALLOWED why not"


def test_every_exception_is_still_needed():
    named = {"/".join(path.parts[-2:]): path.read_text() for path in PAGES}
    stale = [(piece, name) for piece, name in ALLOWED if not BY_HAND[piece].search(named.get(name, ""))]
    assert not stale
