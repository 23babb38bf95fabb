"""The people of a pool: what they are called, who keeps it going, who is invited, and who helps from outside."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeTimedSerializer

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.accounts.rules import OrganisationId
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.fields import choices
from marketplace.kit.keys import signing_keys
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.refusals import show_refusal
from marketplace.pooling.forms.finding import CalledForm, FacilitatorForm, HelpForm
from marketplace.pooling.gateways.invitations import InvitationCard, draw_invitations
from marketplace.pooling.queries import drafts, helping
from marketplace.pooling.queries.membership import my_membership
from marketplace.pooling.rules.nouns import MemberId, MemberRole, PoolId
from marketplace.pooling.services import roles
from marketplace.pooling.views.blueprint import bp, pool_address

_DRAWN = "60 per hour"
_HELP_LASTS = 60 * 86_400
"""How long an organisation can say yes, in seconds."""


@bp.route("/<uuid:pool_id>/people", methods=["GET", "POST"])
@signed_in
def people(pool_id: UUID) -> ResponseReturnValue:
    form = CalledForm()
    page = helping.people_page(db.session, pool_id=PoolId(pool_id), viewer=viewer()) or abort(404)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                roles.say_called(session, pool_id=PoolId(pool_id), by=me(), called=form.called.data or "")
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved.")
            return redirect(url_for(".people", pool_id=pool_id))
    elif not form.is_submitted():
        form.called.data = page.membership.called
    return render_template(
        "pooling/people.html", page=page, form=form, pool_id=pool_id, MemberRole=MemberRole
    ), 422 if form.errors else 200


@bp.post("/<uuid:pool_id>/champion")
@signed_in
def champion(pool_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        roles.become_champion(session, pool_id=PoolId(pool_id), by=me(), now=datetime.now(UTC))
    flash("You keep this pool going now. You can stop whenever you like.")
    return redirect(url_for(".people", pool_id=pool_id))


@bp.post("/<uuid:pool_id>/champion/<uuid:member_id>")
@signed_in
@limiter.limit(MAIL)
def make_champion(pool_id: UUID, member_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        roles.make_champion(
            session,
            pool_id=PoolId(pool_id),
            member_id=MemberId(member_id),
            by=me(),
            address=pool_address,
            now=datetime.now(UTC),
        )
    flash("Saved. We have written to them: they can say no.")
    return redirect(url_for(".people", pool_id=pool_id))


@bp.post("/<uuid:pool_id>/step-down")
@signed_in
def step_down(pool_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        roles.step_down(session, pool_id=PoolId(pool_id), by=me(), now=datetime.now(UTC))
    flash("You are a member like any other now.")
    return redirect(url_for(".people", pool_id=pool_id))


@bp.get("/<uuid:pool_id>/invite")
@signed_in
def invite(pool_id: UUID) -> ResponseReturnValue:
    mine = my_membership(db.session, pool_id=PoolId(pool_id), viewer=viewer()) or abort(404)
    key = drafts.invite_key(db.session, pool_id=PoolId(pool_id), viewer=viewer())
    link = page_address("pooling.invited", {"key": key}) if key else None
    return render_template("pooling/invite.html", page=mine, link=link)


@bp.post("/<uuid:pool_id>/new-link")
@signed_in
def new_link(pool_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        roles.make_new_link(session, pool_id=PoolId(pool_id), by=me(), now=datetime.now(UTC))
    flash("There is a new link. The old one, and cards with it, do not work any more.")
    return redirect(url_for(".invite", pool_id=pool_id))


@bp.get("/<uuid:pool_id>/card.pdf")
@signed_in
@limiter.limit(_DRAWN)
def card(pool_id: UUID) -> ResponseReturnValue:
    """Draw cards to print. Whoever has the link can hand it on, so any member may."""
    key = drafts.invite_key(db.session, pool_id=PoolId(pool_id), viewer=viewer()) or abort(404)
    shown = drafts.invitation(db.session, key=key, viewer=viewer()) or abort(404)
    drawn = draw_invitations(
        InvitationCard(
            title=shown.title,
            purpose=shown.purpose,
            area=shown.area,
            page=page_address("pooling.invited", {"key": key}),
        )
    )
    response = Response(drawn, mimetype="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="invitation.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.route("/<uuid:pool_id>/facilitator", methods=["GET", "POST"])
@signed_in
@limiter.limit(MAIL, exempt_when=only_looks)
def ask_facilitator(pool_id: UUID) -> ResponseReturnValue:
    page = my_membership(db.session, pool_id=PoolId(pool_id), viewer=viewer()) or abort(404)
    organisations = helping.organisations_to_ask(db.session, pool_id=PoolId(pool_id))
    form = FacilitatorForm()
    form.organisation.choices = choices((str(one.id), one.name) for one in organisations)
    if form.is_submitted() and not organisations:
        abort(404)  # The page says that there is nobody to ask, and has no form.
    if form.validate_on_submit():
        wanted = next((one.id for one in organisations if str(one.id) == form.organisation.data), None)
        try:
            with transaction() as session:
                roles.ask_for_help(
                    session,
                    pool_id=PoolId(pool_id),
                    organisation_id=wanted,
                    by=me(),
                    address=_help_address,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("We have written to them. They see more only if they say yes.")
            return redirect(url_for(".people", pool_id=pool_id))
    return render_template(
        "pooling/ask_facilitator.html", page=page, form=form, organisations=organisations
    ), 422 if form.errors else 200


@bp.route("/help/<token>", methods=["GET", "POST"])
@signed_in
def help_pool(token: str) -> ResponseReturnValue:
    pool_id, organisation_id, key = _asked(token) or abort(404)
    page = helping.help_asked(
        db.session, pool_id=pool_id, organisation_id=organisation_id, key=key, viewer=viewer()
    ) or abort(404)
    if page.viewer_is_in:
        return redirect(url_for(".show", pool_id=pool_id))
    form = HelpForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                roles.help_pool(
                    session,
                    pool_id=pool_id,
                    organisation_id=organisation_id,
                    key=key,
                    by=viewer(),
                    called=form.called.data or "",
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Thank you. You are in the pool’s own room now.")
            return redirect(url_for(".show", pool_id=pool_id))
    return render_template("pooling/help.html", page=page, form=form), 422 if form.errors else 200


def _help_address(pool_id: PoolId, organisation_id: OrganisationId, key: UUID) -> str:
    token = _signer().dumps([pool_id.hex, organisation_id.hex, key.hex])
    return page_address("pooling.help_pool", {"token": token})


def _asked(token: str) -> tuple[PoolId, OrganisationId, UUID] | None:
    """Return what a link asks, or None if we did not write it as it is, or it is too old."""
    try:
        pool_id, organisation_id, key = _signer().loads(token, max_age=_HELP_LASTS)
        return PoolId(UUID(pool_id)), OrganisationId(UUID(organisation_id)), UUID(key)
    except (BadData, ValueError, TypeError, AttributeError):
        return None


def _signer() -> URLSafeTimedSerializer:
    # The salt says what it is for: what was signed for anything else is no link of ours.
    return URLSafeTimedSerializer(signing_keys(), salt="pooling: would you help this pool?")
