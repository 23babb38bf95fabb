"""What somebody may be about to type into the search box. An enhancement: nothing needs it."""

from collections.abc import Iterable
from typing import Final

from flask import Response, jsonify, request

from marketplace.accounts.access import public
from marketplace.catalogue import queries
from marketplace.catalogue.views.blueprint import bp
from marketplace.kit.db import db
from marketplace.kit.limits import limiter
from marketplace.search import queries as search
from marketplace.search.queries import MOST_COMPLETIONS

LETTERS: Final = "300 per minute"
"""Questions from one address: several people may type there, each a letter or two a second."""

KEPT_SECONDS = 300
"""How long a browser may keep an answer. New offers are found at once; only what is suggested waits."""


@bp.get("/offers/suggest")
@public
@limiter.limit(LETTERS)
def suggest() -> Response:
    typed = request.args.get("q", "")
    found = search.completions(db.session, typed)
    titles = queries.live_titles(db.session, offer_ids=found.documents)
    response = jsonify(suggestions=_chosen(found.words, _categories(typed), titles))
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return response


def _categories(typed: str) -> list[str]:
    """Return the categories with a word that begins as the last one typed does."""
    begun = typed.casefold().split()[-1:] if typed and not typed[-1].isspace() else []
    if not begun or len(begun[0]) < 2:  # noqa: PLR2004  (one letter says nothing)
        return []
    names = [line.name for line in queries.categories(db.session)]
    return [name for name in names if any(word.startswith(begun[0]) for word in name.casefold().split())]


def _chosen(words: Iterable[str], categories: Iterable[str], titles: Iterable[str]) -> list[str]:
    """Return up to eight of all three: words first, but never so many that there is no room for the others."""
    few = [*list(words)[:4], *list(categories)[:2], *list(titles)[:4], *list(words)[4:], *list(titles)[4:]]
    different: dict[str, str] = {}
    for each in few:
        different.setdefault(each.casefold(), each)
    return list(different.values())[:MOST_COMPLETIONS]
