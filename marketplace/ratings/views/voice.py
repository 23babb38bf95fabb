"""Telling it aloud: sending a recording, hearing it, and writing it down."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, send_file, session, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, signed_in, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue.rules import OfferId
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.headers import HEADERS
from marketplace.kit.limits import MAIL, limiter, only_looks, takes_up_to
from marketplace.kit.pages import page_number
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import worded
from marketplace.kit.sounds import MOST_BYTES, SoundError, read_sound
from marketplace.purchasing.rules import ArrangementId
from marketplace.ratings.forms.proofs import SoundForm, WriteDownForm
from marketplace.ratings.queries import voice as queries
from marketplace.ratings.queries.invoices import kept_since
from marketplace.ratings.rules.nouns import FileUse, ReviewId, ReviewStatus, Telling
from marketplace.ratings.rules.reviewing import Written
from marketplace.ratings.services import cards, reviewing
from marketplace.ratings.services import voice as services
from marketplace.ratings.services.keeping import LASTS
from marketplace.ratings.services.reviewing import WhatToReview
from marketplace.ratings.views.blueprint import bp, review_address
from marketplace.ratings.views.cards import CARD, held_card
from marketplace.ratings.views.writing import writing_page

_SENT = "20 per hour"
"""Recordings from one address: each is as large as a hundred pages."""

_A_FORM = 64 * 1024
"""Bytes of everything that is sent with a recording."""

_MICROPHONE = HEADERS["Permissions-Policy"].replace("microphone=()", "microphone=(self)")

_UNASKED = ("words", "working", "not_working", "should_change")
"""What nobody is asked for who has said it aloud."""

_Write = Callable[[Written], ReviewId]


@bp.route("/for/<uuid:arrangement_id>/aloud", methods=["GET", "POST"])
@takes_up_to(MOST_BYTES + _A_FORM)
@requires(Permission.BUY)
@limiter.limit(_SENT, exempt_when=only_looks)
def say_of_arrangement(arrangement_id: UUID) -> ResponseReturnValue:
    what = reviewing.arrangement_to_review(db.session, arrangement_id=ArrangementId(arrangement_id), by=me())
    return _sound_page(
        what,
        onward=url_for(".said_of_arrangement", arrangement_id=arrangement_id),
        back=url_for(".of_arrangement", arrangement_id=arrangement_id),
    )


@bp.route("/for/<uuid:arrangement_id>/aloud/send", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks)
def said_of_arrangement(arrangement_id: UUID) -> ResponseReturnValue:
    wanted = ArrangementId(arrangement_id)
    what = reviewing.arrangement_to_review(db.session, arrangement_id=wanted, by=me())

    def write(written: Written) -> ReviewId:
        with transaction() as work:
            return services.say_of_arrangement(
                work, arrangement_id=wanted, by=me(), written=written, link=review_address, now=datetime.now(UTC)
            )

    return _send_page(what, write, back=url_for(".say_of_arrangement", arrangement_id=arrangement_id))


@bp.route("/of/<uuid:offer_id>/aloud", methods=["GET", "POST"])
@takes_up_to(MOST_BYTES + _A_FORM)
@requires(Permission.BUY)
@limiter.limit(_SENT, exempt_when=only_looks)
def say_of_offer(offer_id: UUID) -> ResponseReturnValue:
    what = _what_is_open(offer_id)
    return _sound_page(
        what, onward=url_for(".said_of_offer", offer_id=offer_id), back=url_for(".of_offer", offer_id=offer_id)
    )


@bp.route("/of/<uuid:offer_id>/aloud/send", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks)
def said_of_offer(offer_id: UUID) -> ResponseReturnValue:
    what = _what_is_open(offer_id)

    def write(written: Written) -> ReviewId:
        with transaction() as work:
            return services.say_of_offer(
                work, offer_id=what.offer_id, by=me(), written=written, link=review_address, now=datetime.now(UTC)
            )

    return _send_page(what, write, back=url_for(".say_of_offer", offer_id=offer_id), asks_for_use=True)


@bp.route("/card/aloud", methods=["GET", "POST"])
@takes_up_to(MOST_BYTES + _A_FORM)
@requires(Permission.BUY)
@limiter.limit(_SENT, exempt_when=only_looks)
def say_with_card() -> ResponseReturnValue:
    card_id = held_card()
    if card_id is None:
        return redirect(url_for(".card"))
    what = cards.what_card_is_for(db.session, card_id=card_id, by=me(), today=day_of(datetime.now(UTC)))
    return _sound_page(what, onward=url_for(".said_with_card"), back=url_for(".with_card"))


@bp.route("/card/aloud/send", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks)
def said_with_card() -> ResponseReturnValue:
    card_id = held_card()
    if card_id is None:
        return redirect(url_for(".card"))
    what = cards.what_card_is_for(db.session, card_id=card_id, by=me(), today=day_of(datetime.now(UTC)))

    def write(written: Written) -> ReviewId:
        with transaction() as work:
            review_id = services.say_with_card(
                work, card_id=card_id, by=me(), written=written, link=review_address, now=datetime.now(UTC)
            )
        session.pop(CARD, None)
        return review_id

    return _send_page(what, write, back=url_for(".say_with_card"))


@bp.get("/voice")
@requires(Permission.MODERATE)
def waiting_sounds() -> ResponseReturnValue:
    page = queries.waiting_sounds(db.session, viewer=viewer(), page=page_number(request.args.get("page")))
    return render_template("ratings/voice_notes.html", page=page, now=datetime.now(UTC))


@bp.route("/<uuid:review_id>/aloud", methods=["GET", "POST"])
@signed_in
def write_down(review_id: UUID) -> ResponseReturnValue:
    it = queries.waiting_sound(db.session, review_id=ReviewId(review_id), viewer=viewer()) or abort(404)
    form = WriteDownForm()
    if form.validate_on_submit():
        try:
            with transaction() as work:
                status = services.write_down(
                    work, review_id=it.review_id, words=form.words.data or "", by=viewer(), link=review_address,
                    now=datetime.now(UTC),
                )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
        else:
            return _written_down(it, status)
    return render_template("ratings/voice_note.html", form=form, it=it), 422 if form.errors else 200


@bp.post("/<uuid:review_id>/aloud/give-up")
@signed_in
def give_up_listening(review_id: UUID) -> ResponseReturnValue:
    it = queries.waiting_sound(db.session, review_id=ReviewId(review_id), viewer=viewer()) or abort(404)
    with transaction() as work:
        services.give_up_listening(
            work, review_id=it.review_id, by=viewer(), link=review_address, now=datetime.now(UTC)
        )
    flash("The recording is deleted. The rest of the review goes on without it.")
    return redirect(url_for(".show", review_id=review_id) if it.is_mine else url_for(".waiting_sounds"))


@bp.get("/<uuid:review_id>/sound")
@signed_in
def sound(review_id: UUID) -> ResponseReturnValue:
    """Play a recording to who may hear it. Players ask for it in parts."""
    kept = queries.sound_file(db.session, review_id=ReviewId(review_id), viewer=viewer()) or abort(404)
    response = send_file(io.BytesIO(kept.content), mimetype=kept.media_type, conditional=True, etag=False)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store"
    return response


def _what_is_open(offer_id: UUID) -> WhatToReview:
    today = day_of(datetime.now(UTC))
    return reviewing.offer_to_review(db.session, offer_id=OfferId(offer_id), by=me(), today=today)


def _sound_page(what: WhatToReview, *, onward: str, back: str) -> ResponseReturnValue:
    """Take a recording, and lead on to the few questions that come with it."""
    form = SoundForm()
    if form.validate_on_submit():
        try:
            _keep(what)
        except DomainError as error:
            show_refusal(form, error)
        else:
            return redirect(onward)
    elif form.is_submitted() and not request.files.get("sound"):
        show_refusal(form, SoundError("Record something, or choose a file."))
    page = render_template("ratings/say_it.html", form=form, what=what, back=back, days=services.WORKING_DAYS)
    # Here, and nowhere else, a script may ask for the microphone.
    return page, 422 if form.errors else 200, {"Permissions-Policy": _MICROPHONE}


def _keep(what: WhatToReview) -> None:
    sent = request.files.get("sound")
    if sent is None or not sent.filename:
        raise SoundError("Record something, or choose a file.")
    read = read_sound(sent.read())
    with transaction() as work:
        services.keep_sound(work, offer_id=what.offer_id, by=me(), sound=read, now=datetime.now(UTC))


def _send_page(what: WhatToReview, write: _Write, *, back: str, asks_for_use: bool = False) -> ResponseReturnValue:
    """Ask the few questions that come with a recording."""
    after = datetime.now(UTC) - LASTS
    kept = kept_since(db.session, use=FileUse.VOICE, offer_id=what.offer_id, viewer=viewer(), after=after)
    if kept is None:
        return redirect(back)

    return writing_page(
        what,
        write,
        told=Telling.VOICE,
        without=_UNASKED if asks_for_use else ("has_used", *_UNASKED),
        heading="We have your recording. What else?",
        thank=_thank,
        back=(back, "Record it again"),
    )


def _thank(review_id: ReviewId) -> ResponseReturnValue:
    flash(
        worded(
            "We have your review. We write down what you said within {working_days} working days.",
            working_days=services.WORKING_DAYS,
        )
    )
    return redirect(url_for("ratings.write_down", review_id=review_id))


def _written_down(it: queries.WaitingSound, status: ReviewStatus) -> ResponseReturnValue:
    if status is ReviewStatus.UNREAD:
        flash("Saved, and the recording is deleted. A person reads the words before others can.")
    else:
        flash("Saved, and the recording is deleted.")
    return redirect(url_for(".show", review_id=it.review_id) if it.is_mine else url_for(".waiting_sounds"))
