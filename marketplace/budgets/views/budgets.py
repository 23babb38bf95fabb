"""Pages about budgets: read the request, make one call, choose what to show."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.budgets import queries, services
from marketplace.budgets.forms import HOLDINGS, STREAMS, BudgetForm, TopUpForm
from marketplace.budgets.rules import BudgetId, Holding, Stream, TransferId
from marketplace.budgets.views.blueprint import bp
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.money import ZERO
from marketplace.kit.refusals import show_refusal
from marketplace.kit.text import tidy_line


@bp.get("")
@requires(Permission.BUY)
def index() -> ResponseReturnValue:
    budgets = queries.seen_budgets(db.session, viewer=viewer(), on=day_of(datetime.now(UTC)))
    return render_template("budgets/index.html", budgets=budgets, holdings=HOLDINGS)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.BUY)
def new() -> ResponseReturnValue:
    form = BudgetForm()
    if form.validate_on_submit() and form.begins_on.data and form.ends_on.data:
        try:
            with transaction() as session:
                budget_id = services.set_up_budget(
                    session,
                    by=me(),
                    name=tidy_line(form.name.data),
                    holding=Holding(form.holding.data),
                    begins_on=form.begins_on.data,
                    ends_on=form.ends_on.data,
                    amounts=form.amounts,
                    key=BudgetId(form.key.key),
                    now=datetime.now(UTC),
                )
        except services.UnsoundPeriodError as error:
            show_refusal(form, error, beside="ends_on")
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Your budget is written down. Only you can see it.")
            return redirect(url_for(".show", budget_id=budget_id))
    return render_template("budgets/new.html", form=form), 422 if form.errors else 200


@bp.get("/<uuid:budget_id>")
@requires(Permission.BUY)
def show(budget_id: UUID) -> ResponseReturnValue:
    [page] = queries.seen_budgets(
        db.session, viewer=viewer(), on=day_of(datetime.now(UTC)), budget_id=BudgetId(budget_id)
    ) or abort(404)
    return render_template("budgets/show.html", page=page, holdings=HOLDINGS, streams=STREAMS)


@bp.route("/<uuid:budget_id>/top-up", methods=["GET", "POST"])
@requires(Permission.BUY)
def top_up(budget_id: UUID) -> ResponseReturnValue:
    [page] = queries.seen_budgets(
        db.session, viewer=viewer(), on=day_of(datetime.now(UTC)), budget_id=BudgetId(budget_id)
    ) or abort(404)
    form = TopUpForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.top_up(
                    session,
                    budget_id=BudgetId(budget_id),
                    by=me(),
                    stream=Stream(form.stream.data),
                    amount=form.amount.data or ZERO,
                    key=TransferId(form.key.key),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error, beside="amount")
        else:
            flash("The money is added.")
            return redirect(url_for(".show", budget_id=budget_id))
    return render_template("budgets/top_up.html", page=page, form=form), 422 if form.errors else 200
