"""What is private about a pool stays in it: every page, file and feed, searched by everybody outside."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import url_for

from marketplace.accounts.rules import Role
from marketplace.demand.models.releases import ReleaseFile
from marketplace.demand.services import releasing
from marketplace.kit.outbox import Message
from marketplace.kit.quarters import Quarter
from marketplace.pooling.models import Pool
from marketplace.pooling.rules import PoolStatus
from marketplace.purchasing.models import Arrangement
from marketplace.web.jobs import PERIODIC, send_letters
from tests.factories import accounts
from tests.integration.pooling import planted

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
# Who sees more of the rest of the site than its own visitors do; the others' pages there are tried elsewhere.
EVERYWHERE = {"anyone", "provider", "moderator", "commissioner", "operator"}
# Once a pool goes ahead, the provider learns who comes: from arrangements, not from the pool.
TO_THE_PROVIDER = ("purchasing.", "payments.", "ratings.", "pooling.shared_visit", "pooling.hold_visit")


class World:
    """Some pools, and somebody of each kind who is in none of them."""

    def __init__(self, session, crowd, pools):
        self.crowd, self.pools = crowd, pools
        self.secrets = planted.secrets(crowd)
        _body, other = accounts.organisation(session, name="Somebody Else")
        self.people = {
            "anyone": None,
            "stranger": accounts.person(session, name="Stranger", lives_in=planted.COUNCIL).id,
            "gone": crowd.gone.id,
            "provider": crowd.provider.id,
            "other_provider": other.id,
            "moderator": accounts.person(session, role=Role.MODERATOR).id,
            "commissioner": accounts.person(session, role=Role.COMMISSIONER, council=planted.COUNCIL).id,
            "operator": accounts.person(session, role=Role.OPERATOR).id,
        }
        self.everywhere = {
            "offer_id": crowd.offer.id,
            "provider_id": crowd.offer.provider_id,
            "organisation_id": crowd.organisation.id,
            "council": planted.COUNCIL,
            "act": "hold",
            "interest": "swimming",
            "step": "purpose",
            "step_name": "purpose",
            "token": "nothing",
            "number": 1,
            "round": 0,
        }
        session.commit()


def pages_about(app, planted_pool, session, world):
    """Every address that takes nothing, or only what there is of one pool. Fails if there is more than that."""
    pool = session.get_one(Pool, planted_pool.pool_id)
    arrangement = session.scalars(sa.select(Arrangement.id).where(Arrangement.pool_key == pool.id).limit(1)).first()
    given = {
        **world.everywhere,
        **planted_pool.objects,
        "pool_id": pool.id,
        "story_id": pool.id,
        "invite_key": pool.invite_key,
        "key": pool.invite_key,
        **({"arrangement_id": arrangement} if arrangement else {}),
    }
    urls, unknown = [], []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" not in rule.methods or rule.endpoint == "static":
                continue
            if rule.arguments <= set(given):
                urls.append((rule.endpoint, url_for(rule.endpoint, **{one: given[one] for one in rule.arguments})))
            elif rule.endpoint.startswith("pooling."):
                unknown.append(f"{rule.rule} takes {sorted(rule.arguments - set(given))}")
    assert not unknown, "no pool is looked at here:\n" + "\n".join(unknown)
    return urls


def text_of(answer):
    """Return what an answer says in small letters, whether it is a page, a table or an archive of tables."""
    if answer.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer)) as archive:
            return " ".join(text_of(archive.read(name)) for name in archive.namelist())
    if answer.startswith(b"\x1f\x8b"):
        return text_of(gzip.decompress(answer))
    return answer.decode("utf-8", errors="replace").lower()


def leaks(client, urls, words, *, spared=()):
    """Return each planted word that one of some pages says. What starts with one of `spared` may say names."""
    found = []
    for endpoint, url in urls:
        page = client.get(url)
        said = text_of(page.data)
        may_be_named = endpoint.startswith(tuple(spared)) if spared else False
        found += [
            f"{url} ({page.status_code}) says {word}"
            for word in words
            if word in said and not (may_be_named and word.endswith(("name", "mail")))
        ]
    return found


def outside(app, world, browse, session, name, *, goes_ahead):
    """Return everything private that one visitor finds."""
    client, found, seen = browse(world.people[name]), [], set()
    own = ("zqgonename", "zqgonemail") if name == "gone" else ()
    words = [word for word in world.secrets if word not in own]
    spared = TO_THE_PROVIDER if name == "provider" and goes_ahead else ()
    for one in world.pools:
        urls = [it for it in pages_about(app, one, session, world) if it not in seen and is_walked(name, it[0])]
        seen |= set(urls)
        found += leaks(client, urls, words, spared=spared)
    return found


def is_walked(name, endpoint):
    return name in EVERYWHERE or endpoint.startswith(("pooling.", "web.", "accounts.", "purchasing.", "moderation."))


def before_the_tip(session):
    """Pools that nobody is sure of yet, or that never came about."""
    crowd = planted.crowd(session)
    return World(
        session,
        crowd,
        [
            planted.plant(session, crowd, PoolStatus.DRAFT, households=2, is_listed=False, title="Zqunlisted title"),
            planted.plant(session, crowd, PoolStatus.OPEN),
            planted.plant(session, crowd, PoolStatus.REPAIRING),
            planted.plant(session, crowd, PoolStatus.EXPIRED, with_story=True),
        ],
    )


def gone_ahead(session):
    """Pools that go on, and one that is over, whose story not everybody agreed to."""
    crowd = planted.crowd(session)
    return World(
        session,
        crowd,
        [
            planted.plant(session, crowd, PoolStatus.RUNNING, with_story=True),
            planted.plant(session, crowd, PoolStatus.ENDED, with_story=True),
        ],
    )


@pytest.mark.once
def test_nobody_outside_learns_what_is_private_before_a_pool_goes_ahead(app, session, browse):
    world = before_the_tip(session)
    found = [f"{name}: {it}" for name in OUTSIDE for it in outside(app, world, browse, session, name, goes_ahead=False)]
    assert not found, "\n".join(found)


@pytest.mark.once
def test_nor_after_it_but_the_provider_learns_who_comes(app, session, browse):
    world = gone_ahead(session)
    found = [f"{name}: {it}" for name in OUTSIDE for it in outside(app, world, browse, session, name, goes_ahead=True)]
    assert not found, "\n".join(found)


def test_members_know_each_other_by_what_they_chose_to_be_called(app, session, browse):
    world = gone_ahead(session)
    running = world.pools[0]
    ben = browse(running.members["ben"])
    words = [word for word in world.secrets if word.endswith(("name", "mail"))]
    others = [word for word in words if "zqben" not in word and word.startswith(("zqada", "zqcleo", "zqgone"))]
    assert not leaks(ben, pages_about(app, running, session, world), [*others, "77.77", "466.62"])


def test_every_column_that_can_hold_words_is_planted(session):
    crowd = planted.crowd(session)
    planted.plant(session, crowd, PoolStatus.RUNNING, with_story=True)
    bare = []
    for table, column in planted.private_columns():
        values = session.execute(sa.text(f'SELECT "{column}" FROM "{table}"')).scalars()  # noqa: S608  (our own names)
        texts = [value.decode() if isinstance(value, bytes) else str(value) for value in values]
        if not any("zq" in text for text in texts):
            bare.append(f"{table}.{column}")
    assert not bare, f"plant a word there, or say why it is no secret: {bare}"


def test_figures_for_councils_and_letters_name_nobody(app, session, gazetteer, monkeypatch):
    world = gone_ahead(session)
    quarter, now = Quarter.of(datetime.now(UTC)), datetime.now(UTC)
    after = quarter.ends_at
    releasing.build_release(session, councils=[gazetteer.council(planted.COUNCIL)], quarter=quarter, now=after)
    session.commit()
    with app.app_context():
        for job in PERIODIC:
            # A letter that has left is forgotten, and could not be read here.
            if job.run is not send_letters:
                job.run(now)
    session.expire_all()
    for file in session.scalars(sa.select(ReleaseFile)):
        assert not [word for word in world.secrets if word in file.content.decode().lower()]
    for letter in session.scalars(sa.select(Message)):
        said = f"{letter.subject} {letter.body}".lower()
        others = [word for word in world.secrets if word.removesuffix("name") not in (letter.to or "").lower()]
        assert not [word for word in others if word in said], f"a letter to {letter.to} says too much: {said}"
