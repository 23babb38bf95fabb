"""The public ledger: whoever reads it can check every file, and learns nothing of who took one."""

import hashlib

import pytest
from sqlalchemy import select

from marketplace.accounts.rules import Role
from marketplace.demand.models.releases import ReleaseFile
from tests import pages
from tests.factories import accounts, demand

SECOND = demand.QUARTER.next


@pytest.fixture
def ledger(client, session, gazetteer, sign_in):
    """Two releases, the first of which a commissioner took a file of. The client is nobody in particular."""
    for quarter in (demand.QUARTER, SECOND):
        demand.release(session, gazetteer, quarter=quarter)
    reader = accounts.person(session, role=Role.COMMISSIONER, council=demand.COUNCIL, name="Sybil Reads")
    sign_in(reader.id)
    assert client.get(f"/demand/files/demand-{demand.COUNCIL}-{demand.QUARTER.slug}.csv").status_code == 200
    client.delete_cookie("session")
    return client


def hashes(page):
    return [code.text for code in pages.read(page).findall(".//table//code")]


def test_anybody_can_work_out_the_hash_of_a_release_as_its_page_says(ledger):
    first = ledger.get(f"/demand/releases/{demand.QUARTER.slug}").text
    second = ledger.get(f"/demand/releases/{SECOND.slug}").text
    of_first = hashlib.sha256("".join(hashes(first)).encode()).hexdigest()
    assert len(hashes(first)) == 1 + 9 + 2
    assert of_first in first
    assert hashlib.sha256("".join([of_first, *hashes(second)]).encode()).hexdigest() in second
    assert "Something is wrong" not in first + second


def test_a_file_that_was_changed_is_noticed(ledger, session):
    file = session.scalars(select(ReleaseFile).limit(1)).one()
    file.sha256 = hashlib.sha256(b"another").hexdigest()
    session.commit()
    assert "Something is wrong" in ledger.get(f"/demand/releases/{demand.QUARTER.slug}").text


def test_everybody_sees_how_often_files_were_taken_away_and_nobody_by_whom(ledger):
    page = ledger.get("/demand/releases").text
    assert "Trafford" in page
    assert "1 time<" in page
    assert "Sybil" not in page
    assert ledger.get("/demand/releases/2020-q1").status_code == 404


def test_the_method_page_says_what_every_column_counts(client):
    page = client.get("/demand/method").text
    assert page.count('<h3 id="table-') > 15
    assert "/accounts/statistics" in page
