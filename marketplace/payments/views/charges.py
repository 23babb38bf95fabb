"""Pages for paying by card on a page of Stripe's: going there, and coming back."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import signed_in, viewer
from marketplace.kit.db import db, transaction
from marketplace.kit.limits import CARDS, limiter
from marketplace.payments.jobs.charging import ask_about
from marketplace.payments.jobs.stripe import pence_per_pound, stripe
from marketplace.payments.queries.payments import charge_page
from marketplace.payments.rules import ChargeId
from marketplace.payments.services import charging
from marketplace.payments.views.blueprint import bp
from marketplace.purchasing.rules import InvoiceId


@bp.post("/invoices/<uuid:invoice_id>/card")
@signed_in
@limiter.limit(CARDS)
def pay_by_card(invoice_id: UUID) -> ResponseReturnValue:
    if stripe() is None:
        abort(404)
    now = datetime.now(UTC)
    with transaction() as session:
        charge_id = charging.begin_hosted_charge(
            session, invoice_id=InvoiceId(invoice_id), by=viewer(), pence_per_pound=pence_per_pound(), now=now
        )
    ask_about(charge_id, now=now)
    return redirect(url_for(".charge", charge_id=charge_id))


@bp.get("/charges/<uuid:charge_id>")
@signed_in
def charge(charge_id: UUID) -> ResponseReturnValue:
    page = charge_page(db.session, charge_id=ChargeId(charge_id), viewer=viewer()) or abort(404)
    return render_template("payments/charge.html", page=page, is_back="back" in request.args)


@bp.post("/charges/<uuid:charge_id>/ask")
@signed_in
@limiter.limit(CARDS)
def ask_about_charge(charge_id: UUID) -> ResponseReturnValue:
    page = charge_page(db.session, charge_id=ChargeId(charge_id), viewer=viewer()) or abort(404)
    ask_about(page.id, now=datetime.now(UTC))
    return redirect(url_for(".charge", charge_id=page.id, back=1))
