"""Pages about what was agreed: what holds and what held before, changing it together, and ending it early."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.money import Money
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import worded
from marketplace.purchasing import rules, services
from marketplace.purchasing.forms.terms import CancelForm, TermsForm
from marketplace.purchasing.queries.ending import cancel_page
from marketplace.purchasing.queries.terms import TermsPage, terms_page
from marketplace.purchasing.rules import Act, ArrangementId
from marketplace.purchasing.services import changing_terms
from marketplace.purchasing.views.blueprint import arrangement_address, bp


def _writes_to_nobody() -> bool:
    return only_looks() or not request.form.get("seen_pence") or "change" in request.form


def _page(arrangement_id: UUID) -> TermsPage:
    found = terms_page(db.session, arrangement_id=ArrangementId(arrangement_id), viewer=viewer())
    return found or abort(404)


@bp.get("/<uuid:arrangement_id>/terms")
@signed_in
def terms(arrangement_id: UUID) -> ResponseReturnValue:
    return render_template("purchasing/terms.html", page=_page(arrangement_id))


@bp.route("/<uuid:arrangement_id>/terms/change", methods=["GET", "POST"])
@signed_in
@limiter.limit(MAIL, exempt_when=_writes_to_nobody)
def change_terms(arrangement_id: UUID) -> ResponseReturnValue:
    page, now = _page(arrangement_id), datetime.now(UTC)
    if not page.may_change and only_looks():
        return redirect(url_for(".terms", arrangement_id=arrangement_id))
    form = TermsForm()
    form.fit(kind=page.kind, unit=page.unit)
    if only_looks():
        form.show(page.to_change(today=day_of(now)))
    if "change" not in request.form and form.validate_on_submit():
        try:
            return _propose_or_show(form, page, now)
        except DomainError as error:
            show_refusal(form, error)
    said = render_template(
        "purchasing/change_terms.html",
        page=page,
        form=form,
        units=rules.unit_words(page.unit),
    )
    return said, 422 if form.errors else 200


def _propose_or_show(form: TermsForm, page: TermsPage, now: datetime) -> ResponseReturnValue:
    wanted = form.wanted
    if form.seen_cost is None or form.seen_cost != page.cost_with(wanted):
        changing_terms.check_change(
            kind=page.kind, unit=page.unit, holds=page.holds, wanted=wanted, reason=form.reason.data or "", now=now
        )
        return render_template("purchasing/check_terms.html", page=page, wanted=wanted, reason=form.reason.data or "")
    with transaction() as session:
        changing_terms.propose_terms(
            session, arrangement_id=page.id, by=me(), wanted=wanted, reason=form.reason.data or "",
            link=arrangement_address, now=now,
        )  # fmt: skip
    flash("You have proposed this change. We have written to the other side. Until they say yes, nothing changes.")
    return redirect(url_for(".terms", arrangement_id=page.id))


@bp.post("/<uuid:arrangement_id>/terms/<int:version>/agree")
@signed_in
def agree_to_terms(arrangement_id: UUID, version: int) -> ResponseReturnValue:
    return _answer(changing_terms.agree_to_terms, arrangement_id, version, "Agreed. This is what holds now.")


@bp.post("/<uuid:arrangement_id>/terms/<int:version>/decline")
@signed_in
def decline_terms(arrangement_id: UUID, version: int) -> ResponseReturnValue:
    return _answer(changing_terms.decline_terms, arrangement_id, version, "You said no. Everything stays as it is.")


@bp.post("/<uuid:arrangement_id>/terms/<int:version>/withdraw")
@signed_in
def withdraw_terms(arrangement_id: UUID, version: int) -> ResponseReturnValue:
    return _answer(
        changing_terms.withdraw_terms, arrangement_id, version, "You have taken it back. Everything stays as it is."
    )


def _answer(act: Callable[..., None], arrangement_id: UUID, version: int, said: str) -> ResponseReturnValue:
    with transaction() as session:
        act(
            session,
            arrangement_id=ArrangementId(arrangement_id),
            version=version,
            by=me(),
            link=arrangement_address,
            now=datetime.now(UTC),
        )
    flash(said)
    return redirect(url_for(".terms", arrangement_id=arrangement_id))


@bp.route("/<uuid:arrangement_id>/cancel", methods=["GET", "POST"])
@signed_in
def cancel(arrangement_id: UUID) -> ResponseReturnValue:
    form, now, wanted = CancelForm(), datetime.now(UTC), ArrangementId(arrangement_id)
    # Nothing is cancelled by anybody who has not seen what it costs.
    if form.validate_on_submit() and form.shown is not None:
        try:
            return _cancel(wanted, shown=form.shown, now=now)
        except DomainError as error:
            show_refusal(form, error)
    page = cancel_page(db.session, arrangement_id=wanted, viewer=viewer(), now=now) or abort(404)
    if Act.CANCEL not in rules.NEXT[page.status] and not form.errors:
        return redirect(url_for(".show", arrangement_id=arrangement_id))
    return render_template("purchasing/cancel.html", page=page, form=form), 422 if form.errors else 200


def _cancel(wanted: ArrangementId, *, shown: Money, now: datetime) -> ResponseReturnValue:
    with transaction() as session:
        cost = services.cancel_arrangement(
            session, arrangement_id=wanted, by=me(), link=arrangement_address, agreed_owed=shown, now=now
        )
    owed = (
        worded(" {owed} is owed for it altogether.", owed=cost.owed) if cost.owed.pence else " Nothing is owed for it."
    )
    flash(worded("You have cancelled this. We have told the other side.{owed}", owed=owed))
    return redirect(url_for(".show", arrangement_id=wanted))
