"""The page of one offer."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public, viewer
from marketplace.catalogue import queries
from marketplace.catalogue.rules import OfferId
from marketplace.catalogue.views import told
from marketplace.catalogue.views.blueprint import bp
from marketplace.catalogue.views.shown import rating_shown, today
from marketplace.kit.db import db
from marketplace.kit.pages import page_number
from marketplace.pooling import queries as pooling
from marketplace.ratings import queries as ratings


@bp.get("/offers/<uuid:offer_id>")
@public
def offer(offer_id: UUID) -> ResponseReturnValue:
    wanted, on = OfferId(offer_id), today()
    page = queries.offer_page(db.session, offer_id=wanted, viewer=viewer(), on=on) or abort(404)
    reviews = ratings.reviews_of(
        db.session, offer_id=wanted, viewer=viewer(), page=page_number(request.args.get("page"))
    )
    summary = ratings.summaries_for(db.session, offer_ids=[wanted]).get(wanted)
    return render_template(
        "catalogue/offer.html",
        offer=page,
        card=told.price_card(page),
        ladder=told.ladder_shown(page.ladder),
        space=told.space_shown(page, on=on),
        freshness=told.freshness_shown(page, on=on),
        week=told.week_shown(page),
        parts=told.PARTS,
        where=told.where_rows(page),
        about=told.about_rows(page),
        provider_facts=told.kind_said(page.provider),
        rating=rating_shown(summary, has_spread=True),
        reviews=reviews,
        pools=pooling.pools_on(db.session, offer_id=wanted, now=datetime.now(UTC)),
        reviews_href=url_for("catalogue.offer", offer_id=wanted) + "?page=",
    )
