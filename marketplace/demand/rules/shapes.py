"""
The shapes of a release: which tables it has, always the same ones, and what stands in them.

A table has at most two dimensions: the area, and its rows. Areas are one ladder: England, regions, councils. A figure
is named by table, measure, area and row.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.kit.fact_kinds import FactKind
from marketplace.kit.sentences import one_word, worded

ALL = "all"
"""The row that stands for all rows of a table together."""


class Unit(enum.StrEnum):
    """What a figure is in. Figures are whole numbers of these."""

    PEOPLE = "people"
    PROVIDERS = "providers"
    # Shown in pounds.
    PENCE = "pence"
    # Hundredths of a star, from 100 to 500.
    STARS = "stars"
    # Hundredths of a point: what a criterion or an outcome was given.
    POINTS = "points"


class Statistic(enum.StrEnum):
    """How a figure is made of facts."""

    # How many different `who`.
    CONTRIBUTORS = "contributors"
    # The amounts, summed.
    SUM = "sum"
    # Each contributor gives one value: the mean of theirs. Of these:
    LOWER_QUARTILE = "lower_quartile"
    MEDIAN = "median"
    UPPER_QUARTILE = "upper_quartile"
    MEAN = "mean"


class RowsBy(enum.StrEnum):
    """What the rows of a table are."""

    CATEGORY = "category"
    FACET = "facet"


@dataclass(frozen=True, slots=True)
class Measure:
    """One column of a table. `facet` narrows the facts of a table that goes by category."""

    slug: str
    name: str
    kind: FactKind
    statistic: Statistic = Statistic.CONTRIBUTORS
    unit: Unit = Unit.PEOPLE
    facet: str | None = None

    @property
    def adds_up(self) -> bool:
        """Whether the figures of councils sum to their region's."""
        return self.statistic in {Statistic.CONTRIBUTORS, Statistic.SUM}


