"""Pages about what comes of a pool: what it saves, and what its members look at before and after."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.refusals import show_refusal
from marketplace.pooling.forms.measuring import ChooseMeasureForm, ReadingForm
from marketplace.pooling.queries.measuring import MeasureAsked, Outcomes, measure_asked, outcomes
from marketplace.pooling.rules import PoolId
from marketplace.pooling.rules.nouns import Measure, MeasureId
from marketplace.pooling.services import measuring
from marketplace.pooling.views.blueprint import bp


@bp.get("/<uuid:pool_id>/outcomes", endpoint="outcomes")
@signed_in
def what_comes_of_it(pool_id: UUID) -> ResponseReturnValue:
    return render_template("pooling/together/outcomes.html", page=_outcomes(pool_id))


@bp.route("/<uuid:pool_id>/outcomes/choose", methods=["GET", "POST"])
@signed_in
def choose_measure(pool_id: UUID) -> ResponseReturnValue:
    page, form = _outcomes(pool_id), ChooseMeasureForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                measuring.choose_measure(
                    session,
                    pool_id=page.pool_id,
                    by=me(),
                    measure=Measure(form.measure.data),
                    words=form.words.data or "",
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved. Everybody in the pool can answer it now.")
            return redirect(url_for(".outcomes", pool_id=pool_id))
    return render_template("pooling/together/choose_measure.html", page=page, form=form), 422 if form.errors else 200


@bp.route("/measures/<uuid:measure_id>", methods=["GET", "POST"])
@signed_in
def say_reading(measure_id: UUID) -> ResponseReturnValue:
    page = _measure(measure_id)
    form = ReadingForm(value=page.mine)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                measuring.say_reading(
                    session, measure_id=page.id, by=me(), value=form.value.data, now=datetime.now(UTC)
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved. Nobody else sees what you answered.")
            return redirect(url_for(".outcomes", pool_id=page.pool_id))
    return render_template("pooling/together/reading.html", page=page, form=form), 422 if form.errors else 200


@bp.post("/measures/<uuid:measure_id>/take-back")
@signed_in
def take_back_reading(measure_id: UUID) -> ResponseReturnValue:
    page = _measure(measure_id)
    with transaction() as session:
        measuring.take_back_reading(session, measure_id=page.id, by=me(), now=datetime.now(UTC))
    flash("Taken back. It is gone, and counts in nothing.")
    return redirect(url_for(".outcomes", pool_id=page.pool_id))


@bp.post("/measures/<uuid:measure_id>/remove")
@signed_in
def remove_measure(measure_id: UUID) -> ResponseReturnValue:
    page = _measure(measure_id)
    with transaction() as session:
        measuring.remove_measure(session, measure_id=page.id, by=me(), now=datetime.now(UTC))
    flash("You look at that no more.")
    return redirect(url_for(".outcomes", pool_id=page.pool_id))


def _outcomes(pool_id: UUID) -> Outcomes:
    return outcomes(db.session, pool_id=PoolId(pool_id), viewer=viewer(), now=datetime.now(UTC)) or abort(404)


def _measure(measure_id: UUID) -> MeasureAsked:
    page = measure_asked(db.session, measure_id=MeasureId(measure_id), viewer=viewer(), now=datetime.now(UTC))
    return page or abort(404)
