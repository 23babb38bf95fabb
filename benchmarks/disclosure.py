"""
What an outsider can work out of a release, and what protecting it costs.

Attacks made-up worlds as the tests do, with an attacker who shares no code with the audit: each named world, and
BENCH_WORLDS random Englands (36 unless told) whose nine regions are worlds of their own. Of each attack: figures tried,
how many were given away by hiding small figures one by one (`plain`) and by the audited release, and the narrowest
interval that was left of a hidden count (9: nothing learned). Then the utility of one England of 153 councils and 60
kinds of support: figures shown before and after the audit, the share of people in shown council figures, the error
that rounding adds, and the seconds of the audit.
"""

import os
import random
import time
from collections.abc import Iterable
from typing import Any

from marketplace.demand.rules.audit import Protected, protect
from marketplace.demand.rules.disclosure import TrueFigure, is_small, rounded
from marketplace.demand.rules.figures import FigureName
from marketplace.demand.rules.shapes import ALL, Row
from marketplace.kit.regions import ENGLAND, REGIONS, AreaCode, Level, level_of, region_of_councils
from tests.outsider import FUNDING, SHAPES, STREAMS, SUPPORT, Attack, Bought, attack, councils_of, truth_of
from tests.unit.demand.test_attacks import (
    ELSEWHERE,
    FAR,
    HERE,
    NORTH_EAST,
    NORTH_WEST,
    THERE,
    WORLDS,
    random_england,
    some_of,
)

ENGLANDS = 36
KINDS = 60
PEOPLE = 200
"""How many people buy something in the middle council; few councils have very many."""


def run() -> dict[str, Any]:
    """Attack every world, and measure what is left to read."""
    attacks = {name: _named(world) for name, world in WORLDS.items()}
    attacks["random_worlds"] = _random(int(os.environ.get("BENCH_WORLDS", ENGLANDS)))
    return {"attacks": attacks, "utility": _utility()}


def _named(world: Iterable[Bought]) -> dict[str, Any]:
    figures, regions = truth_of(world), [NORTH_EAST, NORTH_WEST]
    areas = {ENGLAND, HERE, THERE, ELSEWHERE, FAR, AreaCode(NORTH_EAST), AreaCode(NORTH_WEST)}
    some = some_of(random.Random(1), figures, areas, picked=40)  # noqa: S311
    plain = attack(figures, set(), regions=regions, tried=some)
    return _line(plain, attack(figures, protect(figures, SHAPES).hidden, regions=regions, tried=some))


def _line(plain: Attack, audited: Attack) -> dict[str, Any]:
    return {
        "tried": len(audited.found),
        "given_away_plain": len(plain.narrow),
        "given_away": len(audited.narrow),
        "narrowest_plain": round(plain.narrowest, 1),
        "narrowest": round(audited.narrowest, 1),
    }


def _random(englands: int) -> dict[str, Any]:
    draw, nothing = random.Random(0), Attack(0, [])  # noqa: S311
    plain, audited = nothing, nothing
    for seed in range(englands):
        figures = truth_of(random_england(seed))
        region = draw.choice(list(REGIONS))
        some = some_of(draw, figures, {AreaCode(region), ENGLAND, *councils_of(region)}, picked=10)
        one = attack(figures, set(), regions=REGIONS, tried=some)
        other = attack(figures, protect(figures, SHAPES).hidden, regions=REGIONS, tried=some)
        plain = Attack(plain.shown + one.shown, plain.found + one.found)
        audited = Attack(audited.shown + other.shown, audited.found + other.found)
    return {"worlds": englands * len(REGIONS), **_line(plain, audited)}


def _utility() -> dict[str, Any]:
    kinds = [f"kind-{number}" for number in range(KINDS)]
    shapes = ((SUPPORT, tuple(Row(code, code) for code in (*kinds, ALL))), *SHAPES[1:])
    draw = random.Random(7)  # noqa: S311
    figures = truth_of(_england(draw, kinds))
    began = time.process_time()
    found = protect(figures, shapes)
    return {"seconds": time.process_time() - began, **_readable(figures, found)}


def _england(draw: random.Random, kinds: list[str]) -> Iterable[Bought]:
    likely = [1 / (place + 1.5) for place in range(len(kinds))]
    for council in region_of_councils():
        for who in range(int(draw.lognormvariate(0, 0.8) * PEOPLE)):
            for kind in draw.choices(kinds, likely, k=draw.choice((1, 1, 2))):
                pence = int(draw.lognormvariate(9.5, 1))
                yield Bought(AreaCode(council), who, kind, draw.choice(STREAMS), pence, draw.randint(1, 15))


def _readable(figures: dict[FigureName, TrueFigure], found: Protected) -> dict[str, Any]:
    measures = {(table.slug, one.slug): one for table in (SUPPORT, FUNDING) for one in table.measures}
    before = [name for name, figure in figures.items() if not is_small(figure, measures[name[:2]])]
    after = [name for name in before if name not in found.hidden]
    counts = [name for name in after if name.measure == "bought"]
    errors = [abs(rounded(figures[one], measures[one[:2]]) - figures[one].value) for one in counts]
    councils = [
        name
        for name in figures
        if name.measure == "bought"
        and name.row != ALL
        and name.table == "support"
        and level_of(name.area) is Level.COUNCIL
    ]
    shown = set(after)
    everybody = sum(figures[name].value for name in councils)
    return {
        "figures_with_anybody": len(figures),
        "shown_before": len(before),
        "shown_after": len(after),
        "people_in_shown_council_figures": sum(figures[one].value for one in councils if one in shown) / everybody,
        "error_mean": sum(errors) / len(errors),
        "error_relative": sum(errors) / sum(figures[one].value for one in counts),
        "small": found.tried,
        "shown_safe_by_worlds": found.proved,
        "programs": found.programs,
    }
