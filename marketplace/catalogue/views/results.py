"""The results page: all of what was asked is in its address."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from urllib.parse import urlencode

from flask import render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public, viewer
from marketplace.catalogue import queries
from marketplace.catalogue.forms import looking
from marketplace.catalogue.forms.looking import DISTANCES, Looking
from marketplace.catalogue.views import results_helped, results_map, results_panel
from marketplace.catalogue.views.blueprint import bp
from marketplace.catalogue.views.results_cards import results_of, shown
from marketplace.catalogue.views.results_helped import TOO_FEW, Loosened, Told
from marketplace.catalogue.views.results_map import ResultsMap
from marketplace.catalogue.views.results_panel import FilterGroup, Link, Shelving, href
from marketplace.catalogue.views.shortlist import shortlisted
from marketplace.catalogue.views.shown import today
from marketplace.kit.db import BusyError, db, transaction
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.limits import limiter
from marketplace.kit.pages import Slice
from marketplace.kit.places import Place, UnknownPlaceError, miles
from marketplace.kit.sentences import one_word, worded
from marketplace.search import queries as search
from marketplace.search import rules as search_rules
from marketplace.search import services as searching
from marketplace.search.rules import PAGE_SIZE, Found, Question, Sort
from marketplace.search.services import Searcher

SEARCHES = "600 per minute"
"""Questions from one address. A whole council office may share one, so this stops machines and not people."""

KEPT_MISSES = 20
"""How many of a visitor's fruitless questions we remember, so as to count each once."""

