"""What a commissioner sees of their own council."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.demand.queries import released
from marketplace.demand.views.blueprint import bp
from marketplace.kit.db import db
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import ladder_of


@bp.get("/demand")
@requires(Permission.READ_DEMAND)
def show() -> ResponseReturnValue:
    council = gazetteer().council(viewer().council or abort(404))
    quarters = released.released_quarters(db.session)
    quarter = _quarter_asked_for(quarters)
    ladder = ladder_of(council.code)
    figures = released.figures_of(db.session, areas=ladder, quarters=(quarter,)) if quarter else {}
    return render_template(
        "demand/show.html",
        council=council,
        quarters=quarters,
        quarter=quarter,
        figures=figures.get((ladder[0], quarter)) if quarter else None,
    )


def _quarter_asked_for(quarters: tuple[Quarter, ...]) -> Quarter | None:
    asked_for = request.args.get("quarter")
    if not asked_for:
        return quarters[0] if quarters else None
    try:
        quarter = Quarter.from_slug(asked_for)
    except ValueError:
        abort(404)
    return quarter if quarter in quarters else abort(404)
