"""Writing a review: one form, whichever way somebody may review, in words or by pictures."""

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Protocol
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue.rules import CategorySlug, OfferId
from marketplace.catalogue.views.safety import safeguarding_shown
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.places import CouncilCode
from marketplace.kit.refusals import show_refusal
from marketplace.kit.spotting import Spotted, spot
from marketplace.purchasing.rules import ArrangementId
from marketplace.ratings.forms.reviewing import ReviewForm, review_form
from marketplace.ratings.queries.criteria import criteria_for, outcomes_for
from marketplace.ratings.queries.writing import my_review
from marketplace.ratings.rules import pseudonyms
from marketplace.ratings.rules.nouns import ReviewId, ReviewStatus, Telling
from marketplace.ratings.rules.reviewing import Written
from marketplace.ratings.services import reviewing
from marketplace.ratings.views.blueprint import bp, review_address

_SAID = {
    ReviewStatus.SHOWN: "Your review is shown now. Thank you: it helps other people choose.",
    ReviewStatus.WAITING: "We have your review. It is shown together with others, once three people want theirs shown "
    "so. We write to you then.",
    ReviewStatus.UNREAD: "We have your review. A person reads it first, and you can see here where it stands.",
    ReviewStatus.HELD: "We have your review. A person reads it first, and you can see here where it stands.",
}


class Asked(Protocol):
    """What a form must know of what is reviewed."""

    @property
    def offer_id(self) -> OfferId: ...
    @property
    def title(self) -> str: ...
    @property
    def provider_name(self) -> str: ...
    @property
    def category(self) -> CategorySlug: ...
    @property
    def council(self) -> CouncilCode | None: ...


def was_sent(response: Response) -> bool:
    """Test whether a form brought something."""
    # Only what was sent counts: somebody who corrects a form five times has written to nobody yet.
    return response.status_code == HTTPStatus.FOUND


def writing_page(
    what: Asked,
    write: Callable[[Written], ReviewId],
    *,
    told: Telling = Telling.WORDS,
    has_tiles: bool = True,
    aloud: str = "",
    without: Collection[str] = ("has_used",),
    said: Mapping[str, object] | None = None,
    thank: Callable[[ReviewId], ResponseReturnValue] | None = None,
    heading: str = "What was it like?",
    button: str = "Send my review",
    back: tuple[str, str] | None = None,
) -> ResponseReturnValue:
    """
    Show the one form for reviews and take what it brings. `write` keeps it, in a transaction of its own.

    `told` is by which way it is told; words and picture tiles lead to each other, unless there are no tiles, and both
    to `aloud`, the address of the page for saying it. `without` are the questions to leave out, `said` the answers to
    begin with, `button` its words, `thank` what comes next, and `back` the address and the words of the way back.
    """
    told = _way(told) if has_tiles else told
    form = _form(what, told, without=without, said=said)
    form.submit.label.text = button
    found: tuple[Spotted, ...] = ()
    if form.validate_on_submit():
        written = form.written(told)
        texts = (written.words, *written.points.values(), written.declared_link, written.pseudonym)
        found = spotted_in(texts, what)
        if not found or form.lets_stay(found):
            try:
                review_id = write(written)
            except DomainError as error:
                show_refusal(form, error)
            else:
                return (thank or _thank)(review_id)
    template = "ratings/write_in_pictures.html" if told is Telling.PICTURES else "ratings/write.html"
    return render_template(
        template,
        what=what,
        form=form,
        found=found,
        heading=heading,
        back=back or (url_for("catalogue.offer", offer_id=what.offer_id), "Back to the offer"),
        safety=safeguarding_shown(what.council),
        told=told,
        has_tiles=has_tiles and told in {Telling.WORDS, Telling.PICTURES},
        aloud=aloud,
    ), 422 if form.errors else 200


def _way(told: Telling) -> Telling:
    """Return by which of the two ways that lead to each other it is told now."""
    if told not in {Telling.WORDS, Telling.PICTURES}:
        return told
    return {"words": Telling.WORDS, "pictures": Telling.PICTURES}.get(request.args.get("way", ""), told)


def _form(what: Asked, told: Telling, *, without: Collection[str], said: Mapping[str, object] | None) -> ReviewForm:
    drawn = pseudonyms.proposed(secrets.randbelow(pseudonyms.HOW_MANY))
    form = review_form(
        told,
        criteria=criteria_for(db.session, what.category),
        outcomes=() if told is Telling.PICTURES else outcomes_for(db.session, what.council),
        without=without,
        said={"pseudonym": drawn} if said is None else said,
    )
    form.ask_about(what.provider_name, is_on_paper=told is Telling.PAPER)
    return form


@bp.route("/for/<uuid:arrangement_id>", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks, deduct_when=was_sent)
def of_arrangement(arrangement_id: UUID) -> ResponseReturnValue:
    wanted = ArrangementId(arrangement_id)
    what = reviewing.arrangement_to_review(db.session, arrangement_id=wanted, by=me())

    def write(written: Written) -> ReviewId:
        with transaction() as session:
            return reviewing.review_arrangement(
                session, arrangement_id=wanted, by=me(), written=written, link=review_address, now=datetime.now(UTC)
            )

    back = url_for("purchasing.show", arrangement_id=arrangement_id), "Back to the arrangement"
    return writing_page(what, write, aloud=url_for(".say_of_arrangement", arrangement_id=arrangement_id), back=back)


@bp.route("/of/<uuid:offer_id>", methods=["GET", "POST"])
@requires(Permission.BUY)
@limiter.limit(MAIL, exempt_when=only_looks, deduct_when=was_sent)
def of_offer(offer_id: UUID) -> ResponseReturnValue:
    wanted, now = OfferId(offer_id), datetime.now(UTC)
    what = reviewing.offer_to_review(db.session, offer_id=wanted, by=me(), today=day_of(now))

    def write(written: Written) -> ReviewId:
        with transaction() as session:
            return reviewing.declare_use_and_review(
                session, offer_id=wanted, by=me(), written=written, link=review_address, now=now
            )

    return writing_page(what, write, aloud=url_for(".say_of_offer", offer_id=offer_id), without=())


def spotted_in(texts: Iterable[str], what: Asked) -> tuple[Spotted, ...]:
    """Return what looks like a name or a way to reach somebody, but for what everybody can read about the offer."""
    return tuple(
        it for text in texts for it in spot(text, known=f"{what.title} {what.provider_name}", names=(viewer().name,))
    )


def said_of(status: ReviewStatus) -> str:
    """Return what we say to a writer whose review stands so."""
    return _SAID[status]


def _thank(review_id: ReviewId) -> ResponseReturnValue:
    mine = my_review(db.session, review_id=review_id, viewer=viewer())
    flash(said_of(mine.status if mine else ReviewStatus.SHOWN))
    return redirect(url_for("ratings.show", review_id=review_id))
