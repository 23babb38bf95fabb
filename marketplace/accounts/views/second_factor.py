"""Giving a code from one's phone, setting the phone up, and codes on paper for when it is lost."""

from datetime import UTC, datetime

from flask import current_app, flash, redirect, render_template, request, url_for
from flask import session as session_of_browser
from flask.typing import ResponseReturnValue

from marketplace.accounts import access
from marketplace.accounts.access import at_the_door, confirmed, me, person_at_door, signed_in, viewer
from marketplace.accounts.forms import CodeForm, RecoveryCodeForm
from marketplace.accounts.queries import my_account
from marketplace.accounts.queries.passkeys import credentials_of
from marketplace.accounts.queries.second_factor import OwnPhone, own_phone
from marketplace.accounts.rules import Viewer
from marketplace.accounts.services import second_factor
from marketplace.accounts.views.blueprint import bp
from marketplace.accounts.views.passkeys import asking, must_prove, site
from marketplace.demo import queries as demo
from marketplace.kit import codes
from marketplace.kit.addresses import own_page, page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import CODES, limiter, only_looks
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import worded
from marketplace.kit.text import tidy_line

_SEED = "seed_of_phone"
"""What the phone that is being set up makes its codes from. Without the site's own key it is worth nothing."""


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])


def _former() -> tuple[str, ...]:
    return tuple(current_app.config["SECRET_KEY_FALLBACKS"])


def _wanted() -> str:
    return own_page(request.args.get("next")) or url_for("accounts.me")


def _at_door() -> Viewer:
    """Whoever gives a code, as nothing but themselves: before it they are not signed in."""
    return Viewer(person_at_door())


def _phone() -> OwnPhone | None:
    return own_phone(db.session, viewer=_at_door())


@bp.route("/code", methods=["GET", "POST"])
@at_the_door
@limiter.limit(CODES, exempt_when=only_looks, key_func=lambda: str(person_at_door()))
def give_code() -> ResponseReturnValue:
    phone, now = _phone(), datetime.now(UTC)
    if access.has_proved() or not (phone or viewer().waiting):
        return redirect(_wanted())
    if phone is None and not credentials_of(db.session, person_id=person_at_door()):
        return redirect(url_for(".set_up_phone", next=_wanted()))
    form = CodeForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                second_factor.check_code(
                    session,
                    person_id=person_at_door(),
                    code=form.code.data or "",
                    key=_key(),
                    former=_former(),
                    now=now,
                )
        except DomainError as error:
            _note_wrong_code(error, now)
            show_refusal(form, error)
        else:
            access.prove()
            return redirect(_wanted())
    is_demo = bool(current_app.config["HAS_DEMO"])
    page = render_template(
        "accounts/give_code.html",
        form=form,
        now=now,
        wanted=_wanted(),
        passkey=asking(now, of=person_at_door()),
        has_phone=phone is not None,
        is_demo=is_demo,
        code_of_demo=demo.code_for_now(db.session, viewer=_at_door(), key=_key(), now=now) if is_demo else None,
    )
    return page, 422 if form.errors else 200


@bp.route("/recovery-code", methods=["GET", "POST"])
@at_the_door
@limiter.limit(CODES, exempt_when=only_looks, key_func=lambda: str(person_at_door()))
def give_recovery_code() -> ResponseReturnValue:
    if access.has_proved() or _phone() is None:
        return redirect(url_for(".give_code", next=_wanted()))
    form, now = RecoveryCodeForm(), datetime.now(UTC)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                left = second_factor.check_recovery_code(
                    session,
                    person_id=person_at_door(),
                    code=form.code.data or "",
                    key=_key(),
                    former=_former(),
                    link=page_address("accounts.phone"),
                    now=now,
                )
        except DomainError as error:
            _note_wrong_code(error, now)
            show_refusal(form, error)
        else:
            access.prove()
            flash(
                worded(
                    "You are signed in. That code is used up; you have {left} left. Is your phone lost? Set up "
                    "another.",
                    left=left,
                )
            )
            return redirect(url_for(".phone"))
    return render_template("accounts/give_recovery_code.html", form=form, wanted=_wanted()), 422 if form.errors else 200


@bp.get("/phone")
@signed_in
def phone() -> ResponseReturnValue:
    own = _phone()
    if own is not None and not access.has_proved():
        return redirect(url_for(".give_code", next=url_for(".phone")))
    return render_template("accounts/phone.html", phone=own)


@bp.route("/phone/set-up", methods=["GET", "POST"])
@signed_in
@confirmed
@limiter.limit(CODES, exempt_when=only_looks, key_func=lambda: str(me()))
def set_up_phone() -> ResponseReturnValue:
    if must_prove():
        return redirect(url_for(".give_code", next=url_for(".set_up_phone")))
    form, now = CodeForm(), datetime.now(UTC)
    # The same until it is set up, so that opening the page again does not change what the phone has read.
    seed = session_of_browser.setdefault(_SEED, codes.new_seed())
    if form.validate_on_submit():
        try:
            with transaction() as session:
                paper = second_factor.set_up_phone(
                    session,
                    person_id=me(),
                    seed=seed,
                    code=form.code.data or "",
                    has_proved=access.has_proved(),
                    key=_key(),
                    now=now,
                )
        except DomainError as error:
            _note_wrong_code(error, now)
            show_refusal(form, error)
        else:
            return _sign_in_again(paper)
    account = my_account(db.session, viewer=viewer())
    secret = codes.secret_from(seed, key=_key())
    address = codes.address_for_app(
        secret, account=account.email if account else "", site=tidy_line(current_app.config["SITE_NAME"])
    )
    page = render_template(
        "accounts/set_up_phone.html",
        form=form,
        has_passkeys=site().has_passkeys,
        square=codes.square_of(address),
        secret=codes.in_fours(secret),
        address=address,
        now=now,
    )
    return page, 422 if form.errors else 200


def _sign_in_again(paper: tuple[str, ...]) -> ResponseReturnValue:
    """Every browser was signed out; this one has just given a code. The codes on paper are shown this once."""
    session_of_browser.pop(_SEED)
    access.sign_in(me(), proved=True)
    return render_template("accounts/recovery_codes.html", paper=paper, wanted=_wanted())


@bp.post("/recovery-codes")
@signed_in
@confirmed
def renew_recovery_codes() -> ResponseReturnValue:
    if _phone() is None or not access.has_proved():
        return redirect(url_for(".give_code", next=url_for(".phone")))
    with transaction() as session:
        paper = second_factor.renew_recovery_codes(session, person_id=me(), key=_key(), now=datetime.now(UTC))
    return render_template("accounts/recovery_codes.html", paper=paper, wanted=url_for(".phone"))


def _note_wrong_code(error: DomainError, now: datetime) -> None:
    """Keep count of wrong codes, apart from the transaction that refused one."""
    if isinstance(error, second_factor.WrongCodeError):
        link = page_address("accounts.reset")
        with transaction() as session:
            second_factor.note_wrong_code(session, person_id=person_at_door(), link=link, now=now)
