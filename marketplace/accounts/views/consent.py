"""Letting somebody see one's plan or budgets, or do something for oneself, and taking it back."""

from datetime import UTC, datetime
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.forms import ConsentForm
from marketplace.accounts.queries import delegations as queries
from marketplace.accounts.rules import DelegationId, Permission, Scope
from marketplace.accounts.services import delegations as services
from marketplace.accounts.views.blueprint import bp
from marketplace.brokerage.queries.independence import why_not_accept
from marketplace.kit.addresses import page_address
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import worded
from marketplace.kit.text import tidy_line


@bp.get("/consent")
@requires(Permission.BUY)
def consent() -> ResponseReturnValue:
    found = queries.consents_of(db.session, viewer=viewer(), today=day_of(datetime.now(UTC)))
    return render_template("accounts/consent.html", consents=found)


@bp.route("/consent/new", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks)
def give_consent() -> ResponseReturnValue:
    form = ConsentForm()
    if form.validate_on_submit() and form.ends_on.data:
        try:
            with transaction() as session:
                services.give_consent(
                    session,
                    by=me(),
                    email=tidy_line(form.email.data),
                    scopes={Scope(scope) for scope in form.scopes.data or ()},
                    ends_on=form.ends_on.data,
                    link=page_address("accounts.consent"),
                    key=DelegationId(form.key.key),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash(
                worded(
                    "We have written to {data}. Nothing is shown to them before they say yes.",
                    data=tidy_line(form.email.data),
                )
            )
            return redirect(url_for(".consent"))
    return render_template("accounts/give_consent.html", form=form), 422 if form.errors else 200


@bp.post("/consent/<uuid:delegation_id>/accept")
@requires(Permission.BUY)
def accept_consent(delegation_id: UUID) -> ResponseReturnValue:
    wanted, today = DelegationId(delegation_id), day_of(datetime.now(UTC))
    refusal = why_not_accept(db.session, delegation_id=wanted, viewer=viewer(), on=today)
    if refusal:
        raise DomainError(refusal)
    with transaction() as session:
        services.accept_consent(
            session,
            delegation_id=wanted,
            by=me(),
            link=page_address("accounts.consent"),
            now=datetime.now(UTC),
        )
    flash("You have said yes. You can end it at any time.")
    return redirect(url_for(".consent"))


@bp.post("/consent/<uuid:delegation_id>/end")
@requires(Permission.BUY)
def end_consent(delegation_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.end_consent(
            session,
            delegation_id=DelegationId(delegation_id),
            by=me(),
            link=page_address("accounts.consent"),
            now=datetime.now(UTC),
        )
    flash("That consent has ended.")
    return redirect(url_for(".consent"))
