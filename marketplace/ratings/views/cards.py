"""Review cards: made by providers and user-led organisations, used by those who were given one, typed in from paper."""

from datetime import UTC, date, datetime
from uuid import UUID

from flask import Response, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, public, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue.rules import OfferId
from marketplace.kit.addresses import page_address
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, SIGN_IN, limiter, only_looks
from marketplace.kit.pages import page_number
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import worded
from marketplace.ratings.forms.proofs import CodeForm, MakeCardsForm
from marketplace.ratings.gateways.cards import CardSheet, CardSize, draw_cards
from marketplace.ratings.queries import cards as queries
from marketplace.ratings.rules import cards as rules
from marketplace.ratings.rules.nouns import CardBatchId, CardId, ReviewId, Telling
from marketplace.ratings.rules.reviewing import Written
from marketplace.ratings.services import cards as services
from marketplace.ratings.views.blueprint import bp, review_address
from marketplace.ratings.views.writing import writing_page

_MADE = "20 per hour"
_DRAWN = "60 per hour"
"""Sheets of cards for one address: each costs us a second of work."""

# Which card somebody has just typed the code of: theirs to use, and another to type in from paper.
CARD, _PAPER = "card", "paper"


@bp.get("/cards")
@requires(Permission.PROVIDE)
def my_cards() -> ResponseReturnValue:
    number = page_number(request.args.get("page"))
    page = queries.my_batches(db.session, viewer=viewer(), page=number, today=_today())
    offers = queries.card_offers(db.session, viewer=viewer())
    return render_template("ratings/cards.html", page=page, offers=offers, fewest=rules.FEWEST_COUNTED)


@bp.route("/cards/for/<uuid:offer_id>", methods=["GET", "POST"])
@requires(Permission.PROVIDE)
@limiter.limit(_MADE, exempt_when=only_looks)
def make_cards(offer_id: UUID) -> ResponseReturnValue:
    to_make = services.cards_to_make(db.session, offer_id=OfferId(offer_id), by=viewer(), today=_today())
    form = MakeCardsForm()
    if form.validate_on_submit():
        try:
            codes = services.draw_codes(form.number.data or 0)
            with transaction() as work:
                made = services.make_cards(
                    work,
                    offer_id=to_make.offer_id,
                    codes=codes,
                    batch_id=CardBatchId(form.key.key),
                    by=viewer(),
                    now=datetime.now(UTC),
                )
        except services.CardsMadeAlreadyError as error:
            flash(str(error))
            return redirect(url_for(".my_cards"))
        except DomainError as error:
            show_refusal(form, error)
        else:
            # Shown by this answer and never again: nobody can ask for the codes a second time.
            return render_template(
                "ratings/cards_made.html", made=made, to_make=to_make, printed=rules.printed, sizes=CardSize
            )
    return render_template("ratings/make_cards.html", form=form, to_make=to_make), 422 if form.errors else 200


