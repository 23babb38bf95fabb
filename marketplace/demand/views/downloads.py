"""Taking figures away."""

from datetime import UTC, datetime

from flask import Response, abort, make_response, request
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.demand.rules.nouns import FileKind
from marketplace.demand.services import downloading
from marketplace.demand.views.blueprint import bp
from marketplace.kit.db import transaction
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import AreaCode


@bp.get("/demand/<area>/<quarter>.csv")
@requires(Permission.READ_DEMAND)
def download(area: str, quarter: str) -> ResponseReturnValue:
    # The one GET that writes: who downloaded what is part of the promise that no figure leaves unseen.
    with transaction() as session:
        found = downloading.take_away(
            session,
            viewer=viewer(),
            area=AreaCode(area),
            quarter=_quarter(quarter),
            kind=FileKind.CSV,
            now=datetime.now(UTC),
        )
    response: Response = make_response(found.content)
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = f'attachment; filename="demand-{area}-{quarter}.csv"'
    response.set_etag(found.sha256)
    response.cache_control.private = True
    response.cache_control.no_cache = True
    return response.make_conditional(request)


def _quarter(slug: str) -> Quarter:
    try:
        return Quarter.from_slug(slug)
    except ValueError:
        abort(404)
