"""What a provider does with offers it has: see them, send them, take them down, put them back."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.catalogue import queries, services
from marketplace.catalogue.queries.writing import my_listings
from marketplace.catalogue.rules import OfferId
from marketplace.catalogue.services import WrongDetailError
from marketplace.catalogue.views.blueprint import bp
from marketplace.catalogue.views.shown import price_shown, today
from marketplace.kit import hiding
from marketplace.kit.db import db, transaction
from marketplace.kit.pages import page_number
from marketplace.web.queries.starting import HIDDEN, first_steps


@bp.get("/offers/mine")
@requires(Permission.PROVIDE)
def mine() -> ResponseReturnValue:
    page = queries.my_offers(db.session, viewer=viewer(), on=today(), page=page_number(request.args.get("page")))
    return render_template(
        "catalogue/mine.html",
        page=page,
        start=next((one for one in first_steps(db.session, viewer=viewer()) if one.left), None),
        shows_start=not hiding.is_hidden(HIDDEN, of=me()),
        providers=queries.my_providers(db.session, viewer=viewer()),
        begun=len(my_listings(db.session, viewer=viewer())),
        prices={
            offer.id: price_shown(is_free=offer.is_free, price=offer.price, group_price=offer.group_price)
            for offer in page.offers
        },
    )


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
