"""The members' space of a pool: what they write to each other, and what waits for each."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, signed_in, viewer
from marketplace.accounts.rules import Permission
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import limiter, only_looks
from marketplace.kit.pages import page_number
from marketplace.kit.refusals import show_refusal
from marketplace.moderation.forms import DecideForm
from marketplace.pooling.forms.space import MessageForm
from marketplace.pooling.queries import membership
from marketplace.pooling.queries import messages as queries
from marketplace.pooling.queries import space as waiting_queries
from marketplace.pooling.rules.nouns import MessageId, PoolId
from marketplace.pooling.services import messages as services
from marketplace.pooling.services import news
from marketplace.pooling.views.blueprint import bp, space_address

_WRITTEN = "20 per minute; 200 per hour"
"""Messages from one address: more than people who talk write."""

_DECISIONS = {"hold": services.hold_message, "release": services.release_message}


@bp.route("/<uuid:pool_id>/space", methods=["GET", "POST"])
@signed_in
@limiter.limit(_WRITTEN, exempt_when=only_looks)
def space(pool_id: UUID) -> ResponseReturnValue:
    wanted, now = PoolId(pool_id), datetime.now(UTC)
    room = queries.room(db.session, pool_id=wanted, viewer=viewer(), page=page_number(request.args.get("page")))
    if room is None:
        abort(404)
    form = MessageForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.say_to_pool(session, pool_id=wanted, by=me(), words=form.words.data or "", now=now)
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("The others can read your message now.")
            return redirect(url_for(".space", pool_id=pool_id))
    page = render_template(
        "pooling/space.html",
        room=room,
        form=form,
        fellows=membership.fellows(db.session, pool_id=wanted, viewer=viewer()),
        waiting=waiting_queries.waiting_for(db.session, pool_id=wanted, viewer=viewer(), now=now),
        wants_news=waiting_queries.wants_news(db.session, pool_id=wanted, viewer=viewer()),
    )
    return page, 422 if form.errors else 200


@bp.post("/<uuid:pool_id>/space/messages/<uuid:message_id>/take-back")
@signed_in
def take_back_message(pool_id: UUID, message_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.take_back_message(
            session, pool_id=PoolId(pool_id), message_id=MessageId(message_id), by=me(), now=datetime.now(UTC)
        )
    flash("You have taken your message back. Nobody in the pool can read it any more.")
    return redirect(url_for(".space", pool_id=pool_id))


@bp.post("/<uuid:pool_id>/space/letters")
@signed_in
def choose_news(pool_id: UUID) -> ResponseReturnValue:
    wanted = request.form.get("wanted") == "yes"
    with transaction() as session:
        news.choose_news(session, pool_id=PoolId(pool_id), by=me(), wanted=wanted)
    flash(
        "We write to you when something is new here, once a day at most."
        if wanted
        else "We do not write to you about what is new here any more."
    )
    return redirect(url_for(".space", pool_id=pool_id))


@bp.route("/messages/<uuid:message_id>/<any(hold, release):act>", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def decide_message(message_id: UUID, act: str) -> ResponseReturnValue:
    """A moderator reads one reported message, and nothing around it, and decides."""
    wanted, form = MessageId(message_id), DecideForm()
    message = queries.reported_message(db.session, message_id=wanted, viewer=viewer()) or abort(404)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                _DECISIONS[act](
                    session,
                    message_id=wanted,
                    by=me(),
                    reason=form.reason.data or "",
                    address=space_address,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved. We have written to whoever wrote it.")
            return redirect(url_for("moderation.queue"))
    page = render_template("pooling/space_decide_message.html", message=message, form=form, act=act)
    return page, 422 if form.errors else 200
