"""Checks: what a provider says of itself, what somebody has looked at, and what waits for those who look."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public, requires, signed_in, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue.forms.checking import DeclareForm, RecordForm, WithdrawForm
from marketplace.catalogue.queries.checking import ProviderChecks, provider_checks, waiting_checks
from marketplace.catalogue.rules import CheckKind, ProviderId
from marketplace.catalogue.rules.cqc import location_number
from marketplace.catalogue.services import checking, registering
from marketplace.catalogue.views.blueprint import bp
from marketplace.catalogue.views.shown import today
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.pages import page_number
from marketplace.kit.refusals import show_refusal


@bp.get("/providers/<uuid:provider_id>/checks")
@signed_in
def checks(provider_id: UUID) -> ResponseReturnValue:
    page = _page(provider_id)
    return render_template("catalogue/checks.html", page=page)


@bp.route("/providers/<uuid:provider_id>/checks/<kind>/declare", methods=["GET", "POST"])
@requires(Permission.PROVIDE)
def declare_check(provider_id: UUID, kind: str) -> ResponseReturnValue:
    page, wanted = _page(provider_id), _kind(kind)
    if not page.is_own:
        abort(404)
    form = DeclareForm()
    form.ask_about(wanted)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                checking.declare_check(
                    session, provider_id=page.id, kind=wanted, told=form.said, by=viewer(), now=datetime.now(UTC)
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved. We show that you say so, and that nobody has checked it yet.")
            return redirect(url_for(".checks", provider_id=page.id))
    return render_template("catalogue/declare_check.html", form=form, page=page, kind=wanted), _status(form)


@bp.route("/providers/<uuid:provider_id>/checks/<kind>/record", methods=["GET", "POST"])
@requires(Permission.CHECK)
def record_check(provider_id: UUID, kind: str) -> ResponseReturnValue:
    page, wanted = _page(provider_id), _kind(kind)
    if page.is_own:
        abort(403)
    form = RecordForm()
    form.ask_about(wanted)
    if form.validate_on_submit():
        assert form.checked_on.data is not None  # noqa: S101  (a validator made sure)
        try:
            with transaction() as session:
                checking.record_check(
                    session,
                    provider_id=page.id,
                    kind=wanted,
                    told=form.said,
                    checked_by=form.checked_by.data or "",
                    checked_on=form.checked_on.data,
                    by=viewer(),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved. Everybody sees who looked, and when.")
            return redirect(url_for(".checks", provider_id=page.id))
    return render_template("catalogue/record_check.html", form=form, page=page, kind=wanted), _status(form)


@bp.route("/providers/<uuid:provider_id>/checks/<kind>/withdraw", methods=["GET", "POST"])
@signed_in
def withdraw_check(provider_id: UUID, kind: str) -> ResponseReturnValue:
    page, wanted = _page(provider_id), _kind(kind)
    form = WithdrawForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                checking.withdraw_check(
                    session,
                    provider_id=page.id,
                    kind=wanted,
                    reason=form.reason.data or "",
                    by=viewer(),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Taken back. We show that it is not checked.")
            return redirect(url_for(".checks", provider_id=page.id))
    return render_template("catalogue/withdraw_check.html", form=form, page=page, kind=wanted), _status(form)


@bp.get("/checks/about")
@public
def about_checks() -> ResponseReturnValue:
    return render_template("catalogue/about_checks.html")


@bp.get("/checks")
@requires(Permission.CHECK)
def waiting_for_checks() -> ResponseReturnValue:
    page = waiting_checks(db.session, viewer=viewer(), page=page_number(request.args.get("page")))
    return render_template("catalogue/waiting_checks.html", page=page)


@bp.post("/providers/<uuid:provider_id>/register/<location_id>/confirm")
@requires(Permission.CHECK)
def confirm_location(provider_id: UUID, location_id: str) -> ResponseReturnValue:
    with transaction() as session:
        registering.confirm_location(
            session,
            provider_id=ProviderId(provider_id),
            location_id=location_number(location_id) or abort(404),
            by=viewer(),
            now=datetime.now(UTC),
        )
    flash("Linked. We have written to the provider.")
    return redirect(url_for(".waiting_for_checks"))


@bp.post("/providers/<uuid:provider_id>/register/<location_id>/refuse")
@requires(Permission.CHECK)
def refuse_location(provider_id: UUID, location_id: str) -> ResponseReturnValue:
    with transaction() as session:
        registering.refuse_location(
            session,
            provider_id=ProviderId(provider_id),
            location_id=location_number(location_id) or abort(404),
            by=viewer(),
            now=datetime.now(UTC),
        )
    flash("Not linked. We do not suggest this again.")
    return redirect(url_for(".waiting_for_checks"))


def _page(provider_id: UUID) -> ProviderChecks:
    found = provider_checks(db.session, provider_id=ProviderId(provider_id), viewer=viewer(), on=today())
    return found or abort(404)


def _kind(typed: str) -> CheckKind:
    return CheckKind(typed) if typed in set(CheckKind) else abort(404)


def _status(form: DeclareForm | WithdrawForm) -> int:
    return 422 if form.errors else 200
