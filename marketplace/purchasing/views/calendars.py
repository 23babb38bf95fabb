"""Visits in somebody's own calendar: a secret address that can be made anew or stopped at any time."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, public, signed_in, viewer
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.limits import FEED, limiter
from marketplace.purchasing.gateways.calendars import write_calendar
from marketplace.purchasing.queries.calendars import feed_made_at, visits_of_feed
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
    text = write_calendar(
        visits,
        site=str(current_app.config["SITE_NAME"]),
        host=urlsplit(str(current_app.config["SITE_URL"])).hostname or "localhost",
        page=arrangement_address,
    )
    headers = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
    return Response(text, mimetype="text/calendar", headers=headers)
