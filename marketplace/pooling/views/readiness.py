"""Getting ready in seven steps, which only the members of a pool see."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.refusals import show_refusal
from marketplace.pooling.forms.readiness import CriterionForm, step_form
from marketplace.pooling.queries import readiness as queries
from marketplace.pooling.queries.membership import my_membership
from marketplace.pooling.rules.nouns import CriterionId, PoolId, Step
from marketplace.pooling.rules.readiness import StepState
from marketplace.pooling.services import readiness as services
from marketplace.pooling.views.blueprint import bp


@bp.get("/<uuid:pool_id>/ready")
@signed_in
def ready(pool_id: UUID) -> ResponseReturnValue:
    page = queries.readiness(db.session, pool_id=PoolId(pool_id), viewer=viewer()) or abort(404)
    return render_template("pooling/ready.html", page=page, StepState=StepState)


@bp.route("/<uuid:pool_id>/ready/<step_name>", methods=["GET", "POST"])
@signed_in
def ready_step(pool_id: UUID, step_name: str) -> ResponseReturnValue:
    step = _step(step_name)
    page = queries.step_page(db.session, pool_id=PoolId(pool_id), step=step, viewer=viewer()) or abort(404)
    form = step_form(step)
    changed_meanwhile = False
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.say_step(
                    session,
                    pool_id=PoolId(pool_id),
                    step=step,
                    by=me(),
                    said=form.said(step),
                    is_done=bool(form.is_done.data),
                    seen=form.seen_at,
                    now=datetime.now(UTC),
                )
        except services.ChangedMeanwhileError as error:
            show_refusal(form, error)
            # Whoever has seen the other words may save over them.
            changed_meanwhile, form.seen.data = True, page.said_at.isoformat() if page.said_at else ""
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved.")
            return redirect(url_for(".ready", pool_id=pool_id))
    elif not form.is_submitted():
        form.show(step, page.answers, is_done=page.is_done, said_at=page.said_at)
    return render_template(
        "pooling/ready_step.html", page=page, form=form, step=step, changed_meanwhile=changed_meanwhile
    ), 422 if form.errors else 200


@bp.route("/<uuid:pool_id>/matters", methods=["GET", "POST"])
@signed_in
def add_criterion(pool_id: UUID) -> ResponseReturnValue:
    page = my_membership(db.session, pool_id=PoolId(pool_id), viewer=viewer()) or abort(404)
    form = CriterionForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.add_criterion(
                    session, pool_id=PoolId(pool_id), by=me(), words=form.words.data or "", now=datetime.now(UTC)
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Added. The others can say that it matters to them too.")
            return redirect(url_for(".ready_step", pool_id=pool_id, step_name=Step.WHAT_MATTERS.value))
    return render_template("pooling/add_criterion.html", page=page, form=form), 422 if form.errors else 200


@bp.post("/<uuid:pool_id>/matters/<uuid:criterion_id>/<any(to_me, not_to_me, remove):says>")
@signed_in
def criterion(pool_id: UUID, criterion_id: UUID, says: str) -> ResponseReturnValue:
    pool, about, now = PoolId(pool_id), CriterionId(criterion_id), datetime.now(UTC)
    with transaction() as session:
        if says == "remove":
            services.remove_criterion(session, pool_id=pool, criterion_id=about, by=me(), now=now)
        else:
            services.say_it_matters(
                session, pool_id=pool, criterion_id=about, by=me(), matters=says == "to_me", now=now
            )
    return redirect(url_for(".ready_step", pool_id=pool_id, step_name=Step.WHAT_MATTERS.value))


def _step(name: str) -> Step:
    return Step(name) if name in set(Step) else abort(404)
