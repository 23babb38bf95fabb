"""Pages about visits: what is planned, what took place, and the person's yes to it."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, signed_in, viewer
from marketplace.accounts.rules import Permission
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import limiter, only_looks
from marketplace.kit.money import ZERO
from marketplace.kit.pages import page_number
from marketplace.kit.refusals import show_refusal
from marketplace.kit.said import count
from marketplace.kit.sentences import worded
from marketplace.kit.weeks import WeekDay, WeekThing, seven_days
from marketplace.purchasing.forms.visits import CallOffForm, ClaimForm, PlanForm, QueryForm
from marketplace.purchasing.queries.visits import (
    VisitLine,
    VisitLists,
    VisitsPage,
    calling_off_costs,
    my_visits,
    visit_line,
    visits_for_my_organisations,
    visits_page,
)
from marketplace.purchasing.rules import ArrangementId, Side
from marketplace.purchasing.rules.nouns import VisitId
from marketplace.purchasing.rules.visits import VisitAct
from marketplace.purchasing.services import calling_off, confirming, visits
from marketplace.purchasing.views.blueprint import arrangement_address, bp

# A provider writes a week of visits down in one go. Letters go out for the first of them alone.
OFTEN = "30 per minute; 300 per hour"


@bp.get("/visits")
@signed_in
def my_visits_page() -> ResponseReturnValue:
    now = datetime.now(UTC)
    lists = my_visits(db.session, viewer=viewer(), now=now)
    return render_template("purchasing/my_visits.html", lists=lists, week=_week(lists, now=now))


@bp.get("/visits/for-my-organisation")
@requires(Permission.PROVIDE)
def visits_of_my_organisation() -> ResponseReturnValue:
    now = datetime.now(UTC)
    lists = visits_for_my_organisations(db.session, viewer=viewer(), now=now)
    return render_template("purchasing/visits_for_my_organisation.html", lists=lists, week=_week(lists, now=now))


def _week(lists: VisitLists, *, now: datetime) -> tuple[WeekDay, ...]:
    """Return the visits of the next seven days as a week is drawn, each leading to its card below."""
    things = [
        WeekThing(
            on=visit.held_on,
            starts_at=visit.starts_at,
            words=worded("{title}, {length}", title=visit.title, length=visit.how_long),
            href=f"#visit-{visit.id}",
            tag=worded("for {name}", name=visit.person_name) if visit.side is Side.PROVIDER else visit.provider_name,
        )
        for visit in lists.to_come
    ]
    return seven_days(things, today=day_of(now))


@bp.get("/<uuid:arrangement_id>/visits")
@signed_in
def visits_of(arrangement_id: UUID) -> ResponseReturnValue:
    page = _page(arrangement_id, number=page_number(request.args.get("page")))
    return render_template("purchasing/visits.html", page=page)


@bp.route("/<uuid:arrangement_id>/visits/plan", methods=["GET", "POST"])
@signed_in
@limiter.limit(OFTEN, exempt_when=only_looks)
def plan_visits(arrangement_id: UUID) -> ResponseReturnValue:
    page, form = _page(arrangement_id), PlanForm()
    if page.side is not Side.PROVIDER:
        abort(404)
    if not page.may_use_bank:
        del form.from_bank
    if form.validate_on_submit() and form.first_on.data and form.minutes.data is not None:
        try:
            with transaction() as session:
                planned = visits.plan_visits(
                    session,
                    arrangement_id=page.arrangement_id,
                    by=me(),
                    first_on=form.first_on.data,
                    starts_at=form.starts_at.data,
                    minutes=form.minutes.data,
                    weeks=form.weeks.data or 0,
                    from_bank=bool(form.from_bank and form.from_bank.data),
                    link=arrangement_address,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash(
                worded(
                    "{visits_are} planned. We have told {person_name}.",
                    visits_are=count(len(planned), "visit is", "visits are"),
                    person_name=page.person_name,
                )
            )
            return redirect(url_for(".visits_of", arrangement_id=arrangement_id))
    return render_template("purchasing/plan_visits.html", page=page, form=form), 422 if form.errors else 200


@bp.route("/<uuid:arrangement_id>/visits/write-down", methods=["GET", "POST"])
@signed_in
@limiter.limit(OFTEN, exempt_when=only_looks)
def write_down_visit(arrangement_id: UUID) -> ResponseReturnValue:
    page, form = _page(arrangement_id), ClaimForm()
    if page.side is not Side.PROVIDER:
        abort(404)
    form.offer_rates(page.terms.prices)
    if not page.may_use_bank:
        del form.from_bank
    if form.validate_on_submit():
        try:
            with transaction() as session:
                visits.write_down_visit(
                    session,
                    arrangement_id=page.arrangement_id,
                    by=me(),
                    said=form.said,
                    from_bank=bool(form.from_bank and form.from_bank.data),
                    link=arrangement_address,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash(worded("Written down. {person_name} is asked whether it is right.", person_name=page.person_name))
            return redirect(url_for(".visits_of", arrangement_id=arrangement_id))
    return render_template("purchasing/claim_visit.html", page=page, form=form), 422 if form.errors else 200


@bp.route("/visits/<uuid:visit_id>/claim", methods=["GET", "POST"])
@signed_in
@limiter.limit(OFTEN, exempt_when=only_looks)
def claim_visit(visit_id: UUID) -> ResponseReturnValue:
    visit = _visit(visit_id)
    if visit.side is not Side.PROVIDER:
        abort(404)
    page, form = _page(visit.arrangement_id), ClaimForm(obj=visit)
    form.offer_rates(page.terms.prices)
    del form.from_bank
    if request.method == "GET" and form.rate:
        form.rate.data = ""
    if form.validate_on_submit():
        try:
            with transaction() as session:
                visits.claim_visit(
                    session, visit_id=visit.id, by=me(), said=form.said, link=arrangement_address, now=datetime.now(UTC)
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash(worded("Written down. {person_name} is asked whether it is right.", person_name=page.person_name))
            return redirect(url_for(".visits_of", arrangement_id=visit.arrangement_id))
    template = "purchasing/claim_visit.html"
    return render_template(template, page=page, visit=visit, form=form), 422 if form.errors else 200


@bp.post("/visits/<uuid:visit_id>/confirm")
@signed_in
@limiter.limit(OFTEN)
def confirm_visit(visit_id: UUID) -> ResponseReturnValue:
    visit = _visit(visit_id)
    with transaction() as session:
        short = confirming.confirm_visit(
            session, visit_id=visit.id, by=me(), link=arrangement_address, now=datetime.now(UTC)
        )
    flash("Confirmed. It goes onto the next invoice.")
    if short > ZERO and not visit.is_for_another:
        flash(
            worded(
                "Your budget is {short} short for it. You can add money to it, or pay that part yourself.", short=short
            )
        )
    return _back(visit)


@bp.post("/<uuid:arrangement_id>/visits/confirm")
@signed_in
@limiter.limit(OFTEN)
def confirm_visits(arrangement_id: UUID) -> ResponseReturnValue:
    page = _page(arrangement_id)
    with transaction() as session:
        confirmed, short = confirming.confirm_all(
            session, arrangement_id=page.arrangement_id, by=me(), link=arrangement_address, now=datetime.now(UTC)
        )
    flash(
        worded(
            "{visits_are} confirmed, and go onto the next invoice.",
            visits_are=count(confirmed, "visit is", "visits are"),
        )
    )
    if short > ZERO:
        flash(
            worded(
                "Your budget is {short} short for them. You can add money to it, or pay that part yourself.",
                short=short,
            )
        )
    return redirect(url_for(".visits_of", arrangement_id=arrangement_id))


@bp.route("/visits/<uuid:visit_id>/query", methods=["GET", "POST"])
@signed_in
@limiter.limit(OFTEN, exempt_when=only_looks)
def query_visit(visit_id: UUID) -> ResponseReturnValue:
    visit, form = _visit(visit_id), QueryForm()
    if visit.side is not Side.PERSON:
        abort(404)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                confirming.query_visit(
                    session,
                    visit_id=visit.id,
                    by=me(),
                    words=form.words.data or "",
                    link=arrangement_address,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Sent. They put it right or take it back, and we ask you again.")
            return _back(visit)
    return render_template("purchasing/query_visit.html", visit=visit, form=form), 422 if form.errors else 200


@bp.route("/visits/<uuid:visit_id>/call-off", methods=["GET", "POST"])
@signed_in
@limiter.limit(OFTEN, exempt_when=only_looks)
def call_off_visit(visit_id: UUID) -> ResponseReturnValue:
    visit, form, now = _visit(visit_id), CallOffForm(), datetime.now(UTC)
    if visit.is_for_another:
        abort(404)
    costs = calling_off_costs(db.session, visit_id=visit.id, viewer=viewer(), now=now) or abort(404)
    if not costs.may_bank:
        del form.bank
    if form.validate_on_submit():
        try:
            with transaction() as session:
                calling_off.call_off_visit(
                    session,
                    visit_id=visit.id,
                    by=me(),
                    bank=bool(form.bank and form.bank.data),
                    agreed_owed=form.agreed_owed,
                    link=arrangement_address,
                    now=now,
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("The visit is called off. We have told the other side.")
            return redirect(url_for(".visits_of", arrangement_id=visit.arrangement_id))
    if not form.errors and VisitAct.CALL_OFF not in visit.acts:
        return redirect(url_for(".visits_of", arrangement_id=visit.arrangement_id))
    form.agreed_pence.data = str(costs.owed.pence)
    page = render_template("purchasing/call_off_visit.html", visit=visit, costs=costs, form=form)
    return page, 422 if form.errors else 200


def _page(arrangement_id: UUID, *, number: int = 1) -> VisitsPage:
    wanted = ArrangementId(arrangement_id)
    page = visits_page(db.session, arrangement_id=wanted, viewer=viewer(), page=number, now=datetime.now(UTC))
    return page or abort(404)


def _visit(visit_id: UUID) -> VisitLine:
    return visit_line(db.session, visit_id=VisitId(visit_id), viewer=viewer(), now=datetime.now(UTC)) or abort(404)


def _back(visit: VisitLine) -> ResponseReturnValue:
    """Lead back to where somebody pressed: the list of all that waits, or the visits of one arrangement."""
    if visit.is_for_another or request.form.get("from") == "list":
        return redirect(url_for(".my_visits_page"))
    return redirect(url_for(".visits_of", arrangement_id=visit.arrangement_id))