NEAREST_BEYOND = 3
"""How many results beyond the distance are shown when there is nothing within it."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """What is nearest outside the distance asked for: how far the first of them is, in whole miles."""

    miles: int
    cards: list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """
    What the results page shows besides the form itself.

    `is_counted` is false when there is so much that only a part was counted: then there is more than the slice says.
    """

    looking: Looking
    title: str
    place: Place | None
    place_problem: str
    groups: list[FilterGroup]
    applied: list[Link]
    clear_href: str
    everywhere_href: str
    need_href: str
    save_href: str
    cards: list[dict[str, object]] = field(default_factory=list)
    map: ResultsMap | None = None
    slice: Slice = field(default_factory=lambda: Slice(1, PAGE_SIZE, 0))
    is_counted: bool = True
    page_href: str = ""
    correction: Link | None = None
    is_corrected: bool = False
    is_loosened: bool = False
    is_widened: bool = False
    suggestions: list[Link] = field(default_factory=list)
    beyond: Beyond | None = None
    told: Told | None = None
    loosened: Loosened | None = None
    further: list[dict[str, object]] = field(default_factory=list)
    ways_on: list[Link] = field(default_factory=list)

    @property
    def is_past_the_end(self) -> bool:
        """Whether somebody asked for a page that is not there."""
        return self.slice.number > self.slice.pages

    @property
    def problems(self) -> list[dict[str, str]]:
        """What is the matter with what was typed, and where."""
        said = {"near": self.place_problem, "filter-price": self.looking.price_problem}
        return [{"text": text, "field": name} for name, text in said.items() if text]


@bp.get("/offers")
@public
@limiter.limit(SEARCHES)
def results() -> ResponseReturnValue:
    shelving = shelves()
    asked = looking.read(request.args, categories=shelving.names)
    place, problem = place_named(asked.near)
    found = None if problem else search.find(db.session, question_for(asked, place, shelving))
    page = _page(asked, place, problem, found, shelving)
    if found is not None and found.total == 0 and place is not None:
        _count_miss(asked, place, shelving)
    return render_template("catalogue/results.html", page=page), _status(page)


def shelves() -> Shelving:
    """Return the categories there are."""
    branches = queries.category_tree(db.session)
    hung = [shelf for branch in branches for shelf in branch.shelves]
    return Shelving(hung or queries.categories(db.session), branches)


def _status(page: ResultsPage) -> int:
    if page.problems or page.looking.left_out:
        return 422
    return 404 if page.is_past_the_end else 200


def place_named(near: str) -> tuple[Place | None, str]:
    """Return the place somebody typed, and what is the matter with it if there is none."""
    if not near:
        return None, ""
    try:
        return gazetteer().find(near), ""
    except UnknownPlaceError as error:
        return None, str(error)


def question_for(asked: Looking, place: Place | None, shelving: Shelving) -> Question:
    """Return what the search is asked for a look at the catalogue."""
    return Question(
        words=asked.q,
        near=place.point if place else None,
        within_metres=asked.within_metres if place else None,
        council=place.council if place else None,
        kinds=frozenset(asked.kinds),
        categories=shelving.meant(asked.categories, asked.aims),
        cost=asked.cost,
        setting=search_rules.Setting(asked.setting) if asked.setting else None,
        marks=asked.marks,
        dearest=asked.price.pence if asked.price else None,
        rated_at_least=asked.rated * 100 if asked.rated else None,
        rated_by=asked.rated_by,
        today=today(),
        # Nearest to nowhere is the best match: so it is offered, and so it is understood.
        sort=Sort.FIT if asked.sort is Sort.DISTANCE and not place else asked.sort,
        page=asked.page,
    )


def _page(asked: Looking, place: Place | None, problem: str, found: Found | None, shelving: Shelving) -> ResultsPage:
    plain = ResultsPage(
        looking=asked,
        title=_title(asked, place),
        place=place,
        place_problem=problem,
        groups=results_panel.groups(asked, shelving, found, has_place=place is not None),
        applied=results_panel.applied(asked, shelving.names),
        clear_href=href(asked.without_filters()) if asked.filters else "",
        everywhere_href=href(asked.but(near="")),
        need_href=_need_href(asked),
        save_href="" if asked.is_for_nothing else _save_href(asked),
        told=results_helped.told(asked, place) if asked.is_helped else None,
    )
    return _filled(plain, found, shelving) if found else plain


def _filled(page: ResultsPage, found: Found, shelving: Shelving) -> ResultsPage:
    asked, on, chosen = page.looking, today(), shortlisted()
    part = Slice(asked.page, PAGE_SIZE, found.total)
    is_empty, is_too_few = found.total == 0, asked.is_helped and found.total < TOO_FEW
    looser = _looser(asked, page.place, shelving, found) if is_too_few else None
    # All at once: what is known of some is asked for as quickly as of one.
    known = results_of((*found.hits, *(looser.hits if looser else ())), first=part.offset + 1, on=on)
    fits = {hit.id for hit in found.hits}
    listed = [each for each in known if each.hit.id in fits]
    further = [each for each in known if each.hit.id not in fits]
    numbered = [(each.number, each.card) for each in listed]
    drawn = results_map.drawn(page.place, numbered, within_metres=asked.within_metres) if page.place else None
    # What is marked is what was looked for.
    meant = asked.but(q=found.correction) if found.correction and found.is_corrected else asked
    return replace(
        page,
        cards=[shown(each, meant, page.place, chosen=chosen, is_numbered=drawn is not None, on=on) for each in listed],
        map=drawn,
        slice=part,
        is_counted=found.is_counted,
        page_href=_page_href(asked),
        correction=Link(found.correction, href(asked.but(q=found.correction))) if found.correction else None,
        is_corrected=found.is_corrected,
        is_loosened=found.is_loosened,
        is_widened=found.is_widened,
        suggestions=_suggestions(asked, shelving.names) if is_empty and not looser else [],
        beyond=_beyond(asked, page.place, shelving, on=on) if is_empty and page.place and not is_too_few else None,
        loosened=looser,
        further=[shown(each, asked, page.place, chosen=chosen, is_numbered=False, on=on) for each in further],
        ways_on=results_helped.ways_on(_save_href(asked), page.need_href) if is_too_few else [],
    )


def _looser(asked: Looking, place: Place | None, shelving: Shelving, found: Found) -> Loosened | None:
    """Return what is found with one thing left out, if that is more than before; without its cards."""
    without, looser = next(results_helped.looser(asked), ("", None))
    if looser is None:
        return None
    question = replace(question_for(looser, place, shelving), page_size=NEAREST_BEYOND + TOO_FEW)
    wider = search.find(db.session, question)
    known = {hit.id for hit in found.hits}
    hits = tuple(hit for hit in wider.hits if hit.id not in known)[:NEAREST_BEYOND]
    return Loosened(without, looser, wider.total, hits) if hits and wider.total > found.total else None


def _beyond(asked: Looking, place: Place, shelving: Shelving, *, on: date) -> Beyond | None:
    """Return what would be found at any distance, the nearest of it, when there is nothing within the one asked for."""
    if asked.within is None:
        return None
    question = question_for(asked.but(within=None, sort=Sort.DISTANCE), place, shelving)
    found = search.find(db.session, replace(question, page_size=NEAREST_BEYOND))
    far = [hit for hit in found.hits if hit.distance_metres is not None]
    if not far or found.is_loosened:
        return None
    listed = results_of(far, first=1, on=on)
    return Beyond(
        miles=round(miles(far[0].distance_metres or 0)),
        cards=[shown(each, asked, place, chosen=shortlisted(), is_numbered=False, on=on) for each in listed],
    )


def _title(asked: Looking, place: Place | None) -> str:
    what = f"“{asked.q}”" if asked.q else one_word("Support")
    return worded("{what} near {name}", what=what, name=place.name) if place else what if asked.q else "Find support"


def _suggestions(asked: Looking, names: Mapping[str, str]) -> list[Link]:
    """Return what else to try when nothing was found: wider first, then without each filter, then other words."""
    links = []
    if asked.near and asked.within is not None:
        links += [
            Link(worded("Look within {miles} miles", miles=miles), href(asked.but(within=miles)))
            for miles in DISTANCES
            if miles > asked.within and miles >= looking.USUAL_DISTANCE
        ]
        links.append(Link("Look at any distance", href(asked.but(within=None))))
    links += [
        Link(worded("Leave out “{text}”", text=link.text), link.href) for link in results_panel.applied(asked, names)
    ]
    if asked.q:
        links.append(Link("See everything, whatever its words", href(asked.but(q=""))))
    return links


def _need_href(asked: Looking) -> str:
    category = asked.categories[0] if len(asked.categories) == 1 else None
    return url_for("catalogue.need", near=asked.near or None, category=category)


def _save_href(asked: Looking) -> str:
    return url_for("catalogue.save_search", **asked.but(is_helped=False).address())


def _page_href(asked: Looking) -> str:
    kept = urlencode(asked.but().address(), doseq=True)
    return url_for("catalogue.results") + f"?{kept}{'&' if kept else ''}page="


def searcher() -> Searcher:
    """Return who is searching, as far as counting needs it."""
    return Searcher(person_id=viewer().person_id, address=request.remote_addr or "")


def _count_miss(asked: Looking, place: Place, shelving: Shelving) -> None:
    """
    Count that something was looked for here and not found, so that the council can see what is missing.

    This page is a GET and yet it writes, because the search itself is the news. It changes nothing that anybody sees,
    keeps neither the words nor who asked, and a visitor who asks the same again is counted once.
    """
    if request.method != "GET" or asked.page > 1 or asked.left_out or asked.price_problem:
        return
    council, on, meant = place.council, today(), shelving.meant(asked.categories, asked.aims)
    category = next(iter(meant)) if len(meant) == 1 else ""
    mark = hashlib.sha256(
        f"{asked.q.casefold()}|{sorted(asked.categories)}|{sorted(asked.aims)}|{council}".encode()
    ).hexdigest()[:10]
    known: list[str] = session.get("misses", [])
    if mark in known:
        return
    # Who looks for something gets an answer, even if it cannot be counted.
    with suppress(BusyError):
        with transaction() as writing:
            searching.count_search_in_vain(
                writing, by=searcher(), council=council, category=category or None, now=datetime.now(UTC)
            )
        session["misses"] = [*known, mark][-KEPT_MISSES:]
        # Somebody who goes on to tell us what they need is the same somebody.
        session["missed"] = f"{council}/{category}/{on.isoformat()}"
