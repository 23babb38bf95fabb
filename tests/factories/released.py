"""Released figures, as pages and papers read them: boring ones, but for what matters to a test."""

import hashlib
import uuid
import zlib

from marketplace.demand.models.releases import Release, ReleaseFile
from marketplace.demand.rules.figures import Area, AreaFigures, rows_of, tidy_files
from marketplace.demand.rules.nouns import METHOD, FileKind
from marketplace.demand.rules.shapes import Row, tables
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import ENGLAND, REGIONS, AreaCode, level_of

CATEGORIES = (
    Row("cooking", "Cooking, and eating together"),
    Row("walking", "Walking"),
    Row("none", "No category chosen"),
)
OUTCOMES = (("home", "A home that suits me"), ("safety", "Being safe"))
QUARTER = Quarter(2026, 2)
COUNCIL, REGION = AreaCode("E08000009"), AreaCode("E12000002")
_NAMES = {COUNCIL: "Trafford", ENGLAND: "England", **REGIONS}


def area_figures(area=COUNCIL, quarter=QUARTER, **shown):
    """Return the figures of an area: those named table__measure__row, dashes as underscores. All others are hidden."""
    shapes = _shapes()
    names = {
        f"{table.slug}__{measure.slug}__{row.code}".replace("-", "_"): (table.slug, measure.slug, row.code)
        for table, rows in shapes
        for row in rows
        for measure in table.measures
    }
    return AreaFigures(
        area=Area(area, _NAMES[area], level_of(area)),
        quarter=quarter,
        shown={names[name]: value for name, value in shown.items()},
        titles={table.slug: table.title for table, _ in shapes},
        rows={table.slug: rows for table, rows in shapes},
        measures={table.slug: tuple((one.slug, one.name, one.unit) for one in table.measures) for table, _ in shapes},
    )


def frozen(session, *figures):
    """Freeze the figures of some areas in one quarter as a release, without counting anything."""
    quarter, now = figures[0].quarter, figures[0].quarter.ends_at
    release = Release(
        id=uuid.uuid4(), year=quarter.year, quarter=quarter.number, built_at=now, method=METHOD, sha256="0" * 64
    )
    release.shown, release.hidden, release.audit = 0, 0, {}
    session.add(release)
    session.flush()
    shown = {one.area.code: one.shown for one in figures}
    for area, content in tidy_files(_shapes(), areas=[one.area for one in figures], quarter=quarter, shown=shown):
        session.add(
            ReleaseFile(
                id=uuid.uuid4(),
                release_id=release.id,
                area=area.code,
                kind=FileKind.CSV,
                packed=zlib.compress(content),
                sha256=hashlib.sha256(content).hexdigest(),
                made_at=now,
            )
        )
    session.flush()


def _shapes():
    return [(table, rows_of(table, CATEGORIES)) for table in tables(criteria=(), outcomes=OUTCOMES)]
