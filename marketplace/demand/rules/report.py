"""What a market report says: sentences, charts and tables, all of them made from released figures and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.demand.rules import sentences
from marketplace.demand.rules.disclosure import FEWEST_PROVIDERS, ROUND_PRICES_TO, ROUND_SPEND_TO, ROUND_TO, THRESHOLD
from marketplace.demand.rules.figures import AreaFigures
from marketplace.demand.rules.files import Source
from marketplace.demand.rules.shapes import ALL, PRICED_UNITS, Unit
from marketplace.kit.said import day
from marketplace.kit.sentences import worded

MOST_BARS = 10
"""Bars of one chart: the table below it has every figure."""
_BEST = 500


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars below each other: a label, how long, and the figure in words. `words` say the same to those who listen."""

    title: str
    words: str
    bars: tuple[tuple[str, int, str], ...]
    # The value of a whole bar.
    full: int


@dataclass(frozen=True, slots=True)
class Range:
    """What half of people pay for one thing, in pence, the middle price, and middle prices of wider areas."""

    label: str
    lower: int
    middle: int
    upper: int
    wider: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Ranges:
    """Prices beside each other, on a scale from `least` to `most` pence. `names`: those of the wider areas."""

    title: str
    words: str
    ranges: tuple[Range, ...]
    least: int
    most: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportTable:
    """One table: the first cell of a row names it, all others are figures or, if `is_words`, words."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    is_words: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a report."""

    heading: str
    sentences: tuple[str, ...]
    bars: tuple[Bars, ...] = ()
    ranges: tuple[Ranges, ...] = ()
    tables: tuple[ReportTable, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A market report, from its title to its notes."""

    title: str
    lead: str
    in_short: tuple[str, ...]
    sections: tuple[Section, ...]
    notes: tuple[str, ...]
    notes_title: str = "How to read this report"


def report_on(source: Source) -> Report:
    """Return what a market report says of one area and quarter."""
    now, before = source.figures, source.before
    return Report(
        title=worded("Market report: {name}", name=now.area.name),
        lead=worded(
            "What people who use this site asked for, bought, looked for in vain and said, {label}.",
            label=now.quarter.label,
        ),
        in_short=sentences.what_changed(now, before) or ("Too few people did anything here to show it.",),
        sections=(
            Section(
                "What people buy",
                _told(
                    sentences.in_all(sentences.PAID, now, before),
                    sentences.moved(sentences.PAID, now, before, sentences.Change.MORE),
                    sentences.moved(sentences.PAID, now, before, sentences.Change.FEWER),
                ),
                bars=_bars(now, "support", "bought", Unit.PEOPLE, "People who paid for support"),
                tables=_tables(now, "support"),
            ),
            Section(
                "Whose money pays",
                sentences.funding(now),
                bars=_bars(now, "funding", "spend", Unit.PENCE, "Spent, by whose money it was"),
                tables=_tables(now, "funding"),
            ),
            _cost(now, source.wider),
            Section(
                "What people look for and do not find",
                _told(
                    sentences.in_all(sentences.SEARCHED, now, before),
                    sentences.moved(sentences.SEARCHED, now, before, sentences.Change.MORE),
                    sentences.moved(sentences.SEARCHED, now, before, sentences.Change.FEWER),
                    sentences.in_all(sentences.WAITING, now, before),
                ),
                bars=_bars(now, "unmet", "searched", Unit.PEOPLE, "People whose search found nothing"),
                tables=_tables(now, "unmet"),
            ),
            Section("Who offers support", sentences.supply(now), tables=_tables(now, "supply", "freshness")),
            Section(
                "Buying together",
                sentences.pools(now, before),
                bars=_bars(now, "pools", "met", Unit.PEOPLE, "People in pools that went ahead"),
                tables=_tables(now, "pools", "pool-endings"),
            ),
            Section("Asking for quotes", sentences.briefs(now, before), tables=_tables(now, "briefs", "no-quotes")),
            Section(
                "What people say",
                sentences.ratings(now, before),
                bars=_bars(now, "outcomes", "mean", Unit.POINTS, "What support did for people, from 1 to 5"),
                tables=_tables(now, "ratings", "outcomes", "criteria"),
            ),
            Section("What became of reviews", (), tables=_tables(now, "moderation")),
        ),
        notes=_notes(source),
    )


def _told(*found: str) -> tuple[str, ...]:
    return tuple(one for one in found if one)


def _bars(now: AreaFigures, table: str, measure: str, unit: Unit, title: str) -> tuple[Bars, ...]:
    rows = sentences.largest(now, table, measure)[:MOST_BARS]
    if not rows:
        return ()
    bars = tuple((row.name, value, sentences.figure(value, unit)) for row, value in rows)
    full = _BEST if unit is Unit.POINTS else rows[0][1]
    return (Bars(title, _spoken(title, [f"{label} {words}" for label, _, words in bars]), bars, full),)


def _spoken(title: str, parts: Sequence[str]) -> str:
    return worded("Chart. {title}: {parts}. The table below has the same figures.", title=title, parts="; ".join(parts))


def _tables(now: AreaFigures, *slugs: str) -> tuple[ReportTable, ...]:
    return tuple(_table(now, slug) for slug in slugs if slug in now.titles)


def _table(now: AreaFigures, slug: str) -> ReportTable:
    measures = now.measures[slug]
    rows, hidden = [], 0
    for row in now.rows[slug]:
        values = [now.value(slug, code, row.code) for code, _, _ in measures]
        if any(value is not None for value in values) or row.code == ALL:
            figures = (sentences.figure(value, unit) for value, (_, _, unit) in zip(values, measures, strict=True))
            rows.append((row.name, *figures))
        else:
            hidden += 1
    return ReportTable(
        caption=now.titles[slug],
        columns=("", *(name for _, name, _ in measures)),
        rows=tuple(rows),
        note=_left_out(hidden, len(now.rows[slug])),
    )


def _left_out(hidden: int, of: int) -> str:
    if not hidden:
        return ""
    if hidden == of:
        return "No figure of this table can be shown."
    return worded("{hidden} of {of} rows have no figure that can be shown, and are left out.", hidden=hidden, of=of)


def _cost(now: AreaFigures, wider: Sequence[AreaFigures]) -> Section:
    ranges: list[Ranges] = []
    tables: list[ReportTable] = []
    for _, unit in PRICED_UNITS:
        slug = f"price-of-{unit.replace(' ', '-')}"
        shown = _ranges_of(now, wider, slug)
        if shown:
            ranges.append(_ranges(now.titles[slug], now, wider, shown))
            tables.append(_prices_table(now, wider, slug))
    return Section("What it costs", sentences.prices(now, wider), ranges=tuple(ranges), tables=tuple(tables))


def _ranges_of(now: AreaFigures, wider: Sequence[AreaFigures], slug: str) -> tuple[Range, ...]:
    found = []
    for row, middle in now.column(slug, "median"):
        lower, upper = (now.value(slug, measure, row.code) for measure in ("lower_quartile", "upper_quartile"))
        if lower is not None and middle is not None and upper is not None:
            others = tuple(area.value(slug, "median", row.code) for area in wider)
            found.append(Range(row.name, lower, middle, upper, others))
    return tuple(found)


def _ranges(title: str, now: AreaFigures, wider: Sequence[AreaFigures], shown: Sequence[Range]) -> Ranges:
    few = tuple(shown[:MOST_BARS])
    prices = [price for one in few for price in (one.lower, one.upper, *one.wider) if price is not None]
    names = tuple(area.area.name for area in wider)
    spoken = [
        worded(
            "{label}: middle {money}, half pay {money_2} to {money_3}",
            label=one.label,
            money=sentences.money(one.middle),
            money_2=sentences.money(one.lower),
            money_3=sentences.money(one.upper),
        )
        for one in few
    ]
    return Ranges(
        title=title,
        words=_spoken(title, spoken),
        ranges=few,
        least=min(prices),
        most=max(prices),
        names=(now.area.name, *names),
    )


def _prices_table(now: AreaFigures, wider: Sequence[AreaFigures], slug: str) -> ReportTable:
    whole = _table(now, slug)
    code_of = {row.name: row.code for row in now.rows[slug]}
    return ReportTable(
        caption=whole.caption,
        columns=(*whole.columns, *(worded("Middle price, {name}", name=area.area.name) for area in wider)),
        rows=tuple(
            (*cells, *(sentences.figure(area.value(slug, "median", code_of[cells[0]]), Unit.PENCE) for area in wider))
            for cells in whole.rows
        ),
        note=whole.note,
    )


def _notes(source: Source) -> tuple[str, ...]:
    spend, price = sentences.money(ROUND_SPEND_TO), sentences.money(ROUND_PRICES_TO)
    return (
        (
            "Who is counted: people who told this site which council they live in, and who did not say no to being "
            "counted. Most people have never used this site. True demand is higher, and may be different."
        ),
        (
            worded(
                "Nobody can be found in these figures. Each person counts once in a figure, however often they did "
                "something. A figure is shown only if at least {threshold} people stand behind it, or {threshold} "
                "providers where those are counted. Money is shown only if at least {fewest_providers} providers were "
                "paid. It is not shown if one or two people or providers make up nearly all of it.",
                threshold=THRESHOLD,
                fewest_providers=FEWEST_PROVIDERS,
            )
        ),
        (
            "“Not shown” may stand for 0, for 9, or for a large number. Some figures are hidden only because another "
            "one could be worked out from them. Before the release we attacked it ourselves, with every figure that "
            "it holds."
        ),
        (
            worded(
                "Numbers of people are rounded to the nearest {round_to}, sums of money to the nearest {spend}, "
                "prices to "
                "the nearest {price}, averages to one place. So rows need not add up to the row for all together. One "
                "person may be in several rows.",
                round_to=ROUND_TO,
                spend=spend,
                price=price,
            )
        ),
        (
            "This report says more or fewer only where rounding cannot have made the difference: 10 people or more, "
            "and at least a tenth. It says nothing about why. It gives no percent, because those of small round "
            "numbers mislead."
        ),
        (
            worded(
                "These are the figures of one closed quarter. They were released on {released_on} and never "
                "change. The same figures are in the CSV file of this area and quarter, whose SHA-256 is "
                "{csv_sha256}.",
                released_on=day(source.released_on),
                csv_sha256=source.csv_sha256,
            )
        ),
        (
            worded(
                "Published by {name}, {address}. How the figures are made is written "
                "there, at /demand/method; every release and its hash, at /demand/releases.",
                name=source.publisher.name,
                address=source.publisher.address,
            )
        ),
    )
