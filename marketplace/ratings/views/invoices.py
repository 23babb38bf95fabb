"""Reviewing with an invoice, and looking at those that people sent."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue.rules import OfferId
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks, takes_up_to
from marketplace.kit.pages import page_number
from marketplace.kit.refusals import show_refusal
from marketplace.ratings.forms.proofs import InvoiceForm, RefuseInvoiceForm
from marketplace.ratings.gateways.invoices import MOST_BYTES, InvoiceError, read_invoice
from marketplace.ratings.queries import invoices as queries
from marketplace.ratings.rules.nouns import FileUse, ReviewId
from marketplace.ratings.rules.reviewing import Written
from marketplace.ratings.services import invoices as services
from marketplace.ratings.services.keeping import LASTS
from marketplace.ratings.services.reviewing import WhatToReview
from marketplace.ratings.views.blueprint import bp, review_address
from marketplace.ratings.views.writing import writing_page

_SENT = "20 per hour"
"""Files from one address: each costs us a second of work."""

_A_FORM = 64 * 1024
"""Bytes of everything that is sent with a file."""


@bp.route("/of/<uuid:offer_id>/invoice", methods=["GET", "POST"])
@takes_up_to(MOST_BYTES + _A_FORM)
@requires(Permission.BUY)
@limiter.limit(_SENT, exempt_when=only_looks)
def send_invoice(offer_id: UUID) -> ResponseReturnValue:
    what = _what(offer_id)
    form = InvoiceForm()
    if form.validate_on_submit():
        try:
            _keep(what)
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect(url_for(".with_invoice", offer_id=what.offer_id))
    elif form.is_submitted() and not request.files.get("invoice"):
        show_refusal(form, InvoiceError("Choose your invoice or receipt."))
    page = render_template("ratings/send_invoice.html", form=form, what=what, days=services.WORKING_DAYS)
    return page, 422 if form.errors else 200


@bp.route("/of/<uuid:offer_id>/invoice/write", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks)
def with_invoice(offer_id: UUID) -> ResponseReturnValue:
    what, now = _what(offer_id), datetime.now(UTC)
    kept = queries.kept_since(
        db.session, use=FileUse.INVOICE, offer_id=what.offer_id, viewer=viewer(), after=now - LASTS
    )
    if kept is None:
        return redirect(url_for(".send_invoice", offer_id=what.offer_id))

    def write(written: Written) -> ReviewId:
        with transaction() as session:
            return services.review_with_invoice(
                session, offer_id=what.offer_id, by=me(), written=written, link=review_address, now=now
            )

    return writing_page(
        what, write, back=(url_for(".send_invoice", offer_id=what.offer_id), "Send another invoice instead")
    )


@bp.get("/invoices")
@requires(Permission.CHECK)
def waiting_invoices() -> ResponseReturnValue:
    page = queries.waiting_invoices(db.session, viewer=viewer(), page=page_number(request.args.get("page")))
    return render_template("ratings/invoices.html", page=page, now=datetime.now(UTC))


@bp.route("/invoices/<uuid:review_id>", methods=["GET", "POST"])
@requires(Permission.CHECK)
def look_at_invoice(review_id: UUID) -> ResponseReturnValue:
    it = queries.waiting_invoice(db.session, review_id=ReviewId(review_id), viewer=viewer()) or abort(404)
    form = RefuseInvoiceForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.refuse_invoice(
                    session,
                    review_id=it.review_id,
                    reason=form.reason.data or "",
                    by=viewer(),
                    link=review_address,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("The review is not shown any more. We have written to its writer, and deleted the invoice.")
            return redirect(url_for(".waiting_invoices"))
    return render_template("ratings/invoice.html", form=form, it=it), 422 if form.errors else 200


@bp.post("/invoices/<uuid:review_id>/accept")
@requires(Permission.CHECK)
def accept_invoice(review_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.accept_invoice(
            session, review_id=ReviewId(review_id), by=viewer(), link=review_address, now=datetime.now(UTC)
        )
    flash("The review says now that somebody has looked. The invoice is deleted.")
    return redirect(url_for(".waiting_invoices"))


@bp.get("/invoices/<uuid:review_id>/file")
@requires(Permission.CHECK)
def invoice_file(review_id: UUID) -> ResponseReturnValue:
    """Give the file to download, never to open on a page of ours: a stranger made it."""
    kept = queries.invoice_file(db.session, review_id=ReviewId(review_id), viewer=viewer()) or abort(404)
    ending = "pdf" if kept.media_type == "application/pdf" else "jpg"
    response = Response(kept.content, mimetype=kept.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="invoice.{ending}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response


def _what(offer_id: UUID) -> WhatToReview:
    return services.invoice_to_review(db.session, offer_id=OfferId(offer_id), by=me(), today=day_of(datetime.now(UTC)))


def _keep(what: WhatToReview) -> None:
    sent = request.files.get("invoice")
    if sent is None or not sent.filename:
        raise InvoiceError("Choose your invoice or receipt.")
    # Read before the transaction begins: others need not wait while a picture is made anew.
    invoice = read_invoice(sent.read())
    with transaction() as session:
        services.keep_invoice(session, offer_id=what.offer_id, by=me(), invoice=invoice, now=datetime.now(UTC))
