"""What a provider does with its own offers: list, change, send, take down, put back."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import requires, signed_in, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue import queries, services
from marketplace.catalogue.forms import FREE, PRICED, OfferForm
from marketplace.catalogue.queries import OfferPage
from marketplace.catalogue.rules import (
    AccessFact,
    Asking,
    CategorySlug,
    OfferDetails,
    OfferId,
    OfferStatus,
    ProviderId,
    Setting,
    Unit,
)
from marketplace.catalogue.services import WrongDetailError
from marketplace.catalogue.views.blueprint import bp
from marketplace.catalogue.views.shown import price_shown, today
from marketplace.kit.db import db, transaction
from marketplace.kit.fields import choices
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.pages import page_number
from marketplace.kit.places import MILE, Place, UnknownPlaceError, miles
from marketplace.kit.refusals import show_refusal


@bp.get("/offers/mine")
@requires(Permission.PROVIDE)
def mine() -> ResponseReturnValue:
    page = queries.my_offers(db.session, viewer=viewer(), on=today(), page=page_number(request.args.get("page")))
    return render_template(
        "catalogue/mine.html",
        page=page,
        providers=queries.my_providers(db.session, viewer=viewer()),
        prices={
            offer.id: price_shown(is_free=offer.is_free, price=offer.price, group_price=offer.group_price)
            for offer in page.offers
        },
    )


@bp.route("/offers/new", methods=["GET", "POST"])
@signed_in
def new() -> ResponseReturnValue:
    providers = queries.my_providers(db.session, viewer=viewer())
    if not providers:
        return redirect(url_for("catalogue.found_provider"))
    form = OfferForm(provider=request.args.get("provider"))
    form.provider.choices = choices((str(provider.id), provider.name) for provider in providers)
    form.category.choices = choices(_category_choices())
    if form.validate_on_submit():
        try:
            details = _details(form)
            with transaction() as session:
                offer_id = services.list_offer(
                    session,
                    key=OfferId(form.key.key),
                    provider_id=_provider_id(form.provider.data),
                    details=details,
                    asking=_asking(form),
                    by=viewer(),
                    now=datetime.now(UTC),
                )
        except WrongDetailError as error:
            show_refusal(form, error)
        else:
            flash("Saved as a draft. Read it as others will, then send it to us.")
            return redirect(url_for("catalogue.offer", offer_id=offer_id))
    return render_template("catalogue/new.html", form=form, providers=providers), 422 if form.errors else 200


@bp.route("/offers/<uuid:offer_id>/edit", methods=["GET", "POST"])
@requires(Permission.PROVIDE)
def edit(offer_id: UUID) -> ResponseReturnValue:
    offer = queries.offer_page(db.session, offer_id=OfferId(offer_id), viewer=viewer(), on=today())
    if offer is None or not offer.is_own:
        abort(404)
    form = OfferForm(data=_as_typed(offer))
    form.category.choices = choices(_category_choices())
    if form.validate_on_submit():
        try:
            details = _details(form)
            with transaction() as session:
                status = services.edit_offer(
                    session,
                    offer_id=offer.id,
                    details=details,
                    asking=_asking(form),
                    by=viewer(),
                    now=datetime.now(UTC),
                )
        except WrongDetailError as error:
            show_refusal(form, error)
        else:
            was_live = offer.status is OfferStatus.LIVE and status is not OfferStatus.LIVE
            flash("Saved. We read the new words before they are shown again." if was_live else "Saved.")
            return redirect(url_for("catalogue.offer", offer_id=offer.id))
    return render_template("catalogue/edit.html", form=form, offer=offer), 422 if form.errors else 200


@bp.post("/offers/<uuid:offer_id>/submit")
@requires(Permission.PROVIDE)
def submit(offer_id: UUID) -> ResponseReturnValue:
    return _step(offer_id, services.submit_offer, "Sent. We read it and write to you, most often within two days.")


@bp.post("/offers/<uuid:offer_id>/unlist")
@requires(Permission.PROVIDE)
def unlist(offer_id: UUID) -> ResponseReturnValue:
    return _step(offer_id, services.unlist_offer, "Taken down. Nobody finds it now. You can put it back any time.")


@bp.post("/offers/<uuid:offer_id>/relist")
@requires(Permission.PROVIDE)
def relist(offer_id: UUID) -> ResponseReturnValue:
    return _step(offer_id, services.relist_offer, "Put back. People find it again from now on.")


def _step(offer_id: UUID, service: Callable[..., None], done: str) -> ResponseReturnValue:
    try:
        with transaction() as session:
            service(session, offer_id=OfferId(offer_id), by=viewer(), now=datetime.now(UTC))
    except WrongDetailError as error:
        # A button has no field to put the sentence beside, but the form that can mend it has.
        flash(str(error))
        return redirect(url_for("catalogue.edit", offer_id=offer_id))
    flash(done)
    return redirect(url_for("catalogue.offer", offer_id=offer_id))


def _category_choices() -> list[tuple[str, str]]:
    return [("", "Choose one"), *((str(shelf.slug), shelf.name) for shelf in queries.categories(db.session))]


def _provider_id(typed: str) -> ProviderId:
    try:
        return ProviderId(UUID(typed))
    except ValueError as error:
        raise WrongDetailError("Choose who offers this.", field="provider") from error


def _as_typed(offer: OfferPage) -> dict[str, Any]:
    """Return an offer as its form holds it."""
    price, group = offer.price or offer.next_price, offer.group_price
    at_place = offer.setting is Setting.AT_PLACE
    return {
        "title": offer.title,
        "category": offer.category,
        "description": offer.description,
        "setting": str(offer.setting),
        "travels_miles": round(miles(offer.travels_metres)) if offer.travels_metres else None,
        "place": offer.postcode if at_place else "",
        "address": offer.address,
        "cost": FREE if offer.is_free else PRICED,
        "amount": price.amount if price else None,
        "unit": str(price.unit) if price else Unit.HOUR,
        "group_amount": group.amount if group else None,
        "group_from": group.people_from if group else None,
        "access": [str(fact) for fact in offer.access],
    }


def _details(form: OfferForm) -> OfferDetails:
    setting = Setting(form.setting.data)
    return OfferDetails(
        title=form.title.data or "",
        category=CategorySlug(form.category.data),
        description=form.description.data or "",
        setting=setting,
        is_free=form.cost.data == FREE,
        place=_place(form.place.data) if setting is Setting.AT_PLACE else None,
        address=form.address.data or "",
        travels_metres=None if form.travels_miles.data is None else round(form.travels_miles.data * MILE),
        access=frozenset(AccessFact(fact) for fact in form.access.data or ()),
    )


def _place(typed: str | None) -> Place | None:
    try:
        return gazetteer().find(typed) if typed else None
    except UnknownPlaceError as error:
        raise WrongDetailError(str(error), field="place") from error


def _asking(form: OfferForm) -> Asking | None:
    if form.cost.data == FREE or form.amount.data is None:
        return None
    return Asking(
        amount=form.amount.data,
        unit=Unit(form.unit.data),
        begins_on=form.begins_on.data or today(),
        group_amount=form.group_amount.data,
        group_from=form.group_from.data,
    )
