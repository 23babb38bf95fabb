"""The first page of a council's figures: what is most worth knowing, and what is different from the quarter before."""

from dataclasses import dataclass

from marketplace.demand.rules import sentences
from marketplace.demand.rules.pictures import Chart, Seen, lines
from marketplace.demand.rules.sentences import NOT_SHOWN, Change, figure
from marketplace.demand.rules.shapes import Unit
from marketplace.kit.charts import Line, spark_of


@dataclass(frozen=True, slots=True)
class Headline:
    """One large figure: the words below it, how it stands to the quarter before, and the chapter that says more."""

    figure: str
    words: str
    since: str
    chapter: str
    is_shown: bool
    # How it went, quarter by quarter.
    course: Line


@dataclass(frozen=True, slots=True)
class Overview:
    """The page in three parts."""

    headlines: tuple[Headline, ...]
    sentences: tuple[str, ...]
    chart: Chart


_HEADLINES = (
    ("support", "bought", Unit.PEOPLE, "people paid for support", "buying"),
    ("support", "spend", Unit.PENCE, "spent in the quarter", "money"),
    ("unmet", "searched", Unit.PEOPLE, "people looked and found nothing", "unmet"),
    ("supply", "providers", Unit.PROVIDERS, "providers offer support", "supply"),
    ("pools", "met", Unit.PEOPLE, "people bought together", "pools"),
    ("ratings", "stars", Unit.STARS, "stars of 5, on average", "ratings"),
)


def overview_of(seen: Seen) -> Overview:
    """Return the overview of a quarter."""
    return Overview(
        headlines=tuple(_headline(seen, *one) for one in _HEADLINES),
        sentences=sentences.what_changed(seen.here, seen.before),
        chart=lines(
            seen.history,
            [("Paid for support", "support", "bought"), ("Looked and found nothing", "unmet", "searched")],
            unit=Unit.PEOPLE,
            slug="overview",
            title="People who paid, and people who found nothing",
            words="How many different people, quarter by quarter, all kinds of support together.",
        ),
    )


def _headline(  # noqa: PLR0917  (the columns of the table above)
    seen: Seen, table: str, measure: str, unit: Unit, words: str, chapter: str
) -> Headline:
    value = seen.here.value(table, measure)
    earlier = seen.before.value(table, measure) if seen.before else None
    return Headline(
        figure=figure(value, unit) if value is not None else NOT_SHOWN.capitalize(),
        words=words,
        since=_since(value, earlier, unit),
        chapter=chapter,
        is_shown=value is not None,
        course=spark_of([one.value(table, measure) for one in seen.history]),
    )


def _since(value: int | None, earlier: int | None, unit: Unit) -> str:
    """Return how a figure stands to the one a quarter before, without claiming what rounding alone may have made."""
    words = {
        Change.MORE: "Up from {}",
        Change.FEWER: "Down from {}",
        Change.SAME: "Much as before, {}",
        Change.UNKNOWN: "",
    }
    return words[sentences.change(value, earlier, unit)].format(figure(earlier, unit))
