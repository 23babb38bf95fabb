"""Taking figures away: every form is frozen once, true to the release, and written down."""

import io
import json
import zipfile
from decimal import Decimal

import pytest
from csvw import CSVW
from lxml import etree
from sqlalchemy import func, select

from marketplace.accounts.rules import Role
from marketplace.demand.models.releases import Release, ReleaseDownload, ReleaseFile
from marketplace.demand.rules.figures import NOT_SHOWN
from marketplace.kit.facts import FactKind
from tests.factories import accounts, demand

SHEET = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@pytest.fixture
def reader(session):
    return accounts.person(session, role=Role.COMMISSIONER, council=demand.COUNCIL)


@pytest.fixture
def commissioner(client, session, gazetteer, sign_in, reader):
    """Sign Trafford's commissioner in, with a quarter released: 14 providers confirmed offers, 4 looked in vain."""
    demand.facts(session, FactKind.CONFIRMED, people=14, facet="under_90_days")
    demand.facts(session, FactKind.SEARCHED_IN_VAIN, people=4)
    demand.release(session, gazetteer)
    return sign_in(reader.id)


def url(form, *, area=demand.COUNCIL, quarter=demand.QUARTER):
    return f"/demand/files/demand-{area}-{quarter.slug}.{form}"


def csv_rows(commissioner):
    return commissioner.get(url("csv")).text.splitlines()[1:]


@pytest.mark.parametrize(
    ("form", "begins"), [("xlsx", b"PK"), ("csv-metadata.json", b"{"), ("json", b"{"), ("pdf", b"%PDF")]
)
def test_a_form_is_made_when_first_asked_for_and_stays_as_it_is(commissioner, session, form, begins):
    first, second = commissioner.get(url(form)), commissioner.get(url(form))
    assert first.status_code == second.status_code == 200
    assert first.data.startswith(begins)
    assert first.data == second.data
    kept = session.scalars(select(ReleaseFile).where(ReleaseFile.kind != "csv")).one()
    assert kept.content == first.data
    assert first.headers["ETag"] == f'"{kept.sha256}"'
    assert session.scalars(select(func.count()).where(ReleaseDownload.file_id == kept.id)).one() == 2


def test_what_is_not_sent_is_not_taken_away(commissioner, session):
    etag = commissioner.get(url("json")).headers["ETag"]
    commissioner.head(url("json"))
    commissioner.get(url("json"), headers={"If-None-Match": etag})
    assert session.scalars(select(func.count(ReleaseDownload.id))).one() == 1


@pytest.mark.once
def test_a_validator_reads_the_csv_by_its_description(commissioner, tmp_path):
    for form in ("csv", "csv-metadata.json"):
        (tmp_path / url(form).rpartition("/")[2]).write_bytes(commissioner.get(url(form)).data)
    described = CSVW(str(tmp_path / url("csv-metadata.json").rpartition("/")[2]), validate=True)
    assert described.is_valid, described.warnings
    rows = list(described.tables[0].iterdicts(strict=True))
    values = [line.rpartition(",")[2] for line in csv_rows(commissioner)]
    assert [row["value"] for row in rows] == [None if value == NOT_SHOWN else Decimal(value) for value in values]
    assert {row["value"] for row in rows} == {None, Decimal(15)}


@pytest.mark.once
def test_a_program_finds_the_description_beside_the_csv(commissioner):
    link = commissioner.get(url("csv")).headers["Link"]
    assert link == f'<{url("csv-metadata.json")}>; rel="describedby"; type="application/csvm+json"'
    described = json.loads(commissioner.get(url("csv-metadata.json")).data)
    assert described["url"] == url("csv").rpartition("/")[2]


@pytest.mark.once
def test_a_spreadsheet_has_one_whole_table_on_each_sheet(commissioner):
    book = zipfile.ZipFile(io.BytesIO(commissioner.get(url("xlsx")).data))
    sheets = [etree.fromstring(book.read(name)) for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    shared = etree.fromstring(book.read("xl/sharedStrings.xml"))
    words = ["".join(item.itertext()) for item in shared.findall("s:si", SHEET)]
    assert not [sheet for sheet in sheets if sheet.find("s:mergeCells", SHEET) is not None]
    assert not [sheet for sheet in sheets if sheet.findall(".//s:f", SHEET)]
    with_table = [sheet for sheet in sheets if sheet.find("s:tableParts", SHEET) is not None]
    # All but the cover.
    assert len(with_table) == len(sheets) - 1
    for sheet in sheets:
        cells = sheet.findall(".//s:c", SHEET)
        assert all(cell.find("s:v", SHEET) is not None for cell in cells), "no cell is empty"
        numbers = [int(row.get("r")) for row in sheet.findall(".//s:row", SHEET)]
        assert numbers == list(range(1, len(numbers) + 1)), "no row is empty"
    assert NOT_SHOWN in words
    assert [word for word in words if word.startswith(NOT_SHOWN) and "not shown" in word], "the mark is explained"
    assert {"Cover", "Contents", "Notes"} <= set(
        etree.fromstring(book.read("xl/workbook.xml")).xpath("//s:sheet/@name", namespaces=SHEET)
    )


def test_everything_comes_as_one_table_file_by_file_and_each_is_written_down(
    commissioner, session, gazetteer, monkeypatch
):
    demand.release(session, gazetteer, quarter=demand.QUARTER.next)
    session.commit()
    response = commissioner.get("/demand/downloads/everything.csv")
    assert response.is_streamed
    lines = response.text.splitlines()
    assert len(lines) == len(set(lines)) == 1 + 2 * 3 * len(csv_rows(commissioner))
    taken = session.scalars(select(ReleaseFile.area).join(ReleaseDownload, ReleaseDownload.file_id == ReleaseFile.id))
    assert sorted(taken) == sorted([demand.COUNCIL, "E12000002", "E92000001"] * 2 + [demand.COUNCIL])


def test_what_an_earlier_method_made_is_there_as_csv_alone(commissioner, session):
    session.scalars(select(Release)).one().method = 2
    session.commit()
    page = commissioner.get("/demand/downloads").text
    assert "made in an earlier way" in page
    assert url("csv") in page
    assert url("xlsx") not in page
    assert commissioner.get(url("csv")).status_code == 200
    assert commissioner.get(url("xlsx")).status_code == 404
    assert commissioner.get("/demand/downloads/everything.csv").status_code == 404
