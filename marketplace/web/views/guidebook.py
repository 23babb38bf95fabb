"""Guides that anybody may read: the same words as in docs/guides."""

import re

from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public
from marketplace.kit.markdown import Written
from marketplace.web.gateways.guidebook import PICTURES, read_guide
from marketplace.web.rules.guidebook import SHELVES, SLUGS
from marketplace.web.views.blueprint import bp

_NAME = re.compile(r"[a-z-]+-(1280|320)\.png")
_DAY = 24 * 60 * 60


@bp.get("/guides")
@public
def guides() -> ResponseReturnValue:
    shelves = [(title, [(slug, _guide(slug)) for slug in slugs]) for title, slugs in SHELVES]
    return render_template("web/guides.html", shelves=shelves)


@bp.get("/guides/<slug>")
@public
def guide(slug: str) -> ResponseReturnValue:
    if slug not in SLUGS:
        abort(404)
    place = SLUGS.index(slug) + 1
    following = SLUGS[place] if place < len(SLUGS) else None
    return render_template(
        "web/guide.html", guide=_guide(slug), following=(following, _guide(following)) if following else None
    )


@bp.get("/guides/pictures/<name>")
@public
def guide_picture(name: str) -> ResponseReturnValue:
    path = PICTURES / name
    if not _NAME.fullmatch(name) or not path.is_file():
        abort(404)
    response = Response(path.read_bytes(), mimetype=f"image/{path.suffix[1:]}")
    response.headers["Cache-Control"] = f"public, max-age={_DAY}"
    return response


def _guide(slug: str) -> Written:
    return read_guide(slug, at=url_for(".guides"))
