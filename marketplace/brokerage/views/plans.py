"""Pages about one's own support plan: read the request, make one call, choose what to show."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.brokerage.forms.plans import LineForm, PlanForm
from marketplace.brokerage.queries import plans as queries
from marketplace.brokerage.rules.nouns import LineId, OutcomeId, Part
from marketplace.brokerage.services import plans as services
from marketplace.brokerage.views.blueprint import bp
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.refusals import show_refusal
from marketplace.kit.text import tidy, tidy_line
from marketplace.ratings.queries import criteria as ratings


@bp.get("/plans/mine")
@requires(Permission.BUY)
def index() -> ResponseReturnValue:
    plan = queries.my_plan(db.session, viewer=viewer())
    return render_template("brokerage/index.html", plan=plan, outcomes=dict(_outcomes()), Part=Part)


@bp.route("/plans/mine/write", methods=["GET", "POST"])
@requires(Permission.BUY)
def write() -> ResponseReturnValue:
    plan = queries.my_plan(db.session, viewer=viewer())
    form = PlanForm(data={part.value: words for part, words in plan.parts.items()})
    if form.validate_on_submit():
        with transaction() as session:
            services.write_plan(
                session, by=me(), parts={part: tidy(form[part.value].data) for part in Part}, now=datetime.now(UTC)
            )
        flash("Your plan is saved. Only you can see it.")
        return redirect(url_for(".index"))
    return render_template("brokerage/write.html", form=form), 422 if form.errors else 200


@bp.route("/plans/mine/lines/new", methods=["GET", "POST"])
@requires(Permission.BUY)
def add() -> ResponseReturnValue:
    form = LineForm()
    form.outcome_id.choices = _outcomes()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.add_line(
                    session,
                    by=me(),
                    outcome_id=OutcomeId(form.outcome_id.data),
                    wish=tidy_line(form.wish.data),
                    what_would_help=tidy(form.what_would_help.data),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect(url_for(".index"))
    return render_template("brokerage/line.html", form=form, line=None), 422 if form.errors else 200


@bp.route("/plans/mine/lines/<uuid:line_id>", methods=["GET", "POST"])
@requires(Permission.BUY)
def change(line_id: UUID) -> ResponseReturnValue:
    line = queries.my_line(db.session, viewer=viewer(), line_id=LineId(line_id)) or abort(404)
    form = LineForm(obj=line)
    form.outcome_id.choices = _outcomes()
    if form.validate_on_submit():
        with transaction() as session:
            services.change_line(
                session,
                line_id=LineId(line_id),
                by=me(),
                outcome_id=OutcomeId(form.outcome_id.data),
                wish=tidy_line(form.wish.data),
                what_would_help=tidy(form.what_would_help.data),
                now=datetime.now(UTC),
            )
        return redirect(url_for(".index"))
    return render_template("brokerage/line.html", form=form, line=line), 422 if form.errors else 200


@bp.post("/plans/mine/lines/<uuid:line_id>/remove")
@requires(Permission.BUY)
def remove(line_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.remove_line(session, line_id=LineId(line_id), by=me(), now=datetime.now(UTC))
    flash("That line is out of your plan.")
    return redirect(url_for(".index"))


def _outcomes() -> list[tuple[str, str]]:
    return [(it.id, it.name) for it in ratings.outcomes_for(db.session, viewer().council)]
