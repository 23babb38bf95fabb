"""A release as it is once it stands: written as it is, so that what reads it need not count and audit first."""

import hashlib
import uuid
import zlib

from marketplace.catalogue import queries as catalogue
from marketplace.demand.models.releases import Release, ReleaseFile
from marketplace.demand.rules.figures import Area, rows_of, tidy_files
from marketplace.demand.rules.nouns import METHOD, FileKind
from marketplace.demand.rules.shapes import Row, tables
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import ENGLAND, REGIONS, level_of

QUARTER = Quarter(2026, 1)
HOME = "E08000009"
COUNCILS = {HOME: "Trafford", "E08000006": "Salford", "E09000023": "Lewisham"}


def release(session, shown, *, quarter=QUARTER):
    """
    Freeze figures by area: {"E08000009": {("unmet", "searched", "equipment"): 15}}. What is not given is not shown.

    Every area has a file. The moment it is built is that at which its quarter closes.
    """
    categories = [Row(shelf.slug, shelf.name) for shelf in catalogue.categories(session)] + [Row("none", "None chosen")]
    shapes = [(table, rows_of(table, categories)) for table in tables(criteria=(), outcomes=())]
    areas = [Area(code, name, level_of(code)) for code, name in ({ENGLAND: "England"} | REGIONS | COUNCILS).items()]
    row = Release(
        id=uuid.uuid4(), year=quarter.year, quarter=quarter.number, built_at=quarter.ends_at, method=METHOD,
        sha256=uuid.uuid4().hex * 2, shown=sum(map(len, shown.values())), hidden=0, audit={},
    )  # fmt: skip
    session.add(row)
    session.flush()
    for area, content in tidy_files(shapes, areas=areas, quarter=quarter, shown=shown):
        session.add(
            ReleaseFile(
                id=uuid.uuid4(),
                release_id=row.id,
                area=area.code,
                kind=FileKind.CSV,
                packed=zlib.compress(content),
                sha256=hashlib.sha256(content).hexdigest(),
                made_at=quarter.ends_at,
            )
        )
    session.flush()
    return row.id
