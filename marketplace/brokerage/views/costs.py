"""Pages about what a plan costs: all of it against the budgets, and each line of it."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.brokerage.forms.costing import CostForm, CostsForm
from marketplace.brokerage.queries.costing import CostedLine, CostedPlan, costed_plan
from marketplace.brokerage.queries.plans import PlanSeen
from marketplace.brokerage.queries.signposts import SignpostShown, free_help_at
from marketplace.brokerage.rules.comparing import price_said
from marketplace.brokerage.rules.costing import Cost, PriceState, Times, cost, things_to_look_for
from marketplace.brokerage.rules.nouns import CostedBy, HowOften, LineId
from marketplace.brokerage.rules.signposts import Hesitation
from marketplace.brokerage.services import lines as services
from marketplace.brokerage.services.lines import Choice
from marketplace.brokerage.views.around import around
from marketplace.brokerage.views.blueprint import bp
from marketplace.brokerage.views.plans import seen_plan, today, written_plan
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.money import ZERO
from marketplace.kit.refusals import show_refusal

_WAYS = (
    (CostedBy.FREE, "It is free: a neighbour, a park, a place open to everyone"),
    (CostedBy.OWN_PRICE, "A price I know"),
    (CostedBy.NOTHING_YET, "I do not know yet"),
)


@bp.route("/plans/<uuid:plan_id>/costs", methods=["GET", "POST"])
@signed_in
def costs(plan_id: UUID) -> ResponseReturnValue:
    plan = written_plan(plan_id) if request.method == "POST" else seen_plan(plan_id)
    page = costed(plan)
    form = CostsForm(data={"lines": [_row(it) for it in page.lines]})
    # Rows of lines that are no longer in the plan, or never were, are not looked at.
    rows = {it.line.id: row for row in form.lines for it in page.lines if row.form.line_id.data == str(it.line.id)}
    form.lines.entries = list(rows.values())
    for it in page.lines:
        if row := rows.get(it.line.id):
            row.form.wish = it.line.wish
    if form.validate_on_submit():
        times = {line_id: row.form.times for line_id, row in rows.items()}
        if "recount" not in request.form:
            with transaction() as session:
                services.retime_lines(session, plan_id=plan.id, by=me(), times=times, now=datetime.now(UTC))
            flash("Saved.")
            return redirect(url_for(".costs", plan_id=plan.id))
        page = costed_plan(db.session, plan=plan, viewer=viewer(), on=today(), around=around(), instead=times)
    drawn = render_template("brokerage/cost_all.html", plan=plan, costed=page, form=form, rows=rows, helps=_helps(page))
    return drawn, 422 if form.errors else 200


def _helps(page: CostedPlan) -> tuple[SignpostShown, ...]:
    """Return the free help that fits where budgets do not reach, or there is none to hold the plan against."""
    if not page.sees_budgets:
        return ()
    at = Hesitation.NO_BUDGET if not page.reaches else Hesitation.OVER_BUDGET
    is_short = not page.reaches or any(reach.over.pence > 0 for reach in page.reaches)
    return free_help_at(db.session, at=at, council=viewer().council) if is_short else ()


@bp.route("/plans/<uuid:plan_id>/lines/<uuid:line_id>/cost", methods=["GET", "POST"])
@signed_in
def cost_line(plan_id: UUID, line_id: UUID) -> ResponseReturnValue:
    plan = written_plan(plan_id)
    it = costed_line(plan, line_id)
    form = _form(it)
    tried = it.cost
    if form.validate_on_submit():
        if "recount" in request.form:
            tried = _tried(it, form)
        else:
            try:
                with transaction() as session:
                    services.cost_line(
                        session,
                        plan_id=plan.id,
                        line_id=it.line.id,
                        by=viewer(),
                        choice=_choice(it, form),
                        times=form.times,
                        now=datetime.now(UTC),
                    )
            except DomainError as error:
                show_refusal(form, error)
            else:
                flash("Saved.")
                return redirect(url_for(".plan", plan_id=plan.id, _anchor="lines"))
    page = render_template(
        "brokerage/cost_line.html",
        plan=plan,
        it=it,
        tried=tried,
        form=form,
        searches=things_to_look_for(it.line.what_would_help, it.line.wish),
    )
    return page, 422 if form.errors else 200


def costed(plan: PlanSeen) -> CostedPlan:
    """Return what a plan costs, as the viewer may know it."""
    return costed_plan(db.session, plan=plan, viewer=viewer(), on=today(), around=around())


def costed_line(plan: PlanSeen, line_id: UUID) -> CostedLine:
    """Return the line of this page with what it costs, or end on "not found"."""
    return next((it for it in costed(plan).lines if it.line.id == LineId(line_id)), None) or abort(404)


def _row(it: CostedLine) -> dict[str, object]:
    times = it.line.times
    return {
        "line_id": str(it.line.id),
        "quantity": times.quantity,
        "how_often": times.how_often.value,
        "weeks": times.weeks if times.how_often is HowOften.WEEKLY else None,
    }


def _form(it: CostedLine) -> CostForm:
    row, line = _row(it), it.line
    is_new = line.costed_by is CostedBy.NOTHING_YET or "new" in request.args
    if is_new and line.times == Times():  # Most of what people want, they want every week.
        row |= {"how_often": HowOften.WEEKLY.value, "weeks": 52}
    form = CostForm(data=row | {"costed_by": line.costed_by.value, "own_price": line.own_price})
    chosen = [(line.costed_by, price_said(line))] if line.costed_by in {CostedBy.OFFER, CostedBy.POOL} else []
    form.offer_ways([*chosen, *_WAYS])
    return form


def _choice(it: CostedLine, form: CostForm) -> Choice:
    way = CostedBy(form.costed_by.data)
    return Choice(
        costed_by=way,
        offer_id=it.line.offer_id if way is CostedBy.OFFER else None,
        pool_key=it.line.pool_key if way is CostedBy.POOL else None,
        own_price=form.own_price.data if way is CostedBy.OWN_PRICE else None,
    )


def _tried(it: CostedLine, form: CostForm) -> Cost:
    way = CostedBy(form.costed_by.data)
    if way is it.line.costed_by and way in {CostedBy.OFFER, CostedBy.POOL}:
        return replace(it.cost, times=form.times)
    price = {CostedBy.OWN_PRICE: form.own_price.data, CostedBy.FREE: ZERO}.get(way)
    state = {CostedBy.OWN_PRICE: PriceState.KNOWN, CostedBy.FREE: PriceState.FREE}.get(way, PriceState.NOTHING_YET)
    return cost(state=state, unit_price=price, times=form.times)
