"""Changing one's own review, adding to it, and taking it back."""

from datetime import UTC, datetime
from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in
from marketplace.kit.db import transaction
from marketplace.ratings.rules.nouns import ReviewId
from marketplace.ratings.services import reviewing
from marketplace.ratings.views.blueprint import bp


@bp.post("/<uuid:review_id>/withdraw")
@signed_in
def withdraw(review_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        reviewing.withdraw_review(session, review_id=ReviewId(review_id), by=me(), now=datetime.now(UTC))
    flash("You have taken your review back. Nobody can read it any more.")
    return redirect(url_for(".mine"))
