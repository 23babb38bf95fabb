"""What machines ask: does the process live, can the site serve everybody, and how does it do?"""

import hmac
import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path

from flask import Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public
from marketplace.kit import metrics
from marketplace.kit.db import db, stop_reading
from marketplace.kit.outages import outage_of
from marketplace.kit.sentences import worded
from marketplace.kit.tries import CountError
from marketplace.web.queries import readiness
from marketplace.web.queries.figures import figures
from marketplace.web.views.blueprint import bp

_HEAD = Path(__file__).parents[3] / "migrations" / ".head"
_LEAST_ROOM = 200 * 1024 * 1024
_asking = threading.Lock()


@bp.get("/health/live")
@public
def live() -> ResponseReturnValue:
    return _plain("ok", 200)


@bp.get("/health/ready")
@public
def ready() -> ResponseReturnValue:
    missing = [*_database(), *_files()]
    return _plain("\n".join(missing) or "ok", 503 if missing else 200)


@bp.get("/metrics")
@public
def read_metrics() -> ResponseReturnValue:
    token = current_app.config["METRICS_TOKEN"]
    said = request.headers.get("Authorization", "")
    if not token or not hmac.compare_digest(said.encode(), worded("Bearer {token}", token=token).encode()):
        abort(404)
    with _asking:  # One after another: many who ask at once are no reason to ask the database more often at once.
        body = metrics.written(figures(db.session, now=datetime.now(UTC)))
    return Response(body, mimetype="text/plain; version=0.0.4", headers={"Cache-Control": "no-store"})


def _database() -> list[str]:
    try:
        found = [
            *readiness.of_tables(db.session, wanted=_HEAD.read_text().strip()),
            *readiness.of_index(db.session),
            *readiness.of_jobs(db.session, now=datetime.now(UTC)),
        ]
    except Exception as error:  # noqa: BLE001 - whatever it is, the database did not answer
        outage_of(error)
        return ["The database does not answer."]
    stop_reading()
    try:
        current_app.extensions["tries"].add("health", lasts=60)
    except CountError as error:
        # That somebody else writes at this moment says that one can.
        busy = getattr(error.__cause__, "sqlite_errorname", None) or getattr(error.__cause__, "sqlstate", None)
        if busy not in {"SQLITE_BUSY", "55P03"}:
            found.append("The database keeps nothing.")
    return found


def _files() -> list[str]:
    missing = []
    if not Path(current_app.config["PLACES_PATH"]).is_file():
        missing.append("The postcode file is not there.")
    if not (Path(str(current_app.static_folder)) / "manifest.json").is_file():
        missing.append("The style sheet is not built.")
    url = db.engine.url
    if url.get_backend_name() == "sqlite" and url.database and Path(url.database).is_file():
        room = shutil.disk_usage(Path(url.database).parent).free
        if room < _LEAST_ROOM:
            missing.append(worded("There are {room} MB left on the disk of the database.", room=room // 1_000_000))
    return missing


def _plain(words: str, status: int) -> Response:
    return Response(f"{words}\n", status, mimetype="text/plain", headers={"Cache-Control": "no-store"})
