"""Writing a review, and taking one's own back."""

from datetime import UTC, datetime
from http import HTTPStatus
from uuid import UUID

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, signed_in
from marketplace.accounts.rules import Permission
from marketplace.catalogue.rules import OfferId
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.refusals import show_refusal
from marketplace.purchasing.rules import ArrangementId
from marketplace.ratings import services
from marketplace.ratings.forms import ReviewForm
from marketplace.ratings.rules import ReviewId, Written
from marketplace.ratings.views.blueprint import bp, review_address

_SAID = "Your review is shown now. Thank you: it helps other people choose."


def _was_sent(response: Response) -> bool:
    # Only what was sent counts: somebody who corrects a form five times has written to nobody yet.
    return response.status_code == HTTPStatus.FOUND


@bp.route("/for/<uuid:arrangement_id>", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks, deduct_when=_was_sent)
def of_arrangement(arrangement_id: UUID) -> ResponseReturnValue:
    wanted = ArrangementId(arrangement_id)
    what = services.arrangement_to_review(db.session, arrangement_id=wanted, by=me())
    form = ReviewForm()
    del form.has_used
    if form.validate_on_submit():
        try:
            with transaction() as session:
                review_id = services.review_arrangement(
                    session, arrangement_id=wanted, by=me(), written=_written(form),
                    link=review_address, now=datetime.now(UTC),
                )  # fmt: skip
        except services.ReviewUnclearError as error:
            show_refusal(form, error)
        else:
            return _thank(review_id)
    return render_template("ratings/write.html", what=what, form=form), 422 if form.errors else 200


@bp.route("/of/<uuid:offer_id>", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks, deduct_when=_was_sent)
def of_offer(offer_id: UUID) -> ResponseReturnValue:
    wanted, now = OfferId(offer_id), datetime.now(UTC)
    what = services.offer_to_review(db.session, offer_id=wanted, by=me(), today=day_of(now))
    form = ReviewForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                review_id = services.declare_use_and_review(
                    session, offer_id=wanted, by=me(), written=_written(form),
                    link=review_address, now=now,
                )  # fmt: skip
        except services.ReviewUnclearError as error:
            show_refusal(form, error)
        else:
            return _thank(review_id)
    return render_template("ratings/write.html", what=what, form=form), 422 if form.errors else 200


def _written(form: ReviewForm) -> Written:
    return Written(stars=form.stars.data, words=form.words.data or "")


def _thank(review_id: ReviewId) -> ResponseReturnValue:
    flash(_SAID)
    return redirect(url_for(".show", review_id=review_id))


@bp.post("/<uuid:review_id>/withdraw")
@signed_in
def withdraw(review_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.withdraw_review(session, review_id=ReviewId(review_id), by=me(), now=datetime.now(UTC))
    flash("You have taken your review back. Nobody can read it any more.")
    return redirect(url_for(".mine"))