@dataclass(frozen=True, slots=True)
class Table:
    """
    One table of a release: measures by row, for every area.

    Rows by facet are the `facets`; rows by category are the catalogue's categories. `has_all`: there is a row for all
    of them together. A table of averages about one kind of fact has the number of its contributors as a measure too.
    """

    slug: str
    title: str
    rows_by: RowsBy
    measures: tuple[Measure, ...]
    has_all: bool = True
    facets: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its code and the words for it."""

    code: str
    name: str


STREAMS = (
    ("social_care", "Council money for social care"),
    ("nhs", "NHS money"),
    ("housing", "Money for housing support"),
    ("own_money", "People’s own money"),
    # No budget on this site stood behind it.
    ("not_said", "Money we were not told about"),
)
POOL_ENDINGS = (
    ("too_few", "Too few people"),
    ("interest_dwindled", "Interest dwindled"),
    ("costs_too_much", "It cost too much"),
    ("provider_gone", "The provider stopped"),
    ("payment_failed", "A payment failed"),
    ("found_another_way", "They found another way"),
    ("did_not_work", "It did not work"),
    ("other", "Something else"),
)
NO_BIDS = (
    ("no_space", "No space"),
    ("too_far", "Too far"),
    ("not_what_we_do", "Not what they do"),
    ("budget_too_small", "The budget was too small"),
    ("times", "The times"),
    ("too_little_told", "Too little was told"),
    ("something_else", "Something else"),
)
SPACE = (
    ("space", "Have space now"),
    ("waiting_list", "Have a waiting list"),
    ("full", "Are full"),
    ("not_said", "Have not said"),
)
FRESHNESS = (
    ("under_90_days", "Confirmed in the last 90 days"),
    ("under_180_days", "Confirmed 90 to 180 days ago"),
    ("older", "Confirmed longer ago, or never"),
)
DECISIONS = (
    ("approved", one_word("Published")),
    ("refused", one_word("Refused")),
    ("held", "Held after a report"),
    ("released", "Published again after a report"),
)
PRICED_UNITS = (
    ("hour", "an hour"),
    ("session", "a session"),
    ("day", "a day"),
    ("night", "a night"),
    ("week", "a week"),
)

_SPREAD = (
    ("lower_quartile", "A quarter pay this or less", Statistic.LOWER_QUARTILE),
    ("median", "Middle price", Statistic.MEDIAN),
    ("upper_quartile", "A quarter pay this or more", Statistic.UPPER_QUARTILE),
)


def _prices(unit: str, said: str) -> Table:
    return Table(
        slug=f"price-of-{said.replace(' ', '-')}",
        title=worded("What people pay for {said}", said=said),
        rows_by=RowsBy.CATEGORY,
        has_all=False,
        measures=(
            Measure("people", one_word("People"), FactKind.PRICED, facet=unit),
            *(Measure(slug, name, FactKind.PRICED, of, Unit.PENCE, unit) for slug, name, of in _SPREAD),
        ),
    )


def _scores(slug: str, title: str, kind: FactKind, facets: Sequence[tuple[str, str]]) -> Table:
    return Table(
        slug=slug,
        title=title,
        rows_by=RowsBy.FACET,
        has_all=False,
        facets=tuple(facets),
        measures=(
            Measure("people", one_word("People"), kind),
            Measure("mean", one_word("Average"), kind, Statistic.MEAN, Unit.POINTS),
        ),
    )


def tables(*, criteria: Sequence[tuple[str, str]], outcomes: Sequence[tuple[str, str]]) -> tuple[Table, ...]:
    """Return every table of a release. The criteria and outcomes are those agreed on when it is built."""
    return (
        Table(
            "support",
            "What people ask for and buy",
            RowsBy.CATEGORY,
            (
                Measure("asked", "People who asked for support", FactKind.ASKED),
                Measure("agreed", "People who agreed support", FactKind.AGREED),
                Measure("bought", "People who paid for support", FactKind.BOUGHT),
                Measure("spend", one_word("Spent"), FactKind.BOUGHT, Statistic.SUM, Unit.PENCE),
                Measure("visited", "People who had a visit", FactKind.VISITED),
            ),
        ),
        Table(
            "funding",
            "Whose money pays",
            RowsBy.FACET,
            (
                Measure("bought", "People who paid for support", FactKind.BOUGHT),
                Measure("spend", one_word("Spent"), FactKind.BOUGHT, Statistic.SUM, Unit.PENCE),
            ),
            has_all=False,
            facets=STREAMS,
        ),
        *(_prices(unit, said) for unit, said in PRICED_UNITS),
        Table(
            "unmet",
            "What people look for and do not find",
            RowsBy.CATEGORY,
            (
                Measure("searched", "People whose search found nothing", FactKind.SEARCHED_IN_VAIN),
                Measure("shortlisted", "People who kept an offer to think about", FactKind.SHORTLISTED),
                Measure("waiting", "People who began to wait for space", FactKind.WAITING),
                Measure("unanswered", "People whose brief had no quote", FactKind.BRIEF_UNANSWERED),
            ),
        ),
        Table(
            "pools",
            "Buying together",
            RowsBy.CATEGORY,
            (
                Measure("opened", "People in pools that opened", FactKind.POOL_OPENED),
                Measure("met", "People in pools that went ahead", FactKind.POOL_MET),
                Measure("failed", "People in pools that ended without", FactKind.POOL_FAILED),
            ),
        ),
        Table(
            "pool-endings",
            "Why pools ended without going ahead",
            RowsBy.FACET,
            (Measure("failed", "People in pools that ended without", FactKind.POOL_FAILED),),
            has_all=False,
            facets=POOL_ENDINGS,
        ),
        Table(
            "briefs",
            "Asking for quotes",
            RowsBy.CATEGORY,
            (
                Measure("opened", "People who asked for quotes", FactKind.BRIEF_OPENED),
                Measure("awarded", "People who chose a quote", FactKind.BRIEF_AWARDED),
            ),
        ),
        Table(
            "no-quotes",
            "Why providers did not quote",
            RowsBy.FACET,
            (Measure("providers", one_word("Providers"), FactKind.NO_QUOTE, unit=Unit.PROVIDERS),),
            has_all=False,
            facets=NO_BIDS,
        ),
        Table(
            "supply",
            "Who offers support",
            RowsBy.CATEGORY,
            (
                Measure("providers", one_word("Providers"), FactKind.OFFERED, unit=Unit.PROVIDERS),
                *(
                    Measure(
                        f"providers_{code}",
                        worded("Providers who {name}{name_2}", name=name[0].lower(), name_2=name[1:]),
                        FactKind.OFFERED,
                        unit=Unit.PROVIDERS,
                        facet=code,
                    )
                    for code, name in SPACE
                ),
            ),
        ),
        Table(
            "freshness",
            "How up to date offers are",
            RowsBy.FACET,
            (Measure("providers", one_word("Providers"), FactKind.CONFIRMED, unit=Unit.PROVIDERS),),
            has_all=False,
            facets=FRESHNESS,
        ),
        Table(
            "ratings",
            "What people say",
            RowsBy.CATEGORY,
            (
                Measure("people", "People who rated support", FactKind.RATED),
                Measure("stars", "Average stars", FactKind.RATED, Statistic.MEAN, Unit.STARS),
            ),
        ),
        _scores("criteria", "What matters to people, and how it was", FactKind.CRITERION_SCORED, criteria),
        _scores("outcomes", "What support did for people", FactKind.OUTCOME_SCORED, outcomes),
        Table(
            "moderation",
            "Decisions about reviews",
            RowsBy.FACET,
            (Measure("people", "People who wrote them", FactKind.MODERATED),),
            has_all=False,
            facets=DECISIONS,
        ),
    )
