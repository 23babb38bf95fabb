"""Keeping a pool from view, and showing it again."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError, NotFoundError
from marketplace.pooling import queries, services
from marketplace.pooling.forms import HoldPoolForm
from marketplace.pooling.rules import PoolId
from marketplace.pooling.views.blueprint import bp


@bp.route("/<uuid:pool_id>/hold", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def hold(pool_id: UUID) -> ResponseReturnValue:
    form = HoldPoolForm()
    page = queries.pool_page(db.session, pool_id=PoolId(pool_id), viewer=viewer(), now=datetime.now(UTC)) or abort(404)
    if form.validate_on_submit():
        decide = services.release_pool if page.is_held else services.hold_pool
        try:
            with transaction() as session:
                decide(session, pool_id=page.id, by=me(), reason=form.reason.data or "", now=datetime.now(UTC))
        except NotFoundError:
            raise
        except DomainError as error:
            form.form_errors.append(str(error))
        else:
            flash("The pool is shown again." if page.is_held else "The pool is kept from view.")
            return redirect(url_for(".show", pool_id=pool_id))
    return render_template("pooling/hold.html", page=page, form=form), 422 if form.errors else 200
