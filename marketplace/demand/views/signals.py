"""What councils post, for everybody to read: by place, one by one, and as a feed."""

from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID, uuid5

from flask import Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public
from marketplace.demand.queries import signals as queries
from marketplace.demand.queries.signals import SignalCard
from marketplace.demand.rules.nouns import SignalId, SignalKind
from marketplace.demand.rules.signals import KIND_TITLES
from marketplace.demand.views.blueprint import bp
from marketplace.kit.addresses import page_address
from marketplace.kit.atom import Channel, Entry, atom
from marketplace.kit.db import db
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.limits import FEED, limiter
from marketplace.kit.pages import page_number
from marketplace.kit.places import Council, CouncilCode, UnknownPlaceError
from marketplace.kit.sentences import worded
from marketplace.kit.text import tidy_line

_LONGEST_PLACE = 100
_FEEDS = UUID("a3d1c7a4-6b2e-4d0b-9a53-4c39d2b4be10")
"""The namespace of the feeds' ids: drawn once, so that a feed stays the same one wherever the site moves."""


def council_asked_for() -> tuple[str, Council | None, str]:
    """Return the place that the address asks for, its council, and what is the matter if there is none."""
    near = tidy_line(request.args.get("near"))[:_LONGEST_PLACE]
    if not near:
        return "", None, ""
    try:
        return near, gazetteer().council(gazetteer().find(near).council), ""
    except UnknownPlaceError as error:
        return near, None, str(error)


def signal_address(signal_id: SignalId) -> str:
    """Return where something that was posted is read, for letters and feeds."""
    return page_address("demand.signal", {"signal_id": signal_id})


def names_of(cards: tuple[SignalCard, ...]) -> dict[CouncilCode, str]:
    """Return the names of the councils that posted these."""
    return {card.council: gazetteer().council(card.council).name for card in cards}


@bp.get("/signals")
@public
def signals() -> ResponseReturnValue:
    near, council, problem = council_asked_for()
    kind = _kind(request.args.get("kind"))
    page = queries.signals(
        db.session,
        councils=(council.code,) if council else (),
        kind=kind,
        page=page_number(request.args.get("page")),
    )
    asked = {"near": near, "kind": kind.value if kind else ""}
    return render_template(
        "demand/signals.html",
        page=page,
        near=near,
        council=council,
        problem=problem,
        kind=kind,
        kinds=KIND_TITLES,
        names=names_of(page.signals),
        asked=urlencode({name: value for name, value in asked.items() if value}),
    ), 422 if problem else 200


@bp.get("/signals/<uuid:signal_id>")
@public
def signal(signal_id: UUID) -> ResponseReturnValue:
    it = queries.signal_page(db.session, signal_id=SignalId(signal_id)) or abort(404)
    page = render_template(
        "demand/signal.html",
        it=it,
        council=gazetteer().council(it.council),
        answers=queries.answers_to(db.session, signal_id=it.id),
    )
    return page, 410 if it.withdrawn_at else 200


@bp.get("/signals/new.atom")
@limiter.limit(FEED)
@public
def signals_atom() -> ResponseReturnValue:
    code = request.args.get("council", "").strip()
    council = gazetteer().council(CouncilCode(code)) if code else None
    cards = queries.newest_signals(db.session, councils=(council.code,) if council else ())
    names, query = names_of(cards), f"?council={council.code}" if council else ""
    channel = Channel(
        id=uuid5(_FEEDS, worded("signals {code}", code=council.code if council else "")),
        title=worded("What {name} would like to see", name=council.name)
        if council
        else "What councils would like to see",
        author=current_app.config["SITE_NAME"],
        address=page_address("demand.signals_atom") + query,
        page=page_address("demand.signals") + (f"?{urlencode({'near': council.name})}" if council else ""),
    )
    entries = [
        Entry(card.id, card.title, card.words, names[card.council], signal_address(card.id), card.posted_at)
        for card in cards
    ]
    feed = atom(channel, entries, now=datetime.now(UTC))
    return Response(feed, mimetype="application/atom+xml", headers={"Cache-Control": "public, max-age=300"})


def _kind(asked: str | None) -> SignalKind | None:
    return SignalKind(asked) if asked in set(SignalKind) else None
