"""Asking the user-led panel to look at a refusal again, and the panel's own pages."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, signed_in, viewer
from marketplace.accounts.rules import Permission
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.pages import page_number
from marketplace.kit.refusals import show_refusal
from marketplace.ratings.forms.fairness import AppealForm, VoteForm
from marketplace.ratings.queries import appeals as queries
from marketplace.ratings.rules.nouns import AppealId, AppealOutcome, ScreeningId
from marketplace.ratings.services import appealing
from marketplace.ratings.views.blueprint import bp, review_address


def appeal_address(appeal_id: AppealId) -> str:
    """Return the whole address of an appeal's page, as letters give it."""
    return page_address("ratings.appeal", {"appeal_id": appeal_id})


@bp.route("/refusals/<uuid:screening_id>/appeal", methods=["GET", "POST"])
@signed_in
@limiter.limit(MAIL, exempt_when=only_looks)
def make_appeal(screening_id: UUID) -> ResponseReturnValue:
    wanted = ScreeningId(screening_id)
    it = queries.refusal_to_appeal(db.session, screening_id=wanted, viewer=viewer()) or abort(404)
    if it.appeal_id is not None:
        return redirect(url_for(".appeal", appeal_id=it.appeal_id))
    form = AppealForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                appeal_id = appealing.appeal(
                    session, screening_id=wanted, by=me(), words=form.words.data or "",
                    link=appeal_address, now=datetime.now(UTC),
                )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Sent to the panel. We write to you once they have decided.")
            return redirect(url_for(".appeal", appeal_id=appeal_id))
    return render_template("ratings/make_appeal.html", it=it, form=form), 422 if form.errors else 200


@bp.get("/appeals")
@requires(Permission.SIT_ON_PANEL)
def appeals() -> ResponseReturnValue:
    page = queries.open_appeals(db.session, viewer=viewer(), page=page_number(request.args.get("page")))
    return render_template("ratings/appeals.html", page=page, now=datetime.now(UTC))


@bp.route("/appeals/<uuid:appeal_id>", methods=["GET", "POST"])
@signed_in
def appeal(appeal_id: UUID) -> ResponseReturnValue:
    it = queries.appeal_page(db.session, appeal_id=AppealId(appeal_id), viewer=viewer()) or abort(404)
    form = VoteForm()
    if it.is_mine and form.is_submitted():
        abort(403)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                decided = appealing.vote(
                    session, appeal_id=it.id, by=me(), outcome=AppealOutcome(form.outcome.data),
                    reason=form.reason.data or "", link=review_address, now=datetime.now(UTC),
                )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved. The panel has decided." if decided else "Saved. We count once three of you have voted.")
            return redirect(url_for(".appeal", appeal_id=appeal_id))
    return render_template("ratings/appeal.html", it=it, form=form, now=datetime.now(UTC)), 422 if form.errors else 200
