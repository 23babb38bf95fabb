"""An outsider with all published files, and a solver of their own, learns nothing about fewer than ten people."""

import random
from collections.abc import Callable

import pytest

from marketplace.demand.rules.audit import Earlier, protect
from marketplace.demand.rules.disclosure import TrueFigure
from marketplace.demand.rules.figures import FigureName
from marketplace.demand.rules.shapes import ALL
from marketplace.kit.regions import ENGLAND, REGIONS, AreaCode
from tests.outsider import CATEGORIES, SHAPES, STREAMS, Bought, attack, councils_of, people, truth_of

pytestmark = pytest.mark.once

NORTH_WEST = "E12000002"
NORTH_EAST = "E12000001"
HERE, THERE, ELSEWHERE, *REST = councils_of(NORTH_EAST)
FAR = councils_of(NORTH_WEST)[0]

WORLDS = {
    # All that a region has is in one council that is shown: what is left for the others is next to nothing.
    "nested_areas": [*people(HERE, 12), *people(FAR, 40)],
    # The total less the rows that are shown is the row that is not.
    "complements": [
        *people(HERE, 30),
        *people(HERE, 30, "garden", first=30),
        *people(HERE, 4, "swimming", first=60),
        *people(THERE, 30, "meals"),
        *people(FAR, 50, "swimming"),
    ],
    "tiny_category": [*people(HERE, 60), *people(HERE, 11, "swimming", first=60), *people(THERE, 1, "swimming")],
    "one_dominant_spender": [
        *people(HERE, 20),
        Bought(HERE, 99, "meals", pence=90_000_00, provider=3),
        *people(HERE, 30, "garden", first=30),
        *people(THERE, 30),
        *people(FAR, 30),
    ],
    # Two providers take all the money for one thing: neither may learn what the other takes.
    "sole_traders": [
        *(one._replace(provider=one.provider % 2 + 1) for one in people(HERE, 24, "garden")),
        *people(HERE, 40, first=40),
        *people(THERE, 40, "garden"),
        *people(FAR, 40, "garden"),
    ],
    # Nobody at all: every figure of many rows is hidden, but the total is there.
    "all_hidden_rows": [
        *people(HERE, 8),
        *people(HERE, 8, "garden", first=8),
        *people(HERE, 8, "swimming", first=16),
        *people(THERE, 40),
    ],
    # Shown tens can only be 10, 11 or 12, and rounding leaves nothing to chance.
    "exact_totals": [*people(HERE, 10), *people(THERE, 10), *people(ELSEWHERE, 2), *people(FAR, 10)],
}


# Enough of everything, everywhere near, so that nothing of it has to be hidden.
BESIDE = [
    one
    for number, council in enumerate([*councils_of(NORTH_EAST), FAR])
    for one in (
        *people(council, 40 if council != HERE else 0, first=1000),
        *people(council, 25 + number, "garden", first=2000, stream="nhs"),
    )
]


def some_of(
    draw: random.Random, figures: dict[FigureName, TrueFigure], areas: set[AreaCode], *, picked: int = 8
) -> Callable[[list[FigureName]], list[FigureName]]:
    """Return what picks figures to attack in some areas: half of them where somebody stands behind the figure."""
    chosen: list[FigureName] = []

    def some(names: list[FigureName]) -> list[FigureName]:
        if not chosen:
            there = [name for name in names if name.area in areas]
            full = [name for name in there if name in figures]
            chosen.extend(draw.sample(full, min(picked, len(full))) + draw.sample(there, min(picked, len(there))))
        return chosen

    return some


@pytest.mark.parametrize("name", WORLDS)
def test_nothing_is_learned_by(name: str) -> None:
    figures = truth_of(WORLDS[name])
    some = some_of(random.Random(name), figures, {HERE, THERE, ELSEWHERE, FAR, ENGLAND})  # noqa: S311
    plain = attack(figures, set(), regions=[NORTH_EAST, NORTH_WEST], tried=some)
    assert plain.narrow, "hiding small figures one by one must not be enough for this world, or the attack cannot fail"
    hidden = protect(figures, SHAPES).hidden
    protected = attack(figures, hidden, regions=[NORTH_EAST, NORTH_WEST], tried=some)
    assert protected.narrow == []
    assert len(protected.found) == len(plain.found) >= 8
    assert protected.shown == plain.shown - len(hidden)


