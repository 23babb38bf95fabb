"""Changing one's own review, adding to it, and taking it back."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import one_word
from marketplace.kit.spotting import Spotted
from marketplace.ratings.forms.reviewing import AddForm, fits_tiles, said_before
from marketplace.ratings.queries.writing import MyReview, my_review
from marketplace.ratings.rules.nouns import AdditionId, ReviewId, ReviewStatus, Telling
from marketplace.ratings.rules.reviewing import Written
from marketplace.ratings.services import amending
from marketplace.ratings.views.blueprint import bp, review_address
from marketplace.ratings.views.writing import said_of, spotted_in, was_sent, writing_page


@bp.route("/<uuid:review_id>/change", methods=["GET", "POST"])
@signed_in
@limiter.limit(MAIL, exempt_when=only_looks, deduct_when=was_sent)
def change(review_id: UUID) -> ResponseReturnValue:
    page = _mine(review_id)

    def write(written: Written) -> ReviewId:
        with transaction() as session:
            return amending.change_review(
                session, review_id=page.id, by=me(), written=written, link=review_address, now=datetime.now(UTC)
            )

    def thank(_review_id: ReviewId) -> ResponseReturnValue:
        changed = _mine(review_id)
        flash("Your review is changed." if changed.status is ReviewStatus.SHOWN else said_of(changed.status))
        return redirect(url_for(".show", review_id=review_id))

    return writing_page(
        page,
        write,
        told=Telling.PICTURES if fits_tiles(page.written) else Telling.WORDS,
        has_tiles=fits_tiles(page.written),
        without=("has_used", "release") if page.was_shown else ("has_used",),
        said=said_before(page.written),
        thank=thank,
        heading="Change your review",
        button="Change my review",
        back=(url_for(".show", review_id=review_id), "Back to your review"),
    )


@bp.route("/<uuid:review_id>/add", methods=["GET", "POST"])
@signed_in
@limiter.limit(MAIL, exempt_when=only_looks, deduct_when=was_sent)
def add(review_id: UUID) -> ResponseReturnValue:
    page, form = _mine(review_id), AddForm()
    found: tuple[Spotted, ...] = ()
    if form.validate_on_submit():
        words = form.words.data or ""
        found = spotted_in((words,), page)
        if not found or form.lets_stay(found):
            try:
                with transaction() as session:
                    amending.add_to_review(
                        session, review_id=page.id, by=me(), words=words, link=review_address, now=datetime.now(UTC)
                    )
            except DomainError as error:
                show_refusal(form, error)
            else:
                is_shown = _mine(review_id).additions[-1].is_shown
                flash(
                    one_word("Added.")
                    if is_shown
                    else "A person reads what you added first. You can see here where it stands."
                )
                return redirect(url_for(".show", review_id=review_id))
    return render_template("ratings/add.html", page=page, form=form, found=found), 422 if form.errors else 200


@bp.post("/additions/<uuid:addition_id>/withdraw")
@signed_in
def withdraw_addition(addition_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        review_id = amending.withdraw_addition(
            session, addition_id=AdditionId(addition_id), by=me(), now=datetime.now(UTC)
        )
    flash("You have taken back what you added.")
    return redirect(url_for(".show", review_id=review_id))


@bp.post("/<uuid:review_id>/withdraw")
@signed_in
def withdraw(review_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        amending.withdraw_review(session, review_id=ReviewId(review_id), by=me(), now=datetime.now(UTC))
    flash("You have taken your review back. Nobody can read it any more.")
    return redirect(url_for(".mine"))


def _mine(review_id: UUID) -> MyReview:
    return my_review(db.session, review_id=ReviewId(review_id), viewer=viewer()) or abort(404)
