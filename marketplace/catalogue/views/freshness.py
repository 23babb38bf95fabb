"""Keeping offers true: who has space, and one button that says that all is still right, signed in or by letter."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue import queries, services
from marketplace.catalogue.queries import AskedOffer
from marketplace.catalogue.rules import Capacity, OfferId, Question
from marketplace.catalogue.services import AnswerUnclearError, QuestionAnsweredError, QuestionTooOldError
from marketplace.catalogue.views.blueprint import bp
from marketplace.catalogue.views.letters import question_in
from marketplace.catalogue.views.shown import price_shown
from marketplace.kit.db import db, transaction
from marketplace.kit.forms import Form
from marketplace.kit.refusals import show_refusal

RIGHT, DOWN = "right", "down"
"""The answers besides what is said of space: all is right, and take it down."""

_ANSWERS = {RIGHT, DOWN, *Capacity}

_SAID = {
    Capacity.SPACE_NOW: "Saved. People now read that you have space.",
    Capacity.WAITING_LIST: "Saved. People now read that you have a waiting list.",
    Capacity.FULL: "Saved. People now read that you are full for now.",
}


@bp.post("/offers/<uuid:offer_id>/capacity")
@requires(Permission.PROVIDE)
def say_capacity(offer_id: UUID) -> ResponseReturnValue:
    capacity = _capacity(request.form.get("capacity"))
    if capacity is None:
        abort(404)
    with transaction() as session:
        services.say_capacity(
            session, offer_id=OfferId(offer_id), capacity=capacity, by=viewer(), now=datetime.now(UTC)
        )
    flash(_SAID[capacity])
    return redirect(url_for("catalogue.mine"))


@bp.post("/offers/<uuid:offer_id>/confirm")
@requires(Permission.PROVIDE)
def confirm(offer_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        services.confirm_offer(session, offer_id=OfferId(offer_id), by=viewer(), now=datetime.now(UTC))
    flash("Thank you. People now read that you confirmed this today.")
    return redirect(url_for("catalogue.mine"))


@bp.route("/offers/answer/<token>", methods=["GET", "POST"])
@public
def answer(token: str) -> ResponseReturnValue:
    # Opening the link writes nothing: mail scanners open every link there is.
    now = datetime.now(UTC)
    question = question_in(token)
    offer = queries.asked_offer(db.session, question=question, now=now) if question else None
    if question is None or offer is None:
        return render_template("catalogue/answer_unknown.html"), 404
    form = Form()
    if form.validate_on_submit():
        typed = request.form.get("answer", "")
        if typed in _ANSWERS:
            _answer(question, typed, now=now)
            return redirect(url_for("catalogue.answer", token=token))
        show_refusal(form, AnswerUnclearError("Press the button that says how it is."))
    return _answer_page(question, offer, form=form, now=now)


def _answer_page(question: Question, offer: AskedOffer, *, form: Form, now: datetime) -> ResponseReturnValue:
    if not offer.is_open:
        return render_template("catalogue/answered.html", offer=offer, is_too_old=question.is_too_old(now))
    price = next(iter(offer.prices), None)
    page = render_template(
        "catalogue/answer.html", offer=offer, form=form, price=price_shown(is_free=offer.is_free, price=price)
    )
    return page, 422 if form.errors else 200


def _answer(question: Question, typed: str, *, now: datetime) -> None:
    try:
        with transaction() as session:
            if typed == DOWN:
                services.unlist_by_letter(session, question=question, now=now)
            else:
                services.answer_question(session, question=question, capacity=_capacity(typed), now=now)
    except (QuestionAnsweredError, QuestionTooOldError):
        # Two taps, or another who was quicker. The page says how it stands now.
        return


def _capacity(typed: str | None) -> Capacity | None:
    return Capacity(typed) if typed in set(Capacity) else None
