"""Pages about demand: a council's own figures, and how they are made."""

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.demand import queries, rules, services
from marketplace.demand.rules import Quarter
from marketplace.kit.db import db, transaction
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.places import CouncilCode

bp = Blueprint("demand", __name__, url_prefix="/demand", template_folder="templates")


@bp.get("")
@requires(Permission.READ_DEMAND)
def show() -> ResponseReturnValue:
    asked_for = request.args.get("quarter")
    page = queries.release_page(db.session, viewer=viewer(), quarter=_quarter(asked_for) if asked_for else None)
    if page is None and asked_for:
        abort(404)
    council = gazetteer().council(viewer().council or abort(404))
    return render_template("demand/show.html", page=page, council=council)


@bp.get("/method")
@public
def method() -> ResponseReturnValue:
    return render_template(
        "demand/method.html",
        threshold=rules.THRESHOLD,
        round_to=rules.ROUND_TO,
        fewest_providers=rules.FEWEST_PROVIDERS,
    )


@bp.get("/<council>/<quarter>.csv")
@requires(Permission.READ_DEMAND)
def download(council: str, quarter: str) -> ResponseReturnValue:
    # The one GET that writes: who downloaded what is part of the promise that no figure leaves unseen.
    with transaction() as session:
        found = services.download_release(
            session,
            viewer=viewer(),
            council=CouncilCode(council),
            quarter=_quarter(quarter),
            now=datetime.now(UTC),
        )
    response: Response = make_response(found.content)
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = f'attachment; filename="demand-{found.council}-{found.quarter.slug}.csv"'
    response.set_etag(found.sha256)
    response.cache_control.private = True
    response.cache_control.no_cache = True
    return response.make_conditional(request)


def _quarter(slug: str) -> Quarter:
    try:
        return Quarter.from_slug(slug)
    except ValueError:
        abort(404)
