"""What champions can do with an open pool: let it go ahead now, or give it a week more, once."""

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
from marketplace.pooling.forms.settling import PressForm
from marketplace.pooling.jobs.settling import settle_pool
from marketplace.pooling.queries.my_part import MyPart, my_part
from marketplace.pooling.queries.pledging import how_far
from marketplace.pooling.rules.nouns import PoolId, PoolStatus
from marketplace.pooling.services import closing
from marketplace.pooling.views.blueprint import bp, pool_address


@bp.route("/<uuid:pool_id>/go-ahead", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks)
def go_ahead(pool_id: UUID) -> ResponseReturnValue:
    page = _mine_to_keep_going(pool_id)
    form = PressForm()
    if form.validate_on_submit():
        now = datetime.now(UTC)
        try:
            with transaction() as session:
                closing.go_ahead_now(session, pool_id=page.id, by=me(), now=now)
        except DomainError as error:
            show_refusal(form, error)
        else:
            is_certain = settle_pool(page.id, now=now) is PoolStatus.CONFIRMED
            flash("The pool is going ahead." if is_certain else "The pool is closed, and is getting ready to go.")
            return redirect(url_for(".show", pool_id=pool_id))
    progress = how_far(db.session, pool_id=page.id)
    return render_template("pooling/settling_go_ahead.html", page=page, form=form, progress=progress), (
        422 if form.errors else 200
    )


@bp.route("/<uuid:pool_id>/extend", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks)
def extend(pool_id: UUID) -> ResponseReturnValue:
    page = _mine_to_keep_going(pool_id)
    form = PressForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                closing.extend_pool(session, pool_id=page.id, by=me(), address=pool_address, now=datetime.now(UTC))
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("People have a week more to join, and we have told everybody in the pool.")
            return redirect(url_for(".show", pool_id=pool_id))
    return render_template("pooling/settling_extend.html", page=page, form=form), 422 if form.errors else 200


def _mine_to_keep_going(pool_id: UUID) -> MyPart:
    page = my_part(db.session, pool_id=PoolId(pool_id), viewer=viewer())
    if page is None or not page.keeps_it_going:
        abort(404)
    return page
