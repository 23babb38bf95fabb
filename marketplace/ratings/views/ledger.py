"""The moderation ledger: what became of all reviews, for everybody to check, as a page and as a table to download."""

from datetime import UTC, date, datetime

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public
from marketplace.kit.days import day_of
from marketplace.kit.db import db
from marketplace.kit.pages import as_csv
from marketplace.ratings.queries.ledger import Ledger, ledger_of, ledger_quarters
from marketplace.ratings.rules.nouns import Ground
from marketplace.ratings.rules.quarters import quarter_coded, quarter_of
from marketplace.ratings.views.blueprint import bp

_COLUMNS = (
    "received", "shown", "refused", "waiting", "withdrawn", "stopped", "median_hours", "slow_hours", "appealed",
    "overturned", "upheld",
)  # fmt: skip


@bp.get("/ledger")
@public
def ledger() -> ResponseReturnValue:
    return _page(quarter_of(_today()).code)


@bp.get("/ledger/<code>")
@public
def ledger_quarter(code: str) -> ResponseReturnValue:
    return _page(code)


@bp.get("/ledger/<code>.csv")
@public
def ledger_table(code: str) -> ResponseReturnValue:
    found = _ledger(code)
    header = ["quarter", "stars", *_COLUMNS, *(f"refused_{ground}" for ground in Ground)]
    table = as_csv(header, (_row(found, name) for name in (*found.bands, "all")))
    return Response(
        table,
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="moderation-ledger-{found.quarter.code}.csv"'},
    )


def _page(code: str) -> ResponseReturnValue:
    quarters = ledger_quarters(db.session, today=_today())
    return render_template("ratings/ledger.html", ledger=_ledger(code), quarters=quarters, grounds=tuple(Ground))


def _ledger(code: str) -> Ledger:
    today = _today()
    quarter = quarter_coded(code)
    if quarter is None or quarter not in ledger_quarters(db.session, today=today):
        abort(404)
    return ledger_of(db.session, quarter=quarter, today=today)


def _row(found: Ledger, name: str) -> list[object]:
    fate = found.all if name == "all" else found.bands[name]  # type: ignore[index]
    figures = [getattr(fate, column) for column in _COLUMNS]
    tidy = [round(one, 1) if isinstance(one, float) else one for one in figures]
    return [
        found.quarter.code,
        name,
        *("" if one is None else one for one in tidy),
        *(fate.refused_on[ground] for ground in Ground),
    ]


def _today() -> date:
    return day_of(datetime.now(UTC))
