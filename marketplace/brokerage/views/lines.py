"""Pages about the lines of a plan: what somebody wants, and what would help."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.brokerage.forms.lines import LineForm
from marketplace.brokerage.queries import lines as queries
from marketplace.brokerage.rules.nouns import LineId, OutcomeId
from marketplace.brokerage.services import lines as services
from marketplace.brokerage.views.blueprint import bp
from marketplace.brokerage.views.plans import outcomes_to_choose, today, written_plan
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.refusals import show_refusal


@bp.route("/plans/<uuid:plan_id>/lines/new", methods=["GET", "POST"])
@signed_in
def add_line(plan_id: UUID) -> ResponseReturnValue:
    plan = written_plan(plan_id)
    form = LineForm()
    form.outcome_id.choices = outcomes_to_choose()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.add_line(
                    session,
                    plan_id=plan.id,
                    by=me(),
                    outcome_id=OutcomeId(form.outcome_id.data),
                    wish=form.wish.data,
                    what_would_help=form.what_would_help.data,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect(url_for(".plan", plan_id=plan.id))
    return render_template("brokerage/line.html", form=form, plan=plan, line=None), 422 if form.errors else 200


@bp.route("/plans/<uuid:plan_id>/lines/<uuid:line_id>", methods=["GET", "POST"])
@signed_in
def change_line(plan_id: UUID, line_id: UUID) -> ResponseReturnValue:
    plan = written_plan(plan_id)
    line = queries.line_to_write(
        db.session, plan_id=plan.id, line_id=LineId(line_id), viewer=viewer(), on=today()
    ) or abort(404)
    form = LineForm(obj=line)
    form.outcome_id.choices = outcomes_to_choose()
    if form.validate_on_submit():
        with transaction() as session:
            services.change_line(
                session,
                plan_id=plan.id,
                line_id=line.id,
                by=me(),
                outcome_id=OutcomeId(form.outcome_id.data),
                wish=form.wish.data,
                what_would_help=form.what_would_help.data,
                now=datetime.now(UTC),
            )
        return redirect(url_for(".plan", plan_id=plan.id))
    return render_template("brokerage/line.html", form=form, plan=plan, line=line), 422 if form.errors else 200


@bp.post("/plans/<uuid:plan_id>/lines/<uuid:line_id>/remove")
@signed_in
def remove_line(plan_id: UUID, line_id: UUID) -> ResponseReturnValue:
    plan = written_plan(plan_id)
    with transaction() as session:
        services.remove_line(session, plan_id=plan.id, line_id=LineId(line_id), by=me(), now=datetime.now(UTC))
    flash("That line is out of the plan.")
    return redirect(url_for(".plan", plan_id=plan.id))
