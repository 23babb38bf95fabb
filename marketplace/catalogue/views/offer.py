"""The page of one offer."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public, viewer
from marketplace.catalogue import queries
from marketplace.catalogue.queries import OfferPage
from marketplace.catalogue.rules import OfferId, ProviderKind, Setting
from marketplace.catalogue.views.blueprint import bp
from marketplace.catalogue.views.shown import council_name, price_shown, rating_shown, reach, today
from marketplace.kit.db import db
from marketplace.kit.pages import page_number
from marketplace.pooling import queries as pooling
from marketplace.ratings import queries as ratings


@bp.get("/offers/<uuid:offer_id>")
@public
def offer(offer_id: UUID) -> ResponseReturnValue:
    wanted = OfferId(offer_id)
    page = queries.offer_page(db.session, offer_id=wanted, viewer=viewer(), on=today()) or abort(404)
    reviews = ratings.reviews_of(
        db.session, offer_id=wanted, viewer=viewer(), page=page_number(request.args.get("page"))
    )
    summary = ratings.summaries_for(db.session, offer_ids=[wanted]).get(wanted)
    return render_template(
        "catalogue/offer.html",
        offer=page,
        facts=_facts(page),
        price=price_shown(is_free=page.is_free, price=page.price, group_price=page.group_price),
        rating=rating_shown(summary, has_spread=True),
        reviews=reviews,
        pools=pooling.pools_on(db.session, offer_id=wanted, now=datetime.now(UTC)),
        provider_facts=_provider_facts(page),
        reviews_href=url_for("catalogue.offer", offer_id=wanted) + "?page=",
    )


def _facts(offer: OfferPage) -> list[dict[str, str]]:
    """Return where it happens, as rows of a summary list."""
    area = ", ".join(part for part in (offer.postcode, council_name(offer.council)) if part)
    where = offer.setting.words
    if offer.setting is Setting.AT_HOME:
        where += reach(offer.travels_metres, area)
    rows = [{"key": "Where", "value": where}]
    if offer.setting is Setting.AT_PLACE:
        address = ", ".join(part for part in (offer.address, offer.postcode) if part)
        rows.append({"key": "Address", "value": address or "Ask them where it is"})
        if offer.council:
            rows.append({"key": "Area", "value": council_name(offer.council)})
    return rows


def _provider_facts(offer: OfferPage) -> str:
    """Return in one sentence what sort of body provides it."""
    provider = offer.provider
    if provider.kind is ProviderKind.MICRO_PROVIDER and provider.staff_fte is not None:
        number = f"{provider.staff_fte.normalize():f}"
        people = "person" if provider.staff_fte == 1 else "people"
        return f"A small independent provider, with as much working time as {number} full-time {people}."
    if provider.kind is ProviderKind.USER_LED_ORGANISATION:
        return f"Run by people who use support: {provider.board_share} in every 100 on its board do."
    return "Open to everyone. Nobody has to be assessed first."
