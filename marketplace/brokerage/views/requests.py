"""Pages about requests for help: one's own, and those that an organisation answers."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.brokerage.forms.helping import DeclineForm
from marketplace.brokerage.queries import requests as queries
from marketplace.brokerage.rules.nouns import RequestId
from marketplace.brokerage.services import requests as services
from marketplace.brokerage.views.blueprint import bp
from marketplace.catalogue.views.shown import today
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.refusals import show_refusal


@bp.get("/help/requests")
@signed_in
def help_requests() -> ResponseReturnValue:
    return render_template(
        "brokerage/help_requests.html",
        mine=queries.my_requests(db.session, viewer=viewer(), on=today()),
        for_us=queries.requests_for_us(db.session, viewer=viewer()),
    )


@bp.route("/help/requests/<uuid:request_id>", methods=["GET", "POST"])
@signed_in
@limiter.limit(MAIL, exempt_when=only_looks)
def answer_request(request_id: UUID) -> ResponseReturnValue:
    """Show what somebody asks of one's organisation, and say no to it: yes is a button of its own."""
    wanted = RequestId(request_id)
    asked = queries.request_for_us(db.session, request_id=wanted, viewer=viewer()) or abort(404)
    form = DeclineForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.decline_request(
                    session,
                    request_id=wanted,
                    by=viewer(),
                    words=form.words.data or "",
                    link=page_address("brokerage.directory"),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("We have told them. Thank you for answering.")
            return redirect(url_for(".help_requests"))
    return render_template("brokerage/help_answer.html", asked=asked, form=form), 422 if form.errors else 200


@bp.post("/help/requests/<uuid:request_id>/accept")
@signed_in
@limiter.limit(MAIL)
def accept_request(request_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.accept_request(
            session,
            request_id=RequestId(request_id),
            by=viewer(),
            link=page_address("brokerage.who_helps"),
            now=datetime.now(UTC),
        )
    flash("Thank you. You help them from now on: here is what there is to do.")
    return redirect(url_for(".people"))


@bp.post("/help/requests/<uuid:request_id>/withdraw")
@signed_in
def withdraw_request(request_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.withdraw_request(session, request_id=RequestId(request_id), by=me(), now=datetime.now(UTC))
    flash("You have taken it back. They cannot see it any more.")
    return redirect(url_for(".help_requests"))
