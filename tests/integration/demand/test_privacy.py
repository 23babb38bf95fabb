"""Figures are planted for one council. Nine kinds of outsider open everything, and none finds a trace of them."""

import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask import url_for
from sqlalchemy import select

from marketplace.accounts.models import SecondFactor
from marketplace.accounts.rules import Role
from marketplace.accounts.services import second_factor
from marketplace.demand.models.releases import ReleaseDownload
from marketplace.demand.rules.files import FORMS
from marketplace.demand.services import tokens
from marketplace.kit import codes
from marketplace.kit.facts import FactKind
from marketplace.web.jobs import PERIODIC
from tests.factories import accounts, demand, signals

OURS, THEIRS = demand.COUNCIL, demand.ANOTHER_COUNCIL
CROWD = [7_700_000_000_000 + number for number in range(4_321)]
ROUNDED, EXACT = ("4,320", "4320"), ("4,321", "4321")
HIDDEN = ("3,344,551", "3344551", "334455")
"""What seven people spent the quarter before: shown to nobody, not even to the council."""
PROVIDERS = (8_800_001, 8_800_002, 8_800_003)
KEYS = ("77000000", *map(str, PROVIDERS))
BEFORE = demand.QUARTER.previous
OUTSIDERS = (
    "anyone", "person", "provider", "moderator", "checker", "panel_member", "operator", "other_commissioner",
    "password_only",
)  # fmt: skip


@dataclass
class World:
    """A council's figures, its commissioner, and everybody else."""

    people: dict
    addresses: dict
    tokens: dict


@pytest.fixture
def world(session, gazetteer):
    spent = {"facet": "own_money", "amount": 47_779_300, "providers": PROVIDERS}
    demand.facts(session, FactKind.BOUGHT, people=CROWD[:7], quarter=BEFORE, **spent)
    for council, people in ((OURS, CROWD), (THEIRS, 2_877)):
        demand.facts(session, FactKind.CONFIRMED, people=people, council=council, facet="under_90_days")
    demand.release(session, gazetteer, quarter=BEFORE)
    demand.release(session, gazetteer)
    ours, others = (accounts.person(session, role=Role.COMMISSIONER, council=one) for one in (OURS, THEIRS))
    _, speaker = accounts.organisation(session)
    roles = {
        "moderator": Role.MODERATOR,
        "checker": Role.CHECKER,
        "panel_member": Role.PANEL_MEMBER,
        "operator": Role.OPERATOR,
    }
    people = {
        "ours": ours.id,
        "anyone": None,
        "person": accounts.person(session, lives_in=OURS).id,
        "provider": speaker.id,
        **{name: accounts.person(session, role=role).id for name, role in roles.items()},
        "other_commissioner": others.id,
        "password_only": ours.id,
    }
    second_factor.add_second_factor(session, person_id=ours.id, now=datetime.now(UTC))
    made = {
        name: tokens.make_token(
            session,
            viewer=accounts.as_viewer(who, role=Role.COMMISSIONER, council=council),
            name="Ours",
            days=30,
            now=datetime.now(UTC),
        )
        for name, who, council in (("ours", ours, OURS), ("other_commissioner", others, THEIRS))
    }
    signal = signals.posted(session)
    session.commit()
    return World(
        people,
        {
            "area": OURS,
            "form": "csv",
            "kind": "signal",
            "quarter": demand.QUARTER.slug,
            "rest": "nothing",
            "signal_id": signal.id,
            "slug": "spending",
            "table": "support",
            "token": "nothing",
            "token_id": made["ours"].id,
        },
        made,
    )


