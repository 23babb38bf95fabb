"""Pages about one's basket: what is in it, who pays for each thing, and asking for all of it at once."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import OrganisationId, Permission
from marketplace.budgets.forms.words import SOURCES
from marketplace.budgets.queries.paying import PayableStream
from marketplace.catalogue.rules import OfferId
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.refusals import show_refusal
from marketplace.kit.said import pounds
from marketplace.kit.sentences import worded
from marketplace.kit.undo import flash_with_undo
from marketplace.payments.queries import payments
from marketplace.payments.queries.cards import my_cards
from marketplace.purchasing import rules
from marketplace.purchasing.forms.baskets import KIND_HINTS, ROUTES, CheckoutForm, PayingForm, WishForm
from marketplace.purchasing.queries.baskets import asked_together, line_of_offer
from marketplace.purchasing.rules.nouns import BasketLineId, CheckoutId, PayBy
from marketplace.purchasing.rules.routes import RELIABILITY, routes_open_to
from marketplace.purchasing.rules.terms import kinds_open_to
from marketplace.purchasing.services import baskets, checkout
from marketplace.purchasing.services.asking import AskableOffer, offer_to_ask
from marketplace.purchasing.services.pricing_baskets import PricedBasket, PricedLine, price_basket
from marketplace.purchasing.views.blueprint import arrangement_address, basket


def takes_cards(organisation_id: OrganisationId) -> bool:
    """Test whether a provider can be paid by card here: both this site and the provider must be set up for it."""
    is_on: bool = current_app.config["TAKES_CARDS"]
    return is_on and payments.takes_cards(db.session, organisation_id=organisation_id)


@basket.get("")
@requires(Permission.BUY)
def show() -> ResponseReturnValue:
    return render_template("purchasing/basket.html", basket=_priced(), routes=ROUTES, sources=SOURCES)


@basket.route("/add/<uuid:offer_id>", methods=["GET", "POST"])
@requires(Permission.BUY)
def add(offer_id: UUID) -> ResponseReturnValue:
    offer = offer_to_ask(db.session, offer_id=OfferId(offer_id), by=me(), now=datetime.now(UTC))
    form = _wish_form(offer)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                line_id = baskets.put_in_basket(
                    session, offer_id=OfferId(offer_id), by=viewer(), wish=form.wish, key=form.key.key,
                    now=datetime.now(UTC),
                )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("It is in your basket. Nothing is asked for yet.")
            return _after(line_id)
    there = line_of_offer(db.session, viewer=viewer(), offer_id=OfferId(offer_id))
    if there is not None and not form.errors:
        flash("This is in your basket already. You can change it here.")
        return redirect(url_for(".change", line_id=there))
    return _draw_wish(form, offer, title="Put this in your basket", action=url_for(".add", offer_id=offer_id))


@basket.route("/<uuid:line_id>/change", methods=["GET", "POST"])
@requires(Permission.BUY)
def change(line_id: UUID) -> ResponseReturnValue:
    line = _line(line_id).line
    offer = offer_to_ask(db.session, offer_id=line.offer_id, by=me(), now=datetime.now(UTC))
    form = _wish_form(offer)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                baskets.change_line(session, line_id=line.id, by=viewer(), wish=form.wish, now=datetime.now(UTC))
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Your basket is changed.")
            return redirect(url_for(".show"))
    elif not form.is_submitted():
        form.show(line.wish)
    return _draw_wish(form, offer, title="Change this", action=url_for(".change", line_id=line_id))


@basket.route("/<uuid:line_id>/paying", methods=["GET", "POST"])
@requires(Permission.BUY)
def pay_for(line_id: UUID) -> ResponseReturnValue:
    priced = _priced()
    line = priced.line(BasketLineId(line_id)) or abort(404)
    if line.request is None or not line.total.pence:
        return redirect(url_for(".show"))
    organisation_id = line.request.offer.organisation_id
    routes = routes_open_to(
        holdings={stream.holding for stream in priced.streams}, takes_cards=takes_cards(organisation_id)
    )
    form = PayingForm()
    form.offer(streams=[(it.stream_id, _named(it)) for it in priced.streams], routes=routes)
    if form.validate_on_submit():
        first, second = form.streams
        try:
            with transaction() as session:
                baskets.choose_payment(
                    session, line_id=line.id, by=viewer(), first=first, second=second,
                    second_pays=form.second_pays.data if form.second_pays else None,
                    pay_by=PayBy(form.pay_by.data), takes_cards=takes_cards, now=datetime.now(UTC),
                )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect(url_for(".show"))
    elif not form.is_submitted():
        form.show(shares=line.shares, pay_by=line.line.pay_by, is_new="new" in request.args)
    return render_template(
        "purchasing/basket_paying.html",
        line=line,
        form=form,
        left=_left(priced.streams),
        reliability={route.value: RELIABILITY[route] for route in routes},
    ), 422 if form.errors else 200


@basket.post("/<uuid:line_id>/remove")
@requires(Permission.BUY)
def remove(line_id: UUID) -> ResponseReturnValue:
    line = _priced().line(BasketLineId(line_id))
    with transaction() as session:
        baskets.take_out(session, line_id=BasketLineId(line_id), by=viewer())
    again = url_for(".add", offer_id=line.line.offer_id) if line else url_for(".show")
    flash_with_undo("Taken out of your basket.", text="Put it back", href=again)
    return redirect(url_for(".show"))


@basket.route("/check", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks)
def check() -> ResponseReturnValue:
    form = CheckoutForm()
    problems: Mapping[BasketLineId, str] = {}
    if form.validate_on_submit():
        try:
            with transaction() as session:
                checkout_id = checkout.check_out(
                    session, by=viewer(), agreed=form.agreed.data, key=CheckoutId(form.key.key),
                    link=arrangement_address, takes_cards=takes_cards, now=datetime.now(UTC),
                )  # fmt: skip
        except checkout.CheckoutRefusedError as error:
            show_refusal(form, error)
            problems = error.problems
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect(url_for(".asked", checkout_id=checkout_id))
    priced = _priced()
    if not priced.lines:
        return redirect(url_for(".show"))
    return render_template(
        "purchasing/basket_check.html",
        basket=priced,
        form=form,
        problems=problems,
        needs_card=priced.pays_by_card and not my_cards(db.session, viewer=viewer()),
        routes=ROUTES,
        sources=SOURCES,
        reliability=RELIABILITY,
    ), 422 if form.errors else 200


@basket.get("/asked/<uuid:checkout_id>")
@requires(Permission.BUY)
def asked(checkout_id: UUID) -> ResponseReturnValue:
    lines = asked_together(db.session, checkout_id=CheckoutId(checkout_id), viewer=viewer()) or abort(404)
    return render_template("purchasing/basket_asked.html", lines=lines, routes=ROUTES)


def _priced() -> PricedBasket:
    return price_basket(db.session, by=viewer(), takes_cards=takes_cards, now=datetime.now(UTC))


def _line(line_id: UUID) -> PricedLine:
    return _priced().line(BasketLineId(line_id)) or abort(404)


def _after(line_id: BasketLineId) -> ResponseReturnValue:
    """Go on from something new in the basket: to who pays for it, if it costs anything."""
    return redirect(url_for(".pay_for", line_id=line_id, new="yes"))


def _wish_form(offer: AskableOffer) -> WishForm:
    form = WishForm()
    form.offer_rates(offer.rates)
    form.offer_kinds(kinds_open_to(offer.terms.unit))
    return form


def _draw_wish(form: WishForm, offer: AskableOffer, *, title: str, action: str) -> ResponseReturnValue:
    page = render_template(
        "purchasing/basket_wish.html",
        form=form,
        offer=offer,
        title=title,
        action=action,
        units=rules.unit_words(offer.terms.unit),
        kind_hints={kind.value: words for kind, words in KIND_HINTS.items()},
        costs={price.rate.value: f"{pounds(price.amount)} {price.unit.each}" for price in offer.rates},
    )
    return page, 422 if form.errors else 200


def _named(stream: PayableStream) -> str:
    return f"{stream.budget_name}: {SOURCES[stream.kind]}"


def _left(streams: tuple[PayableStream, ...]) -> dict[str, str]:
    return {str(stream.stream_id): worded("{left} left", left=stream.left) for stream in streams}
