"""The page of one offer."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public, viewer
from marketplace.catalogue import queries
from marketplace.catalogue.queries import OfferPage
from marketplace.catalogue.rules import OfferId
from marketplace.catalogue.rules.evidence import Evidence
from marketplace.catalogue.views import told
from marketplace.catalogue.views.blueprint import bp
from marketplace.catalogue.views.described import json_ld
from marketplace.catalogue.views.safety import safety_shown
from marketplace.catalogue.views.shortlist import button_of
from marketplace.catalogue.views.shown import today
from marketplace.kit.db import db
from marketplace.kit.pages import page_number
from marketplace.pooling import queries as pooling
from marketplace.ratings import queries as ratings
from marketplace.ratings.queries.likeness import people_like_me
from marketplace.ratings.queries.quality import latest_quality_checks
from marketplace.ratings.queries.rated import rated_answers, rated_offer


@bp.get("/offers/<uuid:offer_id>")
@public
def offer(offer_id: UUID) -> ResponseReturnValue:
    wanted, on = OfferId(offer_id), today()
    page = queries.offer_page(db.session, offer_id=wanted, viewer=viewer(), on=on) or abort(404)
    return draw(page, on=on)


def draw(page: OfferPage, *, on: date, is_preview: bool = False) -> str:
    """Return the page of an offer, drawn; as a preview, for its provider, before it is one."""
    wanted = page.id
    reviews = ratings.reviews_of(
        db.session, offer_id=wanted, viewer=viewer(), page=page_number(request.args.get("page"))
    )
    rating = rated_offer(db.session, offer_id=wanted)
    return render_template(
        "catalogue/offer.html",
        offer=page,
        is_preview=is_preview,
        labels=told.labels(),
        card=told.price_card(page),
        ladder=told.ladder_shown(page.ladder),
        space=told.space_shown(page, on=on),
        freshness=told.freshness_shown(page, on=on),
        week=told.week_shown(page),
        parts=told.PARTS,
        where=told.where_rows(page),
        about=told.about_rows(page),
        provider_facts=told.kind_said(page.provider),
        rating=rating,
        answers=rated_answers(db.session, offer_id=wanted),
        people_like_me=people_like_me(db.session, offer_id=wanted, viewer=viewer()),
        evidence=_evidence(page, on=on, is_preview=is_preview),
        safety=safety_shown(
            category=page.category, provider=page.provider.kind, council=page.council, standing=page.cqc_standing
        ),
        photos=queries.photos_of(db.session, offer_id=wanted, viewer=viewer()),
        json_ld=json_ld(page, rating=rating),
        also_listed=page.also_listed,
        shortlist=button_of(page),
        reviews=reviews,
        quality=latest_quality_checks(db.session, provider_id=page.provider.id, now=datetime.now(UTC)),
        quality_provider=page.provider.id,
        pools=pooling.pools_on(db.session, offer_id=wanted, now=datetime.now(UTC)),
        reviews_href=url_for("catalogue.offer", offer_id=wanted) + "?page=",
    )


def _evidence(page: OfferPage, *, on: date, is_preview: bool) -> Sequence[Evidence]:
    if is_preview:
        # There is no offer yet, but its provider has been looked at or not.
        provider_id = page.provider.id
        return queries.evidence_of(db.session, provider_ids=[provider_id], on=on).get(provider_id, ())
    return queries.evidence_on_offers(db.session, offer_ids=[page.id], on=on).get(page.id, ())
