"""Changing one's email address, and taking that back."""

from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts import access
from marketplace.accounts.access import confirmed, me, public, signed_in
from marketplace.accounts.forms import ChangeEmailForm, TakeEmailForm, UndoEmailForm
from marketplace.accounts.services import moving
from marketplace.accounts.services.moving import Ways
from marketplace.accounts.views.blueprint import bp
from marketplace.kit.addresses import page_address
from marketplace.kit.db import transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, SIGN_IN, limiter, only_looks
from marketplace.kit.refusals import show_refusal
from marketplace.kit.text import tidy_line


@bp.route("/email", methods=["GET", "POST"])
@signed_in
@confirmed
@limiter.limit(MAIL, exempt_when=only_looks)
def change_email() -> ResponseReturnValue:
    form = ChangeEmailForm()
    if form.validate_on_submit():
        email = tidy_line(form.email.data)
        try:
            with transaction() as session:
                moving.ask_for_email(session, person_id=me(), email=email, ways=_ways(), now=datetime.now(UTC))
        except DomainError as error:
            show_refusal(form, error)
        else:
            return render_template("accounts/email_asked.html", email=email)
    return render_template("accounts/change_email.html", form=form), 422 if form.errors else 200


def _ways() -> Ways:
    return Ways(
        take=lambda token: page_address("accounts.take_email", {"token": token}),
        undo=lambda token: page_address("accounts.undo_email", {"token": token}),
    )


@bp.route("/email/new/<token>", methods=["GET", "POST"])
@public
@limiter.limit(SIGN_IN, exempt_when=only_looks)
def take_email(token: str) -> ResponseReturnValue:
    # A button, because mail programs open links by themselves to look at them.
    form = TakeEmailForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                moving.take_email(session, token=token, now=datetime.now(UTC))
        except DomainError as error:
            show_refusal(form, error)
        else:
            access.forget_sign_in()
            flash("That is your address now. Sign in with it.")
            return redirect(url_for(".sign_in"))
    return render_template("accounts/take_email.html", form=form), 422 if form.errors else 200


@bp.route("/email/undo/<token>", methods=["GET", "POST"])
@public
@limiter.limit(SIGN_IN, exempt_when=only_looks)
def undo_email(token: str) -> ResponseReturnValue:
    form = UndoEmailForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                moving.undo_email(session, token=token, now=datetime.now(UTC))
        except DomainError as error:
            show_refusal(form, error)
        else:
            access.forget_sign_in()
            flash("Your old address stays, and everybody is signed out. Now set a new password.")
            return redirect(url_for(".reset"))
    return render_template("accounts/undo_email.html", form=form), 422 if form.errors else 200
