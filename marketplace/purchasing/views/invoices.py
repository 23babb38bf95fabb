"""Pages about invoices and credit notes."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.kit.db import db, transaction
from marketplace.purchasing.queries.invoices import invoice_page, latest_invoice
from marketplace.purchasing.rules import ArrangementId, InvoiceId
from marketplace.purchasing.services import invoicing
from marketplace.purchasing.views.blueprint import arrangement_address, bp


@bp.get("/<uuid:arrangement_id>/invoice")
@signed_in
def invoice(arrangement_id: UUID) -> ResponseReturnValue:
    latest = latest_invoice(db.session, arrangement_id=ArrangementId(arrangement_id), viewer=viewer()) or abort(404)
    return redirect(url_for(".show_invoice", invoice_id=latest))


@bp.post("/<uuid:arrangement_id>/invoice")
@signed_in
def issue_invoice(arrangement_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        invoice_id = invoicing.issue_invoice(
            session,
            arrangement_id=ArrangementId(arrangement_id),
            by=me(),
            link=arrangement_address,
            now=datetime.now(UTC),
        )
    flash("Your invoice is sent. You can print it below.")
    return redirect(url_for(".show_invoice", invoice_id=invoice_id))


@bp.get("/invoices/<uuid:invoice_id>")
@signed_in
def show_invoice(invoice_id: UUID) -> ResponseReturnValue:
    page = invoice_page(db.session, invoice_id=InvoiceId(invoice_id), viewer=viewer()) or abort(404)
    return render_template("purchasing/invoice.html", page=page)
