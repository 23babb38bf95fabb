"""Inviting commissioners, for operators; and accepting, for whoever is invited."""

from datetime import UTC, datetime
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts import access
from marketplace.accounts.access import me, public, requires, viewer
from marketplace.accounts.forms import AcceptInvitationForm, ConfirmForm, InvitationForm
from marketplace.accounts.queries import inviting as queries
from marketplace.accounts.rules import InvitationId, Permission
from marketplace.accounts.services import inviting
from marketplace.accounts.services.inviting import DeadInvitationError, InvitedFor
from marketplace.accounts.views.blueprint import bp
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.limits import MAIL, SIGN_IN, limiter, only_looks
from marketplace.kit.places import UnknownPlaceError
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import worded
from marketplace.kit.text import tidy_line


@bp.route("/invitations", methods=["GET", "POST"])
@requires(Permission.OPERATE)
@limiter.limit(MAIL, exempt_when=only_looks)
def invitations() -> ResponseReturnValue:
    form, now = InvitationForm(), datetime.now(UTC)
    councils = {council.code: council.name for council in gazetteer().councils()}
    if form.validate_on_submit():
        try:
            code = gazetteer().find(form.council.data or "").council
            with transaction() as session:
                inviting.invite_commissioner(
                    session,
                    name=tidy_line(form.name.data),
                    email=tidy_line(form.email.data),
                    council=InvitedFor(code, councils[code]),
                    by=me(),
                    link=lambda token: page_address("accounts.accept_invitation", {"token": token}),
                    now=now,
                )
        except UnknownPlaceError as error:
            show_refusal(form, error, beside="council")
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash(worded("We have written to {data}. The link works for a week.", data=tidy_line(form.email.data)))
            return redirect(url_for(".invitations"))
    waiting = queries.open_invitations(db.session, viewer=viewer(), now=now)
    page = render_template("accounts/invitations.html", form=form, waiting=waiting, councils=councils)
    return page, 422 if form.errors else 200


@bp.post("/invitations/<uuid:invitation_id>/take-back")
@requires(Permission.OPERATE)
def withdraw_invitation(invitation_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        inviting.withdraw_invitation(session, invitation_id=InvitationId(invitation_id), by=me(), now=datetime.now(UTC))
    flash("That invitation is taken back. Its link opens nothing now.")
    return redirect(url_for(".invitations"))


@bp.route("/invited/<token>", methods=["GET", "POST"])
@public
@limiter.limit(SIGN_IN)
def accept_invitation(token: str) -> ResponseReturnValue:
    now = datetime.now(UTC)
    invited = queries.invited_by(db.session, token=token, viewer=viewer(), now=now)
    if invited is None:
        raise DeadInvitationError(
            "This invitation has been used or taken back, or is too old. Ask whoever invited you for a new one."
        )
    form = ConfirmForm() if invited.has_account else AcceptInvitationForm(data={"name": invited.name})
    # An account that is there accepts for itself: the letter alone does not open it.
    if form.validate_on_submit() and (invited.is_viewers or not invited.has_account):
        try:
            _accept(token, form, now)
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect(access.way_in(url_for("demand.show")))
    page = render_template(
        "accounts/accept_invitation.html",
        form=form,
        invited=invited,
        council=gazetteer().council(invited.council).name,
        here=url_for(".accept_invitation", token=token),
    )
    return page, 422 if form.errors else 200


def _accept(token: str, form: AcceptInvitationForm | ConfirmForm, now: datetime) -> None:
    with transaction() as session:
        if isinstance(form, AcceptInvitationForm):
            person_id = inviting.accept_with_new_account(
                session, token=token, name=tidy_line(form.name.data), password=form.password.data or "", now=now
            )
        else:
            person_id = me()
            inviting.accept_as(session, token=token, person_id=person_id, now=now)
    access.sign_in(person_id)
