"""The register comes in from a file: invented locations, in the two forms in which the real one is published."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from marketplace.catalogue.models import CqcLocation, Provider, SafetyCheck
from marketplace.catalogue.queries.evidence import evidence_of
from marketplace.catalogue.rules import CheckKind, CheckState
from marketplace.catalogue.services import registering
from marketplace.kit.outbox import Message
from tests.factories import catalogue as make
from tests.factories import checks

HEADER = (
    "Name", "Also known as", "Address", "Postcode", "Phone number", "Service's website (if available)",
    "Service types", "Date of latest check", "Specialisms/services", "Provider name", "Local authority", "Region",
    "Location URL", "CQC Location ID (for office use only)", "CQC Provider ID (for office use only)",
)  # fmt: skip
PREAMBLE = [["CQC Locations data (invented)"], [""], ["This data was produced on 3 May 2026"], [""]]


def number(n):
    return f"1-9999900{n:04}"


def row(n, **differences):
    plain = {
        "Name": f"Invented Home Care {n}",
        "Address": "1 Made Up Road,\nSale",
        "Postcode": "M33 7ZF",
        "Service types": "Homecare agencies|Supported living",
        "Date of latest check": "03/Feb/2025 - 00:00",
        "Provider name": "Invented Care Ltd",
        "CQC Location ID (for office use only)": number(n),
    }
    cells = plain | differences
    return [cells.get(column, "") for column in HEADER]


@pytest.fixture
def register(tmp_path):
    """Return a function that writes a register, with its preamble, and gives its path."""

    def write(rows, header=HEADER, preamble=PREAMBLE, name="register.csv"):
        out = io.StringIO()
        csv.writer(out).writerows([*preamble, header, *rows])
        path = tmp_path / name
        path.write_text(out.getvalue(), encoding="utf-8")
        return path

    return write


@pytest.fixture
def run(app, connection):
    def invoke(*arguments):
        result = app.test_cli_runner().invoke(args=["catalogue", "cqc", *map(str, arguments)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return result

    return invoke


@pytest.fixture
def places(session):
    def by_number():
        session.expire_all()
        return {place.id: place for place in session.scalars(select(CqcLocation))}

    return by_number


def test_the_directory_comes_in_past_its_preamble(run, register, places):
    result = run(register([row(1), row(2, Name="Invented Two")]))
    assert result.exit_code == 0, result.output
    assert "2 rows read: 2 added, 0 updated, 0 unchanged, 0 refused." in result.output
    place = places()[number(1)]
    assert (place.name, place.provider_name, place.postcode) == (
        "Invented Home Care 1",
        "Invented Care Ltd",
        "M33 7ZF",
    )
    assert (place.council, place.checked_on, place.rating) == ("E08000009", date(2025, 2, 3), "")
    assert place.service_types == "Homecare agencies, Supported living"
    assert place.is_registered


def test_read_again_nothing_is_doubled_and_what_changed_is_changed(run, register, places):
    run(register([row(1), row(2)]))
    again = run(register([row(1), row(2, Name="Another name")]))
    assert "0 added, 1 updated, 1 unchanged" in again.output
    assert places()[number(2)].name == "Another name"


def test_every_bad_row_is_told_of_by_its_line_and_the_others_come_in(run, register, places, tmp_path):
    rows = [
        row(1),
        row(2, **{"CQC Location ID (for office use only)": "none of ours"}),
        row(3, Name=""),
        row(1, Name="The same again"),
        ["Only", "three", "cells"],
        row(6, **{"Date of latest check": "yesterday", "Postcode": "nowhere"}),
    ]
    report = tmp_path / "report.csv"
    result = run(register(rows), "--report", report)
    assert result.exit_code == 1
    assert set(places()) == {number(1), number(6)}
    told = list(csv.reader(io.StringIO(report.read_text("utf-8-sig"))))[1:]
    # Every row has an address of two lines, and the header stands on line five.
    assert [(line, what) for line, what, *_ in told] == [
        ("8", "refused"),
        ("10", "refused"),
        ("12", "refused"),
        ("14", "refused"),
        ("15", "left out"),
    ]
    why = " ".join(line[3] for line in told)
    for part in ("no number of a location", "has no name", "Line 6 is the same location", "“yesterday” is not a day"):
        assert part in why, why


def test_the_form_with_ratings_comes_in_too(run, register, places):
    header = (
        "Location ID", "Location Name", "Location Postal Code", "Provider Name", "Location Latest Overall Rating",
        "Publication Date", "Service type - Homecare agencies", "Service type - Care homes",
    )  # fmt: skip
    rows = [[number(1), "Invented One", "m337zf", "Invented Ltd", "Good", "03/02/2025", "Y", "N"]]
    assert run(register(rows, header=header, preamble=[])).exit_code == 0
    place = places()[number(1)]
    assert (place.rating, place.checked_on, place.service_types) == ("Good", date(2025, 2, 3), "Homecare agencies")
    assert place.postcode == "M33 7ZF"
    # The directory has no ratings, and so says nothing of one, nor of its day.
    assert run(register([row(1, **{"Date of latest check": "01/Jan/2026 - 00:00"})])).exit_code == 0
    assert (places()[number(1)].rating, places()[number(1)].checked_on) == ("Good", date(2025, 2, 3))


def linked(session, now):
    provider, speaker = make.provider(session, name="Invented Home Care")
    checks.declared(session, provider, speaker, kind=CheckKind.CQC_REGISTRATION, level=number(1))
    registering.confirm_location(
        session, provider_id=provider.id, location_id=number(1), by=checks.checker(session), now=now
    )
    session.commit()
    return provider.id


def registration(session, provider_id):
    session.expire_all()
    found = evidence_of(session, provider_ids=[provider_id], on=datetime.now(UTC).date())[provider_id]
    return next(one for one in found if one.kind is CheckKind.CQC_REGISTRATION)


def test_what_is_gone_is_gone_for_its_provider_too_and_may_come_back(run, register, places, session, now):
    others = [row(n) for n in range(2, 22)]
    run(register([row(1), *others]))
    session.rollback()
    provider_id = linked(session, now)
    assert registration(session, provider_id).state is CheckState.CHECKED
    result = run(register(others))
    assert "1 location is on the register no more." in result.output
    assert not places()[number(1)].is_registered
    gone = registration(session, provider_id)
    assert (gone.state, gone.registration.is_registered) == (CheckState.NOT_CHECKED, False)
    subjects = session.scalars(select(Message.subject)).all()
    assert "Invented Home Care is not on the register of the Care Quality Commission any more" in subjects
    run(register(others))
    assert len(session.scalars(select(Message.subject)).all()) == len(subjects)
    run(register([row(1), *others]))
    assert registration(session, provider_id).state is CheckState.CHECKED
    states = session.scalars(select(SafetyCheck.state).order_by(SafetyCheck.edition)).all()
    assert states == ["declared", "checked", "not_checked", "checked"]
    assert session.get_one(Provider, provider_id).cqc_location_id == number(1)


def test_a_part_of_the_register_is_not_taken_for_all_of_it(run, register, places):
    run(register([row(n) for n in range(1, 11)]))
    part = register([row(1)], name="part.csv")
    result = run(part)
    assert result.exit_code == 2
    assert "leaves out 9 of the locations" in result.output
    assert all(place.is_registered for place in places().values())
    assert run(part, "--part").exit_code == 0
    assert all(place.is_registered for place in places().values())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"name,postcode\nA,M33\n", "None of the first 40 lines"),
        (b"%PDF-1.4", "a PDF"),
        (b"\x00\x01\x02" * 50, "not text"),
    ],
)
def test_what_is_no_register_is_refused_in_words(run, tmp_path, content, said):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    result = run(path)
    assert result.exit_code == 2
    assert said in result.output


def test_another_form_can_be_described(run, register, tmp_path, places):
    form = tmp_path / "form.yaml"
    form.write_text("id: Number\nname: Name\nprovider_name: By\npostcode: Code\nchecked_on: Day\ndays: ['%Y-%m-%d']\n")
    path = register(
        [[number(1), "One", "Ltd", "M33 7ZF", "2025-02-03"]], header=("Number", "Name", "By", "Code", "Day")
    )
    assert run(path, "--form", form).exit_code == 0
    assert set(places()) == {number(1)}
    form.write_text("id: Number\n")
    assert "cannot be used" in run(path, "--form", form).output
    assert "There is no form" in run(path, "--form", tmp_path / "nothing.yaml").output
