"""What is private about plans, briefs and quotes stays so: every page, file, feed and letter, read by those outside."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import url_for

from marketplace.accounts.models import Person
from marketplace.accounts.rules import Role, Scope
from marketplace.accounts.services import delegations
from marketplace.brokerage.rules.nouns import BriefStatus
from marketplace.demand.models.releases import ReleaseFile
from marketplace.demand.services import releasing
from marketplace.kit.outbox import Message
from marketplace.kit.quarters import Quarter
from marketplace.web.jobs import PERIODIC, send_letters
from tests.factories import accounts
from tests.integration.brokerage import planted, planted_briefs
from tests.integration.routes.world import TOKEN

OUTSIDE = (
    "anyone",
    "stranger",
    "gone",
    "provider",
    "other_provider",
    "moderator",
    "commissioner",
    "operator",
)
# Where plans and briefs could show: to anyone, and to whoever is signed in.
MAY_SAY_IT = ("brokerage.", "catalogue.", "pooling.", "demand.", "web.h")
MAY_SAY_MORE = ("brokerage.", "accounts.", "purchasing.", "moderation.", "demand.")
# Whoever is chosen learns whose support it is: from the arrangement.
ARRANGED = ("purchasing.", "payments.", "ratings.")
FIGURES = {"£881.17": (), "5,553.53": (), "331.31": ("provider",), "442.42": ("other_provider",)}


class World:
    """A plan, some briefs, and somebody of each kind who has nothing to do with it."""

    def __init__(self, session):
        now = datetime.now(UTC)
        self.crowd = planted.crowd(session, now)
        planted.plant_plan(session, self.crowd)
        planted.plant_what_is_public(session, self.crowd)
        states = (BriefStatus.AWARDED, BriefStatus.OPEN, BriefStatus.DRAFT)
        self.briefs = [planted_briefs.plant_brief(session, self.crowd, status) for status in states]
        self.people = {
            "anyone": None,
            "stranger": accounts.person(session, name="Stranger", lives_in=planted.COUNCIL).id,
            "gone": self.crowd.gone.id,
            **{name: speaker.id for name, speaker in self.crowd.speakers.items()},
            "moderator": accounts.person(session, role=Role.MODERATOR).id,
            "commissioner": accounts.person(session, role=Role.COMMISSIONER, council=planted.COUNCIL).id,
            "operator": accounts.person(session, role=Role.OPERATOR).id,
        }
        offer = self.crowd.offers["provider"]
        self.objects = {
            **self.crowd.objects,
            "offer_id": offer.id,
            "provider_id": offer.provider_id,
            "organisation_id": self.crowd.asked_body.id,
            "person_id": self.crowd.ada.id,
            "council": planted.COUNCIL,
            "act": "hold",
            "part": "about_me",
            "day": 1,
            "number": 1,
        }
        session.commit()


def pages(app, world, *, briefs):
    """Every address that takes nothing, or only what the world has one of; and those of brokerage that take more."""
    urls, missed = {}, {}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" not in rule.methods or rule.endpoint == "static":
                continue
            given = [it for it in every_object(world, briefs=briefs) if rule.arguments <= set(it)]
            for objects in given:
                address = url_for(rule.endpoint, **{one: objects[one] for one in rule.arguments})
                urls[address] = rule.endpoint
            if not given and rule.endpoint.startswith("brokerage."):
                missed[rule.rule] = sorted(rule.arguments)
    return urls, missed


def every_object(world, *, briefs):
    """What addresses can name: of each of some briefs by itself, with the one quote and with the other."""
    for brief in world.briefs[:briefs]:
        given = {**world.objects, **brief}
        yield given
        if "other_quote_id" in brief:
            yield {**given, "quote_id": brief["other_quote_id"]}


def text_of(answer):
    """Return what an answer says in small letters, whether it is a page, a table or an archive of them."""
    if answer.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer)) as archive:
            return " ".join(text_of(archive.read(name)) for name in archive.namelist())
    if answer.startswith(b"\x1f\x8b"):
        return text_of(gzip.decompress(answer))
    return answer.decode("utf-8", errors="replace").lower()


def kept_from(name):
    """Every planted text that a visitor may not read."""
    told = {"everybody", name}
    words = [text for text, readers in planted.texts() if not readers & told]
    # Whoever was a helper knows whom they helped, and who they are themselves.
    known = {"zqadaname", "zqadamail", "zqgonename", "zqgonemail"} if name == "gone" else set()
    return [text for text in words if text not in known] + [
        figure for figure, readers in FIGURES.items() if name not in readers
    ]


def leaks(client, urls, kept, *, spares_names=()):
    """Return each planted text that one of some pages says to somebody it is kept from."""
    found = []
    for url, endpoint in urls.items():
        page = client.get(url)
        said = text_of(page.data)
        may_be_named = endpoint.startswith(tuple(spares_names)) if spares_names else False
        found += [
            f"{url} ({page.status_code}) says {text}"
            for text in kept
            if text in said and not (may_be_named and text.endswith(("name", "mail")))
        ]
    return found


def outside(app, world, browse, name):
    """Return everything private that one visitor finds. Whom briefs call tries each, others the one with most in it."""
    urls, missed = pages(app, world, briefs=len(world.briefs) if name in world.crowd.speakers else 1)
    assert not missed, f"nothing of this kind is looked at here: {missed}"
    said_in = MAY_SAY_IT if name == "anyone" else MAY_SAY_MORE
    walked = {url: it for url, it in urls.items() if it.startswith(said_in)}
    spared = ARRANGED if name == "provider" else ()
    return leaks(browse(world.people[name]), walked, kept_from(name), spares_names=spared)


@pytest.mark.once
def test_nobody_outside_learns_what_is_private(app, session, browse):
    world = World(session)
    found = [f"{name}: {it}" for name in OUTSIDE for it in outside(app, world, browse, name)]
    assert not found, "\n".join(found)


def test_every_column_that_can_hold_words_is_planted(session):
    World(session)
    bare = []
    for table, column in planted.columns():
        values = session.execute(sa.text(f'SELECT "{column}" FROM "{table}"')).scalars()  # noqa: S608  (our own names)
        texts = [value.decode() if isinstance(value, bytes) else str(value) for value in values]
        if not any(planted.word(table, column) in text for text in texts):
            bare.append(f"{table}.{column}")
    assert not bare, f"plant a word there, or say why it is no secret: {bare}"


@pytest.mark.once
def test_figures_for_councils_and_letters_tell_nobody_what_is_kept_from_them(app, session, gazetteer):
    world = World(session)
    quarter, now = Quarter.of(datetime.now(UTC)), datetime.now(UTC)
    councils = [gazetteer.council(planted.COUNCIL)]
    releasing.build_release(session, councils=councils, quarter=quarter, now=quarter.ends_at)
    session.commit()
    with app.app_context():
        for job in PERIODIC:
            # A letter that has left is forgotten, and could not be read here.
            if job.run is not send_letters:
                job.run(now)
    session.expire_all()
    for file in session.scalars(sa.select(ReleaseFile)):
        assert not [text for text, _readers in planted.texts() if text in file.content.decode().lower()]
    readers = dict(session.execute(sa.select(Person.email, Person.id)).all())
    names = {person_id: name for name, person_id in world.people.items()}
    inside = {world.crowd.ada.id, world.crowd.helper.id}
    letters = session.scalars(sa.select(Message)).all()
    for letter in letters:
        reader = readers.get(letter.to)
        kept = [] if reader in inside else kept_from(names.get(reader, "nobody"))
        said = f"{letter.subject} {letter.body}".lower()
        told = [text for text in kept if text in said and text.removesuffix("name") not in letter.to]
        assert not told, f"a letter to {letter.to} says too much: {said}"


OF_SOMEBODY = {"plan_id", "brief_id", "quote_id", "person_id"}


def addresses_of_somebody(app, world, method):
    """Every address that is about one person’s plan, brief or quotes."""
    urls = {}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if method not in rule.methods or not rule.endpoint.startswith("brokerage.") or "token" in rule.arguments:
                continue
            for objects in every_object(world, briefs=1):
                if rule.arguments & OF_SOMEBODY and rule.arguments <= set(objects):
                    urls[url_for(rule.endpoint, **{one: objects[one] for one in rule.arguments})] = rule.endpoint
    return urls


@pytest.mark.once
@pytest.mark.parametrize(
    ("scope", "told", "kept"),
    [
        (Scope.SEE_PLAN, ["zqplanpart", "zqplanline", "zqweekitem"], ["zqbrief", "zqquote", "zqaward", "331.31"]),
        (Scope.ASK_FOR_QUOTES, ["zqbriefabout", "zqquoteanswer", "331.31"], ["zqplan", "zqweekitem", "zqsupporter"]),
        (Scope.SEE_BUDGETS, [], ["zqplan", "zqweekitem", "zqsupporter", "zqbrief", "zqquote", "zqaward"]),
    ],
)
def test_a_helper_reads_what_the_consent_allows_and_nothing_once_it_ends(app, session, browse, scope, told, kept):
    world, now = World(session), datetime.now(UTC)
    friend = accounts.person(session, name="Friend")
    consent_id = planted.consent(session, world.crowd, friend, frozenset({scope}), now)
    client, urls = browse(friend.id), addresses_of_somebody(app, world, "GET")

    def read():
        return " ".join(text_of(client.get(url).data) for url in urls)

    said = read()
    assert [text for text in told if text not in said] == []
    assert [text for text in kept if text in said] == []
    token = TOKEN.search(client.get("/accounts/consent").text)["token"]

    delegations.end_consent(session, delegation_id=consent_id, by=world.crowd.ada.id, link="/", now=now)
    session.commit()
    said = read()
    assert [text for text, _readers in planted.texts() if text in said] == []
    # What they had open and press now, does nothing either.
    posts = addresses_of_somebody(app, world, "POST")
    answers = {url: client.post(url, data={"csrf_token": token}).status_code for url in posts}
    assert {url: it for url, it in answers.items() if it not in {403, 404}} == {}
