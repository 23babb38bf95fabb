from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.rules import Role
from marketplace.demand import services
from marketplace.demand.models import Release
from marketplace.kit.quarters import Quarter
from marketplace.kit.audit import AuditEvent
from tests.factories import accounts, demand, pooling

AUTUMN, SPRING = Quarter(2025, 4), Quarter(2026, 1)
AFTER = datetime(2026, 4, 1, 9, tzinfo=UTC)


@pytest.fixture
def reader(session):
    return accounts.person(session, role=Role.COMMISSIONER, council=demand.COUNCIL)


@pytest.fixture
def released(session, gazetteer):
    """Release two quarters for Trafford, with 17 people in one category of the second."""
    offer = pooling.offer_for_groups(session)
    demand.asked_by(session, demand.crowd(session, 17), offer=offer, asked_at=SPRING.starts_at + timedelta(days=9))
    for quarter in (AUTUMN, SPRING):
        services.build_release(session, council=gazetteer.council(demand.COUNCIL), quarter=quarter, now=AFTER)
    session.commit()


@pytest.fixture
def commissioner(client, released, sign_in, reader):
    """A client signed in as Trafford's commissioner, with two quarters released."""
    return sign_in(reader.id)


FILE = f"/demand/{demand.COUNCIL}/2026-q1.csv"


def test_a_commissioner_sees_the_newest_quarter_of_their_own_council(commissioner):
    response = commissioner.get("/demand")
    assert response.status_code == 200
    assert "Demand in Trafford" in response.text
    assert "January to March 2026" in response.text
    assert "not shown" in response.text
    assert ">15<" in response.text
    assert ">17<" not in response.text


def test_another_quarter_can_be_chosen(commissioner):
    response = commissioner.get("/demand?quarter=2025-q4")
    assert response.status_code == 200
    assert ">15<" not in response.text


@pytest.mark.parametrize("quarter", ["2024-q1", "2026-q2", "9999-q9", "x", "2026-q1'"])
def test_a_quarter_that_is_not_there_is_not_found(commissioner, quarter):
    assert commissioner.get("/demand", query_string={"quarter": quarter}).status_code == 404


def test_before_the_first_release_the_page_says_when_to_come_back(client, sign_in, reader):
    sign_in(reader.id)
    response = client.get("/demand")
    assert response.status_code == 200
    assert "There are no figures yet" in response.text


def test_a_download_is_the_frozen_file_and_is_written_down(commissioner, session, reader):
    response = commissioner.get(FILE)
    release = session.scalars(select(Release).where(Release.quarter == 1)).one()
    assert response.status_code == 200
    assert response.data == release.content
    assert response.content_type == "text/csv; charset=utf-8"
    assert response.headers["ETag"] == f'"{release.sha256}"'
    assert response.headers["Content-Disposition"] == 'attachment; filename="demand-E08000009-2026-q1.csv"'
    assert "private" in response.headers["Cache-Control"]
    events = session.scalars(select(AuditEvent).where(AuditEvent.did == "downloaded")).all()
    assert [(event.by_person_id, event.to_id) for event in events] == [(reader.id, release.id)]


def test_a_file_the_browser_has_is_not_sent_again(commissioner):
    etag = commissioner.get(FILE).headers["ETag"]
    assert commissioner.get(FILE, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize(
    "url",
    [
        f"/demand/{demand.ANOTHER_COUNCIL}/2026-q1.csv",
        "/demand/E06000001/2026-q1.csv",
        "/demand/nowhere/2026-q1.csv",
        f"/demand/{demand.COUNCIL}/2026-q2.csv",
        f"/demand/{demand.COUNCIL}/soon.csv",
    ],
)
def test_another_councils_export_is_as_unknown_as_one_that_does_not_exist(commissioner, session, gazetteer, url):
    services.build_release(session, council=gazetteer.council(demand.ANOTHER_COUNCIL), quarter=SPRING, now=AFTER)
    session.commit()
    assert commissioner.get(url).status_code == 404
    assert session.scalars(select(AuditEvent).where(AuditEvent.did == "downloaded")).all() == []


@pytest.mark.parametrize("role", [Role.PERSON, Role.MODERATOR, Role.OPERATOR])
def test_only_commissioners_read_demand(client, session, released, sign_in, role):
    sign_in(accounts.person(session, role=role, lives_in=demand.COUNCIL).id)
    assert client.get("/demand").status_code == 403
    assert client.get(FILE).status_code == 403


@pytest.mark.parametrize("url", ["/demand", FILE])
def test_a_stranger_is_asked_to_sign_in(client, released, url):
    assert client.get(url).status_code == 302


def test_anybody_can_read_how_the_figures_are_made(client):
    response = client.get("/demand/method")
    assert response.status_code == 200
    assert "Nothing under 10." in response.text
    for column in ("people", "arrangements", "pools_opened", "pools_met", "searches_with_no_result"):
        assert column in response.text
