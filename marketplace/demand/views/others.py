"""What others bought and what worked: what councils learn, given back to the people it comes from."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public, viewer
from marketplace.demand.queries.others import what_others_bought
from marketplace.demand.rules import disclosure, sentences
from marketplace.demand.views.blueprint import bp
from marketplace.kit.db import db
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.places import UnknownPlaceError
from marketplace.kit.text import tidy_line

_LONGEST_PLACE = 100


@bp.get("/what-others-bought")
@public
def others() -> ResponseReturnValue:
    typed, council, problem = tidy_line(request.args.get("near"))[:_LONGEST_PLACE], None, ""
    if typed:
        try:
            council = gazetteer().find(typed).council
        except UnknownPlaceError as error:
            problem = str(error)
    elif "near" not in request.args:
        council = viewer().council
    page = render_template(
        "demand/others.html",
        page=what_others_bought(db.session, council=council),
        council=gazetteer().council(council) if council else None,
        near=typed,
        problem=problem,
        threshold=disclosure.THRESHOLD,
        money=sentences.money,
        named=sentences.named_area,
    )
    return page, 422 if problem else 200
