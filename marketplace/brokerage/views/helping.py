"""Pages about who helps: the circles of help, inviting family and friends, and what was done for you."""

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, public, requires, signed_in, viewer
from marketplace.accounts.queries import acts, delegations
from marketplace.accounts.rules import DelegationId, Permission, PersonId
from marketplace.accounts.services.delegations import give_consent
from marketplace.brokerage.forms.helping import CIRCLES, InviteForm, SupporterForm
from marketplace.brokerage.queries import circles as queries
from marketplace.brokerage.queries import plans, requests
from marketplace.brokerage.rules.helping import LEVELS, USUAL_CONSENT
from marketplace.brokerage.rules.nouns import Circle, PlanId, SupporterId
from marketplace.brokerage.services import supporters
from marketplace.brokerage.views.blueprint import bp
from marketplace.catalogue.views.shown import today
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.pages import page_number
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import worded
from marketplace.kit.text import tidy_line


@bp.get("/help")
@public
def who_helps() -> ResponseReturnValue:
    looking, on = viewer(), today()
    plan_id = plans.my_plan_id(db.session, viewer=looking)
    named = queries.named_in_plan(db.session, plan_id=plan_id, viewer=looking, on=on) if plan_id else ()
    return render_template(
        "brokerage/help_circles.html",
        plan_id=plan_id,
        circles=CIRCLES,
        named=named,
        helpers=queries.in_circles(db.session, viewer=looking, on=on),
        waiting=delegations.consents_waiting(db.session, viewer=looking, today=on),
        asked=delegations.asked_to_help(db.session, viewer=looking, today=on),
        for_us=requests.requests_waiting(db.session, viewer=looking),
    )


@bp.route("/plans/<uuid:plan_id>/circles", methods=["GET", "POST"])
@signed_in
def circles(plan_id: UUID) -> ResponseReturnValue:
    wanted = PlanId(plan_id)
    plan = plans.plan_seen(db.session, plan_id=wanted, viewer=viewer(), on=today())
    form = SupporterForm(circle=_asked_circle())
    if form.is_submitted() and form.called.data and not (plan and plan.may_write):
        typed = [(field.label.text, field.data) for field in (form.called, form.how) if field.data]
        page = render_template("brokerage/plan_given_back.html", plan=plan, typed=typed)
        return page, 403 if plan else 404
    if plan is None:
        abort(404)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                supporters.add_supporter(
                    session,
                    plan_id=wanted,
                    circle=Circle(form.circle.data),
                    called=form.called.data or "",
                    how=form.how.data or "",
                    by=me(),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash(worded("{data} is in the plan.", data=tidy_line(form.called.data)))
            return redirect(url_for(".circles", plan_id=plan_id))
    return render_template(
        "brokerage/help_named.html",
        plan=plan,
        named=queries.named_in_plan(db.session, plan_id=wanted, viewer=viewer(), on=today()),
        circles=CIRCLES,
        form=form,
    ), 422 if form.errors else 200


@bp.post("/plans/<uuid:plan_id>/circles/<uuid:supporter_id>/remove")
@signed_in
def remove_supporter(plan_id: UUID, supporter_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        supporters.remove_supporter(
            session,
            plan_id=PlanId(plan_id),
            supporter_id=SupporterId(supporter_id),
            by=me(),
            now=datetime.now(UTC),
        )
    flash("They are not named in the plan any more.")
    return redirect(url_for(".circles", plan_id=plan_id))


@bp.route("/help/invite", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks)
def invite_family() -> ResponseReturnValue:
    form = InviteForm(ends_on=today() + USUAL_CONSENT, level="write")
    if form.validate_on_submit() and form.ends_on.data:
        try:
            with transaction() as session:
                give_consent(
                    session,
                    by=me(),
                    email=tidy_line(form.email.data),
                    scopes=LEVELS[form.level.data],
                    ends_on=form.ends_on.data,
                    link=page_address("accounts.consent"),
                    key=DelegationId(form.key.key),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash(
                worded(
                    "We have written to {data}. Nothing is shown to them before they say yes.",
                    data=tidy_line(form.email.data),
                )
            )
            return redirect(url_for(".who_helps"))
    return render_template("brokerage/help_invite.html", form=form), 422 if form.errors else 200


@bp.get("/help/acts")
@signed_in
def done_for_you() -> ResponseReturnValue:
    number = page_number(request.args.get("page"))
    page = acts.done_for(db.session, viewer=viewer(), page=number)
    if number > page.slice.pages:
        abort(404)
    helpers = {it.person_id for it in delegations.who_may_help(db.session, viewer=viewer(), on=today())}
    return render_template(
        "brokerage/help_acts.html", page=page, addresses=[_address(it, helpers=helpers) for it in page.lines]
    )


def _address(act: acts.ActLine, *, helpers: Collection[PersonId]) -> str:
    """Return where a page shows what something was done to, or nothing if there is no such page now."""
    if act.to_kind == "plan":
        return url_for("brokerage.plan", plan_id=act.to_id)
    if act.to_kind == "arrangement":
        return url_for("purchasing.visits_of", arrangement_id=act.to_id)
    if act.to_kind == "brief":
        return url_for("brokerage.brief", brief_id=act.to_id)
    if act.to_kind == "help_task" and act.to_id in helpers:
        return url_for("brokerage.tasks", person_id=act.to_id)
    return ""


def _asked_circle() -> str | None:
    asked = request.args.get("circle", "")
    return asked if asked in {circle.value for circle in Circle} else None
