"""Pages on which somebody chooses one quote, or none, and reads afterwards how it came about."""

import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.brokerage.forms.choosing import AwardForm, BecauseForm, ChooseNoneForm, FreeAwardForm, award_form
from marketplace.brokerage.queries.frozen import frozen_quotes
from marketplace.brokerage.queries.quotes_seen import Choosing, QuoteSeen
from marketplace.brokerage.queries.signposts import free_help_at
from marketplace.brokerage.queries.trail import trail_of
from marketplace.brokerage.rules.choosing import first_day
from marketplace.brokerage.rules.nouns import BriefId, QuoteId
from marketplace.brokerage.rules.signposts import Hesitation
from marketplace.brokerage.services import awarding
from marketplace.brokerage.views.blueprint import bp
from marketplace.brokerage.views.choosing import page_of, quote_address
from marketplace.budgets.forms.words import SOURCES
from marketplace.budgets.queries.paying import PayableStream, payable_streams
from marketplace.budgets.rules import StreamId
from marketplace.kit.addresses import page_address
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.money import Money
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import worded
from marketplace.payments.queries.cards import my_cards
from marketplace.purchasing.gateways.packs import draw_pack
from marketplace.purchasing.queries import packs
from marketplace.purchasing.queries.packs import Candidate
from marketplace.purchasing.rules.nouns import PayBy
from marketplace.purchasing.rules.packs import hash_of, written
from marketplace.purchasing.rules.routes import RELIABILITY, routes_open_to
from marketplace.purchasing.services.packs import Choice, contents_of
from marketplace.purchasing.services.paying import PaymentWanted, money_chosen
from marketplace.purchasing.views.baskets import takes_cards
from marketplace.purchasing.views.blueprint import arrangement_address
from marketplace.ratings.queries.frozen import frozen_ratings

_PACKS = "20 per hour"


@bp.route("/briefs/<uuid:brief_id>/quotes/<uuid:quote_id>/choose", methods=["GET", "POST"])
@signed_in
@limiter.limit(MAIL, exempt_when=only_looks)
def choose(brief_id: UUID, quote_id: UUID) -> ResponseReturnValue:
    page, quote = _to_choose(brief_id, quote_id)
    if page.award is not None:
        # Pressed again, or in another tab: the choice that stands is on the page of the quotes.
        return redirect(url_for(".quotes", brief_id=brief_id))
    others = [one for one in page.standing if one.id != quote.id]
    streams = payable_streams(db.session, viewer=viewer())
    form = _form(quote, others, streams)
    if form.validate_on_submit():
        try:
            _award(form, page, quote, others)
        except DomainError as error:
            show_refusal(form, error)
        else:
            _freeze(brief_id)
            flash(
                worded(
                    "You have chosen {provider_name}. It is agreed, and we have told everybody.",
                    provider_name=quote.provider_name,
                )
            )
            return redirect(url_for(".quotes", brief_id=brief_id))
    elif not form.is_submitted():
        now = day_of(datetime.now(UTC))
        form["starts_on"].data = first_day(wanted=page.starts_on, can_start_on=quote.can_start_on, today=now)
    return render_template(
        "brokerage/awarding_choose.html",
        page=page,
        quote=quote,
        others=others,
        form=form,
        left={str(it.stream_id): _left(it.left, quote.total) for it in streams},
        reliability={route.value: said for route, said in RELIABILITY.items()},
        needs_card=takes_cards(quote.organisation_id) and not my_cards(db.session, viewer=viewer()),
    ), 422 if form.errors else 200


def _left(left: Money, total: Money) -> str:
    if left < total:
        return worded("{left} left now, which is {total} too little by itself", left=left, total=total - left)
    return worded("{left} left now, {left_2} left after", left=left, left_2=left - total)


@bp.route("/briefs/<uuid:brief_id>/quotes/none", methods=["GET", "POST"])
@signed_in
@limiter.limit(MAIL, exempt_when=only_looks)
def choose_none(brief_id: UUID) -> ResponseReturnValue:
    page = page_of(brief_id)
    if not page.may_choose:
        # Chosen already, or somebody else's choice: the page of the quotes says which.
        return redirect(url_for(".quotes", brief_id=brief_id))
    form = ChooseNoneForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                awarding.choose_none(
                    session, brief_id=page.brief_id, by=me(), because=form.because.data or "", said=form.said,
                    quote_link=quote_address, now=datetime.now(UTC),
                )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("You have chosen none of them. We have thanked everybody for their quotes.")
            return redirect(url_for(".quotes", brief_id=brief_id))
    return render_template(
        "brokerage/awarding_none.html",
        page=page,
        form=form,
        action=url_for(".choose_none", brief_id=brief_id),
        back=url_for(".quotes", brief_id=brief_id),
        free_help=free_help_at(db.session, at=Hesitation.NONE_CHOSEN, council=viewer().council),
    ), 422 if form.errors else 200


