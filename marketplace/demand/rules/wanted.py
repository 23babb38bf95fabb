"""What would people buy if it existed? Read from released figures of unmet demand alone."""

from dataclasses import dataclass

from marketplace.demand.rules.figures import Area, AreaFigures
from marketplace.demand.rules.shapes import ALL, Row
from marketplace.kit.fact_kinds import ANY_CATEGORY

TABLE = "unmet"
MEASURES = (
    ("searched", "searched and found nothing"),
    ("waiting", "began to wait for space"),
    ("unanswered", "asked for quotes and got none"),
)
"""The measures that say that something is missing, and what people did. Who only keeps an offer may have found it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    What people in one area wanted of one kind of support, and did not find. None: not shown.

    `people` goes along with `MEASURES`.
    """

    row: Row
    area: Area
    people: tuple[int | None, ...]

    @property
    def most(self) -> int:
        """The largest of its figures: the same people may stand behind several, so they are never summed."""
        return max(number or 0 for number in self.people)

    @property
    def said(self) -> tuple[tuple[int, str], ...]:
        """Return how many people did what, what is not shown left out."""
        return tuple(
            (number, did) for number, (_, did) in zip(self.people, MEASURES, strict=True) if number is not None
        )


def wanted_in(figures: AreaFigures) -> tuple[Wanted, ...]:
    """Return what is shown of one area by kind of support, most wanted first. What is all hidden is left out."""
    lines = [
        Wanted(row, figures.area, tuple(figures.value(TABLE, measure, row.code) for measure, _ in MEASURES))
        for row in figures.rows.get(TABLE, ())
        if row.code not in {ALL, ANY_CATEGORY}
    ]
    return tuple(sorted((line for line in lines if line.said), key=lambda line: (-line.most, line.row.name)))


def wall(ladder: tuple[AreaFigures, ...]) -> tuple[tuple[Wanted, ...], tuple[Wanted, ...]]:
    """
    Return what is wanted in the smallest of some areas, and what its larger areas show besides.

    :param ladder: the areas, smallest first. A kind of support stands once: where it is shown nearest.
    """
    seen: set[str] = set()
    near: tuple[Wanted, ...] = ()
    further: list[Wanted] = []
    for step, figures in enumerate(ladder):
        lines = tuple(line for line in wanted_in(figures) if line.row.code not in seen)
        seen |= {line.row.code for line in lines}
        if step == 0:
            near = lines
        else:
            further.extend(lines)
    return near, tuple(further)


def news(now: AreaFigures, before: AreaFigures | None, *, category: str | None) -> tuple[Wanted, ...]:
    """
    Return what an area's figures show that those before did not: shown for the first time, or more people than then.

    :param category: the one kind of support that is asked about, or None for all.
    """
    then = {line.row.code: line for line in wanted_in(before)} if before else {}
    return tuple(
        line
        for line in wanted_in(now)
        if category in {None, line.row.code} and (line.row.code not in then or line.most > then[line.row.code].most)
    )
