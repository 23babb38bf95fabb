"""A moderator keeps a review or a reply from view, or shows it again."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.refusals import show_refusal
from marketplace.moderation.forms import DecideForm
from marketplace.ratings import queries, services
from marketplace.ratings.rules import ReviewId
from marketplace.ratings.views.blueprint import bp, review_address

_DECISIONS: dict[tuple[str, str], Callable[..., None]] = {
    ("review", "hold"): services.hold_review,
    ("review", "release"): services.release_review,
    ("reply", "hold"): services.hold_reply,
    ("reply", "release"): services.release_reply,
}


@bp.route("/<uuid:review_id>/<any(hold, release):act>", methods=["GET", "POST"], defaults={"what": "review"})
@bp.route("/<uuid:review_id>/reply/<any(hold, release):act>", methods=["GET", "POST"], defaults={"what": "reply"})
@requires(Permission.MODERATE)
def decide(review_id: UUID, what: str, act: str) -> ResponseReturnValue:
    form, decision = DecideForm(), _DECISIONS[what, act]
    wanted = ReviewId(review_id)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                decision(
                    session, review_id=wanted, by=me(), reason=form.reason.data or "",
                    link=review_address, now=datetime.now(UTC),
                )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved. We have written to whoever wrote it.")
            return redirect(url_for(".show", review_id=review_id))
    it = queries.review_page(db.session, review_id=wanted, viewer=viewer()) or abort(404)
    page = render_template("ratings/decide.html", it=it, form=form, what=what, act=act)
    return page, 422 if form.errors else 200
