"""Pages on which a plan is looked at again: the days, what came of it, and how life is over time."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.brokerage.forms.keeping import HoldReviewForm, ReviewDayForm, ScoresForm, asking
from marketplace.brokerage.queries import reviewing as queries
from marketplace.brokerage.queries.plans import PlanSeen
from marketplace.brokerage.queries.reviewing import Review, Series
from marketplace.brokerage.rules.nouns import OutcomeId, ReviewId
from marketplace.brokerage.services import reviewing as services
from marketplace.brokerage.services.reviewing import ReviewChangedError, Said
from marketplace.brokerage.views.around import around
from marketplace.brokerage.views.blueprint import bp
from marketplace.brokerage.views.giving_back import gives_back
from marketplace.brokerage.views.plans import outcomes_to_choose, seen_plan, today, written_plan
from marketplace.brokerage.views.versions import contents_now
from marketplace.kit.db import db, stop_reading, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.refusals import show_refusal


@bp.route("/plans/<uuid:plan_id>/reviews", methods=["GET", "POST"])
@signed_in
def plan_reviews(plan_id: UUID) -> ResponseReturnValue:
    plan = written_plan(plan_id) if request.method == "POST" else seen_plan(plan_id)
    form = ReviewDayForm()
    if form.validate_on_submit() and form.due_on.data:
        try:
            with transaction() as session:
                services.set_review(session, plan_id=plan.id, due_on=form.due_on.data, by=me(), now=datetime.now(UTC))
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Chosen. We write to you before it." if plan.is_mine else "Chosen. We write to them before it.")
            return redirect(url_for(".plan_reviews", plan_id=plan.id))
    page = render_template(
        "brokerage/review_all.html",
        plan=plan,
        form=form,
        reviews=_reviews(plan),
        series=_series(plan),
        names=dict(_outcomes(plan)),
        today=today(),
    )
    return page, 422 if form.errors else 200


@bp.route("/plans/<uuid:plan_id>/reviews/<uuid:review_id>", methods=["GET", "POST"])
@signed_in
@gives_back(worked="What worked", not_worked="What did not work", next="What next")
def hold_plan_review(plan_id: UUID, review_id: UUID) -> ResponseReturnValue:
    plan = written_plan(plan_id)
    review, other = _review(plan, review_id), None
    outcomes = _outcomes(plan) if review.held_on is None else []
    form = asking(HoldReviewForm, outcomes)(
        data={"worked": review.worked, "not_worked": review.not_worked, "next": review.next, "seen": review.mark}
    )
    if form.validate_on_submit():
        try:
            _hold(plan, review, form)
        except ReviewChangedError as error:
            show_refusal(form, error)
            stop_reading()
            other = _review(plan, review_id)
            form["seen"].data = other.mark
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved. The plan is kept as it was today.")
            return redirect(url_for(".plan_reviews", plan_id=plan.id))
    page = render_template("brokerage/review_hold.html", plan=plan, review=review, other=other, form=form)
    return page, 422 if form.errors else 200


@bp.post("/plans/<uuid:plan_id>/reviews/<uuid:review_id>/unset")
@signed_in
def unset_plan_review(plan_id: UUID, review_id: UUID) -> ResponseReturnValue:
    plan = written_plan(plan_id)
    with transaction() as session:
        services.unset_review(session, plan_id=plan.id, review_id=ReviewId(review_id), by=me(), now=datetime.now(UTC))
    flash("That day is taken back.")
    return redirect(url_for(".plan_reviews", plan_id=plan.id))


@bp.route("/plans/<uuid:plan_id>/life", methods=["GET", "POST"])
@signed_in
def say_how_life_is(plan_id: UUID) -> ResponseReturnValue:
    plan = written_plan(plan_id)
    outcomes = _outcomes(plan)
    form = asking(ScoresForm, outcomes)()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.say_readings(session, plan_id=plan.id, by=me(), readings=form.readings, now=datetime.now(UTC))
        except DomainError as error:
            show_refusal(form, error, beside=next(iter(form.outcomes), ""))
        else:
            flash("Saved.")
            return redirect(url_for(".plan_reviews", plan_id=plan.id, _anchor="life"))
    page = render_template("brokerage/review_life.html", plan=plan, form=form)
    return page, 422 if form.errors else 200


def _hold(plan: PlanSeen, review: Review, form: ScoresForm) -> None:
    said = Said(
        worked=form["worked"].data or "",
        not_worked=form["not_worked"].data or "",
        next=form["next"].data or "",
        seen=form["seen"].data or "",
    )
    with transaction() as session:
        services.hold_review(
            session,
            plan_id=plan.id,
            review_id=review.id,
            by=me(),
            said=said,
            readings=form.readings,
            next_on=form["next_on"].data,
            around=around(),
            now=datetime.now(UTC),
        )


def _reviews(plan: PlanSeen) -> tuple[Review, ...]:
    return queries.reviews_of(db.session, plan_id=plan.id, viewer=viewer(), on=today())


def _review(plan: PlanSeen, review_id: UUID) -> Review:
    return next((it for it in _reviews(plan) if it.id == ReviewId(review_id)), None) or abort(404)


def _series(plan: PlanSeen) -> tuple[Series, ...]:
    return queries.readings_of(db.session, plan_id=plan.id, viewer=viewer(), on=today())


def _outcomes(plan: PlanSeen) -> list[tuple[OutcomeId, str]]:
    """Return the outcomes that a plan is about: those of its lines, or all, and those once spoken of."""
    of_lines = {line.outcome_id: line.outcome for line in contents_now(plan).lines}
    spoken_of = around().outcomes({it.outcome_id for it in _series(plan)})
    found = of_lines | {key: name for key, name in spoken_of.items() if key not in of_lines}
    return list(found.items()) or [(OutcomeId(key), name) for key, name in outcomes_to_choose()]
