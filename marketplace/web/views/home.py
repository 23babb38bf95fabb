"""The front page: every way in, what waits for whoever is signed in, and what people have changed together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public, viewer
from marketplace.accounts.queries.accounts import council_of
from marketplace.brokerage.queries import library_search as library
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.queries import CategoryLine
from marketplace.catalogue.rules.aims import Aim
from marketplace.demand.queries import signals as demand
from marketplace.demand.rules.nouns import SignalKind
from marketplace.kit.addresses import is_sent_from_here
from marketplace.kit.db import db
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.places import Place, Precision, UnknownPlaceError
from marketplace.kit.text import tidy_line
from marketplace.pooling import queries as pooling
from marketplace.pooling.queries import stories as pool_stories
from marketplace.ratings.queries import changes
from marketplace.web.queries.waiting import waiting_for
from marketplace.web.views.blueprint import bp

POOLS = 3
STORIES = 3
CHANGES = 2
"""How many of each kind of change are told: of those done by providers, of pools, of councils' answers."""

CONFIRMED_LATELY = timedelta(days=90)
REMEMBERED = "near"
"""What the session calls the place that a visitor asked us to remember."""
LONGEST_PLACE = 100


@dataclass(frozen=True, slots=True)
class Way:
    """One aim as a way in, and how many offers help with it."""

    aim: Aim
    href: str
    offers: int


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    now, remembered = datetime.now(UTC), session.get(REMEMBERED, "")
    place, shelves = _place(remembered), catalogue.categories_with_counts(db.session)
    answers = demand.newest_signals(db.session, kind=SignalKind.ANSWER, limit=CHANGES)
    return render_template(
        "web/home.html",
        waits=waiting_for(db.session, viewer=viewer(), now=now),
        ways=_ways(shelves),
        offers=sum(shelf.offers for shelf in shelves),
        near=remembered,
        place=place,
        pools=pooling.pools_forming(db.session, now=now, limit=POOLS, place=place),
        told_stories=_stories(),
        done=changes.newest_done(db.session, limit=CHANGES),
        confirmed=pooling.pools_confirmed(db.session, now=now, since=now - CONFIRMED_LATELY, limit=CHANGES),
        answers=[(answer, gazetteer().council(answer.council).name) for answer in answers],
    )


@bp.post("/near")
@public
def near() -> ResponseReturnValue:
    """
    Go to what is near a place. It is remembered only for those who tick the box, and forgotten when they say so.

    It carries no token, or the page that shows its form could not be kept: so we ask where it was sent from.
    """
    typed = tidy_line(request.form.get("near"))[:LONGEST_PLACE]
    if not is_sent_from_here():
        abort(403)
    if request.form.get("forget"):
        session.pop(REMEMBERED, None)
        flash("Forgotten. We no longer know where you are.")
        return redirect(url_for(".home"), 303)
    if request.form.get("remember") and _found(typed):
        session[REMEMBERED] = typed
    # What cannot be found is said there, beside the box, with what was typed in it.
    return redirect(url_for("catalogue.results", near=typed or None, sort="distance"), 303)


def _stories() -> Sequence[object]:
    """Return the newest stories: of people, and among them one of a pool if there is any."""
    own = library.newest_stories(db.session, limit=STORIES)
    pooled = pool_stories.newest_stories(db.session, limit=STORIES)
    return [*own[: STORIES - bool(pooled)], *pooled][:STORIES]


def _place(remembered: str) -> Place | None:
    """Return where the visitor is: as they asked us to remember, or else the council they said they live in."""
    if remembered:
        return _found(remembered)
    person_id = viewer().person_id
    council = viewer().council or (council_of(db.session, person_id=person_id) if person_id else None)
    if council is None:
        return None
    known = gazetteer()
    return Place(known.council(council).name, known.middle_of(council), council, Precision.COUNCIL)


def _found(typed: str) -> Place | None:
    try:
        return gazetteer().find(typed)
    except UnknownPlaceError:
        return None


def _ways(shelves: Sequence[CategoryLine]) -> list[Way]:
    """Return the aims that the catalogue has categories for, each with its offers; without a catalogue none."""
    counted = {shelf.slug: shelf.offers for shelf in shelves}
    return [
        Way(aim, url_for("catalogue.results", aim=aim), sum(counted.get(slug, 0) for slug in aim.categories))
        for aim in Aim
        if counted.keys() & set(aim.categories)
    ]
