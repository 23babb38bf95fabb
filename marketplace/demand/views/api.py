"""Figures for a council's own programs: JSON, read only, asked for with a token that a commissioner made."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from http.client import NOT_MODIFIED
from typing import Any

from flask import Blueprint, Response, abort, g, request
from flask.typing import ResponseReturnValue
from flask_limiter.errors import RateLimitExceeded
from werkzeug.exceptions import HTTPException

from marketplace.accounts.access import public
from marketplace.accounts.rules import Permission
from marketplace.demand.queries import released, tokens, whole
from marketplace.demand.queries.released import ReleaseLine
from marketplace.demand.queries.tokens import Bearer
from marketplace.demand.rules import machine
from marketplace.demand.rules.files import FORMS
from marketplace.demand.rules.nouns import FileKind
from marketplace.demand.rules.openapi import described
from marketplace.demand.services import downloading
from marketplace.demand.views.downloads import publisher, quarter_of
from marketplace.demand.views.streams import streamed
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError, NotFoundError
from marketplace.kit.limits import FIGURES, limiter
from marketplace.kit.regions import AreaCode, ladder_of

PREFIX = "/api/demand"
_PROBLEM = "application/problem+json"
_BEARER = "Bearer "

bp = Blueprint("demand_api", __name__, url_prefix=PREFIX)

limiter.limit(FIGURES)(bp)

WORDS = {
    400: ("That could not be read", "Look at /api/demand/openapi.json for what can be asked, and how."),
    401: (
        "A token is needed",
        "Send the header “Authorization: Bearer” with a token that works. A commissioner makes one at /demand/tokens.",
    ),
    403: ("This token reads no figures now", "Whoever made it is not a commissioner of a council any more."),
    404: ("There is nothing at this address", "Look at /api/demand/openapi.json for what can be asked, and how."),
    405: ("These figures are only read", "Use GET."),
    429: ("You have asked very often", "Wait as many seconds as Retry-After says, then go on where you were."),
    500: ("Something went wrong here", "It is our fault, and we have been told. Try again in a few minutes."),
}


class _NoTokenError(Exception):
    """A request without a token that works."""


def _with_token(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Answer only whoever asks with a token that works. A cookie is no token: it opens nothing here."""

    @public
    @wraps(view)
    def wrapped(*args: Any, **given: Any) -> ResponseReturnValue:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        found = tokens.bearer(db.session, token=token.strip(), now=datetime.now(UTC))
        if kind.lower() != "bearer" or found is None:
            raise _NoTokenError
        if not found.viewer.may(Permission.READ_DEMAND) or found.viewer.council is None:
            abort(403)
        g.bearer = found
        return view(*args, **given)

    return wrapped


@bp.get("/openapi.json")
@public
def openapi() -> ResponseReturnValue:
    return _json(described(page_address("demand_api.about"), publisher()), "public, max-age=3600")


@bp.get("/v1")
@public
def about() -> ResponseReturnValue:
    return _json(
        {
            "name": f"Demand for support, by {publisher().name}",
            "description": page_address("demand_api.openapi"),
            "method": page_address("demand.method"),
            "releases": page_address("demand_api.releases"),
        },
        "public, max-age=3600",
    )


@bp.get("/v1/releases")
@public
def releases() -> ResponseReturnValue:
    return _json({"releases": [_release(line) for line in released.releases(db.session)]}, "public, max-age=60")


@bp.get("/v1/areas")
@_with_token
def areas() -> ResponseReturnValue:
    ladder, quarters = _ladder(), released.released_quarters(db.session)
    newest = released.figures_of(db.session, areas=ladder, quarters=quarters[:1])
    return _json(machine.areas([figures.area for figures in newest.values()], quarters))


@bp.get("/v1/tables")
@_with_token
def tables() -> ResponseReturnValue:
    ladder, quarters = _ladder(), released.released_quarters(db.session)
    newest = released.figures_of(db.session, areas=ladder[:1], quarters=quarters[:1])
    return _json(machine.tables(next(iter(newest.values()), None)))


@bp.get("/v1/figures/<area>/<quarter>")
@_with_token
def figures(area: str, quarter: str) -> ResponseReturnValue:
    return _figures(area, quarter, None)


@bp.get("/v1/figures/<area>/<quarter>/<table>")
@_with_token
def table(area: str, quarter: str, table: str) -> ResponseReturnValue:
    return _figures(area, quarter, table)


