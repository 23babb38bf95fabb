"""What others bought and what worked: what councils learn, given back to the people it comes from."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public, viewer
from marketplace.accounts.queries.accounts import council_of
from marketplace.demand.queries.others import what_others_bought
from marketplace.demand.rules import disclosure, sentences
from marketplace.demand.views.blueprint import bp
from marketplace.kit.db import db
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.places import CouncilCode, UnknownPlaceError
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
        council = _own_council()
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


def _own_council() -> CouncilCode | None:
    """Return the council that a commissioner works for or, of anybody else, the one they live in, if they said so."""
    person_id = viewer().person_id
    return viewer().council or (council_of(db.session, person_id=person_id) if person_id else None)
