"""A provider sees how it is doing: what several people say, over time, and what has no answer yet."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

from flask import Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue.rules import ProviderId
from marketplace.kit.days import day_of
from marketplace.kit.db import db
from marketplace.kit.pages import as_csv
from marketplace.kit.said import month
from marketplace.ratings.queries import dashboard as queries
from marketplace.ratings.queries.dashboard import Dashboard
from marketplace.ratings.queries.quality import quality_checks_of_me
from marketplace.ratings.rules.trends import Line
from marketplace.ratings.views.blueprint import bp

_FIGURES = ("what", "about", "quarter", "people", "average")
_POINTS = ("kind", "words", "month", "others_say_the_same", "what_you_do", "your_words", "did_it_change")


@bp.get("/dashboard")
@requires(Permission.PROVIDE)
def dashboards() -> ResponseReturnValue:
    own = queries.own_providers(db.session, viewer=viewer())
    if len(own) == 1:
        return redirect(url_for(".dashboard", provider_id=own[0].id))
    return render_template("ratings/dashboards.html", providers=own)


@bp.get("/dashboard/<uuid:provider_id>")
@requires(Permission.PROVIDE)
def dashboard(provider_id: UUID) -> ResponseReturnValue:
    now = datetime.now(UTC)
    reports = [one for one in quality_checks_of_me(db.session, viewer=viewer(), now=now)]
    page = _page(provider_id)
    return render_template(
        "ratings/dashboard.html", page=page, reports=[one for one in reports if one.provider_id == page.provider.id]
    )


@bp.get("/dashboard/<uuid:provider_id>/figures.csv")
@requires(Permission.PROVIDE)
def dashboard_figures(provider_id: UUID) -> ResponseReturnValue:
    page = _page(provider_id)
    lines = [("stars", page.stars), *(("points", line) for _kind, line in page.kinds)]
    lines += [("criterion", line) for line in page.criteria] + [("outcome", line) for line in page.outcomes]
    rows = [row for what, line in lines for row in _rows(what, line, page)]
    rows += [("word", theme.word, "all", theme.people, theme.average) for theme in page.themes]
    return _file("figures", as_csv(_FIGURES, rows))


@bp.get("/dashboard/<uuid:provider_id>/points.csv")
@requires(Permission.PROVIDE)
def dashboard_points(provider_id: UUID) -> ResponseReturnValue:
    provider = queries.own_provider(db.session, provider_id=ProviderId(provider_id), viewer=viewer()) or abort(404)
    points = queries.points_of(db.session, provider_id=provider.id, viewer=viewer())
    rows = (
        (
            one.kind,
            one.words,
            month(one.month) if one.month else "",
            one.votes,
            one.state or "",
            one.answer,
            one.verdict or "",
        )
        for one in points
    )
    return _file("points", as_csv(_POINTS, rows))


def _page(provider_id: UUID) -> Dashboard:
    today = day_of(datetime.now(UTC))
    found = queries.dashboard(db.session, provider_id=ProviderId(provider_id), viewer=viewer(), on=today)
    return found or abort(404)


def _rows(what: str, line: Line, page: Dashboard) -> Iterator[tuple[object, ...]]:
    """Return a row for each quarter for which there is a figure, and one for all of them."""
    cells = [*zip([quarter.code for quarter in page.quarters], line.cells, strict=True), ("all", line.whole)]
    for code, cell in cells:
        if cell.people is not None:
            # How many stars go with a point says nothing about the point.
            yield what, line.about, code, cell.people, "" if what == "points" else cell.average


def _file(name: str, table: str) -> Response:
    return Response(table, mimetype="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}.csv"'})
