"""How the number of one offer is worked out, and its place: the very sum, for anybody who asks."""

from uuid import UUID

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public
from marketplace.catalogue.rules import OfferId
from marketplace.kit.db import db
from marketplace.ratings.queries import rated
from marketplace.ratings.rules import scoring
from marketplace.ratings.views.blueprint import bp


@bp.get("/about/<uuid:offer_id>/worked-out")
@public
def worked_out(offer_id: UUID) -> ResponseReturnValue:
    page = rated.worked_out(db.session, offer_id=OfferId(offer_id)) or abort(404)
    return render_template("ratings/worked_out.html", page=page, rules=scoring)
