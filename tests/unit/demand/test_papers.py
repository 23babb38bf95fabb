"""The market report and the sheet of a provider: true to their figures, silent on what is hidden, and tagged."""

import re
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from marketplace.catalogue.rules import CheckKind, CheckState, ProviderKind
from marketplace.catalogue.rules.evidence import Evidence
from marketplace.demand.gateways.reports import draw_report, market_report
from marketplace.demand.rules.files import Publisher, Source
from marketplace.demand.rules.others import others
from marketplace.demand.rules.report import report_on
from marketplace.demand.rules.sheets import Visit, sheet_in_short, sheet_report
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import ENGLAND
from marketplace.ratings.rules.quarters import Quarter as Months
from marketplace.ratings.rules.sheets import Asked, ProviderSheet
from marketplace.ratings.rules.trends import FEW, Cell, Line
from tests.factories.released import COUNCIL, REGION, area_figures

HERE = area_figures(
    support__bought__all=85,
    support__bought__cooking=55,
    support__spend__cooking=12_300_00,
    price_of_an_hour__people__cooking=15,
    price_of_an_hour__lower_quartile__cooking=14_50,
    price_of_an_hour__median__cooking=16_00,
    price_of_an_hour__upper_quartile__cooking=19_00,
    outcomes__people__home=20,
    outcomes__mean__home=4_30,
)
WIDER = area_figures(
    REGION,
    support__bought__walking=40,
    ratings__people__cooking=120,
    ratings__stars__cooking=4_10,
    price_of_an_hour__median__cooking=15_00,
    outcomes__people__safety=30,
    outcomes__mean__safety=3_90,
)


@pytest.fixture(scope="module")
def source():
    return Source(
        figures=HERE,
        released_on=date(2026, 7, 1),
        publisher=Publisher("Clubtogether", "https://example.org", "hello@example.org"),
        csv_sha256="ab" * 32,
        before=area_figures(quarter=Quarter(2026, 1), support__bought__all=60),
        wider=(WIDER, area_figures(ENGLAND)),
    )


def tags(pdf):
    """Return the tags of a PDF, as a screen reader finds them."""
    return {tag.decode() for tag in re.findall(rb"/StructElem\s*/S\s*/(\w+)", pdf)}


def test_every_figure_of_a_report_is_a_released_one_and_the_rest_is_not_shown(source):
    report = report_on(source)
    tables = [table for section in report.sections for table in section.tables]
    cells = [cell for table in tables for row in table.rows for cell in row[1:]]
    assert set(cells) == {"85", "55", "£12,300", "15", "£14.50", "£16", "£19", "£15", "20", "4.3", "not shown"}
    [support] = [table for table in tables if table.caption == "What people ask for and buy"]
    assert [row[0] for row in support.rows] == ["Cooking, and eating together", "All together"]
    assert support.note == "2 of 4 rows have no figure that can be shown, and are left out."
    everything = str(report)
    assert "%" not in everything
    assert "[c]" not in everything
    assert "up from about 60 in January to March 2026" in everything


def test_a_report_is_tagged_and_the_same_bytes_each_time(source):
    pdf = market_report(source)
    assert pdf == market_report(source)
    assert {"H1", "H2", "H3", "P", "L", "LI", "Figure", "Caption", "Table", "THead", "TH", "TR", "TD"} <= tags(pdf)
    assert b"pdfuaid" in pdf
    # A quarter in which nothing can be shown has a report too.
    nothing = Source(area_figures(), source.released_on, source.publisher, source.csv_sha256)
    assert report_on(nothing).in_short == ("Too few people did anything here to show it.",)
    assert market_report(nothing).startswith(b"%PDF")


def test_what_others_bought_is_of_the_nearest_area_that_shows_it():
    page = others((HERE, WIDER, area_figures(ENGLAND, support__bought__walking=900)))
    assert page.here.code == COUNCIL
    assert page.falls_back
    cooking, walking = page.kinds
    assert (cooking.people.value, cooking.people.area.code) == (55, COUNCIL)
    assert [(one.unit, one.middle, one.area.code) for one in cooking.prices] == [("an hour", 16_00, COUNCIL)]
    assert (cooking.stars.average, cooking.stars.area.code) == (4_10, REGION)
    assert (walking.people.value, walking.people.area.code) == (40, REGION)
    assert [(row.code, stars.area.code) for row, stars in page.outcomes] == [("home", COUNCIL), ("safety", REGION)]
    alone = others((HERE,))
    assert [row.code for row in alone.untold] == ["walking"]
    assert not alone.falls_back


def sheet(**differences):
    few = Line("All in all", (FEW,) * 5, FEW)
    plain = {
        "id": UUID(int=1),
        "name": "Amina at Home",
        "kind": ProviderKind.MICRO_PROVIDER,
        "council": None,
        "quarters": (*(Months(2026, number) for number in (1, 2, 3, 4)), Months(2027, 1)),
        "stars": few,
        "criteria": (),
        "outcomes": (),
        "spread": (0, 0, 0, 0, 2),
        "verified": 1,
        "set_aside": 0,
        "first_month": date(2026, 2, 1),
        "last_month": date(2026, 5, 1),
        "reviews": 2,
        "answered": 1,
        "asked": Asked(0, 0, 0, 0, 0, 0),
        "offers": (),
    }
    return ProviderSheet(**plain | differences)


def test_a_sheet_says_how_many_how_sure_and_how_old():
    told = sheet_in_short(sheet(), on=date(2027, 1, 20))
    assert told == (
        "Fewer than 3 people have rated them, so there is no average.",
        "Of 2 ratings, 1 is by somebody who has shown that they used it.",
        "The first review was shown in February 2026, the latest in May 2026, 8 months ago.",
        "They answered 1 of 2 reviews.",
    )
    line = Line("All in all", (FEW,) * 4 + (Cell(3, Decimal("4.3")),), Cell(5, Decimal("4.1")))
    more = sheet_in_short(sheet(stars=line, asked=Asked(3, 1, 2, 1, 0, 1)), on=date(2026, 5, 2))
    assert more[0] == "5 people gave 4.1 stars of 5 on average."
    assert more[2].endswith("the latest in May 2026, this month.")
    assert more[-1] == (
        "People asked them to change 3 things: 2 done, 1 planned. "
        "Of those done, whoever asked says: 1 changed, 0 in part, 1 not."
    )


def test_a_sheet_prints_what_it_is_not():
    report = sheet_report(
        sheet(),
        council="Trafford",
        evidence=(Evidence(CheckKind.INSURANCE, CheckState.CHECKED, by="A council", since=date(2026, 3, 3)),),
        visits=(Visit(date(2026, 4, 4), "Peers", "three things met", is_answered=True),),
        on=date(2027, 1, 20),
    )
    said = str(report)
    assert "It is not an inspection" in said
    assert "under 3" in said
    assert "Tuesday 3 March 2026" in said
    assert "by peers from Peers: three things met. The provider has answered." in said
    assert {"H1", "Table", "Figure"} <= tags(draw_report(report, caption="Now", foot="Now"))
