"""Visits in somebody's own calendar: a secret address that can be made anew or stopped at any time."""

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, public, signed_in, viewer
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.limits import FEED, limiter
from marketplace.purchasing.gateways.calendars import write_calendar
from marketplace.purchasing.queries.calendars import feed_made_at, in_calendar, visits_of_feed
from marketplace.purchasing.rules.nouns import VisitId
from marketplace.purchasing.rules.visits import VisitInCalendar
from marketplace.purchasing.services import calendars
from marketplace.purchasing.views.blueprint import arrangement_address, bp


@bp.get("/calendar")
@signed_in
def calendar() -> ResponseReturnValue:
    return render_template("purchasing/calendar.html", made_at=feed_made_at(db.session, viewer=viewer()), feed="")


@bp.post("/calendar")
@signed_in
def make_calendar() -> ResponseReturnValue:
    now = datetime.now(UTC)
    with transaction() as session:
        token = calendars.make_feed(session, by=me(), now=now)
    # The address is shown on this page and never again, so there is no other page to lead to.
    address = page_address("purchasing.calendar_feed", {"feed": token})
    answer = Response(render_template("purchasing/calendar.html", made_at=now, feed=address))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/calendar/stop")
@signed_in
def stop_calendar() -> ResponseReturnValue:
    with transaction() as session:
        calendars.stop_feed(session, by=me(), now=datetime.now(UTC))
    flash("Stopped. No calendar can read your visits any more.")
    return redirect(url_for(".calendar"))


@bp.get("/calendar/<feed>.ics")
@public
@limiter.limit(FEED)
def calendar_feed(feed: str) -> ResponseReturnValue:
    names = request.args.get("names") == "yes"
    visits = visits_of_feed(db.session, token=feed, names=names, now=datetime.now(UTC))
    if visits is None:
        abort(404)
    headers = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
    return Response(_written(visits), mimetype="text/calendar", headers=headers)


@bp.get("/visits/<uuid:visit_id>/calendar.ics")
@signed_in
def visit_in_calendar(visit_id: UUID) -> ResponseReturnValue:
    """Give one visit as a file that a phone or computer puts into its calendar."""
    now = datetime.now(UTC)
    visit = in_calendar(db.session, visit_id=VisitId(visit_id), viewer=viewer(), now=now) or abort(404)
    response = Response(_written([visit]), mimetype="text/calendar")
    response.headers.set("Content-Disposition", "attachment", filename=f"visit-{visit.held_on}.ics")
    return response


def _written(visits: Sequence[VisitInCalendar]) -> bytes:
    return write_calendar(
        visits,
        site=str(current_app.config["SITE_NAME"]),
        host=urlsplit(str(current_app.config["SITE_URL"])).hostname or "localhost",
        page=arrangement_address,
    )
