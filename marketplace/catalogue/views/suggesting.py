"""Telling us of a missing place or a wrong fact, signed in or not, and what moderators do about it."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue import queries, services
from marketplace.catalogue.forms import CloseSuggestionForm, SuggestPlaceForm, WrongFactForm
from marketplace.catalogue.rules import OfferId, OfferStatus, SuggestionId, SuggestionKind
from marketplace.catalogue.rules.suggestions import WrongFact
from marketplace.catalogue.services import SuggestionClosedError, SuggestionUnclearError
from marketplace.catalogue.views.blueprint import bp
from marketplace.catalogue.views.shown import council_name, today
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.pages import page_number
from marketplace.kit.places import CouncilCode, UnknownPlaceError
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import one_word


@bp.route("/suggest-a-place", methods=["GET", "POST"])
@public
@limiter.limit(MAIL, exempt_when=only_looks)
def suggest_place() -> ResponseReturnValue:
    form = SuggestPlaceForm(name=request.args.get("name", "")[:200])
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.suggest_place(
                    session,
                    key=SuggestionId(form.key.key),
                    name=form.name.data or "",
                    place=form.place.data or "",
                    words=form.words.data or "",
                    council=_council(form.place.data or ""),
                    by=viewer().person_id,
                    now=datetime.now(UTC),
                )
        except SuggestionUnclearError as error:
            show_refusal(form, error)
        else:
            flash("Thank you. Somebody looks at it, most often within a week.")
            return redirect(url_for("catalogue.results"))
    return render_template("catalogue/suggest_place.html", form=form), 422 if form.errors else 200


@bp.route("/offers/<uuid:offer_id>/wrong-fact", methods=["GET", "POST"])
@public
@limiter.limit(MAIL, exempt_when=only_looks)
def suggest_wrong_fact(offer_id: UUID) -> ResponseReturnValue:
    offer = queries.offer_page(db.session, offer_id=OfferId(offer_id), viewer=viewer(), on=today())
    if offer is None or offer.status is not OfferStatus.LIVE:
        abort(404)
    form = WrongFactForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.suggest_wrong_fact(
                    session,
                    key=SuggestionId(form.key.key),
                    offer_id=offer.id,
                    fact=WrongFact(form.fact.data),
                    words=form.words.data or "",
                    by=viewer().person_id,
                    address=page_address("catalogue.history", {"offer_id": offer.id}),
                    now=datetime.now(UTC),
                )
        except SuggestionUnclearError as error:
            show_refusal(form, error)
        else:
            flash("Thank you. Somebody looks at it, most often within a week.")
            return redirect(url_for("catalogue.offer", offer_id=offer.id))
    return render_template("catalogue/wrong_fact.html", form=form, offer=offer), 422 if form.errors else 200


@bp.get("/moderation/suggestions")
@requires(Permission.MODERATE)
def suggestions() -> ResponseReturnValue:
    typed = request.args.get("kind")
    kind = SuggestionKind(typed) if typed in set(SuggestionKind) else None
    page = queries.open_suggestions(db.session, viewer=viewer(), kind=kind, page=page_number(request.args.get("page")))
    return render_template(
        "catalogue/suggestions.html",
        page=page,
        kind=kind,
        areas={line.id: council_name(line.council) for line in page.lines},
        href=url_for("catalogue.suggestions", kind=kind, page="")
        if kind
        else url_for("catalogue.suggestions", page=""),
    )


@bp.route("/moderation/suggestions/<uuid:suggestion_id>", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def suggestion(suggestion_id: UUID) -> ResponseReturnValue:
    wanted = SuggestionId(suggestion_id)
    line = queries.suggestion_page(db.session, suggestion_id=wanted, viewer=viewer()) or abort(404)
    form = CloseSuggestionForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                was_sent = services.close_suggestion(
                    session,
                    suggestion_id=wanted,
                    answer=form.answer.data or "",
                    by=viewer(),
                    now=datetime.now(UTC),
                )
        except (SuggestionUnclearError, SuggestionClosedError) as error:
            show_refusal(form, error)
        else:
            flash("Closed, and answered." if was_sent else one_word("Closed."))
            return redirect(url_for("catalogue.suggestions"))
    page = render_template("catalogue/suggestion.html", form=form, line=line, area=council_name(line.council))
    return page, 422 if form.errors else 200


def _council(place: str) -> CouncilCode | None:
    """Return in which council's area a place is, if what was typed says so."""
    words = place.replace(",", " ").split()
    # A postcode most often comes last, in two words or one.
    for part in (place, " ".join(words[-2:]), " ".join(words[-1:])):
        try:
            return gazetteer().find(part).council
        except UnknownPlaceError:
            continue
    return None
