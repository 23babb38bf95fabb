"""Pages for saved cards: what is allowed by saving one, going to Stripe's page, coming back, taking one away."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.kit.addresses import own_page
from marketplace.kit.db import db, transaction
from marketplace.kit.limits import CARDS, limiter
from marketplace.payments.jobs import cards as jobs
from marketplace.payments.jobs.stripe import stripe
from marketplace.payments.queries.cards import my_cards, setup_page
from marketplace.payments.rules import CardSetupId, SavedCardId
from marketplace.payments.services import cards as services
from marketplace.payments.views.blueprint import bp


@bp.get("/cards")
@requires(Permission.BUY)
def cards() -> ResponseReturnValue:
    return render_template(
        "payments/cards.html",
        cards=my_cards(db.session, viewer=viewer()),
        takes_cards=current_app.config["TAKES_CARDS"],
        back_to=own_page(request.args.get("next")) or url_for(".cards"),
    )


@bp.post("/cards/save")
@requires(Permission.BUY)
@limiter.limit(CARDS)
def save_card() -> ResponseReturnValue:
    if stripe() is None:
        abort(404)
    now = datetime.now(UTC)
    with transaction() as session:
        setup_id = services.begin_card_setup(
            session, by=me(), back_to=own_page(request.form.get("next")) or url_for(".cards"), now=now
        )
    jobs.ask_about_setup(setup_id, now=now)
    return redirect(url_for(".setup", setup_id=setup_id))


@bp.get("/cards/saving/<uuid:setup_id>")
@requires(Permission.BUY)
def setup(setup_id: UUID) -> ResponseReturnValue:
    page = setup_page(db.session, setup_id=CardSetupId(setup_id), viewer=viewer()) or abort(404)
    return render_template("payments/setup.html", page=page, is_back="back" in request.args)


@bp.post("/cards/saving/<uuid:setup_id>/ask")
@requires(Permission.BUY)
@limiter.limit(CARDS)
def ask_about_setup(setup_id: UUID) -> ResponseReturnValue:
    page = setup_page(db.session, setup_id=CardSetupId(setup_id), viewer=viewer()) or abort(404)
    jobs.ask_about_setup(page.id, now=datetime.now(UTC))
    return redirect(url_for(".setup", setup_id=page.id, back=1))


@bp.post("/cards/<uuid:card_id>/remove")
@requires(Permission.BUY)
def remove_card(card_id: UUID) -> ResponseReturnValue:
    now = datetime.now(UTC)
    known = {it.id: it.payment_method_id for it in my_cards(db.session, viewer=viewer())}
    with transaction() as session:
        services.remove_card(session, card_id=SavedCardId(card_id), by=me(), now=now)
    if SavedCardId(card_id) in known:
        jobs.forget_card(SavedCardId(card_id), known[SavedCardId(card_id)], now=now)
    flash("The card is taken away. It is charged no more.")
    return redirect(url_for(".cards"))
