"""Easy Read: the guides that anybody can read and print."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public
from marketplace.web.rules.guides import GUIDES, guide_after, guide_named
from marketplace.web.views.blueprint import bp


@bp.get("/easy-read")
@public
def easy_guides() -> ResponseReturnValue:
    return render_template("web/easy_guides.html", guides=GUIDES)


@bp.get("/easy-read/<slug>")
@public
def easy_guide(slug: str) -> ResponseReturnValue:
    guide = guide_named(slug)
    if guide is None:
        abort(404)
    return render_template(guide.template, guide=guide, following=guide_after(guide))
