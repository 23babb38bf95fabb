"""Opening a pool, and closing it for everybody."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue.rules import OfferId
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.refusals import show_refusal
from marketplace.pooling import queries, services
from marketplace.pooling.forms import OpenPoolForm, WithdrawPoolForm
from marketplace.pooling.rules import PoolId
from marketplace.pooling.views.blueprint import bp, pool_address


@bp.route("/open/<uuid:offer_id>", methods=["GET", "POST"], endpoint="open")
@requires(Permission.BUY)
def open_on(offer_id: UUID) -> ResponseReturnValue:
    form = OpenPoolForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                pool_id = services.open_pool(
                    session,
                    offer_id=OfferId(offer_id),
                    by=me(),
                    wanted=form.wanted,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Your pool is open, and you are in. Send its address to people who may like to join.")
            return redirect(url_for(".show", pool_id=pool_id))
    offer = queries.group_offer(db.session, offer_id=OfferId(offer_id), on=day_of(datetime.now(UTC))) or abort(404)
    return render_template("pooling/open.html", offer=offer, form=form), 422 if form.errors else 200


@bp.route("/<uuid:pool_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.BUY)
def withdraw(pool_id: UUID) -> ResponseReturnValue:
    form = WithdrawPoolForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.withdraw_pool(
                    session, pool_id=PoolId(pool_id), by=me(), address=pool_address, now=datetime.now(UTC)
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("The pool is closed, and we have told everybody in it. Nobody pays anything.")
            return redirect(url_for(".show", pool_id=pool_id))
    page = queries.pool_page(db.session, pool_id=PoolId(pool_id), viewer=viewer(), now=datetime.now(UTC))
    if page is None or not page.viewer_opened_it:
        abort(404)
    return render_template("pooling/withdraw.html", page=page, form=form), 422 if form.errors else 200
