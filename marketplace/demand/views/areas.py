"""What areas are called."""

from collections.abc import Iterable

from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.regions import ENGLAND, REGIONS, AreaCode


def names_of(areas: Iterable[AreaCode]) -> dict[AreaCode, str]:
    """Return what areas are called, by their codes."""
    councils = {AreaCode(one.code): one.name for one in gazetteer().councils()}
    known = {ENGLAND: "England", **REGIONS, **councils}
    return {area: known.get(area, area) for area in areas}