@bp.get("/briefs/<uuid:brief_id>/trail")
@signed_in
def trail(brief_id: UUID) -> ResponseReturnValue:
    page = trail_of(db.session, brief_id=BriefId(brief_id), viewer=viewer(), now=datetime.now(UTC)) or abort(404)
    return render_template("brokerage/awarding_trail.html", page=page)


@bp.post("/briefs/<uuid:brief_id>/quotes/pack")
@signed_in
@limiter.limit(_PACKS)
def make_pack_of_choice(brief_id: UUID) -> ResponseReturnValue:
    page = page_of(brief_id)
    if page.award is None or page.award.by != me():
        abort(404)
    return redirect(url_for("purchasing.pack", pack_id=_make_pack(page)))


def _to_choose(brief_id: UUID, quote_id: UUID) -> tuple[Choosing, QuoteSeen]:
    page = page_of(brief_id)
    quote = page.quote(QuoteId(quote_id)) or abort(404)
    if not page.is_mine or page.pool_key is not None:
        abort(404)
    return page, quote


def _form(quote: QuoteSeen, others: Sequence[QuoteSeen], streams: Sequence[PayableStream]) -> BecauseForm:
    form = award_form(
        [(one.id, one.provider_name) for one in others], kind=AwardForm if quote.total.pence else FreeAwardForm
    )
    if isinstance(form, AwardForm):
        routes = routes_open_to(holdings={it.holding for it in streams}, takes_cards=takes_cards(quote.organisation_id))
        named = [(it.stream_id, f"{it.budget_name}: {SOURCES[it.kind]}") for it in streams]
        form.offer(streams=named, routes=routes)
    return form


def _award(form: BecauseForm, page: Choosing, quote: QuoteSeen, others: Sequence[QuoteSeen]) -> None:
    pay_by = PayBy.BANK_TRANSFER
    shares: dict[StreamId, Money] = {}
    if isinstance(form, AwardForm):
        pay_by = PayBy(form.pay_by.data)
        first, second = form.streams
        shares = money_chosen(
            db.session,
            by=viewer(),
            total=quote.total,
            organisation_id=quote.organisation_id,
            wanted=PaymentWanted(first, second, form.second_pays.data if form.second_pays else None, pay_by),
            takes_cards=takes_cards,
        )
    with transaction() as session:
        awarding.award_quote(
            session,
            brief_id=page.brief_id,
            quote_id=quote.id,
            by=me(),
            because=form.because.data or "",
            pay_by=pay_by,
            shares=shares,
            why_not=form.reasons(one.id for one in others),
            starts_on=form["starts_on"].data,
            link=arrangement_address,
            quote_link=quote_address,
            now=datetime.now(UTC),
        )


def _freeze(brief_id: UUID) -> None:
    """Make the decision pack of a choice at once. If that cannot be, the choice stands, and a button makes it later."""
    with contextlib.suppress(DomainError):
        _make_pack(page_of(brief_id))


def _make_pack(page: Choosing) -> UUID:
    now, pack_id = datetime.now(UTC), awarding.pack_of(page.brief_id)
    award = page.award or abort(404)
    contents = contents_of(
        pack_id=pack_id,
        made_for=viewer().name,
        title=page.title,
        reasons=award.because or "This quote fits me best.",
        weighed=_weighed(page),
        choices={
            quote.offer_id: Choice(
                is_chosen=quote.id == award.quote_id,
                because=award.because if quote.id == award.quote_id else quote.kind_words,
            )
            for quote in page.quotes
        },
        quotes=frozen_quotes(page),
        now=now,
    )
    # Drawn before the transaction begins: others need not wait for a printer.
    pdf = draw_pack(contents, pack_hash=hash_of(written(contents)), check_page=page_address("purchasing.check_pack"))
    with transaction() as session:
        return awarding.keep_pack_of_choice(
            session, brief_id=page.brief_id, by=me(), contents=contents, pdf=pdf, now=now
        )


def _weighed(page: Choosing) -> tuple[Candidate, ...]:
    ids = [quote.offer_id for quote in page.quotes]
    found = packs.candidates(db.session, offer_ids=ids, viewer=viewer(), on=day_of(datetime.now(UTC)))
    return packs.with_ratings(
        found,
        ratings=frozen_ratings(db.session, offer_ids=[one.offer_id for one in found]),
        pages={one.offer_id: page_address("catalogue.offer", {"offer_id": one.offer_id}) for one in found},
    )
