"""Pages about budgets: read the request, make one call, choose what to show."""

from datetime import UTC, datetime
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.brokerage.queries.signposts import free_help_at
from marketplace.budgets import queries, services
from marketplace.budgets.forms import BudgetForm, TopUpForm
from marketplace.budgets.forms.budgets import ChangeBudgetForm
from marketplace.budgets.forms.words import HELD_AS, SOURCES
from marketplace.budgets.queries.budgets import promises_of, spent_by_day
from marketplace.budgets.queries.history import history
from marketplace.budgets.rules import BudgetId, Holding, Stream, TransferId, pacing
from marketplace.budgets.rules.statements import Quarter
from marketplace.budgets.services.budgets import change_budget
from marketplace.budgets.views.blueprint import bp
from marketplace.budgets.views.papers import happened, what_for
from marketplace.budgets.views.seeing import own, seen, today
from marketplace.kit.charts import shares_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.money import ZERO, Money
from marketplace.kit.refusals import show_refusal
from marketplace.kit.said import pounds
from marketplace.kit.sentences import one_word
from marketplace.kit.text import tidy_line

_LATEST = 5


@bp.get("")
@requires(Permission.BUY)
def index() -> ResponseReturnValue:
    found = queries.seen_budgets(db.session, viewer=viewer(), on=today())
    last_quarter = Quarter.holding(today()).before
    has_none = not any(budget.is_own for budget in found)
    return render_template(
        "budgets/index.html",
        budgets=found,
        held_as=HELD_AS,
        quarter=last_quarter,
        today=today(),
        helps=free_help_at(db.session, at="no_budget", council=viewer().council) if has_none else (),
    )


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
                    held_by=form.held_by,
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
    page, on = seen(budget_id), today()
    spent = spent_by_day(db.session, viewer=viewer(), on=on, budget_id=page.id)
    period = {"begins_on": page.begins_on, "ends_on": page.ends_on}
    pace = pacing.pace(to_spend=page.left + page.promised, spent=spent, today=on, **period)
    latest, part = history(db.session, viewer=viewer(), on=on, budget_id=page.id, size=_LATEST)
    return render_template(
        "budgets/show.html",
        page=page,
        pace=pace,
        picture=pacing.picture(pace, spent=spent, available=page.allocated, **period),
        months=pacing.months_spent(spent=spent, available=page.allocated, today=on, **period),
        promises=promises_of(db.session, viewer=viewer(), on=on, budget_id=page.id),
        latest=latest,
        happenings=part.total,
        happened=happened,
        what_for=what_for,
        held_as=HELD_AS,
        sources=SOURCES,
        drawn_streams=shares_of(
            ("Spent", "Promised", "Left"),
            [
                (
                    f"{SOURCES[line.kind]}: {pounds(line.left)} left",
                    (line.spent.pence, line.promised.pence, line.left.pence),
                )
                for line in page.streams
            ],
            say=lambda pence: pounds(Money(pence)),
            unit=one_word("Allocated"),
        )
        if len(page.streams) > 1
        else None,
    )


@bp.route("/<uuid:budget_id>/change", methods=["GET", "POST"])
@requires(Permission.BUY)
def change(budget_id: UUID) -> ResponseReturnValue:
    page = own(budget_id)
    form = ChangeBudgetForm(obj=page)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                change_budget(
                    session,
                    budget_id=page.id,
                    by=me(),
                    name=tidy_line(form.name.data),
                    held_by=form.held_by,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved.")
            return redirect(url_for(".show", budget_id=page.id))
    return render_template("budgets/change.html", form=form, page=page), 422 if form.errors else 200


@bp.route("/<uuid:budget_id>/top-up", methods=["GET", "POST"])
@requires(Permission.BUY)
def top_up(budget_id: UUID) -> ResponseReturnValue:
    page = own(budget_id)
    form = TopUpForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.top_up(
                    session,
                    budget_id=page.id,
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
            return redirect(url_for(".show", budget_id=page.id))
    return render_template("budgets/top_up.html", page=page, form=form), 422 if form.errors else 200
