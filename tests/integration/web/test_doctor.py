"""Does the doctor see what is wrong, and say how to mend it?"""

import json
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from marketplace.catalogue.models import Offer
from marketplace.kit import erased, outbox
from marketplace.kit.outbox import MOST_ATTEMPTS, Message
from marketplace.search.models import IndexedDocument
from marketplace.web.commands.checkups import around
from marketplace.web.models import JobRun
from tests.factories import accounts as make
from tests.factories import catalogue


@pytest.fixture
def ask(app, session):
    """Return a function that asks the doctor, and answers with every finding by what it is about."""

    def asked(*options):
        session.commit()
        done = app.test_cli_runner().invoke(args=["doctor", "--json", *options])
        findings = {one["about"]: one for one in json.loads(done.output)["findings"]}
        assert done.exit_code == int(any(one["state"] == "wrong" for one in findings.values()))
        assert all(one["mend"] for one in findings.values() if one["state"] in {"wrong", "look"})
        return findings

    return asked


def state(findings, about):
    return findings[about]["state"], findings[about]["says"]


def test_a_sound_site_is_said_to_be_sound(app, session, ask, monkeypatch):
    catalogue.live(session)
    findings = ask()
    for about in ("database", "tables", "clock", "soundness", "books", "index", "ratings", "style sheets", "postcodes"):
        assert findings[about]["state"] == "ok", findings[about]
    assert "soundness" not in ask("--quick"), "what reads every row is left out in a hurry"
    said = app.test_cli_runner().invoke(args=["doctor", "--quick"]).output
    assert "WRONG jobs         No worker has ever run here.\n" in said
    assert "To mend it: Start it: systemctl start clubtogether-jobs." in said


def test_what_is_wrong_in_the_database_is_seen(session, ask, app):
    now = datetime.now(UTC)
    catalogue.live(session)
    session.execute(sa.delete(IndexedDocument))
    session.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    for attempts in (0, MOST_ATTEMPTS):
        outbox.send(session, to="ada@example.org", subject="Hello", body="…", now=now - timedelta(hours=2))
        session.flush()
        session.execute(sa.update(Message).values(attempts=attempts))
        outbox.send(session, to="ada@example.org", subject="Hello", body="…", now=now - timedelta(hours=2))
    session.add(JobRun(name="send-letters", ended_at=now - timedelta(hours=1), failed_at=now, failed_with="OSError"))
    back = make.person(session).id
    erased.remember(app.config["ERASED_LIST"], [back])
    try:
        findings = ask()
    finally:
        app.config["ERASED_LIST"].unlink()
    assert {about for about, one in findings.items() if one["state"] == "wrong"} >= {
        "tables", "letters", "jobs", "index", "who left",
    }  # fmt: skip
    assert "oldest since 2 hours ago" in state(findings, "letters")[1]
    assert "failed when they ran last: send-letters (OSError)" in state(findings, "jobs")[1]
    assert session.scalars(sa.select(Offer.title)).all(), "the doctor only looks"


def test_what_is_wrong_around_the_site_is_seen(app, ask, monkeypatch, tmp_path):
    (tmp_path / "clubtogether-20200101T000000Z.zip").touch()
    changes = {
        "SECRET_KEY": "changeme" * 8,
        "SITE_URL": "https://127.0.0.1:1",
        "BACKUP_FOLDER": tmp_path,
        "IS_PRODUCTION": True,
        "RATELIMIT_STORAGE_URI": "memory://",
        "WEB_WORKERS": 2,
    }
    for name, value in changes.items():
        monkeypatch.setitem(app.config, name, value)
    monkeypatch.setitem(app.extensions, "stripe", NobodyKnowsTheKey())
    monkeypatch.setitem(app.extensions, "postman", NoMail())
    monkeypatch.setattr(around.surroundings, "free_bytes", lambda _: 1000)
    monkeypatch.setattr(around.surroundings, "strange_packages", lambda _: ["flask 1.0 instead of 3.1.3"])
    monkeypatch.setitem(app.extensions, "gazetteer", None)
    findings = ask("--quick")
    wrong = {about for about, one in findings.items() if one["state"] == "wrong"}
    assert wrong >= {"settings", "secret", "packages", "disk", "mail", "cards", "way in", "backups", "postcodes"}
    assert state(findings, "postcodes")[1] == "This could not be looked at (AttributeError)."
    monkeypatch.setitem(app.config, "TRUSTED_PROXIES", 1)
    assert "does not open from here" in state(ask("--quick"), "way in")[1]


class NobodyKnowsTheKey:
    def takes_key(self):
        return False


class NoMail:
    def greet(self):
        raise ConnectionRefusedError


@pytest.mark.once
def test_a_database_out_of_reach_keeps_the_doctor_from_nothing_else(new_app, tmp_path):
    folder = tmp_path / "no database"
    folder.mkdir()
    app = new_app(database_url=f"sqlite:///{folder}")
    done = app.test_cli_runner().invoke(args=["doctor", "--json"])
    findings = {one["about"]: one for one in json.loads(done.output)["findings"]}
    assert (done.exit_code, findings["database"]["state"]) == (1, "wrong")
    assert findings["books"]["state"] == "left out"
    assert findings["style sheets"]["state"] == "ok"
