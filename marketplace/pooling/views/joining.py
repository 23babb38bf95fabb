"""Pledging to a pool, changing what one pledged, and leaving. Whoever pledges sees first what it costs at worst."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.budgets.forms.words import SOURCES
from marketplace.budgets.queries.paying import PayableStream, payable_streams
from marketplace.catalogue.queries.paying import ways_taken
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.money import Money
from marketplace.kit.refusals import show_refusal
from marketplace.kit.said import day
from marketplace.kit.sentences import worded
from marketplace.payments.queries import payments
from marketplace.payments.queries.cards import my_cards
from marketplace.pooling.forms.pledging import PledgeForm, PledgePayingForm
from marketplace.pooling.jobs.settling import settle_pool
from marketplace.pooling.queries import pool_page
from marketplace.pooling.queries.pledging import PledgePage, how_far, pledge_page
from marketplace.pooling.rules import PoolId, PoolStatus
from marketplace.pooling.rules.pledging import Ladder, NewPledge, Reached, amount_problem, price_problem
from marketplace.pooling.rules.pools import SETTLING
from marketplace.pooling.services import paying, pledging
from marketplace.pooling.views.blueprint import bp
from marketplace.purchasing.rules.nouns import PayBy
from marketplace.purchasing.rules.routes import RELIABILITY, routes_open_to, takes, ways_of

_LONGEST_NUMBER = 9
_JOINED = "You are in. We write to you when the pool closes, or if it ends. Nothing is paid before it is confirmed."
_CHANGED = "Your pledge is changed. Nothing is paid before the pool is confirmed."
_CLOSES = (
    "You are in, and there is nothing left to wait for: this pool is getting ready to go. We write to you. "
    "Nothing is paid before it is confirmed."
)

_SAID = {
    PoolStatus.CONFIRMED: "You are in, and that was the last pledge missing: the pool is going ahead. We write to you.",
}


@bp.route("/<uuid:pool_id>/pledge", methods=["GET", "POST"])
@requires(Permission.BUY)
def pledge(pool_id: UUID) -> ResponseReturnValue:
    page = _page(pool_id)
    form = PledgeForm()
    form.fit(page.ladder)
    if form.validate_on_submit():
        wanted = form.wanted
        try:
            pledging.price_pledge(wanted, ladder=page.ladder)
        except DomainError as error:
            show_refusal(form, error)
        else:
            pence = wanted.most_price.pence
            return redirect(
                url_for(".pay_for_pledge", pool_id=pool_id, least=wanted.least, most=wanted.most, pence=pence)
            )
    elif not form.is_submitted():
        form.show(page.mine.wanted if page.mine else page.ladder.usual)
    return render_template(
        "pooling/pledge.html",
        page=page,
        form=form,
        costs=page.costs(page.ladder.usual),
        progress=_progress(page.id),
    ), 422 if form.errors else 200


def _progress(pool_id: PoolId) -> Reached | None:
    """Return how far a pool has come, or None where there are too few in it to say."""
    shown = pool_page(db.session, pool_id=pool_id, viewer=viewer(), now=datetime.now(UTC))
    return how_far(db.session, pool_id=pool_id) if shown and shown.is_open and shown.people else None


@bp.route("/<uuid:pool_id>/pledge/check", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks)
def pay_for_pledge(pool_id: UUID) -> ResponseReturnValue:
    page = _page(pool_id)
    wanted = _wanted(page.ladder)
    if wanted is None or (not page.may_pledge and request.method == "GET"):
        return redirect(url_for(".pledge", pool_id=pool_id))
    at_worst = pledging.price_pledge(wanted, ladder=page.ladder)
    streams = payable_streams(db.session, viewer=viewer())
    routes = routes_open_to(holdings={it.holding for it in streams}, takes_cards=_takes_cards(page))
    form = PledgePayingForm()
    form.offer(streams=[(it.stream_id, f"{it.budget_name}: {SOURCES[it.kind]}") for it in streams], routes=routes)
    if page.mine:
        form.keep()
    if form.validate_on_submit():
        try:
            status = _pledge(page, form, wanted, at_worst=at_worst, streams=streams)
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash(_SAID.get(status, _CLOSES) if status is not PoolStatus.OPEN else _CHANGED if page.mine else _JOINED)
            return redirect(url_for(".show", pool_id=pool_id))
    elif not form.is_submitted():
        mine = page.mine
        form.show(shares=mine.shares if mine else {}, pay_by=mine.pay_by if mine else routes[0], is_new=mine is None)
        form.called.data = page.called
    return render_template(
        "pooling/pledge_check.html",
        page=page,
        form=form,
        wanted=wanted,
        at_worst=at_worst,
        costs=page.costs(wanted),
        left=_left(page, streams),
        reliability={route.value: RELIABILITY[route] for route in routes},
        has_card=bool(my_cards(db.session, viewer=viewer())),
        takes_cards=PayBy.CARD in routes,
    ), 422 if form.errors else 200


@bp.post("/<uuid:pool_id>/leave")
@requires(Permission.BUY)
def leave(pool_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        pledging.leave_pool(session, pool_id=PoolId(pool_id), by=me(), now=datetime.now(UTC))
    flash("You have left the pool. It costs you nothing.")
    return redirect(url_for(".show", pool_id=pool_id))


def _page(pool_id: UUID) -> PledgePage:
    return pledge_page(db.session, pool_id=PoolId(pool_id), viewer=viewer(), now=datetime.now(UTC)) or abort(404)


def _wanted(ladder: Ladder) -> NewPledge | None:
    """Return what the page before this one was told, or None if nobody told it anything that could be pledged."""
    said = [request.args.get(name, "") for name in ("least", "most", "pence")]
    if not all(one.isascii() and one.isdigit() and len(one) <= _LONGEST_NUMBER for one in said):
        return None
    least, most, pence = (int(one) for one in said)
    wanted = NewPledge(least=least, most=most, most_price=Money(pence))
    problem = amount_problem(wanted, ladder=ladder) or price_problem(wanted, ladder=ladder)
    return None if problem else wanted


def _pledge(
    page: PledgePage,
    form: PledgePayingForm,
    wanted: NewPledge,
    *,
    at_worst: Money,
    streams: tuple[PayableStream, ...],
) -> PoolStatus:
    first, second = form.streams
    pay_by = PayBy(form.pay_by.data)
    shares = paying.shares_for(
        at_worst,
        streams=streams,
        first=first,
        second=second,
        second_pays=form.second_pays.data if form.second_pays else None,
        pay_by=pay_by,
    )
    act = pledging.change_pledge if page.mine else pledging.pledge_to_pool
    now = datetime.now(UTC)
    with transaction() as session:
        status = act(
            session,
            pool_id=page.id,
            by=me(),
            wanted=replace(wanted, pay_by=pay_by, shares=shares),
            called=form.called.data or "",
            now=now,
        )
    return settle_pool(page.id, now=now) if status in SETTLING else status


def _takes_cards(page: PledgePage) -> bool:
    is_on: bool = current_app.config["TAKES_CARDS"]
    if not is_on or page.organisation_id is None:
        return False
    return payments.takes_cards(db.session, organisation_id=page.organisation_id)


def _left(page: PledgePage, streams: tuple[PayableStream, ...]) -> dict[str, str]:
    """Return what is left in each of somebody's streams, and what is good to know about such money here."""
    taken = ways_taken(db.session, offer_ids=[page.offer_id]).get(page.offer_id, frozenset())
    said = {}
    for it in streams:
        own = page.mine.shares.get(it.stream_id, Money(0)) if page.mine else Money(0)
        words = worded("{left} left.", left=it.left + own)
        if not takes(ways_of(holding=it.holding, kind=it.kind), taken=taken):
            words += worded(
                " {provider_name} has not said that they take such money: ask them first.",
                provider_name=page.provider_name,
            )
        if it.ends_on < page.ends_on:
            words += worded(" It runs out on {ends_on}, before this ends.", ends_on=day(it.ends_on))
        said[str(it.stream_id)] = words
    return said
