"""What waits for a moderator: offers that nobody has read, and reports that nobody has closed."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue import queries as catalogue
from marketplace.kit.db import db, transaction
from marketplace.kit.pages import page_number
from marketplace.kit.said import since
from marketplace.moderation import queries, services
from marketplace.moderation.rules import ReportId
from marketplace.moderation.views import subjects
from marketplace.moderation.views.blueprint import bp
from marketplace.web.queries.waiting import waiting_for


@bp.get("")
@requires(Permission.MODERATE)
def queue() -> ResponseReturnValue:
    reports = queries.open_reports(db.session, viewer=viewer(), page=page_number(request.args.get("reports")))
    typed = request.args.get("show")
    only = catalogue.Waiting(typed) if typed in set(catalogue.Waiting) else None
    now = datetime.now(UTC)
    waiting = catalogue.waiting_for_approval(
        db.session, viewer=viewer(), page=page_number(request.args.get("offers")), only=only
    )
    return render_template(
        "moderation/queue.html",
        waiting=waiting,
        waited={offer.id: since(offer.since, now) for offer in waiting.offers},
        only=only,
        sorts=tuple(catalogue.Waiting),
        waits=waiting_for(db.session, viewer=viewer(), now=now),
        reports=reports,
        titles=subjects.titles(reports.lines),
        offers_href=url_for("moderation.queue", show=only) + ("&" if only else "?") + "offers=",
    )


@bp.get("/reports/<uuid:report_id>")
@requires(Permission.MODERATE)
def show(report_id: UUID) -> ResponseReturnValue:
    line = queries.report_page(db.session, report_id=ReportId(report_id), viewer=viewer()) or abort(404)
    return render_template(
        "moderation/show.html", report=line, subject=subjects.find(line.subject_kind, line.subject_id)
    )


@bp.post("/reports/<uuid:report_id>/close")
@requires(Permission.MODERATE)
def close(report_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.close_report(session, report_id=ReportId(report_id), by=me(), now=datetime.now(UTC))
    flash("Closed. Nothing was changed.")
    return redirect(url_for("moderation.queue"))