def test_asking_twice_tells_nothing_new() -> None:
    figures = truth_of(WORLDS["complements"])
    assert protect(figures, SHAPES).hidden == protect(dict(reversed(figures.items())), SHAPES).hidden


def random_england(seed: int) -> list[Bought]:
    draw = random.Random(seed)  # noqa: S311
    world = []
    for region in REGIONS:
        busy = draw.choice((0.5, 3, 12, 40))
        for council in draw.sample(councils_of(region), 3):
            for who in range(int(draw.expovariate(1 / busy))):
                for category in draw.sample(CATEGORIES, draw.choice((1, 1, 1, 2))):
                    stream = draw.choices(STREAMS, (4, 1))[0]
                    pence = int(draw.lognormvariate(9.5, 1.2))
                    world.append(Bought(council, who, category, stream, pence, draw.randint(1, 9)))
    return world


@pytest.mark.parametrize("batch", range(2))
def test_nothing_is_learned_of_random_worlds(batch: int) -> None:
    """Nine regions, each a world of its own, in each England. `script/bench disclosure` tries many more."""
    draw, plainly = random.Random(batch), 0  # noqa: S311
    for seed in range(batch * 2, batch * 2 + 2):
        figures = truth_of(random_england(seed))
        hidden = protect(figures, SHAPES).hidden
        region = draw.choice(list(REGIONS))

        some = some_of(draw, figures, {AreaCode(region), *councils_of(region)})
        found = attack(figures, hidden, regions=REGIONS, tried=some)
        assert found.narrow == []
        if not plainly:
            plainly += len(attack(figures, set(), regions=REGIONS, tried=some).narrow)
    assert plainly, "the outsider never learns anything of figures hidden one by one: the attack cannot fail"


def test_a_year_does_not_give_its_quarters_away() -> None:
    """Three quarters of a council are out, the fourth was too small. The year may not be shown beside them."""
    name = FigureName("support", "bought", HERE, "meals")
    quarters = [(18, 22), (13, 17), (33, 37), (0, 9)]
    told = (68 - 76, 72 - 64)
    figures = truth_of([*people(HERE, 69), *BESIDE])
    assert told[1] < 9, "the year shown as 70 tells that nine in the fourth quarter would be too many"
    assert name not in protect(figures, SHAPES).hidden
    assert name in protect(figures, SHAPES, earlier=[Earlier(name, tuple(quarters))]).hidden


def test_an_area_made_of_others_does_not_give_them_away() -> None:
    """A region is released after two of its councils were, one of them hidden: it may not be shown."""
    name = FigureName("support", "bought", AreaCode(NORTH_EAST), "meals")
    figures = truth_of([*people(HERE, 31), *BESIDE])
    assert name in protect(figures, SHAPES, earlier=[Earlier(name, ((468, 472), (0, 9)))]).hidden
    assert name not in protect(figures, SHAPES, earlier=[Earlier(name, ((10, 800), (0, 9)))]).hidden


def test_whoever_is_not_in_a_part_is_not_told_of() -> None:
    """Twelve people bought something, eleven of them meals: that one did not is nobody's business."""
    figures = truth_of([*people(HERE, 11), *people(HERE, 1, "garden", first=20), *people(THERE, 90), *people(FAR, 90)])
    shown = {FigureName("support", "bought", HERE, row) for row in ("meals", ALL)}
    assert shown & protect(figures, SHAPES).hidden


def test_nothing_is_hidden_where_nothing_is_told() -> None:
    everywhere = [council for region in REGIONS for council in councils_of(region)]
    world = [
        one
        for council in everywhere
        for number, category in enumerate(CATEGORIES)
        for one in people(council, 14 + 7 * number, category, first=100 * number, stream=STREAMS[number % 2])
    ]
    found = protect(truth_of(world), SHAPES)
    assert (found.hidden, found.tried) == (set(), 0)


def test_a_false_sum_is_not_believed() -> None:
    """A total that its parts do not sum to tells an outsider nothing, and stops nobody from publishing."""
    figures = {FigureName("support", "bought", ENGLAND, "meals"): TrueFigure(50, 50)}
    assert protect(figures, SHAPES).hidden == set()
