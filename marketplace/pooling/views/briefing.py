"""A pool asks for quotes: begin a brief together, and choose one of the quotes, or none, for all."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.brokerage.forms.choosing import BecauseForm, ChooseNoneForm, award_form
from marketplace.brokerage.queries.choosing import choosing
from marketplace.brokerage.queries.pools import briefs_of
from marketplace.brokerage.queries.quotes_seen import Choosing
from marketplace.brokerage.queries.signposts import free_help_at
from marketplace.brokerage.rules.nouns import BriefId, QuoteId
from marketplace.brokerage.rules.signposts import Hesitation
from marketplace.brokerage.views.choosing import quote_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.refusals import show_refusal
from marketplace.pooling.queries.membership import Membership, my_membership
from marketplace.pooling.rules.nouns import PoolId
from marketplace.pooling.services import briefing
from marketplace.pooling.views.blueprint import bp, pool_address


@bp.get("/<uuid:pool_id>/briefs")
@signed_in
def briefs(pool_id: UUID) -> ResponseReturnValue:
    membership = _membership(pool_id)
    return render_template(
        "pooling/briefs.html", membership=membership, briefs=briefs_of(db.session, pool_key=membership.pool_id)
    )


@bp.post("/<uuid:pool_id>/briefs")
@signed_in
def begin_brief(pool_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        brief_id = briefing.begin_brief_for_pool(session, pool_id=PoolId(pool_id), by=me(), now=datetime.now(UTC))
    return redirect(url_for("brokerage.brief", brief_id=brief_id))


@bp.route("/<uuid:pool_id>/briefs/<uuid:brief_id>/quotes/<uuid:quote_id>/choose", methods=["GET", "POST"])
@signed_in
@limiter.limit(MAIL, exempt_when=only_looks)
def choose_quote(pool_id: UUID, brief_id: UUID, quote_id: UUID) -> ResponseReturnValue:
    membership, page = _membership(pool_id), _page(pool_id, brief_id)
    quote = page.quote(QuoteId(quote_id)) or abort(404)
    if page.award is not None:
        return redirect(url_for("brokerage.quotes", brief_id=brief_id))
    others = [one for one in page.standing if one.id != quote.id]
    form = award_form([(one.id, one.provider_name) for one in others], kind=BecauseForm)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                briefing.choose_quote(
                    session,
                    pool_id=membership.pool_id,
                    brief_id=page.brief_id,
                    quote_id=quote.id,
                    by=me(),
                    because=form.because.data or "",
                    why_not=form.reasons(one.id for one in others),
                    address=pool_address,
                    quote_link=quote_address,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Your pool has chosen a quote. Now open the pool on it, so that everybody can say yes or no.")
            return redirect(url_for("brokerage.quotes", brief_id=brief_id))
    return render_template(
        "pooling/choose_quote.html", membership=membership, page=page, quote=quote, others=others, form=form
    ), 422 if form.errors else 200


@bp.route("/<uuid:pool_id>/briefs/<uuid:brief_id>/none", methods=["GET", "POST"])
@signed_in
@limiter.limit(MAIL, exempt_when=only_looks)
def choose_no_quote(pool_id: UUID, brief_id: UUID) -> ResponseReturnValue:
    membership, page = _membership(pool_id), _page(pool_id, brief_id)
    back = url_for("brokerage.quotes", brief_id=brief_id)
    if not page.is_ready or not membership.is_champion:
        return redirect(back)
    form = ChooseNoneForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                briefing.choose_no_quote(
                    session,
                    pool_id=membership.pool_id,
                    brief_id=page.brief_id,
                    by=me(),
                    because=form.because.data or "",
                    said=form.said,
                    quote_link=quote_address,
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Your pool has chosen none of them. We have thanked everybody for their quotes.")
            return redirect(back)
    return render_template(
        "brokerage/awarding_none.html",
        page=page,
        form=form,
        action=url_for(".choose_no_quote", pool_id=pool_id, brief_id=brief_id),
        back=back,
        free_help=free_help_at(db.session, at=Hesitation.NONE_CHOSEN, council=viewer().council),
    ), 422 if form.errors else 200


def _membership(pool_id: UUID) -> Membership:
    return my_membership(db.session, pool_id=PoolId(pool_id), viewer=viewer()) or abort(404)


def _page(pool_id: UUID, brief_id: UUID) -> Choosing:
    page = choosing(db.session, brief_id=BriefId(brief_id), viewer=viewer(), now=datetime.now(UTC))
    if page is None or page.pool_key != pool_id:
        abort(404)
    return page
