"""Figures for programs: a token, true descriptions, and refusals in words."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from sqlalchemy import delete, select

from marketplace.accounts.models import RoleGrant
from marketplace.accounts.rules import Role
from marketplace.demand.models.releases import DemandToken, ReleaseDownload
from marketplace.demand.rules.openapi import AREA_EXAMPLE, NO_TOKEN_EXAMPLE, TABLE_EXAMPLE
from marketplace.demand.services import tokens
from marketplace.kit.facts import FactKind
from tests import pages
from tests.factories import accounts, demand

V1 = "/api/demand/v1"
FIGURES = f"{V1}/figures/{demand.COUNCIL}/{demand.QUARTER.slug}"


@pytest.fixture
def reader(session):
    return accounts.person(session, role=Role.COMMISSIONER, council=demand.COUNCIL)


@pytest.fixture
def made(session, gazetteer, reader):
    """A token of Trafford's commissioner, with a quarter released in which 14 providers confirmed what they offer."""
    demand.facts(session, FactKind.CONFIRMED, people=14, facet="under_90_days")
    demand.release(session, gazetteer)
    viewer = accounts.as_viewer(reader, role=Role.COMMISSIONER, council=demand.COUNCIL)
    made = tokens.make_token(session, viewer=viewer, name="Our tool", days=30, now=datetime.now(UTC))
    session.commit()
    return made


def ask(client, path, token):
    return client.get(path, headers={"Authorization": f"Bearer {token}"})


def schema_of(document, name):
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": document["components"]})


def test_the_description_is_openapi_and_everything_in_it_is_true(client, made):
    document = client.get("/api/demand/openapi.json").json
    validate(document)
    parameters = {one["name"]: one["example"] for one in document["components"]["parameters"].values()}
    for path, operations in document["paths"].items():
        response = ask(client, V1 + path.format(**parameters), made.token)
        assert response.status_code == 200, path
        assert response.get_data(), path
        [(media_type, content)] = operations["get"]["responses"]["200"]["content"].items()
        assert response.mimetype == media_type
        if media_type == "application/json":
            schema_of(document, content["schema"]["$ref"].rpartition("/")[2]).validate(response.json)
    table = ask(client, f"{FIGURES}/freshness", made.token).json
    assert table["tables"] == [TABLE_EXAMPLE]
    assert table["area"] == AREA_EXAMPLE
    assert client.get(FIGURES).json == NO_TOKEN_EXAMPLE
    schema_of(document, "Problem").validate(NO_TOKEN_EXAMPLE)


def test_figures_are_the_frozen_file_and_are_written_down_under_the_token(client, session, made, reader):
    response = ask(client, FIGURES, made.token)
    taken = session.execute(select(ReleaseDownload.person_id, ReleaseDownload.token_id)).all()
    assert taken == [(reader.id, made.id)]
    again = client.get(
        FIGURES, headers={"Authorization": f"Bearer {made.token}", "If-None-Match": response.headers["ETag"]}
    )
    assert again.status_code == 304
    assert len(session.scalars(select(ReleaseDownload.id)).all()) == 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{V1}/figures/{demand.ANOTHER_COUNCIL}/2026-q1", 404),
        (f"{V1}/figures/E12000007/2026-q1", 404),
        (f"{V1}/figures/{demand.COUNCIL}/2026-q2", 404),
        (f"{V1}/figures/{demand.COUNCIL}/soon", 404),
        (f"{FIGURES}/nothing", 404),
        (f"{V1}/figures", 404),
        (f"{V1}/a%0Ab", 404),
    ],
)
def test_what_is_not_there_is_told_in_words_for_programs(client, made, path, status):
    response = ask(client, path, made.token)
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    assert response.json["detail"].endswith(".")


def test_every_line_of_everything_is_a_figure(client, made):
    response = ask(client, f"{V1}/everything.ndjson", made.token)
    assert response.is_streamed
    lines = [json.loads(line) for line in response.text.splitlines()]
    shown = [line for line in lines if line["value"] is not None]
    assert {line["area"] for line in lines} == {"Trafford", "North West", "England"}
    assert {(line["table_code"], line["row_code"], line["value"]) for line in shown} == {
        ("freshness", "under_90_days", 15)
    }


def test_a_token_stops_when_it_is_ended_or_runs_out_or_its_maker_is_no_commissioner(client, session, made, reader):
    row = session.get_one(DemandToken, made.id)
    assert made.token not in {row.token_hash, row.name}
    works_until = row.expires_at
    row.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    session.commit()
    assert ask(client, FIGURES, made.token).status_code == 401
    row.expires_at, row.revoked_at = works_until, datetime.now(UTC)
    session.commit()
    assert ask(client, FIGURES, made.token).headers["WWW-Authenticate"].startswith("Bearer")
    row.revoked_at = None
    session.execute(delete(RoleGrant).where(RoleGrant.person_id == reader.id))
    session.add(RoleGrant(person_id=reader.id, role=Role.PERSON))
    session.commit()
    assert ask(client, FIGURES, made.token).status_code == 403


def test_a_cookie_opens_nothing_and_nothing_is_written(client, made, sign_in, reader):
    sign_in(reader.id)
    assert client.get(FIGURES).status_code == 401
    assert client.post(FIGURES, headers={"Authorization": f"Bearer {made.token}"}).status_code in {400, 405}


def test_a_token_is_shown_once_and_ended_by_its_maker_alone(client, session, made, reader, sign_in):
    page = sign_in(reader.id).fill_in("/demand/tokens", called="Our newer tool", days="90")
    token = pages.read(page.text).get_element_by_id("made").get("value")
    assert ask(client, f"{V1}/areas", token).status_code == 200
    assert token not in client.get("/demand/tokens").text
    refused = client.fill_in("/demand/tokens", called="", days="9999")
    assert refused.status_code == 422
    other = accounts.person(session, role=Role.COMMISSIONER, council=demand.ANOTHER_COUNCIL)
    sign_in(other.id)
    key = pages.hidden(pages.form(pages.read(client.get("/demand/tokens").text)))
    assert client.post(f"/demand/tokens/{made.id}/end", data=key).status_code == 404
    sign_in(reader.id)
    assert client.post(f"/demand/tokens/{made.id}/end", data=key).status_code == 302
    assert ask(client, FIGURES, made.token).status_code == 401


def test_nobody_keeps_more_tokens_than_they_can_look_after(client, made, reader, sign_in):
    sign_in(reader.id)
    for number in range(4):
        assert client.fill_in("/demand/tokens", called=f"Tool {number}", days="30").status_code == 200
    refused = client.fill_in("/demand/tokens", called="One more", days="30")
    assert refused.status_code == 422
    assert "5 tokens that work" in refused.text
