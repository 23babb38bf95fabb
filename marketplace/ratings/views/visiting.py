"""Checkers of a user-led organisation write down a visit, publish it, correct it, and take it back."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue.rules import ProviderId
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.pages import page_number
from marketplace.kit.refusals import show_refusal
from marketplace.kit.text import tidy_line
from marketplace.ratings.forms.quality import BeginForm, CorrectionForm, WithdrawReportForm, findings_form
from marketplace.ratings.queries import checklists, quality
from marketplace.ratings.queries.quality import ShownCheck
from marketplace.ratings.rules.nouns import QualityCheckId
from marketplace.ratings.services import quality as services
from marketplace.ratings.services.checklists import QualityUnclearError
from marketplace.ratings.services.naming import TellsWhoError
from marketplace.ratings.views.blueprint import bp
from marketplace.ratings.views.quality import quality_address, shown_check


@bp.get("/quality-checks/mine")
@requires(Permission.CHECK)
def my_quality_checks() -> ResponseReturnValue:
    now, number = datetime.now(UTC), page_number(request.args.get("page"))
    return render_template(
        "ratings/my_quality_checks.html",
        organisations=checklists.checking_organisations(db.session, viewer=viewer()),
        checklists=checklists.checklists_of(db.session, viewer=viewer()),
        begun=quality.my_quality_checks(db.session, is_published=False, viewer=viewer(), now=now),
        published=quality.my_quality_checks(db.session, is_published=True, viewer=viewer(), now=now, page=number),
    )


@bp.get("/quality-checks/begin")
@requires(Permission.CHECK)
def choose_whom_to_check() -> ResponseReturnValue:
    words = tidy_line(request.args.get("q"))[:100]
    found = quality.providers_to_check(db.session, words=words, viewer=viewer())
    return render_template("ratings/choose_whom_to_check.html", words=words, found=found, most=quality.MOST_FOUND)


@bp.route("/quality-checks/begin/<uuid:provider_id>", methods=["GET", "POST"])
@requires(Permission.CHECK)
def begin_quality_check(provider_id: UUID) -> ResponseReturnValue:
    provider = quality.checked_provider(db.session, provider_id=ProviderId(provider_id)) or abort(404)
    lists = checklists.checklists_of(db.session, viewer=viewer())
    if not lists and request.method == "POST":
        abort(403)  # The page that says why has no form to send.
    form = BeginForm()
    form.offer_checklists(lists)
    if form.validate_on_submit():
        assert form.visited_on.data is not None  # noqa: S101  (a validator made sure)
        try:
            with transaction() as session:
                check_id = services.begin_check(
                    session, provider_id=provider.id, checklist_id=form.chosen(lists),
                    visited_on=form.visited_on.data, by=viewer(), now=datetime.now(UTC),
                )  # fmt: skip
        except QualityUnclearError as error:
            show_refusal(form, error)
        else:
            return redirect(url_for(".write_quality_check", check_id=check_id))
    page = render_template("ratings/begin_quality_check.html", form=form, provider=provider, checklists=lists)
    return page, 422 if form.errors else 200


@bp.route("/quality-checks/<uuid:check_id>/write", methods=["GET", "POST"])
@requires(Permission.CHECK)
def write_quality_check(check_id: UUID) -> ResponseReturnValue:
    it = _own(check_id)
    form = findings_form(it.findings, visited_on=it.visited_on, report=it.report)
    asks_if_sure = bool(form.is_sure.data)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.save_findings(
                    session,
                    check_id=it.id,
                    found=form.found(it.findings),
                    is_sure=bool(form.is_sure.data),
                    by=viewer(),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            asks_if_sure = asks_if_sure or isinstance(error, TellsWhoError)
            show_refusal(form, error)
        else:
            flash("Saved. Nobody but your organisation’s checkers can see it yet.")
            return redirect(url_for(".quality_check", check_id=it.id))
    page = render_template("ratings/write_quality_check.html", it=it, form=form, asks_if_sure=asks_if_sure)
    return page, 422 if form.errors else 200


@bp.post("/quality-checks/<uuid:check_id>/publish")
@requires(Permission.CHECK)
@limiter.limit(MAIL)
def publish_quality_check(check_id: UUID) -> ResponseReturnValue:
    it = _own(check_id)
    try:
        with transaction() as session:
            services.publish_check(session, check_id=it.id, by=viewer(), link=quality_address, now=datetime.now(UTC))
    except QualityUnclearError as error:
        form = findings_form(it.findings, formdata=None, visited_on=it.visited_on, report=it.report)
        show_refusal(form, error)
        return render_template("ratings/write_quality_check.html", it=it, form=form, asks_if_sure=False), 422
    flash("Published. We have written to the provider, so that it can answer.")
    return redirect(url_for(".quality_check", check_id=check_id))


@bp.post("/quality-checks/<uuid:check_id>/give-up")
@requires(Permission.CHECK)
def give_up_quality_check(check_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.give_up_check(session, check_id=QualityCheckId(check_id), by=viewer(), now=datetime.now(UTC))
    flash("Thrown away. Nobody has seen it.")
    return redirect(url_for(".my_quality_checks"))


@bp.route("/quality-checks/<uuid:check_id>/correct", methods=["GET", "POST"])
@requires(Permission.CHECK)
@limiter.limit(MAIL, exempt_when=only_looks)
def correct_quality_check(check_id: UUID) -> ResponseReturnValue:
    it = _own(check_id)
    form = CorrectionForm()
    asks_if_sure = bool(form.is_sure.data)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.correct_check(
                    session, check_id=it.id, words=form.words.data or "", is_sure=bool(form.is_sure.data), by=viewer(),
                    link=quality_address, now=datetime.now(UTC),
                )  # fmt: skip
        except DomainError as error:
            asks_if_sure = asks_if_sure or isinstance(error, TellsWhoError)
            show_refusal(form, error)
        else:
            flash("Your correction stands at the top of the report. We have written to the provider.")
            return redirect(url_for(".quality_check", check_id=it.id))
    page = render_template("ratings/correct_quality_check.html", it=it, form=form, asks_if_sure=asks_if_sure)
    return page, 422 if form.errors else 200


@bp.route("/quality-checks/<uuid:check_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.CHECK)
@limiter.limit(MAIL, exempt_when=only_looks)
def withdraw_quality_check(check_id: UUID) -> ResponseReturnValue:
    it = shown_check(check_id)
    if not it.may_withdraw:
        abort(404)
    form = WithdrawReportForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.withdraw_quality_check(
                    session, check_id=it.id, reason=form.reason.data or "", by=viewer(),
                    link=quality_address, now=datetime.now(UTC),
                )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Taken back. The page says that it was, and why.")
            return redirect(url_for(".quality_check", check_id=it.id))
    return render_template("ratings/withdraw_quality_check.html", it=it, form=form), 422 if form.errors else 200


def _own(check_id: UUID) -> ShownCheck:
    it = shown_check(check_id)
    return it if it.may_write else abort(404)