def addresses(app, world):
    """Every address of demand, each form of each file, and each chapter; with whether a permission guards it."""
    found = {}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint.partition(".")[0] not in {"demand", "demand_api"} or "GET" not in rule.methods:
                continue
            if "provider_id" in rule.arguments:
                continue  # What is public about a provider is no figure of a release.
            varied = (
                [
                    {"form": form.suffix, "area": area, "quarter": one.slug}
                    for form in FORMS.values()
                    for area in (OURS, "E12000002")
                    for one in (BEFORE, demand.QUARTER)
                ]
                if "form" in rule.arguments
                else [{"table": table} for table in ("support", "funding", "nothing")]
                if "table" in rule.arguments
                else [{}]
            )
            for values in varied:
                given = {name: (world.addresses | values)[name] for name in rule.arguments}
                access = app.view_functions[rule.endpoint].access
                found[url_for(rule.endpoint, **given)] = (rule.endpoint, access.permission)
    return found


def told(response, *marks):
    """Test whether a page says any of these, or whose facts there were. In names and hashes digits are by chance."""
    said = re.sub(rb"[0-9a-f-]{16,}", b"", response.data)
    return any(re.search(rb"(?<![0-9])%b(?![0-9])" % mark.encode(), said) for mark in marks) or any(
        key.encode() in response.data for key in KEYS
    )


def test_no_outsider_finds_a_trace_of_what_is_planted(app, session, world, browse, sign_in):
    urls = addresses(app, world)
    assert len(urls) > 40
    ours, clients = browse(world.people["ours"]), {name: browse(world.people[name]) for name in OUTSIDERS[:-1]}
    clients["password_only"] = sign_in(world.people["password_only"], into=app.test_client(), with_code=False)
    own_file = f"/demand/files/demand-{OURS}-{demand.QUARTER.slug}.csv"
    assert ",4320\r" in ours.get(own_file).text, "the council itself reads it, or this test could not fail"
    traces, opened = [], []
    for name in OUTSIDERS:
        headers = {"Authorization": f"Bearer {world.tokens[name].token}"} if name in world.tokens else {}
        for url, (endpoint, permission) in urls.items():
            response = clients[name].get(url, headers=headers)
            if told(response, *ROUNDED, *EXACT, *HIDDEN):
                traces.append((name, url))
            is_file = endpoint in {"demand.download", "demand_api.figures", "demand_api.table"}
            must_be_shut = is_file or (
                permission is not None and name != "other_commissioner" and permission != "provide"
            )
            if must_be_shut and response.status_code not in {302, 401, 403, 404}:
                opened.append((name, url, response.status_code))
    assert not traces
    assert not opened
    taken = session.scalars(select(ReleaseDownload.person_id)).all()
    assert taken.count(world.people["ours"]) == 1, "and nobody took away anything of ours with a password alone"


def test_the_council_itself_never_reads_what_is_exact_or_hidden(app, world, browse):
    client = browse(world.people["ours"])
    headers = {"Authorization": f"Bearer {world.tokens['ours'].token}"}
    for url in addresses(app, world):
        if not url.endswith((".xlsx", ".pdf")):  # Packed: what stands in them is made of what the others say.
            assert not told(client.get(url, headers=headers), *EXACT, *HIDDEN), url


def test_logs_hold_nothing_personal(app, session, world, client, sign_in, caplog):
    caplog.set_level(logging.DEBUG)
    catrin = world.people["ours"]
    sign_in(catrin, with_code=False)
    code = accounts.code_of(session, catrin, app.config["SECRET_KEY"])
    client.fill_in("/accounts/code", code="12345")
    client.fill_in("/accounts/recovery-code", code="abcde-fgh23")
    client.fill_in("/accounts/code", code=code)
    client.get(f"/demand/files/demand-{OURS}-{demand.QUARTER.slug}.csv")
    client.get("/api/demand/v1/releases", headers={"Authorization": f"Bearer {world.tokens['ours'].token}"})
    with app.app_context():
        for job in PERIODIC:
            job.run(datetime.now(UTC))
    seed = session.scalars(select(SecondFactor.secret)).one()
    said = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("sqlalchemy"))
    secret = codes.secret_from(seed, key=app.config["SECRET_KEY"])
    for personal in (code, "12345", "abcde", seed, secret, str(catrin), world.tokens["ours"].token, "example.org"):
        assert personal not in said
    assert not re.search(r"7700000\d{6}", said)
