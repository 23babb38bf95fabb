"""The page on which a provider gives money back."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.money import ZERO
from marketplace.kit.refusals import show_refusal
from marketplace.payments.forms import RefundForm
from marketplace.payments.jobs.refunds import ask_about_refund
from marketplace.payments.jobs.stripe import invoice_address
from marketplace.payments.queries.payments import payment_to_give_back
from marketplace.payments.rules import PaymentId, RefundId, Route
from marketplace.payments.services import refunding
from marketplace.payments.views.blueprint import bp
from marketplace.purchasing.rules import ArrangementId


def _arrangement_address(arrangement_id: ArrangementId) -> str:
    return page_address("purchasing.show", {"arrangement_id": arrangement_id})


@bp.route("/<uuid:payment_id>/refund", methods=["GET", "POST"])
@requires(Permission.PROVIDE)
@limiter.limit(MAIL, exempt_when=only_looks)
def refund(payment_id: UUID) -> ResponseReturnValue:
    invoice_id, payment = payment_to_give_back(db.session, payment_id=PaymentId(payment_id), viewer=viewer()) or abort(
        404
    )
    form = RefundForm()
    if form.validate_on_submit():
        now = datetime.now(UTC)
        try:
            with transaction() as session:
                refund_id = refunding.begin_refund(
                    session,
                    payment_id=payment.id,
                    by=viewer(),
                    amount=form.amount.data or ZERO,
                    reason=form.reason.data or "",
                    is_by_hand=payment.may_be_by_hand,
                    refund_id=RefundId(form.key.key),
                    address=_arrangement_address,
                    link=invoice_address,
                    now=now,
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            ask_about_refund(refund_id, now=now)
            flash("It is given back. You both see it.")
            return redirect(url_for(".show", invoice_id=invoice_id))
    page = render_template(
        "payments/refund.html",
        payment=payment,
        form=form,
        invoice_id=invoice_id,
        is_by_stripe=payment.route is Route.CARD and not payment.may_be_by_hand,
    )
    return page, 422 if form.errors else 200
