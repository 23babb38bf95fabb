"""The rota of a pool: who does what, on which day."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import worded
from marketplace.pooling.forms.space import TurnForm
from marketplace.pooling.queries import rota as queries
from marketplace.pooling.queries.rota import Rota
from marketplace.pooling.rules.nouns import PoolId, TurnId
from marketplace.pooling.services import rota as services
from marketplace.pooling.views.blueprint import bp


@bp.get("/<uuid:pool_id>/rota")
@signed_in
def rota(pool_id: UUID) -> ResponseReturnValue:
    return render_template("pooling/space_rota.html", page=_rota(pool_id))


@bp.route("/<uuid:pool_id>/rota/add", methods=["GET", "POST"])
@signed_in
def add_turns(pool_id: UUID) -> ResponseReturnValue:
    page, form = _rota(pool_id), TurnForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                days = services.add_turns(
                    session, pool_id=page.pool_id, by=me(), wanted=form.wanted, now=datetime.now(UTC)
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("It is on the rota." if days == 1 else worded("It is on the rota, on {days} days.", days=days))
            return redirect(url_for(".rota", pool_id=pool_id))
    return render_template("pooling/space_add_turns.html", page=page, form=form), 422 if form.errors else 200


@bp.post("/<uuid:pool_id>/rota/<uuid:turn_id>/take")
@signed_in
def take_turn(pool_id: UUID, turn_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.take_turn(session, pool_id=PoolId(pool_id), turn_id=TurnId(turn_id), by=me(), now=datetime.now(UTC))
    flash("You do it. The others see that on the rota.")
    return redirect(url_for(".rota", pool_id=pool_id))


@bp.post("/<uuid:pool_id>/rota/<uuid:turn_id>/hand-back")
@signed_in
def hand_back_turn(pool_id: UUID, turn_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.hand_back_turn(session, pool_id=PoolId(pool_id), turn_id=TurnId(turn_id), by=me())
    flash("Somebody else can take this turn now.")
    return redirect(url_for(".rota", pool_id=pool_id))


@bp.post("/<uuid:pool_id>/rota/<uuid:turn_id>/cross-out")
@signed_in
def cross_out_turn(pool_id: UUID, turn_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.cross_out_turn(session, pool_id=PoolId(pool_id), turn_id=TurnId(turn_id), by=me())
    flash("It is off the rota.")
    return redirect(url_for(".rota", pool_id=pool_id))


def _rota(pool_id: UUID) -> Rota:
    today = day_of(datetime.now(UTC))
    return queries.rota_of(db.session, pool_id=PoolId(pool_id), viewer=viewer(), today=today) or abort(404)
