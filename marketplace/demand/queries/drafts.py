"""What would a release say? Everything but keeping it: counted, attacked, written. Nothing is changed by it."""

import hashlib
import zlib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.demand.queries import counting
from marketplace.demand.queries.counting import Tell
from marketplace.demand.rules import disclosure
from marketplace.demand.rules.audit import Protected, protect
from marketplace.demand.rules.disclosure import TrueFigure
from marketplace.demand.rules.figures import Area, FigureName, rows_of, tidy_files
from marketplace.demand.rules.shapes import Row, Table, tables
from marketplace.demand.rules.truth import Column
from marketplace.kit.facts import ANY_CATEGORY
from marketplace.kit.places import Council
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import ENGLAND, REGIONS, AreaCode, Level, level_of
from marketplace.ratings.queries import criteria as criteria_of

COUNTED, ATTACKED = 0.6, 0.9
"""Which share of the work is done when all is counted, and when it has been attacked. About so."""

PACKED = 3
"""How hard files are packed: three times as fast as by default, and a tenth larger."""

Shapes = Sequence[tuple[Table, Sequence[Row]]]


@dataclass(frozen=True, slots=True)
class DraftFile:
    """The file of one area, as it will be for ever."""

    area: AreaCode
    packed: bytes = field(repr=False)
    sha256: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A release that is not kept yet. It holds what anybody may see, and nothing else."""

    quarter: Quarter
    files: tuple[DraftFile, ...] = field(repr=False)
    shown: int
    hidden: int
    audit: Mapping[str, Any]


def draft_release(session: Session, *, councils: Sequence[Council], quarter: Quarter, tell: Tell) -> Draft:
    """Return what the release of a quarter would say of England, its regions and some councils."""
    shapes, areas = _shapes(session), _areas(councils)
    figures = counting.true_figures(
        session,
        quarter=quarter,
        tables=[table for table, _ in shapes],
        tell=lambda what, share: tell(what, share * COUNTED),
    )
    tell("Attacking them", COUNTED)
    protected = protect(figures, shapes)
    tell("Writing files", ATTACKED)
    shown = _shown(figures, shapes, {area.code for area in areas}, protected.hidden)
    files = tuple(
        DraftFile(area.code, zlib.compress(content, PACKED), hashlib.sha256(content).hexdigest())
        for area, content in tidy_files(shapes, areas=areas, quarter=quarter, shown=shown)
    )
    known = sum(len(rows) * len(table.measures) for table, rows in shapes) * len(files)
    number_shown = sum(map(len, shown.values()))
    return Draft(quarter, files, number_shown, known - number_shown, _found(protected))


def _shapes(session: Session) -> list[tuple[Table, tuple[Row, ...]]]:
    categories = [Row(shelf.slug, shelf.name) for shelf in catalogue.categories(session)]
    categories.append(Row(ANY_CATEGORY, "No category chosen"))
    criteria = [(str(one.id), one.words) for one in criteria_of.adopted_criteria(session)]
    # Those that everybody shares: a council's own outcomes count as what they mean among them.
    outcomes = [(str(one.id), one.name) for one in criteria_of.outcomes_for(session, None)]
    return [(table, rows_of(table, categories)) for table in tables(criteria=criteria, outcomes=outcomes)]


def _areas(councils: Sequence[Council]) -> list[Area]:
    return [
        Area(ENGLAND, "England", Level.ENGLAND),
        *(Area(code, name, Level.REGION) for code, name in REGIONS.items()),
        *(Area(AreaCode(one.code), one.name, level_of(AreaCode(one.code))) for one in councils),
    ]


def _shown(
    figures: Mapping[FigureName, TrueFigure],
    shapes: Shapes,
    areas: Container[AreaCode],
    hidden: Container[FigureName],
) -> dict[AreaCode, dict[Column, int]]:
    measures = {(table.slug, measure.slug): measure for table, _ in shapes for measure in table.measures}
    columns = {
        (table.slug, measure.slug, row.code): (table.slug, measure.slug, row.code)
        for table, rows in shapes
        for measure in table.measures
        for row in rows
    }
    shown: dict[AreaCode, dict[Column, int]] = {}
    for name, figure in figures.items():
        measure = measures[name.table, name.measure]
        # The areas share the names of their columns: there are some hundred thousand figures.
        column = columns.get((name.table, name.measure, name.row))
        if column and name.area in areas and name not in hidden and not disclosure.is_small(figure, measure):
            shown.setdefault(name.area, {})[column] = disclosure.rounded(figure, measure)
    return shown


def _found(protected: Protected) -> dict[str, Any]:
    return {
        "tried": protected.tried,
        "proved": protected.proved,
        "narrowest": protected.narrowest,
        "hidden_to_protect": len(protected.hidden),
        "programs": protected.programs,
        "attacked_with": "this release",
    }
