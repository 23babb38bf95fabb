"""What a commissioner sees of their own council: one quarter at a time, always in the same shape."""

from dataclasses import dataclass

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.demand.queries import across, released
from marketplace.demand.rules import gaps, overview
from marketplace.demand.rules.chapters import CHAPTERS
from marketplace.demand.rules.files import FORMS
from marketplace.demand.rules.gaps import CouncilGap
from marketplace.demand.rules.pictures import Seen
from marketplace.demand.views.blueprint import bp
from marketplace.kit.db import db
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.maps import Shapes, shapes_of
from marketplace.kit.places import CouncilCode
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import ENGLAND, REGIONS, AreaCode, ladder_of, region_of_councils

_QUARTERS_DRAWN = 8
"""How many quarters a line has: two years."""
_MAP_WIDTH = 600
"""Steps of the map of England from west to east: about a kilometre each."""
_REGION_WIDTH = 360

_BY_SLUG = {chapter.slug: chapter for chapter in CHAPTERS}


@dataclass(frozen=True, slots=True)
class CouncilMap:
    """A picture of councils, each in its step. `own` is drawn last, with its edge on top."""

    title: str
    shapes: Shapes
    gaps: tuple[CouncilGap, ...]
    own: AreaCode

    @property
    def steps(self) -> dict[AreaCode, int]:
        """The step of each council."""
        return {gap.code: gap.step for gap in self.gaps}

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The same as a table."""
        return [gap.cells for gap in self.gaps]


@bp.get("/demand")
@requires(Permission.READ_DEMAND)
def show() -> ResponseReturnValue:
    council = gazetteer().council(viewer().council or abort(404))
    quarters = released.released_quarters(db.session)
    quarter = _quarter_asked_for(quarters)
    if quarter is None:
        return render_template("demand/dashboard_early.html", council=council)
    seen = _seen(council.code, quarter, quarters)
    return render_template(
        "demand/dashboard_overview.html",
        council=council,
        quarters=quarters,
        quarter=quarter,
        chapters=CHAPTERS,
        forms=FORMS.values(),
        page=overview.overview_of(seen),
    )


@bp.get("/demand/figures/<slug>")
@requires(Permission.READ_DEMAND)
def chapter(slug: str) -> ResponseReturnValue:
    council = gazetteer().council(viewer().council or abort(404))
    found = _BY_SLUG.get(slug) or abort(404)
    quarters = released.released_quarters(db.session)
    quarter = _quarter_asked_for(quarters)
    if quarter is None:
        return render_template("demand/dashboard_early.html", council=council)
    seen = _seen(council.code, quarter, quarters)
    return render_template(
        "demand/dashboard_chapter.html",
        council=council,
        quarters=quarters,
        quarter=quarter,
        chapters=CHAPTERS,
        forms=FORMS.values(),
        chapter=found,
        sentences=found.says(seen),
        charts=found.charts(seen),
        maps=_maps(council.code, quarter) if slug == "supply" else (),
        steps=gaps.STEPS,
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


def _seen(council: CouncilCode, quarter: Quarter, quarters: tuple[Quarter, ...]) -> Seen:
    """Return the figures of a council and around it, or answer that there are none of that council's."""
    here, *wider = ladder_of(council)
    drawn = tuple(sorted(one for one in quarters if one <= quarter))[-_QUARTERS_DRAWN:]
    found = released.figures_of(db.session, areas=(here,), quarters=drawn)
    around = released.figures_of(db.session, areas=tuple(wider), quarters=(quarter,))
    return Seen(
        here=found.get((here, quarter)) or abort(404),
        around=tuple(around[area, quarter] for area in wider if (area, quarter) in around),
        history=tuple(found[here, one] for one in drawn if (here, one) in found),
    )


def _maps(council: CouncilCode, quarter: Quarter) -> tuple[CouncilMap, ...]:
    """Return the council's region, and England."""
    regions = region_of_councils()
    names = {AreaCode(code): gazetteer().council(code).name for code in regions}
    totals = across.totals_across(db.session, quarter=quarter, wanted=(gaps.WANTED, gaps.OFFERED))
    of_all = gaps.councils(totals, names)
    neighbours = {AreaCode(code) for code, region in regions.items() if region == regions.get(council)}
    pictures = (
        (
            REGIONS.get(regions.get(council, ENGLAND), ""),
            tuple(one for one in of_all if one.code in neighbours),
            _REGION_WIDTH,
        ),
        ("England", of_all, _MAP_WIDTH),
    )
    return tuple(
        CouncilMap(
            title, shapes_of(tuple(CouncilCode(one.code) for one in drawn), width=wide), drawn, AreaCode(council)
        )
        for title, drawn, wide in pictures
        if drawn
    )
