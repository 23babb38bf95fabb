"""Joining a pool, and leaving it."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.refusals import show_refusal
from marketplace.pooling import queries, services
from marketplace.pooling.forms import JoinPoolForm
from marketplace.pooling.rules import PoolId, PoolStatus
from marketplace.pooling.views.blueprint import bp, pool_address

_SAID = {
    PoolStatus.OPEN: "You are in. We will write to you when enough people have joined, or when the pool ends.",
    PoolStatus.CONFIRMED: "You are in, and that makes enough people: this pool is going ahead. We have written to you.",
}


@bp.route("/<uuid:pool_id>/pledge", methods=["GET", "POST"])
@requires(Permission.BUY)
def pledge(pool_id: UUID) -> ResponseReturnValue:
    form = JoinPoolForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                status = services.pledge_to_pool(
                    session, pool_id=PoolId(pool_id), by=me(), address=pool_address, now=datetime.now(UTC)
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash(_SAID[status])
            return redirect(url_for(".show", pool_id=pool_id))
    page = queries.pool_page(db.session, pool_id=PoolId(pool_id), viewer=viewer(), now=datetime.now(UTC))
    return render_template("pooling/pledge.html", page=page or abort(404), form=form), 422 if form.errors else 200


@bp.post("/<uuid:pool_id>/leave")
@requires(Permission.BUY)
def leave(pool_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.leave_pool(session, pool_id=PoolId(pool_id), by=me(), now=datetime.now(UTC))
    flash("You have left the pool. It costs you nothing.")
    return redirect(url_for(".show", pool_id=pool_id))
