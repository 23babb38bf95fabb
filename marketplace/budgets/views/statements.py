"""Everything that happened, statements for any time, quarterly returns, and all of one's data to take away."""

import io
import zipfile
from datetime import date, timedelta
from uuid import UUID

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.budgets.forms.budgets import StatementForm
from marketplace.budgets.forms.words import HELD_AS, SOURCES
from marketplace.budgets.gateways.papers import draw_paper
from marketplace.budgets.queries import BudgetPage
from marketplace.budgets.queries import history as queries
from marketplace.budgets.queries.export import everything
from marketplace.budgets.rules.statements import Balance, Quarter, statement_is_sound
from marketplace.budgets.views import papers
from marketplace.budgets.views.blueprint import bp
from marketplace.budgets.views.seeing import seen, today
from marketplace.kit.db import db
from marketplace.kit.errors import WrongAnswerError
from marketplace.kit.limits import limiter
from marketplace.kit.money import Money
from marketplace.kit.pages import as_csv, page_number
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import worded

_DRAWN = "60 per hour"
_MOST_LINES = 500
"""Movements on one page. The PDF and the spreadsheet have all of them."""
_QUARTERS = 6
_YEARS = (2000, 2200)
_UNSOUND = "Choose a last day after the first, and within two years of it."


@bp.get("/<uuid:budget_id>/history")
@requires(Permission.BUY)
def history(budget_id: UUID) -> ResponseReturnValue:
    page = seen(budget_id)
    lines, part = queries.history(
        db.session, viewer=viewer(), on=today(), budget_id=page.id, page=page_number(request.args.get("page"))
    )
    return render_template(
        "budgets/history.html",
        page=page,
        lines=lines,
        part=part,
        happened=papers.happened,
        what_for=papers.what_for,
        sources=SOURCES,
    )


@bp.route("/<uuid:budget_id>/statement", methods=["GET", "POST"])
@requires(Permission.BUY)
def choose_statement(budget_id: UUID) -> ResponseReturnValue:
    page = seen(budget_id)
    form = StatementForm(begins_on=page.begins_on, ends_on=max(min(today(), page.ends_on), page.begins_on))
    if form.validate_on_submit() and form.begins_on.data and form.ends_on.data:
        first, last = form.begins_on.data, form.ends_on.data
        if _YEARS[0] <= first.year <= _YEARS[1] and statement_is_sound(begins_on=first, ends_on=last):
            return redirect(url_for(".statement", budget_id=page.id, first=first, last=last))
        show_refusal(form, WrongAnswerError(_UNSOUND, field="ends_on"))
    quick = [(words, first, last) for words, first, last in _times(page, today()) if first <= last]
    return render_template("budgets/choose_statement.html", page=page, form=form, quick=quick), (
        422 if form.errors else 200
    )


def _times(page: BudgetPage, on: date) -> list[tuple[str, date, date]]:
    """Return the times that people ask about, with their words."""
    month = on.replace(day=1)
    last_month = (month - timedelta(days=1)).replace(day=1)
    quarter = Quarter.holding(on).before
    return [
        ("This month", month, on),
        ("Last month", last_month, month - timedelta(days=1)),
        (
            worded("Last quarter: {quarter_words}", quarter_words=papers.quarter_words(quarter)),
            quarter.begins_on,
            quarter.ends_on,
        ),
        ("This period so far", page.begins_on, min(on, page.ends_on)),
        ("The whole period", page.begins_on, page.ends_on),
    ]


def _statement(budget_id: UUID, first: str, last: str) -> queries.Statement:
    page = seen(budget_id)
    try:
        begins_on, ends_on = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        abort(404)
    if not _YEARS[0] <= begins_on.year <= _YEARS[1] or not statement_is_sound(begins_on=begins_on, ends_on=ends_on):
        abort(404)
    found = queries.statement(
        db.session, viewer=viewer(), on=today(), budget_id=page.id, begins_on=begins_on, ends_on=ends_on
    )
    return found or abort(404)


