"""Passkeys: making one, signing in with one, and removing it. Without scripts, passwords and codes stay a whole way."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts import access
from marketplace.accounts.access import confirmed, me, public, signed_in, viewer
from marketplace.accounts.forms import MakePasskeyForm, UsePasskeyForm
from marketplace.accounts.queries import my_account
from marketplace.accounts.queries import passkeys as queries
from marketplace.accounts.queries.second_factor import own_phone
from marketplace.accounts.rules import PasskeyId, PersonId, browser_in_words
from marketplace.accounts.services import passkeys as services
from marketplace.accounts.services.passkeys import CopiedPasskeyError, WrongPasskeyError
from marketplace.accounts.views.blueprint import bp
from marketplace.kit import passkeys
from marketplace.kit.addresses import own_page, page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import CODES, limiter, only_looks
from marketplace.kit.passkeys import Site
from marketplace.kit.refusals import show_refusal
from marketplace.kit.text import tidy_line


def site() -> Site:
    """Return for whom passkeys are made."""
    return Site(str(current_app.config["SITE_URL"]), tidy_line(current_app.config["SITE_NAME"]))


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])


def asking(now: datetime, *, of: PersonId | None = None, fills: bool = False) -> dict[str, Any] | None:
    """
    Return what a page needs to ask for a passkey, or None where there are none.

    :param of: whose it must be; None for anybody's.
    :param fills: whether the browser may offer it by itself where an address is typed.
    """
    if not site().has_passkeys:
        return None
    one_of = queries.credentials_of(db.session, person_id=of) if of else ()
    if of and not one_of:
        return None
    challenge = passkeys.new_challenge(services.SIGN_IN, key=_key(), now=now)
    return {
        "options": passkeys.ask_to_use(site(), challenge=challenge, one_of=one_of),
        "kind": "fill" if fills else "use",
        "form": UsePasskeyForm(formdata=None),
        "next": own_page(request.args.get("next")),
    }


@bp.post("/passkey")
@public
@limiter.limit(CODES)
def use_passkey() -> ResponseReturnValue:
    form, now = UsePasskeyForm(), datetime.now(UTC)
    wanted = own_page(request.args.get("next")) or url_for("accounts.me")
    if not form.validate_on_submit():
        return _refused(WrongPasskeyError("That passkey did not work here. Try once more."), wanted)
    try:
        with transaction() as session:
            person_id = services.use_passkey(session, answer=form.answer.data or "", site=site(), key=_key(), now=now)
    except CopiedPasskeyError as error:
        with transaction() as session:
            services.note_copied_passkey(
                session, person_id=error.person_id, link=page_address("accounts.own_passkeys"), now=now
            )
        return _refused(error, wanted)
    except DomainError as error:
        return _refused(error, wanted)
    if not viewer().is_signed_in:
        access.sign_in(person_id, proved=True)
    elif viewer().person_id == person_id:
        access.confirm()
        access.prove()
    else:
        return _refused(WrongPasskeyError("That passkey is somebody else’s. Sign out first."), wanted)
    return redirect(wanted)


def _refused(error: DomainError, wanted: str) -> ResponseReturnValue:
    form = UsePasskeyForm(formdata=None)
    show_refusal(form, error)
    return render_template("accounts/passkey_refused.html", form=form, wanted=wanted), 422


@bp.get("/passkeys")
@signed_in
def own_passkeys() -> ResponseReturnValue:
    own = queries.own_passkeys(db.session, viewer=viewer())
    return render_template("accounts/passkeys.html", passkeys=own, has_passkeys=site().has_passkeys)


@bp.route("/passkeys/make", methods=["GET", "POST"])
@signed_in
@confirmed
@limiter.limit(CODES, exempt_when=only_looks, key_func=lambda: str(me()))
def make_passkey() -> ResponseReturnValue:
    if must_prove():
        return redirect(url_for(".give_code", next=url_for(".make_passkey")))
    now = datetime.now(UTC)
    form = MakePasskeyForm(data={"name": browser_in_words(request.user_agent.string)})
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.make_passkey(
                    session,
                    person_id=me(),
                    answer=form.answer.data or "",
                    name=tidy_line(form.name.data),
                    site=site(),
                    key=_key(),
                    link=page_address("accounts.own_passkeys"),
                    now=now,
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            if viewer().waiting:
                access.prove()  # Its device has just made sure who is there.
            flash("That passkey opens your account now.")
            return redirect(url_for(".own_passkeys"))
    options = _to_make(now)
    if options is None and form.errors:
        # Where the site can have no passkeys the page says so, and shows no form: nothing can be wrong in it.
        return render_template("accounts/make_passkey.html", form=MakePasskeyForm(formdata=None), options=None), 409
    return render_template("accounts/make_passkey.html", form=form, options=options), 422 if form.errors else 200


def _to_make(now: datetime) -> str | None:
    account = my_account(db.session, viewer=viewer())
    if account is None or not site().has_passkeys:
        return None
    return passkeys.ask_to_make(
        site(),
        person=me().bytes,
        account=account.email,
        name=account.name,
        challenge=passkeys.new_challenge(services.to_make(me()), key=_key(), now=now),
        has=queries.credentials_of(db.session, person_id=me()),
    )


def must_prove() -> bool:
    """Test whether a second proof is due before another is added: a password alone must not bring in its own."""
    if access.has_proved():
        return False
    has_phone = own_phone(db.session, viewer=viewer()) is not None
    return has_phone or (bool(viewer().waiting) and bool(queries.own_passkeys(db.session, viewer=viewer())))


@bp.post("/passkeys/<uuid:passkey_id>/remove")
@signed_in
@confirmed
def remove_passkey(passkey_id: UUID) -> ResponseReturnValue:
    if must_prove():
        return redirect(url_for(".give_code", next=url_for(".own_passkeys")))
    with transaction() as session:
        services.remove_passkey(
            session,
            person_id=me(),
            passkey_id=PasskeyId(passkey_id),
            link=page_address("accounts.reset"),
            now=datetime.now(UTC),
        )
    flash("That passkey is removed. Remove it from the device that holds it too.")
    return redirect(url_for(".own_passkeys"))
