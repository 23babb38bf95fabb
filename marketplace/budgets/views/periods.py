"""Closing a period, and beginning the next one with what may be carried over."""

from datetime import UTC, datetime
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.budgets import services
from marketplace.budgets.forms.budgets import CloseForm, NextPeriodForm
from marketplace.budgets.forms.words import SOURCES
from marketplace.budgets.queries import BudgetPage
from marketplace.budgets.queries.budgets import may_be_carried
from marketplace.budgets.rules import BudgetId
from marketplace.budgets.rules.statements import following_period
from marketplace.budgets.services.closing import close_budget
from marketplace.budgets.services.periods import begin_next_period
from marketplace.budgets.views.blueprint import bp
from marketplace.budgets.views.seeing import own, today
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.refusals import show_refusal


def _next_form(page: BudgetPage) -> NextPeriodForm:
    """Return the form filled in as most people will: as long as this period, with as much money."""
    begins_on, ends_on = following_period(begins_on=page.begins_on, ends_on=page.ends_on)
    granted = {line.kind.value: line.granted for line in page.streams if line.granted.pence}
    return NextPeriodForm(begins_on=begins_on, ends_on=ends_on, **granted)


@bp.route("/<uuid:budget_id>/next", methods=["GET", "POST"])
@requires(Permission.BUY)
def begin_next(budget_id: UUID) -> ResponseReturnValue:
    page = own(budget_id)
    form = _next_form(page)
    if form.validate_on_submit() and form.begins_on.data and form.ends_on.data:
        try:
            with transaction() as session:
                following = begin_next_period(
                    session,
                    budget_id=page.id,
                    by=me(),
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
            flash("The next period has begun, and the old one is closed.")
            return redirect(url_for(".show", budget_id=following))
    return render_template("budgets/next.html", form=form, **_shown(page)), 422 if form.errors else 200


@bp.route("/<uuid:budget_id>/close", methods=["GET", "POST"])
@requires(Permission.BUY)
def close(budget_id: UUID) -> ResponseReturnValue:
    page = own(budget_id)
    form = CloseForm()
    if form.validate_on_submit():
        with transaction() as session:
            close_budget(session, budget_id=page.id, by=me(), now=datetime.now(UTC))
        flash("This budget is closed. You can still read it, and take statements from it.")
        return redirect(url_for(".show", budget_id=page.id))
    return render_template("budgets/close.html", form=form, **_shown(page)), 422 if form.errors else 200


def _shown(page: BudgetPage) -> dict[str, object]:
    carried = may_be_carried(db.session, viewer=viewer(), on=today(), budget_id=page.id)
    return {"page": page, "carried": carried, "sources": SOURCES, "today": today()}
