"""How a provider writes an offer: one question on each page, everything kept, nothing shown before it is sent."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from marketplace.accounts.access import requires, signed_in, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue import queries
from marketplace.catalogue.forms.asking import Around, answer_in, asking_form
from marketplace.catalogue.forms.writing import BeginChangeForm, BeginForm, SendForm
from marketplace.catalogue.gateways.questions import listing_questions
from marketplace.catalogue.queries import writing as written
from marketplace.catalogue.queries.previewing import previewed_page
from marketplace.catalogue.queries.writing import ListingPage
from marketplace.catalogue.rules import ListingId, OfferId, OfferStatus, ProviderId
from marketplace.catalogue.rules.answers import unit_of
from marketplace.catalogue.rules.questions import AnswerKind, Option, Question, many
from marketplace.catalogue.rules.telling import said_to
from marketplace.catalogue.services import WrongDetailError
from marketplace.catalogue.services import writing as writing_services
from marketplace.catalogue.views.blueprint import bp
from marketplace.catalogue.views.offer import draw
from marketplace.catalogue.views.shown import today
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError, WrongAnswerError
from marketplace.kit.fields import choices
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.places import CouncilCode
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import one_word

NEAREST_COUNCILS = 8
"""How many councils near a provider are offered as choices; others are typed."""

FROM_CHECK = "check"

_SENT = {
    OfferStatus.SUBMITTED: "Sent. We read it and write to you, most often within two days.",
    OfferStatus.LIVE: "Saved. Everybody sees it as it is now.",
}


@bp.record_once
def _read_questions(_state: object) -> None:
    """Find a slip in the file of questions when the site starts, not when somebody is asked."""
    listing_questions()


@bp.get("/listings")
@requires(Permission.PROVIDE)
def listings() -> ResponseReturnValue:
    begun = written.my_listings(db.session, viewer=viewer())
    return render_template("catalogue/listings.html", listings=[_line(one) for one in begun])


@bp.route("/listings/new", methods=["GET", "POST"])
@signed_in
def new() -> ResponseReturnValue:
    providers = queries.my_providers(db.session, viewer=viewer())
    if not providers:
        return redirect(url_for("catalogue.found_provider"))
    form = BeginForm(provider=request.args.get("provider") or str(providers[0].id))
    form.provider.choices = choices((str(provider.id), provider.name) for provider in providers)
    if form.validate_on_submit():
        try:
            provider_id = _provider_id(form.provider.data)
            with transaction() as session:
                listing_id = writing_services.begin_listing(
                    session,
                    provider_id=provider_id,
                    key=ListingId(form.key.key),
                    by=viewer(),
                    now=datetime.now(UTC),
                )
        except WrongDetailError as error:
            show_refusal(form, error)
        else:
            first = listing_questions().all[0]
            return redirect(url_for("catalogue.question", listing_id=listing_id, question=first.key))
    page = render_template("catalogue/new.html", form=form, providers=providers, questions=len(listing_questions().all))
    return page, 422 if form.errors else 200


@bp.route("/offers/<uuid:offer_id>/edit", methods=["GET", "POST"])
@requires(Permission.PROVIDE)
def edit(offer_id: UUID) -> ResponseReturnValue:
    offer = queries.offer_page(db.session, offer_id=OfferId(offer_id), viewer=viewer(), on=today())
    if offer is None or not offer.is_own:
        abort(404)
    form = BeginChangeForm()
    if form.validate_on_submit():
        with transaction() as session:
            listing_id = writing_services.begin_change(session, offer_id=offer.id, by=viewer(), now=datetime.now(UTC))
        return redirect(url_for("catalogue.listing", listing_id=listing_id))
    begun = written.listing_of(db.session, offer_id=offer.id, viewer=viewer())
    page = render_template("catalogue/edit.html", form=form, offer=offer, begun=begun)
    return page, 422 if form.errors else 200


@bp.route("/listings/<uuid:listing_id>", methods=["GET", "POST"])
@requires(Permission.PROVIDE)
def listing(listing_id: UUID) -> ResponseReturnValue:
    page = _own(listing_id)
    form = SendForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                offer_id, status = writing_services.send_listing(
                    session,
                    listing_id=page.id,
                    questions=listing_questions(),
                    gazetteer=gazetteer(),
                    by=viewer(),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash(_SENT.get(status, "Saved."))
            return redirect(url_for("catalogue.offer", offer_id=offer_id))
    if page.is_sent:
        return redirect(url_for("catalogue.offer", offer_id=page.offer_id))
    asked = listing_questions().asked(page.answers)
    names = _names()
    shown = render_template(
        "catalogue/listing.html",
        form=form,
        listing=page,
        line=_line(page),
        rows=[_row(page, question, names) for question in asked],
    )
    return shown, 422 if form.errors else 200


@bp.get("/listings/<uuid:listing_id>/preview")
@requires(Permission.PROVIDE)
def preview(listing_id: UUID) -> ResponseReturnValue:
    page, questions = _own(listing_id), listing_questions()
    if page.is_sent:
        return redirect(url_for("catalogue.offer", offer_id=page.offer_id))
    try:
        details = writing_services.details_of(questions, page.answers, gazetteer=gazetteer())
    except (DomainError, ValueError):
        # Too little is said to draw anything of it.
        return redirect(url_for("catalogue.listing", listing_id=page.id))
    on = today()
    asking = writing_services.asking_of(questions, page.answers, today=on)
    seen = previewed_page(db.session, listing=page, details=details, asking=asking, viewer=viewer(), on=on)
    return draw(seen, on=on, is_preview=True)


@bp.post("/listings/<uuid:listing_id>/give-up")
@requires(Permission.PROVIDE)
def give_up(listing_id: UUID) -> ResponseReturnValue:
    with transaction() as session:
        writing_services.give_up_listing(session, listing_id=ListingId(listing_id), by=viewer())
    flash("Thrown away.")
    return redirect(url_for("catalogue.mine"))


@bp.route("/listings/<uuid:listing_id>/<question>", methods=["GET", "POST"])
@requires(Permission.PROVIDE)
def question(listing_id: UUID, question: str) -> ResponseReturnValue:
    page = _own(listing_id)
    asked = listing_questions().named(question) or abort(404)
    if page.is_sent and request.method == "GET":
        return redirect(url_for("catalogue.offer", offer_id=page.offer_id))
    form = asking_form(asked, answer=page.answers.get(asked.key, {}), around=_around(page, asked))
    if form.validate_on_submit():
        try:
            answer = answer_in(form, asked, gazetteer=gazetteer())
            # Somebody who stops before they have an answer has nothing to put right.
            if any(answer.values()) or not form.later.data:
                with transaction() as session:
                    writing_services.save_answer(
                        session,
                        listing_id=page.id,
                        question=asked,
                        answer=answer,
                        gazetteer=gazetteer(),
                        by=viewer(),
                        now=datetime.now(UTC),
                    )
        except WrongAnswerError as error:
            show_refusal(form, error)
        else:
            return _after(page.id, asked, stops=bool(form.later.data))
    drawn = render_template(
        "catalogue/question.html",
        form=form,
        question=asked,
        listing=page,
        beside=listing_questions().beside(asked, page.answers),
        is_from_check=_is_from_check(),
    )
    return drawn, 422 if form.errors else 200


def _after(listing_id: ListingId, asked: Question, *, stops: bool) -> ResponseReturnValue:
    """Lead on to the next question, or to all that was said; or back to where somebody stopped."""
    if stops:
        flash("Kept. Come back whenever you like.")
        return redirect(url_for("catalogue.listings"))
    answers = _own(listing_id).answers
    if _is_from_check():
        # An answer may lead to questions that were not asked before.
        following = next((q for q in listing_questions().asked(answers) if q.key not in answers), None)
    else:
        following = listing_questions().beside(asked, answers).after
    if following is None:
        return redirect(url_for("catalogue.listing", listing_id=listing_id))
    back = FROM_CHECK if _is_from_check() else None
    return redirect(url_for("catalogue.question", listing_id=listing_id, question=following.key, back=back))


def _is_from_check() -> bool:
    return request.args.get("back") == FROM_CHECK


def _own(listing_id: UUID) -> ListingPage:
    return written.listing_page(db.session, listing_id=ListingId(listing_id), viewer=viewer()) or abort(404)


def _provider_id(typed: str | None) -> ProviderId:
    try:
        return ProviderId(UUID(typed))
    except (ValueError, TypeError) as error:
        raise WrongDetailError("Choose who offers this.", field="provider") from error


def _line(page: ListingPage) -> dict[str, object]:
    """Return how far somebody has come, for a list."""
    asked = listing_questions().asked(page.answers)
    following = listing_questions().first_open(page.answers)
    return {
        "id": page.id,
        "title": str(page.answers.get("title", {}).get("title") or "An offer without a name"),
        "provider": page.provider_name,
        "is_change": page.offer_id is not None,
        "answered": sum(q.key in page.answers for q in asked),
        "of": len(asked),
        "left_out": len(listing_questions().left_out(page.answers)),
        "saved_at": page.saved_at,
        "href": url_for("catalogue.question", listing_id=page.id, question=following.key)
        if following
        else url_for("catalogue.listing", listing_id=page.id),
    }


def _row(page: ListingPage, asked: Question, names: dict[str, str]) -> dict[str, object]:
    href = url_for("catalogue.question", listing_id=page.id, question=asked.key, back=FROM_CHECK)
    said = said_to(asked, page.answers, names=names)
    if asked.kind is AnswerKind.PHOTOS:
        value = escape("You add them once the offer is sent")
    elif said:
        value = Markup("<br>").join(line for text in said for line in text.split("\n"))
    else:
        value = escape("Needs an answer" if asked.is_required else "Nothing said")
    is_open = not said and asked.is_required
    return {
        "key": asked.label,
        "value": Markup("<strong>{}</strong>").format(value) if is_open else value,
        "href": href,
        "action": one_word("Answer") if is_open else one_word("Change"),
    }


def _names() -> dict[str, str]:
    councils = {str(council.code): council.name for council in gazetteer().councils()}
    return written.category_names(db.session) | councils


def _around(page: ListingPage, asked: Question) -> Around:
    options: tuple[Option, ...] = ()
    if asked.takes_categories:
        shelves = queries.categories(db.session)
        options = tuple(Option(str(shelf.slug), shelf.name, shelf.name) for shelf in shelves)
    elif asked.kind is AnswerKind.COUNCILS:
        options = _councils_near(page)
    return Around(options=options, unit=unit_of(page.answers), has_offer=page.offer_id is not None)


def _councils_near(page: ListingPage) -> tuple[Option, ...]:
    """Return the councils that a provider may serve: its own first, those around it, and those it has named."""
    known = gazetteer().councils()
    if page.provider_point is not None:
        here = page.provider_point
        known.sort(
            key=lambda one: (one.code != page.provider_council, here.distance_to(gazetteer().find(one.name).point))
        )
    near = known[:NEAREST_COUNCILS] if page.provider_point is not None else []
    chosen = [gazetteer().council(CouncilCode(code)) for code in many(page.answers, "councils")]
    return tuple(Option(str(one.code), one.name, one.name) for one in dict.fromkeys([*near, *chosen]))
