import csv
import json

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from marketplace.catalogue.commands import importing
from marketplace.catalogue.models import Offer
from tests.integration.catalogue.published_files import FEW, FILES

HEADER = "name,category,address,postcode\n"
FEED = """
source:
  key: example-feed
  publisher: Example Council
  licence: Open Government Licence v3.0
  licence_url: https://example.org/licence
  url: https://example.org/services
format: open-referral
council: E08000009
category: {column: terms, table: {Food: food-and-meals}, otherwise: community-places}
"""


@pytest.fixture
def run(app, connection):
    """Run `flask catalogue import`, and return how it ended. Nothing that escapes it is forgiven."""

    def invoke(*arguments):
        result = app.test_cli_runner().invoke(args=["catalogue", "import", *map(str, arguments)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return result

    return invoke


@pytest.fixture
def listed(tmp_path):
    def write(text, name="list.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def count(session):
    def offers():
        session.expire_all()
        return session.scalar(select(func.count()).select_from(Offer))

    return offers


def clubs(number, first=0):
    return "".join(f"Club {n},Golf,Example Lane,M33 7ZF\n" for n in range(first, first + number))


@pytest.mark.parametrize("name", FILES)
def test_a_published_list_comes_in_and_ends_with_a_sum(run, count, name):
    result = run(FEW / f"{name}.csv", "--mapping", FILES[name])
    assert result.exit_code == 0
    assert f"{count():,} rows read: {count():,} added, 0 updated, 0 unchanged, 0 refused." in result.output
    again = run(FEW / f"{name}.csv", "--mapping", FILES[name])
    assert f"0 added, 0 updated, {count():,} unchanged, 0 refused." in again.output


def test_what_changed_is_updated_what_is_new_is_added_and_the_rest_is_left(run, listed, count):
    run(listed(HEADER + clubs(3)), "--mapping", "trafford-sports-clubs")
    changed = HEADER + "Club 0,Tennis,Example Lane,M33 7ZF\n" + clubs(3, first=1)
    result = run(listed(changed), "--mapping", "trafford-sports-clubs")
    assert "4 rows read: 1 added, 1 updated, 2 unchanged, 0 refused." in result.output
    assert count() == 4


def test_bad_rows_are_told_with_line_and_reason_and_the_rest_comes_in(run, listed, count, tmp_path):
    report = tmp_path / "report.csv"
    text = HEADER + clubs(1) + "Short,Golf\n" + "=1+1,Golf,Lane,WA154 1HF\n" + clubs(1)
    result = run(listed(text), "--mapping", "trafford-sports-clubs", "--report", report)
    assert result.exit_code == 1
    assert "Refused:" in result.output
    assert "line 3  Short,Golf" in result.output
    assert "The row has 2 cells, and the first line names 4." in result.output
    assert "line 5  Club 0" in result.output
    assert "It has the same name and postcode as line 2." in result.output
    assert "4 rows read: 2 added, 0 updated, 0 unchanged, 2 refused." in result.output
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["line"], row["what"]) for row in rows] == [("3", "refused"), ("4", "left out"), ("5", "refused")]
    assert rows[1]["name"] == "'=1+1", "a spreadsheet must not run it"
    assert count() == 2


def test_many_remarks_are_cut_short_on_screen(run, listed):
    rows = "".join(f"Club {n},Golf,Lane,SY23 3LR\n" for n in range(25))
    result = run(listed(HEADER + rows), "--mapping", "trafford-sports-clubs")
    assert result.exit_code == 0
    assert "and 5 more: add --report FILE.csv to see them all." in result.output


def test_a_dry_run_keeps_nothing(run, listed, count):
    result = run(listed(HEADER + clubs(60)), "--mapping", "trafford-sports-clubs", "--dry-run")
    assert "60 rows read: 60 added" in result.output
    assert "This was a dry run: nothing was kept." in result.output
    assert count() == 0


def test_ctrl_c_keeps_whole_batches_and_a_second_run_finishes(run, listed, count, monkeypatch):
    path = listed(HEADER + clubs(120))
    real, calls = importing.import_entries, []

    def stops_in_the_second_batch(session, **given):
        calls.append(1)
        outcomes = real(session, **given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return outcomes

    monkeypatch.setattr(importing, "import_entries", stops_in_the_second_batch)
    stopped = run(path, "--mapping", "trafford-sports-clubs")
    assert stopped.exit_code == 130
    assert "Stopped. The first 50 of 120 rows are done, and kept." in stopped.output
    assert count() == 50
    monkeypatch.setattr(importing, "import_entries", real)
    result = run(path, "--mapping", "trafford-sports-clubs")
    assert "120 rows read: 70 added, 0 updated, 50 unchanged, 0 refused." in result.output
    assert count() == 120


def test_a_database_that_stops_answering_is_told_in_words(run, listed, monkeypatch):
    def fails(session, **given):
        raise OperationalError("INSERT", {}, Exception("disk is full"))

    monkeypatch.setattr(importing, "import_entries", fails)
    result = run(listed(HEADER + clubs(3)), "--mapping", "trafford-sports-clubs")
    assert result.exit_code == 2
    assert "The database stopped answering: disk is full. The first 0 of 3 rows are done, and kept." in result.output


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty."),
        (b"%PDF-1.7", "This is a PDF, not CSV."),
        (bytes(range(256)) * 9, "This is not text"),
        (b"name,address\nA,B\n", "These columns are missing"),
        (b"[]", "looks like JSON"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_two_and_a_sentence(run, listed, count, content, sentence):
    result = run(listed(content), "--mapping", "trafford-sports-clubs")
    assert result.exit_code == 2
    assert sentence in result.output
    assert result.output.startswith("Error: ")
    assert count() == 0


def test_letters_of_another_encoding_come_in_and_are_said(run, listed, session):
    result = run(
        listed((HEADER + "Café Club,Golf,Lane,M33 7ZF\n").encode("cp1252")), "--mapping", "trafford-sports-clubs"
    )
    assert "Note: Line 2 is not UTF-8" in result.output
    assert session.scalars(select(Offer.title)).all() == ["Café Club"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("community-places}", "no-such-shelf}"), "The mapping names “no-such-shelf”, which is not a category."),
        (("E08000009", "E99999999"), "The mapping names E99999999, which is no council's code."),
        (("key: example-feed", "key: Example Feed"), "use small letters, figures and hyphens"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_before_anything_is_read(run, listed, change, sentence):
    mapping = listed(FEED.replace(*change), "feed.yaml")
    result = run(listed("[]", "feed.json"), "--mapping", mapping)
    assert result.exit_code == 2
    assert sentence in result.output


def test_a_report_that_cannot_be_written_stops_before_the_import(run, listed, count, tmp_path):
    path = listed(HEADER + clubs(1))
    for report in (path, tmp_path, tmp_path / "no such folder" / "report.csv"):
        result = run(path, "--mapping", "trafford-sports-clubs", "--report", report)
        assert result.exit_code == 2
        assert "report" in result.output
    assert count() == 0
    assert path.read_text().startswith("name")


def test_open_referral_comes_in(run, listed, session):
    place = {
        "latitude": 53.42533,
        "longitude": -2.31987,
        "addresses": [{"address_1": "Sale Waterside", "postal_code": "M33 7ZF"}],
    }
    services = [
        {
            "id": "a1",
            "name": "Cooking together",
            "description": "Cook.",
            "fees": "Free",
            "url": "https://cook.example.org",
            "organization": {"id": "o1", "name": "Ada Support"},
            "attributes": [{"taxonomy_term": {"name": "food"}}],
            "service_at_locations": [{"location": place}],
        },
        {"id": "a2", "name": "Walking", "cost_options": [{"amount": 35, "amount_description": "a session"}]},
        {"id": "a3", "name": "Closed", "status": "temporarily closed"},
        {"id": "a1", "name": "Cooking again"},
    ]
    feed, mapping = listed(json.dumps({"contents": services}, indent=1), "feed.json"), listed(FEED, "feed.yaml")
    result = run(feed, "--mapping", mapping)
    assert result.exit_code == 1
    assert "4 rows read: 2 added, 0 updated, 0 unchanged, 2 refused." in result.output
    assert "It has the same id as line 3." in result.output
    assert "Its status is “temporarily closed”, not active." in result.output
    cooking, walking = session.scalars(select(Offer).order_by(Offer.source_key)).all()
    assert (cooking.category, cooking.is_free, cooking.postcode) == ("food-and-meals", True, "M33 7ZF")
    assert "More at https://cook.example.org" in cooking.description
    assert not walking.is_free
    assert "Cost, as published: £35 a session." in walking.description
    again = run(feed, "--mapping", mapping)
    assert "0 added, 0 updated, 2 unchanged, 2 refused." in again.output


def test_the_mappings_that_come_with_the_site_are_named(app, connection):
    result = app.test_cli_runner().invoke(args=["catalogue", "mappings"])
    assert "trafford-libraries  (Trafford Council (Trafford Data Lab))" in result.output