@bp.post("/cards/<uuid:batch_id>/print")
@requires(Permission.PROVIDE)
@limiter.limit(_DRAWN)
def print_cards(batch_id: UUID) -> ResponseReturnValue:
    """Draw cards from codes that their maker still has: we cannot know them."""
    sent = (request.form.get("codes") or "").split()[: rules.MOST_CARDS]
    codes = tuple(code for code in map(rules.code_of, sent) if code)
    batch = queries.printed_batch(
        db.session,
        batch_id=CardBatchId(batch_id),
        code_hashes=[rules.code_hash(code) for code in codes],
        viewer=viewer(),
    ) or abort(404)
    size = CardSize.LARGE if request.form.get("size") == CardSize.LARGE else CardSize.SMALL
    sheet = CardSheet(
        offer=batch.offer_title,
        provider=batch.provider_name,
        attester=batch.attester,
        page=page_address("ratings.card"),
        codes=codes,
        expires_on=batch.expires_on,
        post=_post(batch),
    )
    response = Response(draw_cards(sheet, size=size), mimetype="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="review-cards.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/cards/<uuid:batch_id>/revoke")
@requires(Permission.PROVIDE)
def revoke_cards(batch_id: UUID) -> ResponseReturnValue:
    with transaction() as work:
        services.revoke_cards(work, batch_id=CardBatchId(batch_id), by=viewer(), now=datetime.now(UTC))
    flash("Those cards cannot be used any more. Reviews that were written with one stay.")
    return redirect(url_for(".my_cards"))


@bp.route("/card", methods=["GET", "POST"])
@public
@limiter.limit(SIGN_IN, exempt_when=only_looks)
def card() -> ResponseReturnValue:
    form = CodeForm(code=rules.tidy_code(request.args.get("code", "")))
    may_use = viewer().may(Permission.BUY)
    if form.is_submitted() and not may_use:
        return abort(403) if viewer().is_signed_in else redirect(url_for("accounts.sign_in", next=url_for(".card")))
    if form.validate_on_submit():
        return _take(form, CARD, ".with_card") or (render_template("ratings/card.html", form=form, may_use=True), 422)
    return render_template("ratings/card.html", form=form, may_use=may_use), 422 if form.errors else 200


@bp.route("/card/write", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks)
def with_card() -> ResponseReturnValue:
    card_id = held_card()
    if card_id is None:
        return redirect(url_for(".card"))
    what = services.what_card_is_for(db.session, card_id=card_id, by=me(), today=_today())

    def write(written: Written) -> ReviewId:
        with transaction() as work:
            review_id = services.review_with_card(
                work, card_id=card_id, by=me(), written=written, link=review_address, now=datetime.now(UTC)
            )
        session.pop(CARD, None)
        return review_id

    back = url_for(".card"), "Back to the code of your card"
    return writing_page(what, write, aloud=url_for(".say_with_card"), back=back)


@bp.route("/paper", methods=["GET", "POST"])
@requires(Permission.CHECK)
@limiter.limit(SIGN_IN, exempt_when=only_looks)
def paper() -> ResponseReturnValue:
    form = CodeForm()
    form.code.label.text = "What is the code on the card?"
    if form.validate_on_submit():
        return _take(form, _PAPER, ".type_in_paper") or (render_template("ratings/paper.html", form=form), 422)
    return render_template("ratings/paper.html", form=form), 422 if form.errors else 200


@bp.route("/paper/write", methods=["GET", "POST"])
@requires(Permission.CHECK)
@limiter.limit(MAIL, exempt_when=only_looks)
def type_in_paper() -> ResponseReturnValue:
    card_id = _held(_PAPER)
    if card_id is None:
        return redirect(url_for(".paper"))
    what = services.paper_to_type_in(db.session, card_id=card_id, typed_by=me(), today=_today())

    def write(written: Written) -> ReviewId:
        with transaction() as work:
            review_id = services.type_in_paper(
                work, card_id=card_id, typed_by=me(), written=written, link=review_address, now=datetime.now(UTC)
            )
        session.pop(_PAPER, None)
        return review_id

    return writing_page(
        what,
        write,
        told=Telling.PAPER,
        heading="What does the card say?",
        button="Send this review",
        back=(url_for(".paper"), "Back to the code of the card"),
        thank=_next_paper,
    )


def _next_paper(review_id: ReviewId) -> ResponseReturnValue:
    flash("Typed in. It is shown like any other review. Destroy the paper now.")
    return redirect(url_for(".paper"))


def _take(form: CodeForm, kept_as: str, endpoint: str) -> ResponseReturnValue | None:
    """Keep the card of a code for the next page, and lead there. None if it cannot be used: then the form says why."""
    try:
        card_id = services.card_with_code(db.session, code=form.code.data or "", by=me(), today=_today())
    except DomainError as error:
        show_refusal(form, error)
        return None
    session[kept_as] = str(card_id)
    return redirect(url_for(endpoint))


def held_card() -> CardId | None:
    """Return the card whose code somebody has just typed, or None."""
    return _held(CARD)


def _held(kept_as: str) -> CardId | None:
    kept = session.get(kept_as)
    return CardId(UUID(kept)) if kept else None


def _post(batch: queries.PrintedBatch) -> str:
    contact = current_app.config["CONTACT_EMAIL"]
    if batch.attester:
        return worded(
            "Then give it to {attester}, or ask us where to send it: {contact}.",
            attester=batch.attester,
            contact=contact,
        )
    return worded(
        "You need not give it to {provider_name}. Ask us where to send it: {contact}.",
        provider_name=batch.provider_name,
        contact=contact,
    )


def _today() -> date:
    return day_of(datetime.now(UTC))
