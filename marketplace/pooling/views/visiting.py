"""Pages about visits that a pool has together: what is planned, who comes, and what took place."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import limiter, only_looks
from marketplace.kit.pages import page_number
from marketplace.kit.refusals import show_refusal
from marketplace.kit.said import count
from marketplace.kit.sentences import worded
from marketplace.pooling.forms.visiting import CallOffPoolVisitForm, HoldPoolVisitForm
from marketplace.pooling.queries.attending import SharedVisitPage, shared_visit_page
from marketplace.pooling.queries.visiting import VisitsTogether, pool_of_visit, visits_of_pool
from marketplace.pooling.rules import PoolId
from marketplace.pooling.rules.nouns import SharedVisitId
from marketplace.pooling.services import attending, visiting
from marketplace.pooling.services.attending import Overpaid
from marketplace.pooling.views.blueprint import bp
from marketplace.purchasing.forms.visits import PlanVisitsForm
from marketplace.purchasing.rules import ArrangementId

# Each planned visit writes to everybody in the pool.
OFTEN = "20 per minute; 100 per hour"


def visits_address(pool_id: PoolId) -> str:
    """Return the whole address of a pool's visits, as letters give it."""
    return page_address("pooling.visits", {"pool_id": pool_id})


def share_address(arrangement_id: ArrangementId) -> str:
    """Return the whole address of where somebody says yes to their share, as letters give it."""
    return page_address("purchasing.visits_of", {"arrangement_id": arrangement_id})


@bp.get("/<uuid:pool_id>/visits", endpoint="visits")
@signed_in
def visits_together(pool_id: UUID) -> ResponseReturnValue:
    page = _visits(pool_id, number=page_number(request.args.get("page")))
    return render_template("pooling/together/visits.html", page=page)


@bp.route("/<uuid:pool_id>/visits/plan", methods=["GET", "POST"])
@signed_in
@limiter.limit(OFTEN, exempt_when=only_looks)
def plan_visits(pool_id: UUID) -> ResponseReturnValue:
    page, form = _visits(pool_id), PlanVisitsForm()
    if not page.is_provider:
        abort(404)
    if form.validate_on_submit() and form.first_on.data and form.minutes.data is not None:
        try:
            with transaction() as session:
                planned = visiting.plan_pool_visits(
                    session,
                    pool_id=page.pool_id,
                    by=me(),
                    first_on=form.first_on.data,
                    starts_at=form.starts_at.data,
                    minutes=form.minutes.data,
                    weeks=form.weeks.data or 0,
                    address=visits_address,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash(
                worded(
                    "{visits_are} planned. We have told everybody in the pool.",
                    visits_are=count(planned, "visit is", "visits are"),
                )
            )
            return redirect(url_for(".visits", pool_id=pool_id))
    return render_template("pooling/together/plan_visits.html", page=page, form=form), 422 if form.errors else 200


@bp.get("/visits/<uuid:shared_visit_id>")
@signed_in
def shared_visit(shared_visit_id: UUID) -> ResponseReturnValue:
    page = shared_visit_page(
        db.session, shared_visit_id=SharedVisitId(shared_visit_id), viewer=viewer(), now=datetime.now(UTC)
    )
    if page is None:
        # To its members a visit is one line among the others.
        pool_id = _pool_of(shared_visit_id)
        return redirect(url_for(".visits", pool_id=pool_id, _anchor=f"visit-{shared_visit_id}"))
    return render_template("pooling/together/visit.html", page=page)


@bp.post("/visits/<uuid:shared_visit_id>/<any(away, coming):word>")
@signed_in
@limiter.limit(OFTEN)
def say_away(shared_visit_id: UUID, word: str) -> ResponseReturnValue:
    pool_id = _pool_of(shared_visit_id)
    with transaction() as session:
        in_time = visiting.say_away(
            session,
            shared_visit_id=SharedVisitId(shared_visit_id),
            by=me(),
            is_away=word == "away",
            address=visits_address,
            now=datetime.now(UTC),
        )
    if word == "coming":
        flash("Good. You are back on the list for this visit.")
    elif in_time:
        flash("Thank you for saying so in good time. We have told the provider that somebody cannot come.")
    else:
        flash("We have told the provider that somebody cannot come. It was too late to change what you pay for it.")
    return redirect(url_for(".visits", pool_id=pool_id, _anchor=f"visit-{shared_visit_id}"))


@bp.route("/visits/<uuid:shared_visit_id>/held", methods=["GET", "POST"])
@signed_in
@limiter.limit(OFTEN, exempt_when=only_looks)
def hold_visit(shared_visit_id: UUID) -> ResponseReturnValue:
    page = _visit(shared_visit_id)
    form = HoldPoolVisitForm(minutes=page.minutes, present=[str(one.person_id) for one in page.expected])
    form.offer([(one.person_id, one.name) for one in page.attendees])
    if form.validate_on_submit() and form.minutes.data is not None:
        try:
            with transaction() as session:
                overpaid = attending.hold_pool_visit(
                    session,
                    shared_visit_id=page.id,
                    by=me(),
                    minutes=form.minutes.data,
                    present=form.there,
                    note=form.note.data or "",
                    link=share_address,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Written down. Everybody is asked whether their share is right.")
            for one in overpaid:
                flash(_said(one, page))
            return redirect(url_for(".shared_visit", shared_visit_id=shared_visit_id))
    return render_template("pooling/together/hold_visit.html", page=page, form=form), 422 if form.errors else 200


@bp.route("/visits/<uuid:shared_visit_id>/call-off", methods=["GET", "POST"])
@signed_in
@limiter.limit(OFTEN, exempt_when=only_looks)
def call_off_visit(shared_visit_id: UUID) -> ResponseReturnValue:
    page, form = _visit(shared_visit_id), CallOffPoolVisitForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                visiting.call_off_pool_visit(
                    session, shared_visit_id=page.id, by=me(), address=visits_address, now=datetime.now(UTC)
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("The visit is called off. We have told everybody in the pool.")
            return redirect(url_for(".visits", pool_id=page.pool_id))
    elif not page.may_call_off:
        return redirect(url_for(".shared_visit", shared_visit_id=shared_visit_id))
    return render_template("pooling/together/call_off_visit.html", page=page, form=form), 422 if form.errors else 200


def _said(one: Overpaid, page: SharedVisitPage) -> str:
    name = next(attendee.name for attendee in page.attendees if attendee.person_id == one.person_id)
    return worded(
        "{name} has confirmed {too_much} more than their share is now. Take that off their next invoice.",
        name=name,
        too_much=one.too_much,
    )


def _visits(pool_id: UUID, *, number: int = 1) -> VisitsTogether:
    page = visits_of_pool(db.session, pool_id=PoolId(pool_id), viewer=viewer(), now=datetime.now(UTC), page=number)
    return page or abort(404)


def _visit(shared_visit_id: UUID) -> SharedVisitPage:
    page = shared_visit_page(
        db.session, shared_visit_id=SharedVisitId(shared_visit_id), viewer=viewer(), now=datetime.now(UTC)
    )
    return page or abort(404)


def _pool_of(shared_visit_id: UUID) -> PoolId:
    pool_id = pool_of_visit(db.session, shared_visit_id=SharedVisitId(shared_visit_id), viewer=viewer())
    return pool_id or abort(404)
