"""Releases are built once, after their quarter has closed, and never change."""

import hashlib
import uuid
import zlib
from collections.abc import Container, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.catalogue import queries as catalogue
from marketplace.demand.models.releases import Release, ReleaseFile
from marketplace.demand.queries import counting
from marketplace.demand.rules import disclosure
from marketplace.demand.rules.audit import Protected, protect
from marketplace.demand.rules.disclosure import TrueFigure
from marketplace.demand.rules.figures import COLUMNS, Area, FigureName, rows_of, tidy_rows
from marketplace.demand.rules.nouns import METHOD, FileKind, ReleaseFileId, ReleaseId
from marketplace.demand.rules.shapes import Row, Table, tables
from marketplace.kit import audit
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError
from marketplace.kit.facts import ANY_CATEGORY, Fact, QuarterSecret, number_of
from marketplace.kit.pages import as_csv
from marketplace.kit.places import Council
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import ENGLAND, REGIONS, AreaCode, Level, level_of
from marketplace.ratings.queries import criteria as criteria_of


class QuarterOpenError(DomainError):
    """The quarter is not over."""


class AlreadyReleasedError(DomainError):
    """A quarter has one release, and there is one."""


def build_release(session: Session, *, councils: Sequence[Council], quarter: Quarter, now: datetime) -> ReleaseId:
    """
    Count a closed quarter for all of England, hide what could tell of a few people, and freeze the files for good.

    The facts it was counted from go, and with them the secret that told people apart.

    :raises QuarterOpenError: if the quarter is not over: figures that grow from day to day give single people away.
    :raises AlreadyReleasedError: if there is a release. It is never built again.
    """
    if not quarter.is_closed(day_of(now)):
        raise QuarterOpenError(f"{quarter.label} is not over yet, so there are no figures for it.")
    before = session.scalars(
        select(Release).order_by(Release.year.desc(), Release.quarter.desc()).limit(1)
    ).one_or_none()
    if session.scalars(
        select(Release.id).where(Release.year == quarter.year, Release.quarter == quarter.number)
    ).first():
        raise AlreadyReleasedError(f"The figures of {quarter.label} are released and do not change.")
    shapes = _shapes(session)
    figures = counting.true_figures(session, quarter=quarter, tables=[table for table, _ in shapes])
    protected = protect(figures, shapes)
    shown = _shown(figures, shapes, protected.hidden)
    release_id = ReleaseId(uuid.uuid4())
    files = [
        _file(release_id, area, _content(shapes, area, quarter, shown.get(area.code, {})), now)
        for area in _areas(councils)
    ]
    known = sum(len(rows) * len(table.measures) for table, rows in shapes) * len(files)
    number_shown = sum(len(of_area) for of_area in shown.values())
    session.add(
        Release(
            id=release_id,
            year=quarter.year,
            quarter=quarter.number,
            built_at=now,
            method=METHOD,
            sha256=_chained(before.sha256 if before else "", files),
            shown=number_shown,
            hidden=known - number_shown,
            audit=_found(protected),
        )
    )
    try:
        session.flush()
    except IntegrityError as error:
        raise AlreadyReleasedError(f"The figures of {quarter.label} are released and do not change.") from error
    session.add_all(files)
    audit.record(session, by=None, did="released", to_kind="release", to_id=release_id, now=now)
    session.execute(delete(Fact).where(Fact.quarter == number_of(quarter)))
    session.execute(delete(QuarterSecret).where(QuarterSecret.quarter == number_of(quarter)))
    session.flush()
    return release_id


def _shapes(session: Session) -> list[tuple[Table, tuple[Row, ...]]]:
    categories = [Row(shelf.slug, shelf.name) for shelf in catalogue.categories(session)]
    categories.append(Row(ANY_CATEGORY, "No category chosen"))
    criteria = [(str(one.id), one.words) for one in criteria_of.adopted_criteria(session)]
    # Those that everybody shares: a council's own outcomes count as what they mean among them.
    outcomes = [(str(one.id), one.name) for one in criteria_of.outcomes_for(session, None)]
    return [(table, rows_of(table, categories)) for table in tables(criteria=criteria, outcomes=outcomes)]


def _shown(
    figures: Mapping[FigureName, TrueFigure],
    shapes: Sequence[tuple[Table, Sequence[Row]]],
    hidden: Container[FigureName],
) -> dict[AreaCode, dict[tuple[str, str, str], int]]:
    measures = {(table.slug, measure.slug): measure for table, _ in shapes for measure in table.measures}
    rows = {(table.slug, row.code) for table, known in shapes for row in known}
    shown: dict[AreaCode, dict[tuple[str, str, str], int]] = {}
    for name, figure in figures.items():
        measure = measures[name.table, name.measure]
        if (name.table, name.row) in rows and name not in hidden and not disclosure.is_small(figure, measure):
            of_area = shown.setdefault(name.area, {})
            of_area[name.table, name.measure, name.row] = disclosure.rounded(figure, measure)
    return shown


def _found(protected: Protected) -> dict[str, Any]:
    return {
        "tried": protected.tried,
        "narrowest": protected.narrowest,
        "hidden_to_protect": len(protected.hidden),
        "programs": protected.programs,
        "attacked_with": "this release",
    }


def _areas(councils: Sequence[Council]) -> list[Area]:
    return [
        Area(ENGLAND, "England", Level.ENGLAND),
        *(Area(code, name, Level.REGION) for code, name in REGIONS.items()),
        *(Area(AreaCode(one.code), one.name, level_of(AreaCode(one.code))) for one in councils),
    ]


def _content(
    shapes: Sequence[tuple[Table, Sequence[Row]]],
    area: Area,
    quarter: Quarter,
    shown: Mapping[tuple[str, str, str], int],
) -> bytes:
    return as_csv(COLUMNS, tidy_rows(shapes, area=area, quarter=quarter, shown=shown)).encode()


def _file(release_id: ReleaseId, area: Area, content: bytes, now: datetime) -> ReleaseFile:
    return ReleaseFile(
        id=ReleaseFileId(uuid.uuid4()),
        release_id=release_id,
        area=area.code,
        kind=FileKind.CSV,
        packed=zlib.compress(content),
        sha256=hashlib.sha256(content).hexdigest(),
        made_at=now,
    )


def _chained(before: str, files: Sequence[ReleaseFile]) -> str:
    # In the order of the areas' codes, so that anybody with the files can do it again.
    in_order = [file.sha256 for file in sorted(files, key=lambda file: file.area)]
    return hashlib.sha256("".join([before, *in_order]).encode()).hexdigest()
