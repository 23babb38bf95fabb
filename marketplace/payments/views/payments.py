"""Pages about payments: read the request, make one call, choose what to show."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import signed_in, viewer
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.money import ZERO
from marketplace.kit.refusals import show_refusal
from marketplace.payments import queries, services
from marketplace.payments.forms import ROUTES, PaymentForm
from marketplace.payments.rules import Route
from marketplace.payments.views.blueprint import bp
from marketplace.purchasing.rules import ArrangementId


@bp.route("/for/<uuid:arrangement_id>", methods=["GET", "POST"])
@signed_in
def show(arrangement_id: UUID) -> ResponseReturnValue:
    page = queries.payments_page(db.session, arrangement_id=ArrangementId(arrangement_id), viewer=viewer()) or abort(
        404
    )
    if request.method == "POST" and not page.is_providers:
        abort(403)
    form = PaymentForm()
    if form.validate_on_submit() and form.paid_on.data:
        try:
            with transaction() as session:
                services.record_payment(
                    session,
                    arrangement_id=ArrangementId(arrangement_id),
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
            return redirect(url_for(".show", arrangement_id=arrangement_id))
    return render_template("payments/show.html", page=page, form=form, routes=ROUTES), 422 if form.errors else 200
