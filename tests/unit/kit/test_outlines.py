"""Where councils begin and end."""

import csv
from pathlib import Path

from marketplace.kit import outlines
from marketplace.kit.outlines import outline

COUNCILS = Path(outlines.__file__).with_name("geography") / "councils_england.csv"


def codes():
    with COUNCILS.open(encoding="utf-8") as file:
        return [row["gss"] for row in csv.DictReader(file)]


def test_every_council_has_an_outline_in_england():
    for code in codes():
        rings = outline(code)
        assert rings, code
        for point in (point for ring in rings for point in ring):
            assert 80_000 < point.easting < 660_000, code
            assert 5_000 < point.northing < 660_000, code


def test_an_outline_is_where_the_council_is():
    [trafford] = outline("E08000009")
    assert min(point.easting for point in trafford) < 378_700 < max(point.easting for point in trafford)
    assert min(point.northing for point in trafford) < 392_000 < max(point.northing for point in trafford)


def test_a_council_nobody_knows_has_none():
    assert outline("W06000015") == ()
