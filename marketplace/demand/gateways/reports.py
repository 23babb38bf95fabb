"""Reports as PDF to print or send round: PDF/UA-1, tagged, in our own typeface."""

from pathlib import Path

from marketplace.demand.rules.files import Source
from marketplace.demand.rules.report import Bars, Ranges, Report, ReportTable, Section, report_on
from marketplace.demand.rules.sentences import money
from marketplace.kit.papers import drawn, typeset

_TEMPLATE = Path(__file__).with_name("report.typ")


def market_report(source: Source) -> bytes:
    """Return the market report of one area and quarter, made from released figures alone."""
    figures = source.figures
    caption = figures.quarter.label
    return draw_report(report_on(source), caption=caption, foot=f"{figures.area.name}, {caption}")


def draw_report(report: Report, *, caption: str, foot: str) -> bytes:
    """Return a report as a PDF that screen readers can read. The same report makes the same bytes."""
    said = {
        "title": drawn(report.title),
        "caption": drawn(caption),
        "lead": drawn(report.lead),
        "foot": drawn(foot),
        "in_short": [drawn(words) for words in report.in_short],
        "sections": [_section(one) for one in report.sections],
        "notes_title": drawn(report.notes_title),
        "notes": [drawn(words) for words in report.notes],
    }
    return typeset(_TEMPLATE, said)


def _section(section: Section) -> dict[str, object]:
    return {
        "heading": drawn(section.heading),
        "sentences": [drawn(words) for words in section.sentences],
        "bars": [_bars(one) for one in section.bars],
        "ranges": [_ranges(one) for one in section.ranges],
        "tables": [_table(one) for one in section.tables],
    }


def _bars(chart: Bars) -> dict[str, object]:
    return {
        "title": drawn(chart.title),
        "words": drawn(chart.words),
        "bars": [
            {"label": drawn(label), "words": drawn(words), "part": round(100 * value / chart.full, 1)}
            for label, value, words in chart.bars
        ],
    }


def _ranges(chart: Ranges) -> dict[str, object]:
    width = max(chart.most - chart.least, 1)

    def across(price: int) -> float:
        return round(100 * (price - chart.least) / width, 1)

    return {
        "title": drawn(chart.title),
        "words": drawn(chart.words),
        "names": [drawn(name) for name in chart.names],
        "from": money(chart.least),
        "to": money(chart.most),
        "ranges": [
            {
                "label": drawn(one.label),
                "lower": across(one.lower),
                "middle": across(one.middle),
                "upper": across(one.upper),
                "wider": [None if price is None else across(price) for price in one.wider],
            }
            for one in chart.ranges
        ],
    }


def _table(table: ReportTable) -> dict[str, object]:
    return {
        "caption": drawn(table.caption),
        "columns": [drawn(column) for column in table.columns],
        "rows": [[drawn(cell) for cell in row] for row in table.rows],
        "note": drawn(table.note),
        "is_words": table.is_words,
    }
