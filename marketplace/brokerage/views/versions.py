"""Pages on which a plan is kept as it is, compared with how it was, and put back."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.brokerage.forms.keeping import KeepForm
from marketplace.brokerage.queries import versions as queries
from marketplace.brokerage.queries.contents import plan_contents
from marketplace.brokerage.queries.plans import PlanSeen
from marketplace.brokerage.queries.versions import Version
from marketplace.brokerage.rules.comparing import Kind, Mark, differences
from marketplace.brokerage.rules.contents import Contents
from marketplace.brokerage.rules.nouns import VersionId
from marketplace.brokerage.services import versions as services
from marketplace.brokerage.views.around import around
from marketplace.brokerage.views.blueprint import bp
from marketplace.brokerage.views.plans import seen_plan, today, written_plan
from marketplace.brokerage.views.told import draw_told, own_files
from marketplace.kit.db import db, transaction
from marketplace.kit.limits import limiter, only_looks
from marketplace.kit.sentences import worded

_KEPT = "60 per hour"
"""Versions kept from one address: each holds all of a plan."""


@bp.route("/plans/<uuid:plan_id>/versions", methods=["GET", "POST"])
@signed_in
@limiter.limit(_KEPT, exempt_when=only_looks)
def versions(plan_id: UUID) -> ResponseReturnValue:
    plan = written_plan(plan_id) if request.method == "POST" else seen_plan(plan_id)
    form = KeepForm()
    if form.validate_on_submit():
        with transaction() as session:
            made = services.keep_version(
                session, plan_id=plan.id, by=me(), note=form.note.data or "", around=around(), now=datetime.now(UTC)
            )
        flash(
            worded("Kept as version {number}.", number=made.number)
            if made.is_new
            else worded("Nothing has changed since version {number}, so it is kept already.", number=made.number)
        )
        return redirect(url_for(".versions", plan_id=plan.id))
    found = queries.versions_of(db.session, plan_id=plan.id, viewer=viewer(), on=today())
    page = render_template("brokerage/keep_versions.html", plan=plan, versions=found, form=form)
    return page, 422 if form.errors else 200


@bp.get("/plans/<uuid:plan_id>/versions/<uuid:version_id>")
@signed_in
def version(plan_id: UUID, version_id: UUID) -> ResponseReturnValue:
    plan = seen_plan(plan_id)
    it = _version(plan, version_id)
    return draw_told("brokerage/keep_version.html", it.contents, addresses=own_files(plan), plan=plan, version=it.line)


@bp.get("/plans/<uuid:plan_id>/versions/<uuid:version_id>/differences")
@signed_in
def compare_versions(plan_id: UUID, version_id: UUID) -> ResponseReturnValue:
    plan = seen_plan(plan_id)
    it, other = _version(plan, version_id), _other(plan)
    found = differences(it.contents, other.contents if other else contents_now(plan))
    return render_template(
        "brokerage/keep_compare.html",
        plan=plan,
        version=it.line,
        other=other.line if other else None,
        versions=queries.versions_of(db.session, plan_id=plan.id, viewer=viewer(), on=today()),
        differences=found,
        Kind=Kind,
        Mark=Mark,
    )


@bp.post("/plans/<uuid:plan_id>/versions/<uuid:version_id>/go-back")
@signed_in
def go_back_to_version(plan_id: UUID, version_id: UUID) -> ResponseReturnValue:
    plan = written_plan(plan_id)
    with transaction() as session:
        number = services.go_back(
            session,
            plan_id=plan.id,
            version_id=VersionId(version_id),
            by=me(),
            around=around(),
            now=datetime.now(UTC),
        )
    flash(worded("The plan is as it was in version {number}. What it was until now is kept too.", number=number))
    return redirect(url_for(".plan", plan_id=plan.id))


def contents_now(plan: PlanSeen) -> Contents:
    """Return what is in a plan now."""
    return plan_contents(db.session, plan_id=plan.id, viewer=viewer(), on=today(), around=around())


def _version(plan: PlanSeen, version_id: UUID) -> Version:
    return queries.version(
        db.session, plan_id=plan.id, version_id=VersionId(version_id), viewer=viewer(), on=today()
    ) or abort(404)


def _other(plan: PlanSeen) -> Version | None:
    try:
        wanted = UUID(request.args.get("with", ""))
    except ValueError:
        return None
    return _version(plan, wanted)
