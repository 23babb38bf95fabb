"""Answering a review."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.refusals import show_refusal
from marketplace.ratings import queries, services
from marketplace.ratings.forms.changing import ReplyForm
from marketplace.ratings.rules import ReviewId
from marketplace.ratings.services.naming import TellsWhoError
from marketplace.ratings.views.blueprint import bp, review_address


@bp.route("/<uuid:review_id>/reply", methods=["GET", "POST"])
@requires(Permission.PROVIDE)
@limiter.limit(MAIL, exempt_when=only_looks)
def reply(review_id: UUID) -> ResponseReturnValue:
    wanted = ReviewId(review_id)
    it = queries.review_page(db.session, review_id=wanted, viewer=viewer()) or abort(404)
    if not it.may_reply:
        abort(403)
    form = ReplyForm(words=it.reply.words if it.reply else "")
    asks_if_sure = bool(form.is_sure.data)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.reply_to_review(
                    session, review_id=wanted, by=me(), words=form.words.data or "", is_sure=bool(form.is_sure.data),
                    link=review_address, now=datetime.now(UTC),
                )  # fmt: skip
        except DomainError as error:
            asks_if_sure = asks_if_sure or isinstance(error, TellsWhoError)
            show_refusal(form, error, beside="words")
        else:
            return _sent(wanted)
    page = render_template("ratings/reply.html", it=it, form=form, asks_if_sure=asks_if_sure)
    return page, 422 if form.errors else 200


def _sent(review_id: ReviewId) -> ResponseReturnValue:
    it = queries.review_page(db.session, review_id=review_id, viewer=viewer())
    if it is not None and it.reply is not None and it.reply.is_held:
        flash("Your reply waits for a moderator to read it, which takes two working days at most. You can change it.")
    else:
        flash("Your reply is shown now. You can change it at any time.")
    return redirect(url_for(".show", review_id=review_id))
