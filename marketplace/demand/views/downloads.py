"""Taking figures away."""

from datetime import UTC, datetime
from http.client import NOT_MODIFIED

from flask import Response, abort, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.demand.queries import ledger, whole
from marketplace.demand.rules.files import FORMS, Publisher, file_name, kind_of
from marketplace.demand.rules.nouns import FileKind
from marketplace.demand.services import downloading
from marketplace.demand.views.areas import names_of
from marketplace.demand.views.blueprint import bp
from marketplace.demand.views.streams import streamed
from marketplace.kit.db import db, transaction
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import AreaCode, ladder_of


@bp.get("/demand/downloads")
@requires(Permission.READ_DEMAND)
def downloads() -> ResponseReturnValue:
    ladder = ladder_of(viewer().council or abort(404))
    return render_template(
        "demand/downloads.html",
        quarters=ledger.areas_released(db.session, areas=ladder),
        names=names_of(ladder),
        forms=FORMS,
        early={FileKind.CSV: FORMS[FileKind.CSV]},
    )


@bp.get("/demand/downloads/everything.csv")
@requires(Permission.READ_DEMAND)
def everything() -> ResponseReturnValue:
    with transaction() as session:
        file_ids = downloading.take_everything(session, viewer=viewer(), now=datetime.now(UTC))
    response = streamed(whole.as_one_csv, file_ids=file_ids, media_type=FORMS[FileKind.CSV].media_type)
    response.headers["Content-Disposition"] = 'attachment; filename="demand-everything.csv"'
    return response


@bp.get("/demand/files/demand-<string(length=9):area>-<string(length=7):quarter>.<form>")
@requires(Permission.READ_DEMAND)
def download(area: str, quarter: str, form: str) -> ResponseReturnValue:
    kind = kind_of(form) or abort(404)
    file = downloading.ready_file(
        db.session,
        viewer=viewer(),
        area=AreaCode(area),
        quarter=quarter_of(quarter),
        kind=kind,
        publisher=publisher(),
    )
    response = _answer(file)
    if response.status_code == NOT_MODIFIED or request.method == "HEAD":
        return response
    # The one GET that writes: who downloaded what is part of the promise that no figure leaves unseen.
    with transaction() as session:
        content = downloading.take_away(session, viewer=viewer(), file=file, now=datetime.now(UTC))
    response.set_data(content)
    return response


def publisher() -> Publisher:
    """Return who we are to those who read a file elsewhere."""
    return Publisher(
        name=current_app.config["SITE_NAME"],
        address=str(current_app.config["SITE_URL"]).rstrip("/"),
        email=current_app.config["CONTACT_EMAIL"],
    )


def quarter_of(slug: str) -> Quarter:
    """Return the quarter that an address names, or answer that there is none."""
    try:
        return Quarter.from_slug(slug)
    except ValueError:
        abort(404)


def _answer(file: downloading.ReadyFile) -> Response:
    form = FORMS[file.kind]
    response: Response = make_response(file.content)
    response.mimetype = form.media_type
    name = file_name(file.area, file.quarter, file.kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if file.kind is FileKind.CSV:
        described = FORMS[FileKind.CSVW]
        link = url_for("demand.download", area=file.area, quarter=file.quarter.slug, form=described.suffix)
        response.headers["Link"] = f'<{link}>; rel="describedby"; type="{described.media_type}"'
    response.set_etag(file.sha256)
    response.cache_control.private = True
    response.cache_control.no_cache = True
    response.make_conditional(request)
    return response
