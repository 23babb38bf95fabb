"""Links by which a plan is read without an account, and the pages they open. Those ask nobody who they are."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, public, signed_in, viewer
from marketplace.brokerage.forms.keeping import ALWAYS, ShareForm
from marketplace.brokerage.queries import sharing as queries
from marketplace.brokerage.queries.plans import PlanSeen
from marketplace.brokerage.queries.sharing import SharedPlan
from marketplace.brokerage.queries.versions import version
from marketplace.brokerage.rules.nouns import FileId, LinkId, VersionId
from marketplace.brokerage.services import sharing as services
from marketplace.brokerage.views.around import around
from marketplace.brokerage.views.blueprint import bp
from marketplace.brokerage.views.plan_files import file_response
from marketplace.brokerage.views.plans import seen_plan, today
from marketplace.brokerage.views.told import draw_told
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import limiter, only_looks
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import worded

_MADE = "20 per hour"
_READ = "120 per minute"
"""Looks from one address: a plan with sixty pictures is a page and sixty files."""


@bp.route("/plans/<uuid:plan_id>/links", methods=["GET", "POST"])
@signed_in
@limiter.limit(_MADE, exempt_when=only_looks)
def plan_links(plan_id: UUID) -> ResponseReturnValue:
    plan = _own_plan(plan_id)
    form, version_id, made = ShareForm(), _wanted_version(), ""
    known = version_id and version(db.session, plan_id=plan.id, version_id=version_id, viewer=viewer(), on=today())
    form.offer_versions(worded("Version {number}, whatever I change", number=known.line.number) if known else "")
    if known and not form.is_submitted():
        form.shows.data = "version"
    if form.validate_on_submit():
        try:
            made = _share(plan, form, version_id if known else None)
        except DomainError as error:
            show_refusal(form, error)
    page = render_template(
        "brokerage/keep_links.html",
        plan=plan,
        form=form,
        made=page_address("brokerage.shared_plan", {"token": made}) if made else "",
        links=queries.links_of(db.session, plan_id=plan.id, viewer=viewer(), now=datetime.now(UTC)),
    )
    return page, 422 if form.errors else 200


@bp.post("/plans/<uuid:plan_id>/links/<uuid:link_id>/revoke")
@signed_in
def revoke_plan_link(plan_id: UUID, link_id: UUID) -> ResponseReturnValue:
    plan = _own_plan(plan_id)
    with transaction() as session:
        services.revoke_link(session, plan_id=plan.id, link_id=LinkId(link_id), by=me(), now=datetime.now(UTC))
    flash("Taken back. That link opens nothing any more.")
    return redirect(url_for(".plan_links", plan_id=plan.id))


@bp.get("/plans/shared/<token>")
@public
@limiter.limit(_READ)
def shared_plan(token: str) -> ResponseReturnValue:
    shared = _shared(token)
    page = _drawn(token, shared, "brokerage/shared_plan.html")
    if shared is not None and request.method == "GET":
        # Whoever gave the link sees that it was opened, and takes it back if it should not have been (ADR 37).
        with transaction() as session:
            services.note_opening(session, link_id=shared.link_id, now=datetime.now(UTC))
    return page


@bp.get("/plans/shared/<token>/easy")
@public
@limiter.limit(_READ)
def shared_plan_easy(token: str) -> ResponseReturnValue:
    return _drawn(token, _shared(token), "brokerage/shared_easy.html")


@bp.get("/plans/shared/<token>/files/<uuid:file_id>")
@public
@limiter.limit(_READ)
def shared_plan_file(token: str, file_id: UUID) -> ResponseReturnValue:
    kept = queries.shared_file(
        db.session, token=token, file_id=FileId(file_id), is_small="small" in request.args, now=datetime.now(UTC)
    ) or abort(404)
    return _kept_quiet(file_response(kept))


def _shared(token: str) -> SharedPlan | None:
    return queries.shared_plan(db.session, token=token, around=around(), now=datetime.now(UTC))


def _drawn(token: str, shared: SharedPlan | None, template: str) -> Response:
    if shared is None:
        return _kept_quiet(make_response(render_template("brokerage/shared_ended.html"), 404))

    def addresses(file_id: FileId) -> tuple[str, str]:
        return (
            url_for(".shared_plan_file", token=token, file_id=file_id),
            url_for(".shared_plan_file", token=token, file_id=file_id, small="1"),
        )

    page = draw_told(
        template, shared.contents, addresses=addresses, shows_money=shared.shows_money, shared=shared, token=token
    )
    return _kept_quiet(make_response(page))


def _kept_quiet(response: Response) -> Response:
    """Let nobody find a shared plan, keep it, or tell the next site where its reader came from."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def _own_plan(plan_id: UUID) -> PlanSeen:
    plan = seen_plan(plan_id)
    # Who else reads a plan is its person's choice: whoever helps does not even learn of links.
    return plan if plan.is_mine else abort(404)


def _wanted_version() -> VersionId | None:
    try:
        return VersionId(UUID(request.args.get("version", "")))
    except ValueError:
        return None


def _share(plan: PlanSeen, form: ShareForm, version_id: VersionId | None) -> str:
    with transaction() as session:
        return services.share_plan(
            session,
            plan_id=plan.id,
            by=me(),
            called=form.called.data or "",
            days=form.days.data or 1,
            shows_money=form.shows_money.data,
            version_id=version_id if form.shows.data == "version" else None,
            follows=form.shows.data == ALWAYS,
            around=around(),
            now=datetime.now(UTC),
        )
