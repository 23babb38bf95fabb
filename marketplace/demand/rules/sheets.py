"""What the sheet of a provider says when it is printed: public ratings and checks, and what they are not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from marketplace.catalogue.rules.evidence import Evidence
from marketplace.demand.rules.report import Bars, Report, ReportTable, Section
from marketplace.kit.said import count, day, month
from marketplace.ratings.rules.scoring import FEWEST_RATERS, RatingSummary
from marketplace.ratings.rules.sheets import ProviderSheet
from marketplace.ratings.rules.trends import Cell, Line

FEW = f"under {FEWEST_RATERS}"

WHAT_IT_IS_NOT = (
    "It is not an inspection, and no replacement for one. Nobody from this site has been there.",
    "It says nothing of people who did not write. Those who write may be gladder or angrier than others.",
    (
        "It holds no complaints, concerns or safeguarding matters: those go to the provider, the council and the "
        "regulator, never through reviews."
    ),
    "It is not about any one worker, and must not be used to judge one.",
    "Few ratings move easily. One new rating can change an average of three by as much as a star.",
    "It says how things went for those who use this site, not only for people whose support a council pays for.",
)
"""What a reader must know before they use a sheet to watch over a contract."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A quality check by peers, as a sheet tells it."""

    visited_on: date
    by: str
    found: str
    is_answered: bool


def cell_words(cell: Cell) -> str:
    """Return a cell of a sheet in words: `4.5 (12)`, or that there are too few."""
    return FEW if cell.average is None else f"{cell.average} ({cell.people})"


def summary_words(summary: RatingSummary) -> str:
    """Return how an offer is rated in words: `4.5 (12)`, `under 3`, `none`."""
    if summary.count == 0:
        return "none"
    return FEW if summary.average is None else f"{summary.average} ({summary.count})"


def sheet_in_short(sheet: ProviderSheet, *, on: date) -> tuple[str, ...]:
    """Return what is most worth knowing of a provider's ratings, in sentences."""
    whole = sheet.stars.whole
    average = (
        f"{count(whole.people or 0, 'person', 'people')} gave {whole.average} stars of 5 on average."
        if whole.average is not None
        else f"Fewer than {FEWEST_RATERS} people have rated them, so there is no average."
    )
    return tuple(
        one
        for one in (
            average,
            _how_sure(sheet),
            _how_old(sheet, on=on),
            f"They answered {sheet.answered} of {count(sheet.reviews, 'review', 'reviews')}." if sheet.reviews else "",
            _asked(sheet),
        )
        if one
    )


def sheet_report(
    sheet: ProviderSheet, *, council: str, evidence: Sequence[Evidence], visits: Sequence[Visit], on: date
) -> Report:
    """Return the sheet as it is printed, made on a day."""
    quarters = tuple(quarter.words for quarter in sheet.quarters)
    return Report(
        notes_title="What this sheet is not",
        title=f"Provider sheet: {sheet.name}",
        lead=f"{sheet.kind.words}{f' in {council}' if council else ''}. Everything here is public.",
        in_short=sheet_in_short(sheet, on=on),
        sections=(
            Section(
                "How people rate them",
                (),
                bars=_spread(sheet),
                tables=(
                    _by_quarter([sheet.stars], quarters, "Average stars, by the quarter in which reviews were shown"),
                ),
            ),
            Section(
                "By what matters to people",
                (),
                tables=(_by_quarter(sheet.criteria, quarters, "Averages by criterion, from 1 (never) to 5 (always)"),),
            ),
            Section(
                "What it did for people",
                (),
                tables=(
                    _by_quarter(sheet.outcomes, quarters, "Averages by outcome, from 1 (not at all) to 5 (very much)"),
                ),
            ),
            Section("What they offer", (), tables=(_offers(sheet),)),
            Section("What has been checked", (), tables=(_checks(evidence),)),
            Section("What peers found on their visits", _visited(visits)),
        ),
        notes=(
            (
                "Averages have the number of people behind them in brackets. No average stands for fewer than "
                f"{FEWEST_RATERS} people."
            ),
            *WHAT_IT_IS_NOT,
        ),
    )


def _how_sure(sheet: ProviderSheet) -> str:
    if not sheet.ratings:
        return ""
    ratings = count(sheet.ratings, "rating", "ratings")
    proved = count(sheet.verified, "is by somebody who has", "are by people who have")
    return f"Of {ratings}, {proved} shown that they used it."


def _how_old(sheet: ProviderSheet, *, on: date) -> str:
    if sheet.first_month is None or sheet.last_month is None:
        return ""
    months = (on.year - sheet.last_month.year) * 12 + on.month - sheet.last_month.month
    ago = "this month" if months <= 0 else f"{count(months, 'month', 'months')} ago"
    return f"The first review was shown in {month(sheet.first_month)}, the latest in {month(sheet.last_month)}, {ago}."


def _asked(sheet: ProviderSheet) -> str:
    it = sheet.asked
    if not it.asked:
        return ""
    told = f"People asked them to change {count(it.asked, 'thing', 'things')}: {it.done} done, {it.planned} planned."
    judged = it.changed + it.partly + it.not_changed
    if not judged:
        return told
    return f"{told} Of those done, whoever asked says: {it.changed} changed, {it.partly} in part, {it.not_changed} not."


def _spread(sheet: ProviderSheet) -> tuple[Bars, ...]:
    if not sheet.ratings:
        return ()
    bars = tuple(
        (f"{stars} {'star' if stars == 1 else 'stars'}", sheet.spread[stars - 1], str(sheet.spread[stars - 1]))
        for stars in range(5, 0, -1)
    )
    words = "; ".join(f"{label}: {said}" for label, _, said in bars)
    return (
        Bars("How many ratings gave each number of stars", f"Chart. Ratings by stars: {words}.", bars, sheet.ratings),
    )


def _by_quarter(lines: Sequence[Line], quarters: Sequence[str], caption: str) -> ReportTable:
    return ReportTable(
        caption=caption,
        columns=("", *quarters, "All time"),
        rows=tuple((line.about, *(cell_words(cell) for cell in line.cells), cell_words(line.whole)) for line in lines),
        note="" if lines else f"Fewer than {FEWEST_RATERS} people have said anything here.",
    )


def _offers(sheet: ProviderSheet) -> ReportTable:
    return ReportTable(
        caption="Offers that can be seen now",
        columns=("", "Kind", "Average (ratings)", "Last confirmed"),
        rows=tuple(
            (one.title, one.category_name, summary_words(one.summary), day(one.confirmed_on)) for one in sheet.offers
        ),
        is_words=True,
    )


def _checks(evidence: Sequence[Evidence]) -> ReportTable:
    return ReportTable(
        caption="Each check, and how it stands",
        columns=("", "How it stands", "By whom", "On", "Until"),
        rows=tuple(
            (
                one.label,
                one.state.words,
                one.by or "–",
                day(one.since) if one.since else "–",
                day(one.until) if one.until else "–",
            )
            for one in evidence
        ),
        note="" if evidence else "Nobody has checked anything for us.",
        is_words=True,
    )


def _visited(visits: Sequence[Visit]) -> tuple[str, ...]:
    if not visits:
        return ("No peers have been there yet.",)
    return tuple(
        f"{day(one.visited_on)}, by peers from {one.by}: {one.found or 'nothing written down yet'}."
        f"{' The provider has answered.' if one.is_answered else ''}"
        for one in visits
    )
