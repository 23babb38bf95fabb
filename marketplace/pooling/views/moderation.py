"""A moderator keeps a pool from view, or shows it again."""

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
from marketplace.pooling import queries, services
from marketplace.pooling.queries.drafts import draft_page
from marketplace.pooling.rules import PoolId
from marketplace.pooling.views.blueprint import bp, pool_address

_DECISIONS = {"hold": services.hold_pool, "release": services.release_pool}


@bp.route("/<uuid:pool_id>/<any(hold, release):act>", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def decide(pool_id: UUID, act: str) -> ResponseReturnValue:
    form, wanted, now = DecideForm(), PoolId(pool_id), datetime.now(UTC)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                _DECISIONS[act](
                    session, pool_id=wanted, by=me(), reason=form.reason.data or "", address=pool_address, now=now
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved. We have written to whoever opened it.")
            return redirect(url_for(".show", pool_id=pool_id))
    page = (
        queries.pool_page(db.session, pool_id=wanted, viewer=viewer(), now=now)
        or draft_page(db.session, pool_id=wanted, viewer=viewer())
        or abort(404)
    )
    return render_template("pooling/decide.html", page=page, form=form, act=act), 422 if form.errors else 200
