"""What keeps an account safe: the password, the browsers that are signed in, and being asked again."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts import access, queries
from marketplace.accounts.access import confirmed, me, signed_in, viewer
from marketplace.accounts.forms import ChangePasswordForm, ConfirmItIsYouForm
from marketplace.accounts.queries.browsers import own_browsers
from marketplace.accounts.queries.passkeys import own_passkeys
from marketplace.accounts.queries.second_factor import own_phone
from marketplace.accounts.rules import BrowserSessionId
from marketplace.accounts.services import browsers as services_of_browsers
from marketplace.accounts.services import passwords
from marketplace.accounts.views.blueprint import bp
from marketplace.accounts.views.passkeys import asking
from marketplace.kit.addresses import own_page, page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import CODES, limiter, only_looks
from marketplace.kit.refusals import show_refusal


def _wanted() -> str:
    return own_page(request.args.get("next")) or url_for("accounts.safety")


@bp.get("/safety")
@signed_in
def safety() -> ResponseReturnValue:
    now = datetime.now(UTC)
    return render_template(
        "accounts/safety.html",
        account=queries.my_account(db.session, viewer=viewer()) or abort(404),
        passkeys=own_passkeys(db.session, viewer=viewer()),
        phone=own_phone(db.session, viewer=viewer()),
        browsers=own_browsers(db.session, viewer=viewer(), now=now),
    )


@bp.route("/is-it-you", methods=["GET", "POST"])
@signed_in
@limiter.limit(CODES, exempt_when=only_looks, key_func=lambda: str(me()))
def confirm_it_is_you() -> ResponseReturnValue:
    if access.has_confirmed():
        return redirect(_wanted())
    form = ConfirmItIsYouForm()
    if form.validate_on_submit():
        try:
            passwords.check_password(db.session, person_id=me(), password=form.password.data or "")
        except DomainError as error:
            show_refusal(form, error)
        else:
            access.confirm()
            return redirect(_wanted())
    page = render_template("accounts/is_it_you.html", form=form, passkey=asking(datetime.now(UTC), of=me()))
    return page, 422 if form.errors else 200


@bp.route("/password", methods=["GET", "POST"])
@signed_in
@confirmed
def change_password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                passwords.change_password(
                    session,
                    person_id=me(),
                    password=form.password.data or "",
                    browser_id=access.this_browser(),
                    link=page_address("accounts.reset"),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Your new password is set. Your other browsers are signed out.")
            return redirect(url_for(".safety"))
    return render_template("accounts/new_password.html", form=form), 422 if form.errors else 200


@bp.get("/browsers")
@signed_in
def browsers() -> ResponseReturnValue:
    return render_template(
        "accounts/browsers.html",
        browsers=own_browsers(db.session, viewer=viewer(), now=datetime.now(UTC)),
        here=access.this_browser(),
    )


@bp.post("/browsers/<uuid:browser_id>/end")
@signed_in
def end_browser(browser_id: UUID) -> ResponseReturnValue:
    if browser_id == access.this_browser():
        access.sign_out()
        flash("You have signed out.")
        return redirect(url_for("web.home"))
    with transaction() as session:
        services_of_browsers.end_browser(
            session, person_id=me(), browser_id=BrowserSessionId(browser_id), now=datetime.now(UTC)
        )
    flash("That browser is signed out.")
    return redirect(url_for(".browsers"))


@bp.post("/browsers/end-others")
@signed_in
def end_other_browsers() -> ResponseReturnValue:
    with transaction() as session:
        services_of_browsers.end_browsers(session, person_id=me(), but=access.this_browser(), now=datetime.now(UTC))
    flash("All your other browsers are signed out.")
    return redirect(url_for(".browsers"))
