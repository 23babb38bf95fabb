"""Opening a pool for pledges, and closing it for everybody."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.brokerage.queries.pools import chosen_terms
from marketplace.catalogue.rules import OfferId, Unit
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.refusals import show_refusal
from marketplace.pooling import queries, services
from marketplace.pooling.forms import OpenPoolForm, WithdrawPoolForm
from marketplace.pooling.queries.membership import my_membership
from marketplace.pooling.queries.opening import DraftToOpen, draft_to_open, group_offer, whole_answer
from marketplace.pooling.rules import PoolId
from marketplace.pooling.services import opening
from marketplace.pooling.views.blueprint import bp, pool_address


@bp.route("/open/<uuid:offer_id>", methods=["GET", "POST"], endpoint="open")
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks)
def open_on(offer_id: UUID) -> ResponseReturnValue:
    wanted_offer, draft = OfferId(offer_id), _draft()
    offer = group_offer(db.session, offer_id=wanted_offer, on=day_of(datetime.now(UTC))) or abort(404)
    answer = whole_answer(db.session, pool_id=draft.id, offer_id=wanted_offer) if draft else None
    unit = answer.unit if answer else offer.unit
    form = OpenPoolForm()
    form.fit(unit=unit or Unit.ITEM, is_shared=answer is not None)
    if form.validate_on_submit():
        try:
            pool_id = _open(form, wanted_offer, draft)
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Your pool is open. Now say what you would take, and see what it can cost you.")
            return redirect(url_for(".pledge", pool_id=pool_id))
    elif draft and not form.is_submitted():
        form.begin_with(
            title=draft.title,
            purpose=draft.purpose,
            minimum_people=max(draft.people, answer.people_from if answer else offer.people_from or 0),
            most_people=answer.most_people if answer else None,
        )
        quoted = chosen_terms(db.session, pool_key=draft.id, offer_id=wanted_offer) if answer else None
        if quoted:
            form.begin_with_quote(
                kind=quoted.kind, quantity=quoted.quantity, weeks=quoted.weeks, starts_on=quoted.starts_on
            )
    return render_template(
        "pooling/open.html", offer=offer, answer=answer, draft=draft, unit=unit, form=form
    ), 422 if form.errors else 200


def _open(form: OpenPoolForm, offer_id: OfferId, draft: DraftToOpen | None) -> PoolId:
    now = datetime.now(UTC)
    if draft is None:
        with transaction() as session:
            return opening.open_pool(session, offer_id=offer_id, by=me(), wanted=form.wanted, now=now)
    with transaction() as session:
        opening.open_draft(
            session,
            pool_id=draft.id,
            offer_id=offer_id,
            by=me(),
            wanted=form.wanted,
            address=pool_address,
            now=now,
        )
    return draft.id


def _draft() -> DraftToOpen | None:
    """Return the pool that is opened, if it has found its people already and the address names it."""
    said = request.args.get("draft")
    if not said:
        return None
    try:
        pool_id = PoolId(UUID(said))
    except ValueError:
        abort(404)
    return draft_to_open(db.session, pool_id=pool_id, viewer=viewer()) or abort(404)


@bp.route("/<uuid:pool_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.BUY)
def withdraw(pool_id: UUID) -> ResponseReturnValue:
    form = WithdrawPoolForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.withdraw_pool(
                    session,
                    pool_id=PoolId(pool_id),
                    by=me(),
                    address=pool_address,
                    now=datetime.now(UTC),
                    reason=form.why,
                    words=form.words.data or "",
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("The pool is closed, and we have told everybody in it. Nobody pays anything.")
            return redirect(url_for(".show", pool_id=pool_id))
    page = queries.pool_page(db.session, pool_id=PoolId(pool_id), viewer=viewer(), now=datetime.now(UTC))
    mine = my_membership(db.session, pool_id=PoolId(pool_id), viewer=viewer())
    if page is None or not (page.viewer_opened_it or (mine is not None and mine.is_champion)):
        abort(404)
    return render_template("pooling/withdraw.html", page=page, form=form), 422 if form.errors else 200
