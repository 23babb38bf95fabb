"""Which region of England does a council lie in? One ladder of areas: England, its nine regions, their councils."""

import csv
import enum
from functools import lru_cache
from pathlib import Path
from typing import NewType

from marketplace.kit.places import CouncilCode

AreaCode = NewType("AreaCode", str)
"""The GSS code of England, of a region or of a council: nine characters."""

ENGLAND = AreaCode("E92000001")
REGIONS: dict[AreaCode, str] = {
    AreaCode("E12000001"): "North East",
    AreaCode("E12000002"): "North West",
    AreaCode("E12000003"): "Yorkshire and the Humber",
    AreaCode("E12000004"): "East Midlands",
    AreaCode("E12000005"): "West Midlands",
    AreaCode("E12000006"): "East of England",
    AreaCode("E12000007"): "London",
    AreaCode("E12000008"): "South East",
    AreaCode("E12000009"): "South West",
}
"""The nine regions and their names, in the order of their codes."""

_FILE = Path(__file__).with_name("geography") / "council_regions.csv"


class Level(enum.StrEnum):
    """How high an area stands on the ladder."""

    ENGLAND = "england"
    REGION = "region"
    COUNCIL = "council"


def level_of(area: AreaCode) -> Level:
    """Return which kind of area a code names. Whatever is not England or a region is taken for a council."""
    if area == ENGLAND:
        return Level.ENGLAND
    return Level.REGION if area in REGIONS else Level.COUNCIL


@lru_cache(maxsize=1)
def region_of_councils() -> dict[CouncilCode, AreaCode]:
    """Return the region of each of the 153 councils, in the order of their codes."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {CouncilCode(row["council"]): AreaCode(row["region"]) for row in csv.DictReader(file)}


def ladder_of(council: CouncilCode) -> tuple[AreaCode, ...]:
    """Return the areas a council lies in, itself first: the council, its region, England."""
    region = region_of_councils().get(council)
    return (AreaCode(council), *([region] if region else []), ENGLAND)
