"""Pages about a plan as a whole, and its parts in words."""

from datetime import UTC, date, datetime
from uuid import UUID

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, signed_in, viewer
from marketplace.accounts.rules import Permission, PersonId
from marketplace.brokerage.queries import plans as queries
from marketplace.brokerage.queries.clashes import clashes_of
from marketplace.brokerage.queries.costing import costed_plan
from marketplace.brokerage.queries.files import files_of
from marketplace.brokerage.queries.plans import PlanSeen
from marketplace.brokerage.queries.signposts import free_help_at
from marketplace.brokerage.queries.week import week_of
from marketplace.brokerage.rules.nouns import PlanId
from marketplace.brokerage.rules.plans import TITLES
from marketplace.brokerage.rules.signposts import Hesitation
from marketplace.brokerage.rules.week import DAYS, PARTS_OF_DAY
from marketplace.brokerage.services import plans as services
from marketplace.brokerage.views.around import around
from marketplace.brokerage.views.blueprint import bp
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import NotAllowedError
from marketplace.ratings.queries import criteria as ratings


@bp.get("/plans/mine")
@requires(Permission.BUY)
def index() -> ResponseReturnValue:
    plan_id = queries.my_plan_id(db.session, viewer=viewer())
    if plan_id is not None:
        return redirect(url_for(".plan", plan_id=plan_id))
    helps = free_help_at(db.session, at=Hesitation.EMPTY_PLAN, council=viewer().council)
    return render_template("brokerage/plan_begin.html", helps=helps)


@bp.post("/plans/mine")
@requires(Permission.BUY)
def begin_plan() -> ResponseReturnValue:
    with transaction() as session:
        plan_id = services.begin_plan(session, by=me(), now=datetime.now(UTC))
    return redirect(url_for(".plan", plan_id=plan_id))


@bp.post("/plans/of/<uuid:person_id>/begin")
@signed_in
def begin_plan_for(person_id: UUID) -> ResponseReturnValue:
    """Begin, or open, the plan of somebody who lets one write in it."""
    with transaction() as session:
        plan_id = services.begin_plan(session, by=me(), person_id=PersonId(person_id), now=datetime.now(UTC))
    return redirect(url_for(".plan", plan_id=plan_id))


@bp.get("/plans/<uuid:plan_id>")
@signed_in
def plan(plan_id: UUID) -> ResponseReturnValue:
    it, on = seen_plan(plan_id), today()
    return render_template(
        "brokerage/plan.html",
        plan=it,
        parts=queries.parts_of(db.session, plan_id=it.id, viewer=viewer(), on=on),
        costed=costed_plan(db.session, plan=it, viewer=viewer(), on=on, around=around()),
        files=files_of(db.session, plan_id=it.id, viewer=viewer(), on=on),
        clashes=clashes_of(db.session, plan_id=it.id, viewer=viewer(), on=on),
        week=week_of(db.session, plan_id=it.id, viewer=viewer(), on=on),
        days=DAYS,
        parts_of_day=PARTS_OF_DAY,
        titles=TITLES,
    )


def today() -> date:
    """Return which day it is where plans are written."""
    return day_of(datetime.now(UTC))


def seen_plan(plan_id: UUID) -> PlanSeen:
    """Return the plan of this page, or end on "not found" if the viewer may not see it today."""
    return queries.plan_seen(db.session, plan_id=PlanId(plan_id), viewer=viewer(), on=today()) or abort(404)


def written_plan(plan_id: UUID) -> PlanSeen:
    """Return the plan of a page on which one changes it, or end in words if the viewer may not."""
    it = seen_plan(plan_id)
    if not it.may_write:
        raise NotAllowedError("You may see this plan, but not write in it.")
    return it


def outcomes_to_choose() -> list[tuple[str, str]]:
    """Return the outcomes that lines may be about, for the viewer's council."""
    return [(it.id, it.name) for it in ratings.outcomes_for(db.session, viewer().council)]
