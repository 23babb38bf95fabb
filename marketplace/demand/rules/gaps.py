"""Where do people look in vain for more than there is? Demand against capacity, in five steps that never change."""

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace.demand.rules.figures import AreaFigures
from marketplace.demand.rules.pictures import Chart, bars
from marketplace.demand.rules.sentences import figure
from marketplace.demand.rules.shapes import Unit
from marketplace.kit.regions import AreaCode

WANTED, OFFERED = ("unmet", "searched"), ("supply", "providers")
"""People whose search found nothing, and providers who offer support: table and measure."""

STEPS = (
    (100, "Fewer than 1 person for each provider"),
    (200, "1 to 2 people"),
    (300, "2 to 3 people"),
    (500, "3 to 5 people"),
    (None, "5 people or more"),
)
"""Each step ends before so many hundredths of a person for each provider. They stay, so that quarters compare."""
NOT_SHOWN_STEP = 0


def step_of(wanted: int | None, offered: int | None) -> int:
    """Return in which of the five steps an area is, from 1. 0: one of its two figures is not shown."""
    if wanted is None or not offered:
        return NOT_SHOWN_STEP
    hundredths = wanted * 100 // offered
    return next(number for number, (end, _) in enumerate(STEPS, start=1) if end is None or hundredths < end)


def step_in_words(step: int) -> str:
    """Return a step as tables say it."""
    return STEPS[step - 1][1] if step else "Not shown"


@dataclass(frozen=True, slots=True)
class CouncilGap:
    """One council on the map."""

    code: AreaCode
    name: str
    wanted: int | None
    offered: int | None

    @property
    def step(self) -> int:
        """Which of the five steps it is in; 0: not shown."""
        return step_of(self.wanted, self.offered)

    @property
    def cells(self) -> tuple[str, ...]:
        """Its row in the table beside the map."""
        return (
            self.name,
            figure(self.wanted, Unit.PEOPLE),
            figure(self.offered, Unit.PROVIDERS),
            step_in_words(self.step),
        )


def councils(
    figures: Mapping[AreaCode, Mapping[tuple[str, str], int]], names: Mapping[AreaCode, str]
) -> tuple[CouncilGap, ...]:
    """Return every council with its two figures, those that are shown, by name."""
    found = [
        CouncilGap(code, name, figures.get(code, {}).get(WANTED), figures.get(code, {}).get(OFFERED))
        for code, name in names.items()
    ]
    return tuple(sorted(found, key=lambda one: one.name))


def by_category(figures: AreaFigures) -> Chart:
    """Return how many look in vain for each kind of support, with the providers there are beside it in the table."""
    chart = bars(
        figures,
        *WANTED,
        title="What people look for in vain, and who offers it",
        words="The bars are people whose search found nothing. The table has the providers beside them.",
        tone="orange",
    )
    columns = (
        "Kind of support",
        "People whose search found nothing",
        "Providers",
        "Providers with space now",
        "Providers who are full",
    )
    rows = tuple(
        (
            row.name,
            figure(value, Unit.PEOPLE),
            *(
                figure(figures.value("supply", measure, row.code), Unit.PROVIDERS)
                for measure in ("providers", "providers_space", "providers_full")
            ),
        )
        for row, value in figures.column(*WANTED)
    )
    return Chart("gaps", chart.title, chart.words, chart.picture, columns, rows, chart.note)