@bp.get("/v1/everything.csv")
@_with_token
def everything_csv() -> ResponseReturnValue:
    return everything(FORMS[FileKind.CSV].media_type, whole.as_one_csv)


@bp.get("/v1/everything.ndjson")
@_with_token
def everything_ndjson() -> ResponseReturnValue:
    return everything("application/x-ndjson", whole.as_lines)


@bp.route("/", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], defaults={"rest": ""})
@bp.route("/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@public
def nothing(rest: str) -> ResponseReturnValue:
    """Answer for every other address: a program that strays should be told in its own language."""
    return _problem(404 if request.method in {"GET", "HEAD"} else 405)


# ---------------------------------------------------------------- answers


def everything(media_type: str, lines: Callable[..., Any]) -> Response:
    """Return every figure of whoever asks with a token, sent file by file."""
    asking: Bearer = g.bearer
    with transaction() as session:
        file_ids = downloading.take_everything(
            session, viewer=asking.viewer, now=datetime.now(UTC), token_id=asking.token_id
        )
    return streamed(lines, file_ids=file_ids, media_type=media_type)


def _release(line: ReleaseLine) -> machine.Json:
    return {
        "quarter": line.quarter.slug,
        "built_at": line.built_at.isoformat(),
        "method": line.method,
        "sha256": line.sha256,
        "figures_shown": line.shown,
        "figures_not_shown": line.hidden,
        "page": page_address("demand.release", {"quarter": line.quarter.slug}),
    }


def _ladder() -> tuple[AreaCode, ...]:
    asking: Bearer = g.bearer
    return ladder_of(asking.viewer.council or abort(403))


def _figures(area: str, quarter: str, table: str | None) -> Response:
    asking: Bearer = g.bearer
    file = downloading.ready_file(
        db.session,
        viewer=asking.viewer,
        area=AreaCode(area),
        quarter=quarter_of(quarter),
        kind=FileKind.JSON,
        publisher=publisher(),
    )
    content = file.content if table is None else _part(file.content, table)
    response = Response(content, mimetype="application/json", headers={"Cache-Control": "private, no-cache"})
    response.set_etag(file.sha256)
    response.make_conditional(request)
    if response.status_code != NOT_MODIFIED and request.method != "HEAD":
        with transaction() as session:
            downloading.take_away(
                session, viewer=asking.viewer, file=file, now=datetime.now(UTC), token_id=asking.token_id
            )
    return response


def _part(content: bytes, table: str) -> bytes:
    whole_area = json.loads(content)
    found = [one for one in whole_area["tables"] if one["code"] == table] or abort(404)
    return machine.written(whole_area | {"tables": found})


def _json(said: Any, caching: str = "private, no-cache") -> Response:
    return Response(machine.written(said), mimetype="application/json", headers={"Cache-Control": caching})


def _problem(status: int, detail: str = "") -> Response:
    title, words = WORDS.get(status, WORDS[400])
    said = {"type": "about:blank", "title": title, "status": status, "detail": detail or words}
    response = Response(machine.written(said), status, mimetype=_PROBLEM, headers={"Cache-Control": "no-store"})
    if status == 401:  # noqa: PLR2004
        response.headers["WWW-Authenticate"] = 'Bearer realm="demand"'
    return response


# ---------------------------------------------------------------- refusals


def _no_token(_error: _NoTokenError) -> Response:
    return _problem(401)


def _refused(error: DomainError) -> Response:
    return _problem(404 if isinstance(error, NotFoundError) else 503, str(error))


def _stopped(error: HTTPException) -> Response:
    response = _problem(error.code or 400)
    response.headers.extend((name, value) for name, value in error.get_headers() if name != "Content-Type")
    if isinstance(error, RateLimitExceeded):
        limit = limiter.current_limit
        wait = max(1, round(limit.reset_at - time.time())) if limit else 60
        response.headers["Retry-After"] = str(wait)
    return response


bp.register_error_handler(_NoTokenError, _no_token)
bp.register_error_handler(DomainError, _refused)
for _code in WORDS:
    bp.register_error_handler(_code, _stopped)


@bp.before_app_request
def _not_found_at_all() -> Response | None:
    """Answer in words for programs before Flask shows a page: no view, so no blueprint, was found."""
    stopped = request.routing_exception
    if stopped is None or (stopped.code or 0) < 400 or not request.path.startswith(f"{PREFIX}/"):  # noqa: PLR2004
        return None
    return _stopped(stopped)
