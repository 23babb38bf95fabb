"""Every route, as every role, with its own objects and with somebody else's."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from marketplace.accounts import queries as accounts_queries
from marketplace.accounts.rules import ANYONE, Role
from marketplace.brokerage import services as brokerage
from marketplace.brokerage.rules import Outcome
from marketplace.budgets import services as budgets
from marketplace.budgets.rules import Holding, Stream
from marketplace.catalogue.models import Provider
from marketplace.demand import services as demand
from marketplace.demand.rules import Quarter
from marketplace.kit.model import Model
from marketplace.kit.money import Money
from marketplace.purchasing import services as purchasing_services
from marketplace.purchasing.rules import ArrangementStatus
from tests.factories import accounts, catalogue, moderation, pooling, purchasing, ratings

TRAFFORD, MANCHESTER = "E08000009", "E08000003"

OWN = {
    # Whose object it is: to everybody else it is not there.
    "brokerage.change": {"ada"},
    "brokerage.remove": {"ada"},
    "budgets.show": {"ada"},
    "budgets.top_up": {"ada"},
    "catalogue.edit": {"provider"},
    "catalogue.edit_provider": {"provider"},
    "catalogue.relist": {"provider"},
    "catalogue.submit": {"provider"},
    "catalogue.unlist": {"provider"},
    "demand.download": {"commissioner"},
    "payments.show": {"ada", "provider"},
    "purchasing.accept": {"ada", "provider"},
    "purchasing.cancel": {"ada", "provider"},
    "purchasing.decline": {"ada", "provider"},
    "purchasing.invoice": {"ada", "provider"},
    "purchasing.issue_invoice": {"ada", "provider"},
    "purchasing.mark_done": {"ada", "provider"},
    "purchasing.show": {"ada", "provider"},
    "purchasing.withdraw": {"ada", "provider"},
    "ratings.of_arrangement": {"ada"},
    "ratings.reply": {"provider"},
    "ratings.withdraw": {"ada"},
}
# Anyone may read the review, so that it is there is no secret: only that one may not answer it.
FORBIDDEN = {"ratings.reply"}


@dataclass
class World:
    """One of everything, and one visitor of every kind."""

    visitors: dict[str, object]
    objects: dict[str, object]

    def url(self, app, rule):
        given = {name: self.objects[name] for name in rule.arguments} | (rule.defaults or {})
        # One word stands for different things in different places.
        given |= {
            "purchasing.accept": {"arrangement_id": self.objects["asked"]},
            "purchasing.decline": {"arrangement_id": self.objects["asked"]},
            "ratings.of_arrangement": {"arrangement_id": self.objects["done"]},
            "ratings.of_offer": {"offer_id": self.objects["universal_offer"]},
            "pooling.open": {"offer_id": self.objects["group_offer"]},
            "accounts.new_password": {"token": "nothing"},
        }.get(rule.endpoint, {})
        with app.test_request_context():
            from flask import url_for

            return url_for(rule.endpoint, **given)


@pytest.fixture
def world(session, gazetteer, now):
    ada = accounts.person(session, name="Ada", lives_in=TRAFFORD)
    offer, speaker = catalogue.live(session)
    provider = session.get_one(Provider, offer.provider_id)
    organisation_id = provider.organisation_id
    asked, taken, done, reviewed = (
        purchasing.arrangement(session, person=ada, organisation_id=organisation_id, about=offer, status=status)
        for status in (
            ArrangementStatus.ASKED,
            ArrangementStatus.ACCEPTED,
            ArrangementStatus.DONE,
            ArrangementStatus.DONE,
        )
    )
    purchasing_services.issue_invoice(session, arrangement_id=taken.id, by=speaker.person_id, link=str, now=now)
    budget_id = budgets.set_up_budget(
        session,
        by=ada.id,
        name="Mine",
        holding=Holding.OWN_MONEY,
        begins_on=date(2026, 4, 6),
        ends_on=date(2027, 4, 5),
        amounts={Stream.OWN_MONEY: Money(100)},
        now=now,
    )
    line_id = brokerage.add_line(
        session, by=ada.id, outcome=Outcome.HEALTH, wish="Swim", what_would_help="A lift", now=now
    )
    report = moderation.report(session, subject_id=offer.id)
    review = ratings.review(session, offer=offer, stars=4, person=ada, arrangement=reviewed)
    group_offer = pooling.offer_for_groups(session)
    pool = pooling.pool_open_now(session, offer=group_offer, people=[ada])
    universal = purchasing.offer(session, organisation_id=None, title="Sale Library")
    _other_organisation, other_speaker = accounts.organisation(session, name="Somebody Else")
    people = {
        "ada": ada.id,
        "stranger": accounts.person(session, name="Stranger").id,
        "provider": speaker.person_id,
        "other_provider": other_speaker.id,
        "moderator": accounts.person(session, role=Role.MODERATOR).id,
        "commissioner": accounts.person(session, role=Role.COMMISSIONER, council=TRAFFORD).id,
        "other_commissioner": accounts.person(session, role=Role.COMMISSIONER, council=MANCHESTER).id,
        "operator": accounts.person(session, role=Role.OPERATOR).id,
    }
    demand.build_release(
        session, council=gazetteer.council(TRAFFORD), quarter=Quarter(2026, 1), now=datetime(2026, 4, 2, tzinfo=UTC)
    )
    session.commit()
    return World(
        visitors={"anyone": None, **people},
        objects={
            "act": "hold",
            "arrangement_id": taken.id,
            "asked": asked.id,
            "done": done.id,
            "budget_id": budget_id,
            "council": TRAFFORD,
            "filename": "manifest.json",
            "grant_id": 0,
            "group_offer": group_offer.id,
            "line_id": line_id,
            "offer_id": offer.id,
            "pool_id": pool.id,
            "provider_id": provider.id,
            "quarter": Quarter(2026, 1).slug,
            "report_id": report.id,
            "review_id": review.id,
            "subject_id": offer.id,
            "subject_kind": "offer",
            "token": "nothing",
            "universal_offer": universal.id,
            "what": "review",
        },
    )


@pytest.fixture
def visit(app, world, session, sign_in):
    """Return a function that gives one visitor's browser, and who they are to us."""

    def somebody(name):
        client = app.test_client()
        person_id = world.visitors[name]
        if person_id is None:
            return client, ANYONE
        sign_in(person_id, into=client)
        stamp = accounts_queries.session_stamp(session, person_id=person_id)
        return client, accounts_queries.viewer_with_id(session, person_id=person_id, stamp=stamp)

    return somebody


