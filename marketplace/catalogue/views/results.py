"""The results page: all of what was asked is in its address."""

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public
from marketplace.catalogue import queries
from marketplace.catalogue.forms import looking
from marketplace.catalogue.forms.looking import ANY, DISTANCES, Looking
from marketplace.catalogue.queries import CategoryLine
from marketplace.catalogue.rules import CategorySlug, OfferId, ProviderKind
from marketplace.catalogue.views.blueprint import bp
from marketplace.catalogue.views.shown import beginning, card_shown, marked, today
from marketplace.kit.db import BusyError, db, transaction
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.limits import limiter
from marketplace.kit.pages import Slice
from marketplace.kit.places import CouncilCode, Place, UnknownPlaceError
from marketplace.ratings import queries as ratings
from marketplace.search import queries as search
from marketplace.search import services as searching
from marketplace.search.rules import PAGE_SIZE, Cost, Found, Question, Sort

SEARCHES = "600 per minute"
"""Questions from one address. A whole council office may share one, so this stops machines and not people."""

KEPT_MISSES = 20
"""How many of a visitor's fruitless questions we remember, so as to count each once."""


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to go on to."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter; `count` is how many there would be with it, None where nobody counted."""

    value: object
    text: str
    is_on: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter, as the filter panel draws it: its `type` is checkbox, radio or select."""

    name: str
    legend: str
    type: str
    options: list[Option]


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """What the results page shows besides the form itself."""

    looking: Looking
    title: str
    place: Place | None
    place_problem: str
    groups: list[Filter]
    applied: list[Link]
    clear_href: str
    everywhere_href: str
    cards: list[dict[str, object]] = field(default_factory=list)
    slice: Slice = field(default_factory=lambda: Slice(1, PAGE_SIZE, 0))
    page_href: str = ""
    correction: Link | None = None
    is_loosened: bool = False
    suggestions: list[Link] = field(default_factory=list)

    @property
    def is_past_the_end(self) -> bool:
        """Whether somebody asked for a page that is not there."""
        return self.slice.number > self.slice.pages


@bp.get("/offers")
@public
@limiter.limit(SEARCHES)
def results() -> ResponseReturnValue:
    shelves = queries.categories(db.session)
    asked = looking.read(request.args, categories={shelf.slug for shelf in shelves})
    place, problem = _place(asked.near)
    found = None if problem else search.find(db.session, _question(asked, place))
    page = _page(asked, place, problem, found, shelves)
    if found is not None and found.total == 0 and place is not None:
        _count_miss(asked, place.council)
    return render_template("catalogue/results.html", page=page), _status(page)


def _status(page: ResultsPage) -> int:
    if page.place_problem or page.looking.left_out:
        return 422
    return 404 if page.is_past_the_end else 200


def _place(near: str) -> tuple[Place | None, str]:
    if not near:
        return None, ""
    try:
        return gazetteer().find(near), ""
    except UnknownPlaceError as error:
        return None, str(error)


def _question(asked: Looking, place: Place | None) -> Question:
    return Question(
        words=asked.q,
        near=place.point if place else None,
        within_metres=asked.within_metres if place else None,
        kinds=frozenset(asked.kinds),
        categories=frozenset(asked.categories),
        cost=asked.cost,
        sort=asked.sort,
        page=asked.page,
    )


def _page(
    asked: Looking, place: Place | None, problem: str, found: Found | None, shelves: Iterable[CategoryLine]
) -> ResultsPage:
    counts = found.counts if found else {}
    names = {shelf.slug: shelf.name for shelf in shelves}
    part = Slice(asked.page, PAGE_SIZE, found.total if found else 0)
    correction = found.correction if found else None
    return ResultsPage(
        looking=asked,
        title=_title(asked, place),
        place=place,
        place_problem=problem,
        groups=_groups(asked, names, counts, has_place=place is not None),
        applied=_applied(asked, names),
        clear_href=_href(asked.without_filters()) if asked.filters else "",
        everywhere_href=_href(asked.but(near="")),
        cards=_cards(asked, found) if found else [],
        slice=part,
        page_href=_page_href(asked),
        correction=Link(correction, _href(asked.but(q=correction))) if correction else None,
        is_loosened=bool(found and found.is_loosened),
        suggestions=_suggestions(asked, names) if found is not None and found.total == 0 else [],
    )


def _title(asked: Looking, place: Place | None) -> str:
    what = f"“{asked.q}”" if asked.q else "Support"
    return f"{what} near {place.name}" if place else what if asked.q else "Find support"


def _cards(asked: Looking, found: Found) -> list[dict[str, object]]:
    far = {OfferId(hit.id): hit.distance_metres for hit in found.hits}
    cards = queries.cards_for(db.session, offer_ids=list(far), on=today())
    summaries = ratings.summaries_for(db.session, offer_ids=[card.id for card in cards])
    return [
        card_shown(
            card,
            rating=summaries.get(card.id),
            title=marked(search.highlight(card.title, asked.q)),
            summary=marked(beginning(search.highlight(card.description, asked.q))),
            distance_metres=far[card.id],
        )
        for card in cards
    ]


def _groups(
    asked: Looking,
    names: dict[CategorySlug, str],
    counts: Mapping[str, Mapping[str, int]],
    *,
    has_place: bool,
) -> list[Filter]:
    def count(name: str, value: str) -> int | None:
        return counts[name].get(value, 0) if counts else None

    near = [_distance_group(asked), _sort_group(asked)] if has_place else []
    kinds = [Option(kind, kind.words, kind in asked.kinds, count("kind", kind)) for kind in ProviderKind]
    costs = [
        Option(ANY, "Free or not", asked.cost is None),
        Option(Cost.FREE, "Free", asked.cost is Cost.FREE, count("cost", Cost.FREE)),
        Option(Cost.PAID, "Has a price, or ask", asked.cost is Cost.PAID, count("cost", Cost.PAID)),
    ]
    categories = [
        Option(slug, name, slug in asked.categories, count("category", slug))
        for slug, name in names.items()
        # A shelf with nothing on it is no choice, unless nothing at all was found.
        if slug in asked.categories or count("category", slug) or not counts.get("category")
    ]
    return [
        *near,
        Filter("kind", "Who offers it", "checkbox", kinds),
        Filter("cost", "Cost", "radio", costs),
        Filter("category", "Kind of support", "checkbox", categories),
    ]


def _distance_group(asked: Looking) -> Filter:
    options = [
        Option(miles, f"Within {miles} {'mile' if miles == 1 else 'miles'}", asked.within == miles)
        for miles in DISTANCES
    ]
    return Filter("within", "How far", "select", [*options, Option(ANY, "Any distance", asked.within is None)])


def _sort_group(asked: Looking) -> Filter:
    options = [
        Option(Sort.FIT, "Best match first", asked.sort is Sort.FIT),
        Option(Sort.DISTANCE, "Nearest first", asked.sort is Sort.DISTANCE),
    ]
    return Filter("sort", "Order", "select", options)


def _applied(asked: Looking, names: dict[CategorySlug, str]) -> list[Link]:
    """Return each filter that is on, with the address of the same look without it."""
    links = [Link(ProviderKind(kind).words, _href(asked.without_kind(kind))) for kind in asked.kinds]
    links += [Link(names[CategorySlug(slug)], _href(asked.without_category(slug))) for slug in asked.categories]
    if asked.cost is not None:
        links.append(Link("Free" if asked.cost is Cost.FREE else "Has a price, or ask", _href(asked.but(cost=None))))
    if asked.near and asked.within not in {None, looking.USUAL_DISTANCE}:
        links.append(Link(f"Within {asked.within} miles", _href(asked.but(within=looking.USUAL_DISTANCE))))
    return links


def _suggestions(asked: Looking, names: dict[CategorySlug, str]) -> list[Link]:
    """Return what else to try when nothing was found: wider first, then without each filter, then other words."""
    links = []
    if asked.near and asked.within is not None:
        links += [
            Link(f"Look within {miles} miles", _href(asked.but(within=miles)))
            for miles in DISTANCES
            if miles > asked.within and miles >= looking.USUAL_DISTANCE
        ]
        links.append(Link("Look at any distance", _href(asked.but(within=None))))
    links += [Link(f"Leave out “{link.text}”", link.href) for link in _applied(asked, names)]
    if asked.q:
        links.append(Link("See everything, whatever its words", _href(asked.but(q=""))))
    return links


def _href(asked: Looking) -> str:
    return url_for("catalogue.results", **asked.address())


def _page_href(asked: Looking) -> str:
    kept = urlencode(asked.but().address(), doseq=True)
    return url_for("catalogue.results") + f"?{kept}{'&' if kept else ''}page="


def _count_miss(asked: Looking, council: CouncilCode) -> None:
    """
    Remember that something was looked for here and not found, so that the council can see what is missing.

    This page is a GET and yet it writes, because the search itself is the news. It changes nothing that anybody sees,
    keeps neither the words nor who asked, and a visitor who asks the same again is counted once.
    """
    if request.method != "GET" or asked.page > 1 or asked.left_out:
        return
    mark = hashlib.sha256(f"{asked.q.casefold()}|{sorted(asked.categories)}|{council}".encode()).hexdigest()[:10]
    known: list[str] = session.get("misses", [])
    if mark in known:
        return
    # Who looks for something gets an answer, even if it cannot be counted.
    with suppress(BusyError):
        with transaction() as writing:
            searching.record_miss(
                writing,
                council=council,
                category=asked.categories[0] if len(asked.categories) == 1 else None,
                on=today(),
            )
        session["misses"] = [*known, mark][-KEPT_MISSES:]
