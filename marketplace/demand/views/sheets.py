"""The sheet of a provider, for everybody; and finding the providers of a council, for its commissioners."""

from datetime import UTC, date, datetime
from uuid import UUID

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import ProviderId
from marketplace.catalogue.rules.evidence import Evidence
from marketplace.demand.gateways.reports import draw_report
from marketplace.demand.queries.providers import providers_in
from marketplace.demand.rules import sheets
from marketplace.demand.views.blueprint import bp
from marketplace.kit.days import day_of
from marketplace.kit.db import db
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.limits import limiter
from marketplace.kit.pages import page_number
from marketplace.kit.said import day
from marketplace.kit.text import tidy_line
from marketplace.ratings.queries.quality import CheckList, latest_quality_checks
from marketplace.ratings.queries.sheet import provider_sheet
from marketplace.ratings.rules.sheets import ProviderSheet

_LONGEST_NAME = 100
_PAPERS = "12 per minute; 60 per hour"
"""Papers from one address: each takes a moment to make."""


@bp.get("/providers/<uuid:provider_id>/sheet")
@public
def sheet(provider_id: UUID) -> ResponseReturnValue:
    on = day_of(datetime.now(UTC))
    found = _sheet(provider_id, on)
    return render_template(
        "demand/sheet.html",
        sheet=found,
        on=on,
        council=_council(found),
        in_short=sheets.sheet_in_short(found, on=on),
        what_it_is_not=sheets.WHAT_IT_IS_NOT,
        cell_words=sheets.cell_words,
        summary_words=sheets.summary_words,
        evidence=_evidence(found, on),
        quality=_visits(found),
        quality_provider=found.id,
    )


@bp.get("/providers/<uuid:provider_id>/sheet.pdf")
@public
@limiter.limit(_PAPERS)
def sheet_as_pdf(provider_id: UUID) -> ResponseReturnValue:
    on = day_of(datetime.now(UTC))
    found = _sheet(provider_id, on)
    visits = [
        sheets.Visit(one.visited_on, one.organisation_name, one.found, one.is_answered) for one in _visits(found).checks
    ]
    report = sheets.sheet_report(found, council=_council(found), evidence=_evidence(found, on), visits=visits, on=on)
    paper = draw_report(report, caption=f"As it was on {day(on)}", foot=f"{found.name}, {day(on)}")
    response = Response(paper, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="provider-sheet-{on.isoformat()}.pdf"'
    return response


@bp.get("/demand/providers")
@requires(Permission.READ_DEMAND)
def providers() -> ResponseReturnValue:
    council = gazetteer().council(viewer().council or abort(404))
    words = tidy_line(request.args.get("name"))[:_LONGEST_NAME]
    page = providers_in(db.session, council=council.code, words=words, page=page_number(request.args.get("page")))
    return render_template("demand/providers.html", council=council, words=words, page=page)


def _sheet(provider_id: UUID, on: date) -> ProviderSheet:
    return provider_sheet(db.session, provider_id=ProviderId(provider_id), on=on) or abort(404)


def _council(found: ProviderSheet) -> str:
    return gazetteer().council(found.council).name if found.council else ""


def _evidence(found: ProviderSheet, on: date) -> tuple[Evidence, ...]:
    return catalogue.evidence_of(db.session, provider_ids=[found.id], on=on).get(found.id, ())


def _visits(found: ProviderSheet) -> CheckList:
    return latest_quality_checks(db.session, provider_id=found.id, now=datetime.now(UTC))
