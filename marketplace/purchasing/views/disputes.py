"""Pages for when something is not right: saying so, answering, putting it right, and asking a moderator."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, signed_in, viewer
from marketplace.accounts.rules import Permission
from marketplace.brokerage.queries.signposts import free_help_at
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.pages import page_number
from marketplace.kit.refusals import show_refusal
from marketplace.purchasing.forms.disputes import AnswerDisputeForm, DecideDisputeForm, DisputeForm
from marketplace.purchasing.queries.disputes import (
    DisputePage,
    dispute_page,
    disputes_of,
    disputes_to_decide,
)
from marketplace.purchasing.queries.terms import terms_page
from marketplace.purchasing.rules import ArrangementId, Side
from marketplace.purchasing.rules.disputes import ANSWER_WORKING_DAYS, MAY_BE_DISPUTED, DisputeAct
from marketplace.purchasing.rules.nouns import DisputeId, DisputeOutcome
from marketplace.purchasing.services import disputes as services
from marketplace.purchasing.views.blueprint import bp, dispute_address


def _page(dispute_id: UUID) -> DisputePage:
    found = dispute_page(db.session, dispute_id=DisputeId(dispute_id), viewer=viewer(), now=datetime.now(UTC))
    return found or abort(404)


@bp.route("/<uuid:arrangement_id>/dispute", methods=["GET", "POST"])
@signed_in
@limiter.limit(MAIL, exempt_when=only_looks)
def open_dispute(arrangement_id: UUID) -> ResponseReturnValue:
    wanted, form = ArrangementId(arrangement_id), DisputeForm()
    page = terms_page(db.session, arrangement_id=wanted, viewer=viewer()) or abort(404)
    known = disputes_of(db.session, arrangement_id=wanted, viewer=viewer())
    still_open = next((one for one in known if one.outcome is None), None)
    if still_open is not None:
        return redirect(url_for(".dispute", dispute_id=still_open.id))
    if page.status not in MAY_BE_DISPUTED:
        return redirect(url_for(".show", arrangement_id=arrangement_id))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                opened = services.open_dispute(
                    session, arrangement_id=wanted, by=me(), words=form.words.data or "",
                    wanted=form.wanted.data or "", link=dispute_address, now=datetime.now(UTC),
                )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("You have said what is not right. We have written to the other side.")
            return redirect(url_for(".dispute", dispute_id=opened))
    said = render_template("purchasing/open_dispute.html", page=page, form=form, days=ANSWER_WORKING_DAYS)
    return said, 422 if form.errors else 200


@bp.get("/disputes/<uuid:dispute_id>")
@signed_in
def dispute(dispute_id: UUID) -> ResponseReturnValue:
    page = _page(dispute_id)
    is_person = page.side is Side.PERSON
    return render_template(
        "purchasing/dispute.html",
        page=page,
        now=datetime.now(UTC),
        helps=free_help_at(db.session, at="dispute", council=viewer().council) if is_person else (),
    )


@bp.route("/disputes/<uuid:dispute_id>/answer", methods=["GET", "POST"])
@signed_in
@limiter.limit(MAIL, exempt_when=only_looks)
def answer_dispute(dispute_id: UUID) -> ResponseReturnValue:
    form = AnswerDisputeForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.answer_dispute(
                    session, dispute_id=DisputeId(dispute_id), by=me(), answer=form.answer.data or "",
                    link=dispute_address, now=datetime.now(UTC),
                )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Your answer is sent. We have written to the other side.")
            return redirect(url_for(".dispute", dispute_id=dispute_id))
    page = _page(dispute_id)
    if not form.errors and DisputeAct.ANSWER not in page.acts:
        return redirect(url_for(".dispute", dispute_id=dispute_id))
    return render_template("purchasing/answer_dispute.html", page=page, form=form), 422 if form.errors else 200


@bp.post("/disputes/<uuid:dispute_id>/settle")
@signed_in
def settle_dispute(dispute_id: UUID) -> ResponseReturnValue:
    return _do(services.settle_dispute, dispute_id, "Good. We have told the other side that it is put right.")


@bp.post("/disputes/<uuid:dispute_id>/withdraw")
@signed_in
def withdraw_dispute(dispute_id: UUID) -> ResponseReturnValue:
    return _do(services.withdraw_dispute, dispute_id, "You have left it at that. We have told the other side.")


@bp.post("/disputes/<uuid:dispute_id>/refer")
@signed_in
@limiter.limit(MAIL)
def refer_dispute(dispute_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.refer_dispute(
            session,
            dispute_id=DisputeId(dispute_id),
            by=me(),
            link=dispute_address,
            queue=page_address("purchasing.disputes"),
            now=datetime.now(UTC),
        )
    flash("We have asked our moderators. They write to both of you when they have decided.")
    return redirect(url_for(".dispute", dispute_id=dispute_id))


@bp.get("/disputes")
@requires(Permission.MODERATE)
def disputes() -> ResponseReturnValue:
    page = disputes_to_decide(db.session, page=page_number(request.args.get("page")))
    return render_template("purchasing/disputes.html", page=page, now=datetime.now(UTC))


@bp.route("/disputes/<uuid:dispute_id>/decide", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def decide_dispute(dispute_id: UUID) -> ResponseReturnValue:
    form = DecideDisputeForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.decide_dispute(
                    session, dispute_id=DisputeId(dispute_id), by=me(), outcome=DisputeOutcome(form.outcome.data),
                    reason=form.reason.data or "", refund=form.refund.data, link=dispute_address,
                    now=datetime.now(UTC),
                )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Decided. We have written to both sides.")
            return redirect(url_for(".disputes"))
    page = _page(dispute_id)
    if not form.errors and not page.may_decide:
        return redirect(url_for(".dispute", dispute_id=dispute_id))
    return render_template("purchasing/decide_dispute.html", page=page, form=form), 422 if form.errors else 200


def _do(act: Callable[..., None], dispute_id: UUID, said: str) -> ResponseReturnValue:
    with transaction() as session:
        act(session, dispute_id=DisputeId(dispute_id), by=me(), link=dispute_address, now=datetime.now(UTC))
    flash(said)
    return redirect(url_for(".dispute", dispute_id=dispute_id))
