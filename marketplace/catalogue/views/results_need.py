"""What comes after a search: telling us what is missing, and reading how results are put in order."""

from datetime import UTC, datetime

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public
from marketplace.catalogue.forms.needing import SOMETHING_ELSE, NeedForm
from marketplace.catalogue.rules import HIDDEN_AFTER, WARNED_AFTER
from marketplace.catalogue.views.blueprint import bp
from marketplace.catalogue.views.results import KEPT_MISSES, searcher, shelves
from marketplace.catalogue.views.shown import council_name, today
from marketplace.kit.db import transaction
from marketplace.kit.fields import choices
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.limits import MAIL, limiter, only_looks
from marketplace.kit.places import CouncilCode, UnknownPlaceError
from marketplace.kit.refusals import show_refusal
from marketplace.search import services as searching
from marketplace.search.rules import ordering


@bp.route("/offers/need", methods=["GET", "POST"])
@public
@limiter.limit(MAIL, exempt_when=only_looks)
def need() -> ResponseReturnValue:
    form = NeedForm(data={"near": request.args.get("near", "")[:100], "category": request.args.get("category", "")})
    lines = [(shelf.slug, shelf.name) for shelf in shelves().shelves]
    form.category.choices = choices([("", "Choose one"), *lines, (SOMETHING_ELSE, "Something else")])
    if form.validate_on_submit():
        try:
            place = gazetteer().find(form.near.data or "")
        except UnknownPlaceError as error:
            show_refusal(form, error, beside="near")
        else:
            category = "" if form.category.data == SOMETHING_ELSE else form.category.data
            _tell(place.council, category)
            return redirect(url_for("catalogue.need_told", council=place.council))
    return render_template("catalogue/results_need.html", form=form), 422 if form.errors else 200


@bp.get("/offers/need/<council>/told")
@public
def need_told(council: str) -> ResponseReturnValue:
    name = council_name(CouncilCode(council))
    return render_template("catalogue/results_need_told.html", council=name, code=council)


@bp.get("/offers/order")
@public
def order() -> ResponseReturnValue:
    return render_template(
        "catalogue/results_order.html",
        fresh_days=sorted(ordering.FRESH_DAYS.values()),
        new_days=ordering.NEW_DAYS,
        warned_after=WARNED_AFTER,
        hidden_after=HIDDEN_AFTER,
    )


def _tell(council: CouncilCode, category: str) -> None:
    """Count a need, unless this visitor has told us of it or has just searched for it: each counts once."""
    on = today()
    told: list[str] = session.get("needs", [])
    this = f"{council}/{category}/{on.isoformat()}"
    if this in told or session.get("missed") == this:
        return
    was_searched_for = session.get("missed") == f"{council}//{on.isoformat()}"
    with transaction() as writing:
        searching.count_need(
            writing,
            by=searcher(),
            council=council,
            category=category or None,
            was_searched_for=was_searched_for,
            now=datetime.now(UTC),
        )
    session["needs"] = [*told, this][-KEPT_MISSES:]
    session.pop("missed", None)