@bp.get("/<uuid:budget_id>/statement/<first>/<last>")
@requires(Permission.BUY)
def statement(budget_id: UUID, first: str, last: str) -> ResponseReturnValue:
    said = _statement(budget_id, first, last)
    balances = [balance for _kind, balance in said.streams]
    together = [*balances, said.balance] if len(balances) > 1 else balances
    return render_template(
        "budgets/statement.html",
        said=said,
        lines=said.lines[:_MOST_LINES],
        balances=list(papers.balance_rows(together)),
        happened=papers.happened,
        what_for=papers.what_for,
        sources=SOURCES,
        held_as=HELD_AS,
    )


@bp.get("/<uuid:budget_id>/statement/<first>/<last>.csv")
@requires(Permission.BUY)
def statement_csv(budget_id: UUID, first: str, last: str) -> ResponseReturnValue:
    said = _statement(budget_id, first, last)
    name = f"statement-{said.begins_on}-{said.ends_on}.csv"
    return papers.kept(as_csv(*papers.statement_rows(said)), name=name, mimetype="text/csv; charset=utf-8")


@bp.get("/<uuid:budget_id>/statement/<first>/<last>.pdf")
@requires(Permission.BUY)
@limiter.limit(_DRAWN)
def statement_pdf(budget_id: UUID, first: str, last: str) -> ResponseReturnValue:
    said = _statement(budget_id, first, last)
    paper = papers.statement_paper(said, site_name=current_app.config["SITE_NAME"], today=today())
    name = f"statement-{said.begins_on}-{said.ends_on}.pdf"
    return papers.kept(draw_paper(paper), name=name, mimetype="application/pdf")


def _return(code: str) -> tuple[Quarter, tuple[queries.ReturnLine, ...]]:
    quarter = Quarter.from_code(code) or abort(404)
    return quarter, queries.quarterly_return(db.session, viewer=viewer(), on=today(), quarter=quarter)


@bp.get("/returns/<quarter>")
@requires(Permission.BUY)
def quarterly_return(quarter: str) -> ResponseReturnValue:
    which, lines = _return(quarter)
    quarters = [Quarter.holding(today())]
    while len(quarters) < _QUARTERS:
        quarters.append(quarters[-1].before)
    return render_template(
        "budgets/return.html",
        quarter=which,
        quarters=quarters,
        lines=lines,
        total=sum((line.balance for line in lines), Balance()),
        words=papers.quarter_words,
        today=today(),
        account=papers.account,
        sources=SOURCES,
    )


@bp.get("/returns/<quarter>.csv")
@requires(Permission.BUY)
def return_csv(quarter: str) -> ResponseReturnValue:
    which, lines = _return(quarter)
    content = as_csv(*papers.return_rows(lines, which))
    return papers.kept(content, name=f"return-{which.code}.csv", mimetype="text/csv; charset=utf-8")


@bp.get("/returns/<quarter>.pdf")
@requires(Permission.BUY)
@limiter.limit(_DRAWN)
def return_pdf(quarter: str) -> ResponseReturnValue:
    which, lines = _return(quarter)
    paper = papers.return_paper(lines, which, site_name=current_app.config["SITE_NAME"], today=today())
    return papers.kept(draw_paper(paper), name=f"return-{which.code}.pdf", mimetype="application/pdf")


@bp.get("/everything.zip")
@requires(Permission.BUY)
@limiter.limit(_DRAWN)
def take_away() -> ResponseReturnValue:
    tables = everything(db.session, viewer=viewer())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (header, rows) in tables.items():
            archive.writestr(f"{name}.csv", as_csv(header, ([_plain(cell) for cell in row] for row in rows)))
    return papers.kept(packed.getvalue(), name="my-budgets.zip", mimetype="application/zip")


def _plain(cell: object) -> object:
    return cell.pounds if isinstance(cell, Money) else "" if cell is None else cell
