"""Pages for providers: how they are paid, by card and by bank transfer."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import requires, viewer
from marketplace.accounts.rules import OrganisationId, Permission
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import CARDS, MAIL, limiter, only_looks
from marketplace.kit.refusals import show_refusal
from marketplace.payments.forms import BankForm
from marketplace.payments.jobs.providers import look_at_account, onboarding_page
from marketplace.payments.jobs.stripe import pence_per_pound, stripe
from marketplace.payments.queries.cards import ProviderAccount, provider_accounts
from marketplace.payments.services import providers as services
from marketplace.payments.views.blueprint import bp


def _own(organisation_id: UUID) -> ProviderAccount:
    known = {it.organisation_id: it for it in provider_accounts(db.session, viewer=viewer())}
    return known.get(OrganisationId(organisation_id)) or abort(404)


@bp.get("/for-my-organisation")
@requires(Permission.PROVIDE)
def for_my_organisation() -> ResponseReturnValue:
    return render_template(
        "payments/for_my_organisation.html",
        accounts=provider_accounts(db.session, viewer=viewer()),
        takes_cards=current_app.config["TAKES_CARDS"],
        fee_per_pound=pence_per_pound(),
    )


@bp.post("/for-my-organisation/<uuid:organisation_id>/cards")
@requires(Permission.PROVIDE)
@limiter.limit(CARDS)
def begin_cards(organisation_id: UUID) -> ResponseReturnValue:
    if stripe() is None:
        abort(404)
    now = datetime.now(UTC)
    with transaction() as session:
        services.begin_account(session, organisation_id=OrganisationId(organisation_id), by=viewer(), now=now)
    return render_template(
        "payments/onboarding.html",
        account=_own(organisation_id),
        page_url=onboarding_page(OrganisationId(organisation_id), now=now),
    )


@bp.post("/for-my-organisation/<uuid:organisation_id>/ask")
@requires(Permission.PROVIDE)
@limiter.limit(CARDS)
def ask_about_account(organisation_id: UUID) -> ResponseReturnValue:
    account = _own(organisation_id)
    if look_at_account(account.organisation_id, now=datetime.now(UTC)):
        flash("This is what Stripe says now.")
    else:
        flash("Stripe does not answer at the moment. Try again in a few minutes.")
    return redirect(url_for(".for_my_organisation"))


@bp.route("/for-my-organisation/<uuid:organisation_id>/bank-details", methods=["GET", "POST"])
@requires(Permission.PROVIDE)
@limiter.limit(MAIL, exempt_when=only_looks)
def bank_details(organisation_id: UUID) -> ResponseReturnValue:
    account = _own(organisation_id)
    form = BankForm(obj=account.bank)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.say_bank_details(
                    session,
                    organisation_id=account.organisation_id,
                    by=viewer(),
                    account_name=form.account_name.data or "",
                    sort_code=form.sort_code.data or "",
                    account_number=form.account_number.data or "",
                    link=page_address("payments.for_my_organisation"),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Your bank details are saved. People see them on the invoices you send them.")
            return redirect(url_for(".for_my_organisation"))
    return render_template("payments/bank_details.html", form=form, account=account), 422 if form.errors else 200
