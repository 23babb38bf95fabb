"""While a pool gets ready: a way to pay is put right, a dearer price is answered, somebody leaves."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.budgets.queries.paying import payable_streams
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.money import Money
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import worded
from marketplace.payments.jobs.charging import close_page
from marketplace.pooling.forms.settling import DearerPriceForm, PressForm, WayToPayForm
from marketplace.pooling.jobs.settling import settle_pool, try_card_again
from marketplace.pooling.queries.my_part import MyPart, my_part
from marketplace.pooling.rules.nouns import PoolId, PoolStatus
from marketplace.pooling.services import ending, repairing, settling
from marketplace.pooling.views.blueprint import bp, pool_address
from marketplace.purchasing.queries.ending import cancel_page
from marketplace.purchasing.queries.invoices import invoices_of
from marketplace.purchasing.rules import ArrangementId
from marketplace.purchasing.rules.nouns import PayBy
from marketplace.purchasing.rules.routes import RELIABILITY, routes_open_to

_SAID = {
    PoolStatus.CONFIRMED: "That worked, and it was the last thing missing: the pool is going ahead.",
    PoolStatus.EXPIRED: "Too few people are left, so the pool has ended. Nobody pays anything.",
}
_WAITS = "Saved. The pool goes ahead as soon as everybody is ready. We write to you."


@bp.route("/<uuid:pool_id>/way-to-pay", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks)
def way_to_pay(pool_id: UUID) -> ResponseReturnValue:
    page = _part(pool_id)
    if not page.is_included:
        abort(404)
    form, routes = WayToPayForm(), _other_routes(page)
    form.offer(routes)
    if form.is_submitted() and not routes:
        # There was no form to send: the page says why.
        return redirect(url_for(".way_to_pay", pool_id=pool_id))
    if form.validate_on_submit():
        now = datetime.now(UTC)
        try:
            _close_pages(page, now=now)
            with transaction() as session:
                repairing.pay_in_another_way(session, pool_id=page.id, by=me(), pay_by=PayBy(form.pay_by.data), now=now)
            status = settle_pool(page.id, now=now)
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash(_SAID.get(status, _WAITS))
            return redirect(url_for(".show", pool_id=pool_id))
    reliability = {route.value: RELIABILITY[route] for route in routes}
    return render_template("pooling/settling_way.html", page=page, form=form, reliability=reliability), (
        422 if form.errors else 200
    )


@bp.post("/<uuid:pool_id>/try-card-again")
@requires(Permission.BUY)
@limiter.limit(MAIL)
def try_again(pool_id: UUID) -> ResponseReturnValue:
    page = _part(pool_id)
    if not page.is_included:
        abort(404)
    status = try_card_again(page.id, by=me(), now=datetime.now(UTC))
    after = _part(pool_id)
    if after.must_put_right:
        flash("Your card could not be charged this time either. Nothing was taken. You can use another card.")
        return redirect(url_for(".way_to_pay", pool_id=pool_id))
    flash(_SAID.get(status, _WAITS))
    return redirect(url_for(".show", pool_id=pool_id))


@bp.route("/<uuid:pool_id>/price", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks)
def dearer_price(pool_id: UUID) -> ResponseReturnValue:
    page = _part(pool_id)
    if not page.is_included or page.asked_price is None:
        abort(404)
    form = DearerPriceForm()
    if form.validate_on_submit():
        now = datetime.now(UTC)
        try:
            status = _answer(page, is_yes=form.answer.data == "yes", pence=form.pence.data or "", now=now)
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash(_SAID.get(status, "Saved. We write to you when everybody has answered."))
            return redirect(url_for(".show", pool_id=pool_id))
    form.pence.data = str(page.asked_price.pence)
    return render_template("pooling/settling_price.html", page=page, form=form), 422 if form.errors else 200


@bp.route("/<uuid:pool_id>/get-out", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks)
def get_out(pool_id: UUID) -> ResponseReturnValue:
    page, now = _part(pool_id), datetime.now(UTC)
    may_leave = page.part is not None and (page.is_settling or page.goes_ahead)
    form = PressForm()
    if may_leave and form.validate_on_submit():
        try:
            leave = _leave_while_settling if page.is_settling else _leave_what_goes_ahead
            said = leave(page, now=now)
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash(said)
            return redirect(url_for(".show", pool_id=pool_id))
    if not may_leave:
        return redirect(url_for(".show", pool_id=pool_id))
    cost = None
    if page.goes_ahead and page.arrangement_id is not None:
        cost = cancel_page(db.session, arrangement_id=page.arrangement_id, viewer=viewer(), now=now)
    return render_template("pooling/settling_leave.html", page=page, form=form, cost=cost), 422 if form.errors else 200


@bp.get("/<uuid:pool_id>/too-few")
@requires(Permission.BUY)
def too_few(pool_id: UUID) -> ResponseReturnValue:
    page = _part(pool_id)
    if not page.goes_ahead:
        return redirect(url_for(".show", pool_id=pool_id))
    return render_template("pooling/settling_too_few.html", page=page)


def arrangement_address(arrangement_id: ArrangementId) -> str:
    """Return the whole address of an arrangement's page, as letters give it."""
    return page_address("purchasing.show", {"arrangement_id": arrangement_id})


