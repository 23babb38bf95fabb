"""Signing up, in and out, and setting a new password."""

from datetime import UTC, datetime

from flask import current_app, flash, redirect, render_template, request, url_for
from flask import session as session_of_browser
from flask.typing import ResponseReturnValue

from marketplace.accounts import access, services
from marketplace.accounts.access import known_browsers, public, signed_in
from marketplace.accounts.forms import AskForNewPasswordForm, ConfirmForm, NewPasswordForm, SignInForm, SignUpForm
from marketplace.accounts.queries.browsers import person_at
from marketplace.accounts.rules import PersonId
from marketplace.accounts.services import guarding
from marketplace.accounts.views.blueprint import bp
from marketplace.accounts.views.passkeys import asking
from marketplace.demo import queries as demo
from marketplace.kit.addresses import own_page, page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.headers import FORGET
from marketplace.kit.limits import MAIL, SIGN_IN, limiter, only_looks
from marketplace.kit.refusals import show_refusal
from marketplace.kit.text import tidy_line

_WANTED = "wanted"
"""Where somebody was going when they opened an account."""


@bp.route("/sign-up", methods=["GET", "POST"])
@public
@limiter.limit(MAIL, exempt_when=only_looks)
def sign_up() -> ResponseReturnValue:
    form = SignUpForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.sign_up(
                    session,
                    email=tidy_line(form.email.data),
                    name=tidy_line(form.name.data),
                    password=form.password.data or "",
                    link=lambda token: page_address("accounts.confirm", {"token": token}),
                    sign_in_address=page_address("accounts.sign_in"),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            # Whoever confirms in this browser goes on to where they were going: a pool they are invited to, say.
            if wanted := own_page(request.args.get("next")):
                session_of_browser[_WANTED] = wanted
            return render_template("accounts/check_your_mail.html", email=form.email.data)
    return render_template("accounts/sign_up.html", form=form), 422 if form.errors else 200


@bp.route("/confirm/<token>", methods=["GET", "POST"])
@public
def confirm(token: str) -> ResponseReturnValue:
    # A button, because mail programs open links by themselves to look at them.
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                person_id = services.confirm_email(session, token=token, now=datetime.now(UTC))
        except DomainError as error:
            show_refusal(form, error)
        else:
            access.sign_in(person_id, confirmed=False)
            flash("Your account is open. Welcome.")
            return redirect(access.way_in(own_page(session_of_browser.pop(_WANTED, None)) or url_for("web.welcome")))
    return render_template("accounts/confirm.html", form=form), 422 if form.errors else 200


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit(SIGN_IN, exempt_when=only_looks)
def sign_in() -> ResponseReturnValue:
    form, now = SignInForm(), datetime.now(UTC)
    if form.validate_on_submit():
        try:
            person_id = _check_sign_in(tidy_line(form.email.data), form.password.data or "", now)
        except DomainError as error:
            show_refusal(form, error)
        else:
            access.sign_in(person_id)
            return redirect(access.way_in(own_page(request.args.get("next")) or url_for("accounts.me")))
    page = render_template(
        "accounts/sign_in.html",
        form=form,
        passkey=asking(now, fills=True),
        demo_sign_ins=demo.sign_ins() if current_app.config["HAS_DEMO"] else (),
    )
    return page, 422 if form.errors else 200


def _check_sign_in(email: str, password: str, now: datetime) -> PersonId:
    """Count the try before the password is looked at, so that many at once are not one. The right one is no try."""
    key = str(current_app.config["SECRET_KEY"])
    browser = known_browsers.tries_of(person_at(db.session, email=email))
    with transaction() as session:
        tried = guarding.take_try(session, email=email, browser=browser, key=key, now=now)
    guarding.refuse_guesser(tried, now=now)
    person_id = services.check_sign_in(db.session, email=email, password=password)
    with transaction() as session:
        guarding.forget_tries(session, email=email, browser=browser, key=key)
    return person_id


@bp.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    access.sign_out()
    flash("You have signed out.")
    return redirect(url_for("web.home")), FORGET


@bp.route("/reset", methods=["GET", "POST"])
@public
@limiter.limit(MAIL, exempt_when=only_looks)
def reset() -> ResponseReturnValue:
    form = AskForNewPasswordForm()
    if form.validate_on_submit():
        with transaction() as session:
            services.ask_for_new_password(
                session,
                email=tidy_line(form.email.data),
                link=lambda token: page_address("accounts.new_password", {"token": token}),
                now=datetime.now(UTC),
            )
        return render_template("accounts/reset_sent.html", email=form.email.data)
    return render_template("accounts/reset.html", form=form), 422 if form.errors else 200


@bp.route("/reset/<token>", methods=["GET", "POST"])
@public
@limiter.limit(SIGN_IN, exempt_when=only_looks)
def new_password(token: str) -> ResponseReturnValue:
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                person_id = services.set_new_password(
                    session,
                    token=token,
                    password=form.password.data or "",
                    link=page_address("accounts.reset"),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            access.sign_in(person_id)
            flash("Your new password is set, and you are signed in.")
            return redirect(access.way_in(url_for("accounts.me")))
    return render_template("accounts/new_password.html", form=form), 422 if form.errors else 200
