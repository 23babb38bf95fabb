import pytest
from sqlalchemy import select

from marketplace.accounts.rules import Role
from marketplace.demand.models.releases import ReleaseDownload, ReleaseFile
from marketplace.kit.facts import FactKind
from marketplace.kit.quarters import Quarter
from tests.factories import accounts, demand

AUTUMN, SPRING = Quarter(2025, 4), Quarter(2026, 1)


@pytest.fixture
def reader(session):
    return accounts.person(session, role=Role.COMMISSIONER, council=demand.COUNCIL)


@pytest.fixture
def released(session, gazetteer):
    """Release two quarters, with 17 people in one category of the second in Trafford."""
    demand.facts(session, FactKind.ASKED, people=17, quarter=SPRING)
    for quarter in (AUTUMN, SPRING):
        demand.release(session, gazetteer, quarter=quarter)
    session.commit()


@pytest.fixture
def commissioner(client, released, sign_in, reader):
    """A client signed in as Trafford's commissioner, with two quarters released."""
    return sign_in(reader.id)


FILE = f"/demand/files/demand-{demand.COUNCIL}-2026-q1.csv"


@pytest.mark.parametrize("quarter", ["2024-q1", "2026-q2", "9999-q9", "x", "2026-q1'"])
def test_a_quarter_that_is_not_there_is_not_found(commissioner, quarter):
    assert commissioner.get("/demand", query_string={"quarter": quarter}).status_code == 404


def test_a_download_is_the_frozen_file_and_is_written_down(commissioner, session, reader):
    response = commissioner.get(FILE)
    assert response.status_code == 200
    [(file_id, person_id)] = session.execute(select(ReleaseDownload.file_id, ReleaseDownload.person_id)).all()
    file = session.get_one(ReleaseFile, file_id)
    assert person_id == reader.id
    assert response.data == file.content
    assert response.content_type == "text/csv; charset=utf-8"
    assert response.headers["ETag"] == f'"{file.sha256}"'
    assert response.headers["Content-Disposition"] == 'attachment; filename="demand-E08000009-2026-q1.csv"'
    assert "private" in response.headers["Cache-Control"]


def test_a_file_the_browser_has_is_not_sent_again(commissioner):
    etag = commissioner.get(FILE).headers["ETag"]
    assert commissioner.get(FILE, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize(
    "url",
    [
        f"/demand/files/demand-{demand.ANOTHER_COUNCIL}-2026-q1.csv",
        "/demand/files/demand-E12000007-2026-q1.csv",
        "/demand/files/demand-nowhere-2026-q1.csv",
        f"/demand/files/demand-{demand.COUNCIL}-2026-q2.csv",
        f"/demand/files/demand-{demand.COUNCIL}-soon.csv",
    ],
)
def test_another_councils_file_is_as_unknown_as_one_that_does_not_exist(commissioner, session, url):
    assert commissioner.get(url).status_code == 404
    assert session.scalars(select(ReleaseDownload)).all() == []


@pytest.mark.parametrize("role", [Role.PERSON, Role.MODERATOR, Role.OPERATOR])
def test_only_commissioners_read_demand(client, session, released, sign_in, role):
    sign_in(accounts.person(session, role=role, lives_in=demand.COUNCIL).id)
    assert client.get("/demand").status_code == 403
    assert client.get(FILE).status_code == 403


@pytest.mark.parametrize("url", ["/demand", FILE])
def test_a_stranger_is_asked_to_sign_in(client, released, url):
    assert client.get(url).status_code == 302
