"""Pages about the lines of a plan: what somebody wants, and what would help."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.brokerage.forms.lines import LineForm
from marketplace.brokerage.queries import lines as queries
from marketplace.brokerage.queries.lines import Line
from marketplace.brokerage.queries.plans import PlanSeen
from marketplace.brokerage.rules.nouns import LineId, OutcomeId
from marketplace.brokerage.services import lines as services
from marketplace.brokerage.services.lines import LineChangedError
from marketplace.brokerage.views.blueprint import bp
from marketplace.brokerage.views.giving_back import gives_back
from marketplace.brokerage.views.plans import outcomes_to_choose, today, written_plan
from marketplace.kit.db import db, stop_reading, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.refusals import show_refusal
from marketplace.ratings.queries import criteria as ratings

_ASKED = {"wish": "What is wanted", "what_would_help": "What would help"}


@bp.route("/plans/<uuid:plan_id>/lines/new", methods=["GET", "POST"])
@signed_in
@gives_back(**_ASKED)
def add_line(plan_id: UUID) -> ResponseReturnValue:
    plan = written_plan(plan_id)
    form = _form(None)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                line_id = services.add_line(
                    session,
                    plan_id=plan.id,
                    by=me(),
                    outcome_id=OutcomeId(form.outcome_id.data),
                    wish=form.wish.data or "",
                    what_would_help=form.what_would_help.data or "",
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("It is in the plan. Now see what it would cost, or leave that for later.")
            return redirect(url_for(".cost_line", plan_id=plan.id, line_id=line_id))
    return render_template("brokerage/line.html", form=form, plan=plan, line=None, other=None), (
        422 if form.errors else 200
    )


@bp.route("/plans/<uuid:plan_id>/lines/<uuid:line_id>", methods=["GET", "POST"])
@signed_in
@gives_back(**_ASKED)
def change_line(plan_id: UUID, line_id: UUID) -> ResponseReturnValue:
    plan = written_plan(plan_id)
    line = line_of_page(plan, line_id)
    form, other = _form(line), None
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.change_line(
                    session,
                    plan_id=plan.id,
                    line_id=line.id,
                    by=me(),
                    outcome_id=OutcomeId(form.outcome_id.data),
                    wish=form.wish.data or "",
                    what_would_help=form.what_would_help.data or "",
                    seen=form.seen.data or "",
                    now=datetime.now(UTC),
                )
        except LineChangedError as error:
            show_refusal(form, error)
            # Both are on the page now: what is sent next was written knowing the other.
            other = line_of_page(plan, line_id)
            form.seen.data = other.mark
        else:
            flash("Saved.")
            return redirect(url_for(".plan", plan_id=plan.id, _anchor="lines"))
    page = render_template("brokerage/line.html", form=form, plan=plan, line=line, other=other)
    return page, 422 if form.errors else 200


@bp.post("/plans/<uuid:plan_id>/lines/<uuid:line_id>/remove")
@signed_in
def remove_line(plan_id: UUID, line_id: UUID) -> ResponseReturnValue:
    plan = written_plan(plan_id)
    with transaction() as session:
        services.remove_line(session, plan_id=plan.id, line_id=LineId(line_id), by=me(), now=datetime.now(UTC))
    flash("That line is out of the plan.")
    return redirect(url_for(".plan", plan_id=plan.id, _anchor="lines"))


def line_of_page(plan: PlanSeen, line_id: UUID) -> Line:
    """Return the line of this page, or end on "not found"."""
    stop_reading()  # What another wrote a moment ago is what we must show.
    return queries.line_to_write(
        db.session, plan_id=plan.id, line_id=LineId(line_id), viewer=viewer(), on=today()
    ) or abort(404)


def _form(line: Line | None) -> LineForm:
    form = LineForm(obj=line, seen=line.mark if line else "")
    own = outcomes_to_choose()
    lists = ratings.outcomes_by_list(db.session)
    known = {outcome_id for outcome_id, _name in own}
    # Of another list only if somebody asks for it, or this line is about one of it.
    wanted = form.outcome_id.data
    if "all" in request.args or (wanted and wanted not in known):
        own += [(it.id, f"{it.name} ({name})") for name, its in lists for it in its if it.id not in known]
        if wanted and wanted not in dict(own):
            own += list(ratings.outcomes_named(db.session, [wanted]).items())
    form.outcome_id.choices = own
    return form
