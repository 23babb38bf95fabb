"""Pages and files about invoices and credit notes."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, signed_in, viewer
from marketplace.accounts.rules import Permission
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import limiter, only_looks
from marketplace.kit.money import ZERO, Money
from marketplace.kit.pages import as_csv, page_number
from marketplace.kit.refusals import show_refusal
from marketplace.payments.queries.payments import left_to_pay
from marketplace.purchasing.forms.invoices import CreditForm
from marketplace.purchasing.gateways.invoices import draw_invoice
from marketplace.purchasing.gateways.ubl import write_ubl
from marketplace.purchasing.queries.invoices import InvoiceList, InvoicePage, invoice_page, invoices_to, latest_invoice
from marketplace.purchasing.rules import ArrangementId, InvoiceId, Side
from marketplace.purchasing.rules.invoicing import plain_number
from marketplace.purchasing.rules.nouns import InvoiceKind
from marketplace.purchasing.services import invoicing
from marketplace.purchasing.views.blueprint import arrangement_address, bp

# A provider sends the month's invoices in one go.
OFTEN = "30 per minute; 300 per hour"
_COLUMNS = ("invoice", "kind", "issued", "due", "from", "to", "what", "quantity", "unit", "unit_price", "amount")


@bp.get("/invoices")
@signed_in
def my_invoices() -> ResponseReturnValue:
    number = page_number(request.args.get("page"))
    page = invoices_to(db.session, viewer=viewer(), side=Side.PERSON, page=number)
    return render_template("purchasing/invoices.html", page=page, left=_left(page), is_person=True)


@bp.get("/invoices/for-my-organisation")
@requires(Permission.PROVIDE)
def invoices_of_my_organisation() -> ResponseReturnValue:
    number = page_number(request.args.get("page"))
    page = invoices_to(db.session, viewer=viewer(), side=Side.PROVIDER, page=number)
    return render_template("purchasing/invoices.html", page=page, left=_left(page), is_person=False)


def _left(page: InvoiceList) -> dict[InvoiceId, Money]:
    return left_to_pay(db.session, invoice_ids=[line.id for line in page.lines], viewer=viewer())


@bp.get("/<uuid:arrangement_id>/invoice")
@signed_in
def invoice(arrangement_id: UUID) -> ResponseReturnValue:
    latest = latest_invoice(db.session, arrangement_id=ArrangementId(arrangement_id), viewer=viewer()) or abort(404)
    return redirect(url_for(".show_invoice", invoice_id=latest))


@bp.post("/<uuid:arrangement_id>/invoice")
@signed_in
@limiter.limit(OFTEN)
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
    page = _page(invoice_id)
    left = left_to_pay(db.session, invoice_ids=[page.id], viewer=viewer()).get(page.id, ZERO)
    return render_template("purchasing/invoice.html", page=page, left=left)


@bp.get("/invoices/<uuid:invoice_id>/pdf")
@signed_in
def invoice_pdf(invoice_id: UUID) -> ResponseReturnValue:
    page = _page(invoice_id)
    address = page_address("purchasing.show_invoice", {"invoice_id": page.id})
    drawn = draw_invoice(page, site=str(current_app.config["SITE_NAME"]), address=address)
    return _file(drawn, page, "pdf", "application/pdf")


@bp.get("/invoices/<uuid:invoice_id>/xml")
@signed_in
def invoice_xml(invoice_id: UUID) -> ResponseReturnValue:
    page = _page(invoice_id)
    return _file(write_ubl(page), page, "xml", "application/xml")


@bp.get("/invoices/<uuid:invoice_id>/csv")
@signed_in
def invoice_csv(invoice_id: UUID) -> ResponseReturnValue:
    page = _page(invoice_id)
    rows = (
        (
            page.number,
            page.kind.value,
            page.issued_at.date().isoformat(),
            page.due_on.isoformat() if page.due_on else "",
            page.provider_name,
            page.bill_to_name or page.person_name,
            line.what,
            plain_number(line.quantity),
            line.unit,
            f"{line.unit_price.pounds:.2f}",
            f"{line.amount.pounds:.2f}",
        )
        for line in page.lines
    )
    return _file(as_csv(_COLUMNS, rows).encode(), page, "csv", "text/csv")


@bp.route("/invoices/<uuid:invoice_id>/credit", methods=["GET", "POST"])
@signed_in
@limiter.limit(OFTEN, exempt_when=only_looks)
def credit_invoice(invoice_id: UUID) -> ResponseReturnValue:
    page, form = _page(invoice_id), CreditForm()
    if page.side is not Side.PROVIDER:
        abort(404)
    if page.kind is not InvoiceKind.INVOICE or page.asked == ZERO:
        return redirect(url_for(".show_invoice", invoice_id=invoice_id))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                note_id = invoicing.issue_credit_note(
                    session,
                    invoice_id=page.id,
                    by=me(),
                    amount=form.amount.data or ZERO,
                    reason=form.reason.data or "",
                    link=arrangement_address,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("The credit note is sent. Less is owed now. If they had paid already, give the money back too.")
            return redirect(url_for(".show_invoice", invoice_id=note_id))
    return render_template("purchasing/credit_invoice.html", page=page, form=form), 422 if form.errors else 200


def _page(invoice_id: UUID) -> InvoicePage:
    return invoice_page(db.session, invoice_id=InvoiceId(invoice_id), viewer=viewer()) or abort(404)


def _file(content: bytes, page: InvoicePage, ending: str, media_type: str) -> Response:
    name = "credit-note" if page.kind is InvoiceKind.CREDIT_NOTE else "invoice"
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{page.number}.{ending}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
