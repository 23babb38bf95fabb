"""Everything somebody has here: to take away, to put right, to close."""

from datetime import UTC, datetime
from uuid import UUID

from flask import current_app, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import confirmed, forget_sign_in, me, public, signed_in, viewer
from marketplace.accounts.queries import addressee
from marketplace.kit import erased
from marketplace.kit.addresses import page_address
from marketplace.kit.belonging import Who, everything_of, files_of
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import limiter, only_looks
from marketplace.kit.parcels import in_words, pack
from marketplace.kit.refusals import show_refusal
from marketplace.web.forms import CloseAccountForm, TakeForm
from marketplace.web.queries import closing
from marketplace.web.services.closing import close_account
from marketplace.web.views.blueprint import bp

TAKING = "10 per hour"


@bp.get("/accounts/your-data")
@signed_in
def what_is_yours() -> ResponseReturnValue:
    return render_template("web/what_is_yours.html")


@bp.route("/accounts/your-data/take", methods=["GET", "POST"])
@signed_in
@confirmed
@limiter.limit(TAKING, exempt_when=only_looks, key_func=lambda: str(me()))
def take_everything() -> ResponseReturnValue:
    form = TakeForm()
    if not form.validate_on_submit():
        return render_template("web/take_everything.html", form=form), 422 if form.errors else 200
    now = datetime.now(UTC)
    who = Who(me(), addressee(db.session, person_id=me()).email)
    sections = tuple(everything_of(db.session, who=who))
    to_read = [(section, in_words(section)) for section in sections]
    readable = render_template("web/_taken.html", sections=to_read, taken_at=now)
    parcel = pack(sections, readable=readable, files=files_of(db.session, who=who))
    name = f"your-data-{day_of(now).isoformat()}.zip"
    sent = send_file(parcel, mimetype="application/zip", as_attachment=True, download_name=name)
    sent.headers["Cache-Control"] = "no-store"
    sent.call_on_close(parcel.close)
    return sent


@bp.route("/accounts/close", methods=["GET", "POST"])
@signed_in
@confirmed
@limiter.limit(TAKING, exempt_when=only_looks, key_func=lambda: str(me()))
def close() -> ResponseReturnValue:
    form = CloseAccountForm()
    still_open = closing.still_open(db.session, viewer=viewer())
    # Whoever others count on is shown by whom, and no form: nothing can be wrong with what they filled in.
    if not still_open and form.validate_on_submit():
        try:
            with transaction() as session:
                gone = close_account(
                    session,
                    by=viewer(),
                    consents=page_address("accounts.consent"),
                    contact=current_app.config["CONTACT_EMAIL"],
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            _remember(gone)
            forget_sign_in()
            return redirect(url_for(".closed"))
    page = render_template(
        "web/close.html",
        form=form,
        still_open=still_open,
        stays=closing.what_must_stay(),
    )
    refused = 422 if form.errors else 409
    return page, refused if form.is_submitted() else 200


@bp.get("/accounts/closed")
@public
def closed() -> ResponseReturnValue:
    return render_template("web/closed.html")


def _remember(person_id: UUID) -> None:
    """Write down, outside the database, who left: a backup that is put back must not bring them back."""
    try:
        erased.remember(current_app.config["ERASED_LIST"], [person_id])
    except OSError:
        # They left all the same, and every backup brings the list up to date.
        current_app.logger.exception("the list of those who left could not be written")
