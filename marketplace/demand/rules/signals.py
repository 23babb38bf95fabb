"""What is true of signals, intentions and answers: what will do, what they are called, and how a figure is quoted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from marketplace.demand.rules.figures import ALL_ROWS, AreaFigures
from marketplace.demand.rules.nouns import SignalKind
from marketplace.demand.rules.shapes import ALL, Unit
from marketplace.kit.money import Money
from marketplace.kit.quarters import Quarter
from marketplace.kit.said import pounds
from marketplace.kit.sentences import worded

LONGEST_TITLE = 120
LONGEST_WORDS = 4000
LONGEST_TOLD = 1000

KIND_TITLES = {
    SignalKind.SIGNAL: "What we would like to see more of",
    SignalKind.INTENTION: "What we mean to pay for",
    SignalKind.ANSWER: "You told us, so together we did",
}
"""What each kind is called on pages. A council is speaking."""

QUOTABLE = ("unmet", "pools", "briefs", "support", "ratings", "criteria", "outcomes")
"""The tables that a signal or an answer may quote from: about what people want, and what came of it."""

_PART = "|"


@dataclass(frozen=True, slots=True)
class QuotedFigure:
    """One released figure of a council, by its quarter and its place in the release."""

    quarter: Quarter
    table: str
    measure: str
    row: str

    @classmethod
    def from_key(cls, key: str) -> Self:
        """
        Return the figure that a form names.

        :raises ValueError: if it names none.
        """
        parts = key.split(_PART)
        if len(parts) != 4:  # noqa: PLR2004
            raise ValueError(f"{key!r} names no figure")
        quarter, table, measure, row = parts
        return cls(Quarter.from_slug(quarter), table, measure, row)

    @property
    def key(self) -> str:
        """The figure as a form names it."""
        return _PART.join((self.quarter.slug, self.table, self.measure, self.row))


def quotable(figures: AreaFigures) -> Iterator[tuple[QuotedFigure, str]]:
    """Yield every figure that can be quoted, and the words for it, in order. What is hidden cannot be."""
    for table in QUOTABLE:
        for row in figures.rows.get(table, ()):
            for measure, _, _ in figures.measures[table]:
                quoted = QuotedFigure(figures.quarter, table, measure, row.code)
                words = quoted_words(figures, quoted)
                if words is not None:
                    yield quoted, words


def quoted_words(figures: AreaFigures, quoted: QuotedFigure) -> str | None:
    """Return a released figure in words, with what it is of, or None if it is not shown or may not be quoted."""
    value = figures.value(quoted.table, quoted.measure, quoted.row)
    if value is None or quoted.table not in QUOTABLE:
        return None
    [(name, unit)] = [(name, unit) for code, name, unit in figures.measures[quoted.table] if code == quoted.measure]
    row = next(row.name for row in figures.rows[quoted.table] if row.code == quoted.row)
    about = "" if quoted.row == ALL or row == ALL_ROWS else f", {row}"
    return f"{name}{about}: {_said(value, unit)}"


def quotation(figures: AreaFigures, quoted: QuotedFigure) -> str | None:
    """Return a released figure as a whole sentence with its area and quarter, or None if it is not shown."""
    words = quoted_words(figures, quoted)
    return f"{words} ({figures.area.name}, {figures.quarter.label})." if words is not None else None


def _said(value: int, unit: Unit) -> str:
    if unit is Unit.PENCE:
        return "about " + pounds(Money(value))
    if unit is Unit.STARS:
        return worded("about {value:.1f} of 5 stars", value=value / 100)
    if unit is Unit.POINTS:
        return worded("about {value:.1f} of 5", value=value / 100)
    return worded("about {value:,}", value=value)


def signal_problem(*, kind: SignalKind, title: str, words: str, told: str) -> tuple[str, str] | None:
    """Return which answer will not do and why, as a sentence, or None if all will."""
    problems = (
        ("title", not title, "Say in a few words what it is about."),
        (
            "title",
            len(title) > LONGEST_TITLE,
            worded("Use at most {longest_title} characters.", longest_title=LONGEST_TITLE),
        ),
        ("words", not words, "Say what you want people to know."),
        (
            "words",
            len(words) > LONGEST_WORDS,
            worded("Use at most {longest_words:,} characters.", longest_words=LONGEST_WORDS),
        ),
        (
            "told",
            len(told) > LONGEST_TOLD,
            worded("Use at most {longest_told:,} characters.", longest_told=LONGEST_TOLD),
        ),
        ("told", kind is SignalKind.ANSWER and not told, "Say what people told you, or choose a figure that says it."),
    )
    return next(((field, sentence) for field, is_so, sentence in problems if is_so), None)