def rules(app, method):
    found = [rule for rule in app.url_map.iter_rules() if method in rule.methods and rule.endpoint != "static"]
    return sorted(found, key=lambda rule: rule.rule)


def row_counts(session):
    session.rollback()
    return {
        table.name: session.scalar(sa.select(sa.func.count()).select_from(table))
        for table in Model.metadata.sorted_tables
    }


VISITORS = (
    "anyone",
    "ada",
    "stranger",
    "provider",
    "other_provider",
    "moderator",
    "commissioner",
    "other_commissioner",
    "operator",
)


@pytest.mark.parametrize("name", VISITORS)
def test_every_page_opens_for_those_it_should_and_for_nobody_else(app, world, visit, name):
    client, viewer = visit(name)
    wrong = []
    for rule in rules(app, "GET"):
        url = world.url(app, rule)
        status = client.get(url).status_code
        access = app.view_functions[rule.endpoint].access
        if not access.allows(viewer):
            expected = {403} if viewer.is_signed_in else {302}
        elif rule.endpoint in OWN and name not in OWN[rule.endpoint]:
            expected = {403 if rule.endpoint in FORBIDDEN else 404}
        elif rule.endpoint in OWN:
            expected = {200, 302}
        else:
            # A refusal in words is an answer: of a link that is dead, or an offer that is one's own.
            expected = {200, 302, 403, 404, 409}
        if status not in expected:
            wrong.append(f"{name} got {status} from {url}, not {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", VISITORS)
def test_nothing_happens_without_a_token(app, world, visit, session, name):
    client, _viewer = visit(name)
    before = row_counts(session)
    for rule in rules(app, "POST"):
        url = world.url(app, rule)
        response = client.post(url)
        # 302: to signing in, or to the page that comes first.
        assert response.status_code in {302, 400, 403, 404, 409, 422}, f"{name} posted to {url}: {response.status}"
    assert row_counts(session) == before


@pytest.mark.parametrize("name", VISITORS)
def test_nobody_does_anything_to_what_is_somebody_elses(app, world, visit, session, name):
    client, viewer = visit(name)
    page = BeautifulSoup(client.get("/accounts/sign-in").text, "html.parser")
    token = page.select_one("input[name=csrf_token]")["value"]
    before = row_counts(session)
    wrong = []
    for rule in rules(app, "POST"):
        if rule.endpoint not in OWN or name in OWN[rule.endpoint]:
            continue
        url = world.url(app, rule)
        status = client.post(url, data={"csrf_token": token}).status_code
        allowed = app.view_functions[rule.endpoint].access.allows(viewer)
        not_there = 403 if rule.endpoint in FORBIDDEN else 404
        expected = not_there if allowed else 403 if viewer.is_signed_in else 302
        if status != expected:
            wrong.append(f"{name} got {status} from posting to {url}, not {expected}")
    assert not wrong, "\n".join(wrong)
    assert row_counts(session) == before


@pytest.mark.parametrize("name", VISITORS)
def test_what_is_not_there_is_not_found(app, world, visit, name):
    client, viewer = visit(name)
    nothing = World(
        world.visitors,
        {key: uuid.uuid4() if isinstance(value, uuid.UUID) else value for key, value in world.objects.items()},
    )
    for rule in rules(app, "GET"):
        if not any(isinstance(world.objects[argument], uuid.UUID) for argument in rule.arguments):
            continue
        if app.view_functions[rule.endpoint].access.allows(viewer):
            url = nothing.url(app, rule)
            status = client.get(url).status_code
            assert status == 404, f"{name} got {status} from {url}"


def test_every_endpoint_of_the_table_exists(app):
    assert set(OWN) <= set(app.view_functions)