def _part(pool_id: UUID) -> MyPart:
    return my_part(db.session, pool_id=PoolId(pool_id), viewer=viewer()) or abort(404)


def _other_routes(page: MyPart) -> tuple[PayBy, ...]:
    """Return the ways to pay that would help: not the one that does not work, and by card only where there is one."""
    streams = payable_streams(db.session, viewer=viewer())
    may_card = bool(current_app.config["TAKES_CARDS"]) and page.takes_cards and page.has_card
    routes = routes_open_to(holdings={it.holding for it in streams}, takes_cards=may_card)
    return tuple(route for route in routes if route is not page.pay_by)


def _answer(page: MyPart, *, is_yes: bool, pence: str, now: datetime) -> PoolStatus:
    with transaction() as session:
        if is_yes:
            shown = int(pence) if pence.isascii() and pence.isdigit() else -1
            repairing.agree_to_price(session, pool_id=page.id, by=me(), pence=shown, now=now)
        else:
            repairing.decline_price(session, pool_id=page.id, by=me(), address=pool_address, now=now)
    return settle_pool(page.id, now=now)


def _close_pages(page: MyPart, *, now: datetime) -> None:
    """Close every page on which they could still pay by card, or learn that they did."""
    if page.arrangement_id is not None:
        for invoice in invoices_of(db.session, arrangement_id=page.arrangement_id, viewer=viewer()):
            close_page(invoice.id, now=now)


def _leave_while_settling(page: MyPart, *, now: datetime) -> str:
    _close_pages(page, now=now)
    with transaction() as session:
        repaid = settling.leave_while_settling(session, pool_id=page.id, by=me(), address=pool_address, now=now)
    settle_pool(page.id, now=now)
    back = (
        worded(" The {repaid} that your card paid is on its way back, and takes 5 to 10 days.", repaid=repaid)
        if repaid.pence
        else ""
    )
    return worded("You have left the pool. It costs you nothing.{back}", back=back)


def _leave_what_goes_ahead(page: MyPart, *, now: datetime) -> str:
    shown = request.form.get("shown_pence", "")
    with transaction() as session:
        cost = ending.leave_what_goes_ahead(
            session,
            pool_id=page.id,
            by=me(),
            agreed_owed=Money(int(shown)) if shown.isascii() and shown.isdigit() else Money(-1),
            link=arrangement_address,
            address=pool_address,
            now=now,
        )
    owed = worded(" {owed} is owed for it altogether.", owed=cost.owed) if cost.owed.pence else " It costs you nothing."
    return worded("You have left the pool, and your arrangement is cancelled.{owed}", owed=owed)
