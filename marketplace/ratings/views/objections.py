"""Objecting to a review that is about oneself as a person, and weighing that."""

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
from marketplace.ratings.forms.fairness import BalanceForm, ObjectionForm
from marketplace.ratings.queries import objections as queries
from marketplace.ratings.rules.nouns import ObjectionId, ObjectionOutcome, ReviewId
from marketplace.ratings.services import objecting
from marketplace.ratings.views.blueprint import bp, review_address


def objection_address(objection_id: ObjectionId) -> str:
    """Return the whole address of an objection's page, as letters give it."""
    return page_address("ratings.objection", {"objection_id": objection_id})


@bp.route("/<uuid:review_id>/object", methods=["GET", "POST"])
@signed_in
@limiter.limit(MAIL, exempt_when=only_looks)
def object_to(review_id: UUID) -> ResponseReturnValue:
    it = queries.to_object_to(db.session, review_id=ReviewId(review_id), viewer=viewer()) or abort(404)
    form = ObjectionForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                objection_id = objecting.object_to_review(
                    session, review_id=it.id, by=me(), words=form.words.data or "",
                    link=objection_address, now=datetime.now(UTC),
                )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Sent. We weigh it within a month, and write to you.")
            return redirect(url_for(".objection", objection_id=objection_id))
    return render_template("ratings/object.html", it=it, form=form), 422 if form.errors else 200


@bp.get("/objections")
@requires(Permission.MODERATE)
def objections() -> ResponseReturnValue:
    page = queries.open_objections(
        db.session, viewer=viewer(), now=datetime.now(UTC), page=page_number(request.args.get("page"))
    )
    return render_template("ratings/objections.html", page=page)


@bp.route("/objections/<uuid:objection_id>", methods=["GET", "POST"])
@signed_in
def objection(objection_id: UUID) -> ResponseReturnValue:
    it = queries.objection_page(db.session, objection_id=ObjectionId(objection_id), viewer=viewer()) or abort(404)
    form = BalanceForm()
    if it.is_mine and form.is_submitted():
        abort(403)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                objecting.decide_objection(
                    session,
                    objection_id=it.id,
                    outcome=ObjectionOutcome(form.outcome.data),
                    our_interest=form.our_interest.data or "",
                    their_interest=form.their_interest.data or "",
                    balance=form.balance.data or "",
                    by=me(),
                    link=review_address,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved. Both have a letter.")
            return redirect(url_for(".objections"))
    return render_template("ratings/objection.html", it=it, form=form), 422 if form.errors else 200
