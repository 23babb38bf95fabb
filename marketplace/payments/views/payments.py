"""The page where an invoice is paid: every way to pay it, and what has arrived."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import signed_in, viewer
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.money import ZERO
from marketplace.kit.refusals import show_refusal
from marketplace.payments.forms import ROUTES, PaymentForm
from marketplace.payments.jobs.charging import close_page
from marketplace.payments.jobs.stripe import pence_per_pound
from marketplace.payments.queries.cards import my_cards
from marketplace.payments.queries.payments import payments_page
from marketplace.payments.rules import Route
from marketplace.payments.services import payments as services
from marketplace.payments.views.blueprint import bp
from marketplace.purchasing.queries.invoices import latest_invoice
from marketplace.purchasing.rules import ArrangementId, InvoiceId
from marketplace.purchasing.rules.routes import RELIABILITY


@bp.get("/for/<uuid:arrangement_id>")
@signed_in
def for_arrangement(arrangement_id: UUID) -> ResponseReturnValue:
    latest = latest_invoice(db.session, arrangement_id=ArrangementId(arrangement_id), viewer=viewer()) or abort(404)
    return redirect(url_for(".show", invoice_id=latest))


@bp.route("/invoices/<uuid:invoice_id>", methods=["GET", "POST"])
@signed_in
def show(invoice_id: UUID) -> ResponseReturnValue:
    page = payments_page(
        db.session,
        invoice_id=InvoiceId(invoice_id),
        viewer=viewer(),
        cards_are_on=current_app.config["TAKES_CARDS"],
    ) or abort(404)
    if request.method == "POST" and not page.is_providers:
        abort(403)
    form = PaymentForm()
    if form.validate_on_submit() and form.paid_on.data:
        # Nobody is to pay by card what has just arrived in another way.
        close_page(InvoiceId(invoice_id), now=datetime.now(UTC))
        try:
            with transaction() as session:
                services.record_payment(
                    session,
                    invoice_id=InvoiceId(invoice_id),
                    by=viewer(),
                    amount=form.amount.data or ZERO,
                    route=Route(form.route.data),
                    paid_on=form.paid_on.data,
                    key=form.payment_key,
                    now=datetime.now(UTC),
                )
        except services.WrongDayError as error:
            show_refusal(form, error, beside="paid_on")
        except DomainError as error:
            show_refusal(form, error, beside="amount")
        else:
            flash("The payment is written down. You both see it.")
            return redirect(url_for(".show", invoice_id=invoice_id))
    shown = render_template(
        "payments/show.html",
        page=page,
        form=form,
        routes=ROUTES,
        reliability=RELIABILITY,
        fee_per_pound=pence_per_pound(),
        cards=() if page.is_providers else my_cards(db.session, viewer=viewer()),
    )
    return shown, 422 if form.errors else 200
