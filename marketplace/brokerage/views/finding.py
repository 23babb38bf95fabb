"""Pages on which one looks for what would help with a line of a plan, and takes it with one press."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import signed_in, viewer
from marketplace.brokerage.queries.lines import Line
from marketplace.brokerage.queries.plans import PlanSeen
from marketplace.brokerage.rules.costing import things_to_look_for
from marketplace.brokerage.rules.nouns import CostedBy
from marketplace.brokerage.services import lines as services
from marketplace.brokerage.services.lines import Choice
from marketplace.brokerage.views.blueprint import bp
from marketplace.brokerage.views.lines import line_of_page
from marketplace.brokerage.views.plans import today, written_plan
from marketplace.catalogue.forms.looking import Looking
from marketplace.catalogue.rules import OfferId
from marketplace.catalogue.views.results import SEARCHES, place_named, question_for, shelves
from marketplace.catalogue.views.results_cards import results_of
from marketplace.catalogue.views.shown import card_shown
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import NotFoundError
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.limits import limiter
from marketplace.kit.text import tidy_line
from marketplace.pooling.queries.lists import PoolCard, my_pools, pools_near
from marketplace.pooling.queries.prices import pool_prices
from marketplace.search import queries as search

_SHOWN = 10
_LONGEST_WORDS, _LONGEST_PLACE = 200, 100


class PoolGoneError(NotFoundError):
    """A pool that says no price, or none any more."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked for from a line of a plan, and what there is."""

    q: str
    near: str
    problem: str = ""
    total: int = 0
    cards: list[dict[str, object]] = field(default_factory=list)


@bp.get("/plans/<uuid:plan_id>/lines/<uuid:line_id>/find")
@signed_in
@limiter.limit(SEARCHES)
def find_for_line(plan_id: UUID, line_id: UUID) -> ResponseReturnValue:
    plan = written_plan(plan_id)
    line = line_of_page(plan, line_id)
    searches = things_to_look_for(line.what_would_help, line.wish)
    home = gazetteer().council(plan.council).name if plan.council else ""
    looked = _looked(plan, line, searches, home)
    page = render_template(
        "brokerage/cost_find.html", plan=plan, line=line, searches=searches, looked=looked, pools=_pools(plan, home)
    )
    return page, 422 if looked.problem else 200


@bp.post("/plans/<uuid:plan_id>/lines/<uuid:line_id>/use/<uuid:offer_id>")
@signed_in
def use_offer(plan_id: UUID, line_id: UUID, offer_id: UUID) -> ResponseReturnValue:
    choice = Choice(costed_by=CostedBy.OFFER, offer_id=OfferId(offer_id))
    return _use(plan_id, line_id, choice)


@bp.post("/plans/<uuid:plan_id>/lines/<uuid:line_id>/use-pool/<uuid:pool_id>")
@signed_in
def use_pool(plan_id: UUID, line_id: UUID, pool_id: UUID) -> ResponseReturnValue:
    priced = pool_prices(db.session, pool_ids=[pool_id]).get(pool_id)
    if priced is None or not priced.is_there:
        raise PoolGoneError("That pool is not there any more. Choose another one.")
    choice = Choice(costed_by=CostedBy.POOL, pool_key=pool_id, pool_sold_by=priced.organisation_id)
    return _use(plan_id, line_id, choice)


def _use(plan_id: UUID, line_id: UUID, choice: Choice) -> ResponseReturnValue:
    plan = written_plan(plan_id)
    line = line_of_page(plan, line_id)
    with transaction() as session:
        services.cost_line(session, plan_id=plan.id, line_id=line.id, by=viewer(), choice=choice, now=datetime.now(UTC))
    flash("It says the price now. Say how much of it you want." if plan.is_mine else "It says the price now.")
    return redirect(url_for(".cost_line", plan_id=plan.id, line_id=line.id, new="1"))


def _looked(plan: PlanSeen, line: Line, searches: tuple[str, ...], home: str) -> Looked:
    q = tidy_line(request.args.get("q"))[:_LONGEST_WORDS] if "q" in request.args else (searches or (line.wish,))[0]
    near = tidy_line(request.args.get("near"))[:_LONGEST_PLACE] if "near" in request.args else home
    place, problem = place_named(near)
    if problem:
        return Looked(q=q, near=near, problem=problem)
    asked = replace(question_for(Looking(q=q, near=near), place, shelves()), page_size=_SHOWN)
    found = search.find(db.session, asked)
    return Looked(
        q=q, near=near, total=found.total, cards=[
            card_shown(it.card, rating=it.rating, distance_metres=it.hit.distance_metres)
            | {
                "button": {
                    "text": "Use this price",
                    "about": f"of “{it.card.title}”",
                    "action": url_for(".use_offer", plan_id=plan.id, line_id=line.id, offer_id=it.card.id),
                }
            }
            for it in results_of(found.hits, first=1, on=today())
        ],
    )  # fmt: skip


def _pools(plan: PlanSeen, home: str) -> list[PoolCard]:
    """Return pools whose price a line can take: one's own, and others near that can be joined."""
    now = datetime.now(UTC)
    place, _problem = place_named(home) if home else (None, "")
    own = my_pools(db.session, viewer=viewer(), now=now).pools if plan.is_mine else ()
    near = pools_near(db.session, place=place, now=now).pools
    found = {pool.id: pool for pool in (*own, *near) if isinstance(pool, PoolCard)}
    return [pool for pool in found.values() if not pool.is_over and not pool.is_held][:_SHOWN]
