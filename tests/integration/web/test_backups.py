"""Is what comes back out of a backup what went in, row by row, and is nothing lost if anything goes wrong?"""

import re
import shutil
import threading
import uuid
import zipfile
from datetime import UTC, datetime
from types import SimpleNamespace

import pyrage
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.accounts.rules import Role
from marketplace.accounts.services.leaving import erase_person
from marketplace.kit import audit, outbox
from marketplace.kit.db import open_engine
from marketplace.web.gateways import archives, sqlite_copies
from marketplace.web.rules import backups
from marketplace.web.services import backing_up, restoring
from tests.factories import accounts, budgets, catalogue

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
AWKWARD = "“Zoë’s” \\N \t\r\n'; DROP TABLE person; -- 👩🏽‍🦽 \u202e مرحبا % $1 ☃"
SHOWS_TABLES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
    "postgresql": "SELECT relname, '' FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
}
SHOWS_THE_REST = {
    "sqlite": "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite%'",
    "postgresql": """SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT 'trigger', pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT 'constraint', conname || pg_get_constraintdef(oid) FROM pg_constraint
          WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'column', concat(table_name, column_name, data_type, is_nullable, column_default)
          FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT 'function', pg_get_functiondef(oid) FROM pg_proc
          WHERE pronamespace = 'public'::regnamespace""",
}
# PostgreSQL writes a list of texts down in two ways.
ANOTHER_WAY_TO_SAY_IT = re.compile(r"[()\[\]]|::(character varying|text)|ARRAY")


def everything_in(url):
    """Every row of every table as the driver gives it, and how the tables are made: by no code of the site's."""
    engine = sa.create_engine(url)
    kind = engine.dialect.name
    with engine.connect() as connection:
        rows = {
            name: sorted(repr(tuple(row)) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'))  # noqa: S608
            for name, sql in connection.exec_driver_sql(SHOWS_TABLES[kind]).all()
            if "VIRTUAL" not in sql
        }
        made = sorted(
            ANOTHER_WAY_TO_SAY_IT.sub("", repr(tuple(one))) for one in connection.exec_driver_sql(SHOWS_THE_REST[kind])
        )
    engine.dispose()
    return rows, made


def stuff(session):
    """Things of many kinds: text that is hard to write down, pictures, money with its triggers, an index, counters."""
    person = accounts.person(session, name=AWKWARD[:40], email="zoë@example.org")
    accounts.person(session, role=Role.OPERATOR)
    budgets.streams(session, budgets.budget(session, person))
    offer, _provider = catalogue.live(session)
    catalogue.photo(session, offer=offer)
    for _ in range(3):
        outbox.send(session, to="ada@example.org", subject="Hello", body=AWKWARD, now=NOW)
    return person.id


@pytest.fixture
def site(new_app):
    """A site with something in it, and where its backups go."""
    app = new_app()
    with app.app_context(), Session(app.extensions["engine"], info={"writing": True}) as session:
        session.connection(execution_options={"writing": True})
        app.person_id = stuff(session)
        session.commit()
    app.extensions["engine"].dispose()
    return app


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backups"


def url_of(app):
    return app.extensions["engine"].url


def run(app, *arguments):
    done = app.test_cli_runner().invoke(args=[*map(str, arguments)])
    app.extensions["engine"].dispose()
    return done


def back_up(app, folder, recipient=""):
    made = backing_up.back_up(url_of(app), folder=folder, recipient=recipient, now=NOW, tell=lambda _what, _share: None)
    return made.path


def restore(url, path, **changes):
    settings = {
        "identity": None,
        "replaces": False,
        "known_heads": _Every(),
        "now": NOW,
        "tell": lambda _what, _share: None,
    }
    return restoring.restore(make_url(url), path, **settings | changes)


class _Every:
    def __contains__(self, _head):
        return True


def test_every_row_of_every_table_comes_back(site, folder, new_app, tmp_path):
    before = everything_in(url_of(site))
    assert sum(map(len, before[0].values())) > 100
    made = run(site, "backup", folder)
    assert made.exit_code == 0, made.output
    [path] = folder.glob("*.zip")
    assert run(site, "backup", "check", path).exit_code == 0
    with Session(site.extensions["engine"], info={"writing": True}) as session:
        session.connection(execution_options={"writing": True})
        erase_person(session, person_id=site.person_id, now=NOW)
        session.commit()
    site.extensions["engine"].dispose()
    refused = run(site, "restore", path)
    assert (refused.exit_code, "--replace" in refused.output) == (1, True)
    assert run(site, "jobs", "run", "remember-who-left").output == "remember-who-left: 1 done.\n"

    other = new_app()
    done = run(other, "restore", path)
    assert (done.exit_code, "Every row of" in done.output) == (0, True), done.output
    assert everything_in(url_of(other)) == before
    with Session(other.extensions["engine"], info={"writing": True}) as session:
        session.connection(execution_options={"writing": True})
        accounts.person(session, role=Role.MODERATOR)
        session.commit()

    again = run(site, "restore", "--replace", path)
    assert "1 people are known to have left. 1 of them came back, and are erased again." in again.output
    with Session(site.extensions["engine"]) as session:
        assert session.get_one(Person, site.person_id).erased_at is not None
    site.extensions["engine"].dispose()


def test_a_copy_made_while_people_write_is_of_one_moment(site, folder):
    """Each writes two rows at a time: a copy that has an odd number is of no moment at all."""
    stopped, written = threading.Event(), []

    def write():
        engine = open_engine(url_of(site).render_as_string(hide_password=False))
        while not stopped.is_set():
            with Session(engine) as session:
                session.connection(execution_options={"writing": True})
                for _ in range(2):
                    audit.record(session, by=None, did="wrote", to_kind="test", to_id=uuid.uuid4(), now=NOW)
                session.commit()
            written.append(1)
        engine.dispose()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while not written:
            stopped.wait(0.01)
        path = back_up(site, folder)
    finally:
        stopped.set()
        writer.join()
    manifest = backing_up.look_over(path, identity=None, tell=lambda _what, _share: None)
    assert manifest.tables["audit_event"].rows % 2 == 0


def test_only_whoever_has_the_key_reads_an_encrypted_one(site, folder, tmp_path):
    key, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    path = back_up(site, folder, recipient=str(key.to_public()))
    assert path.suffix == ".age"
    assert path.stat().st_mode & 0o077 == 0
    assert b"example.org" not in path.read_bytes()
    for name, identity in (("right", key), ("wrong", other)):
        (tmp_path / name).write_text(f"# made by age-keygen\n{identity}\n")
    assert backing_up.look_over(path, identity=tmp_path / "right", tell=lambda _what, _share: None).rows > 100
    for identity in (None, tmp_path / "wrong", tmp_path / "missing"):
        with pytest.raises(archives.BackupUnreadableError, match=r"\.$"):
            backing_up.look_over(path, identity=identity, tell=lambda _what, _share: None)
    with pytest.raises(archives.BadRecipientError):
        back_up(site, folder, recipient="age1nobody")


def damaged(path, how):
    """Return a backup that something happened to."""
    other = path.with_name(f"{how}.zip")
    shutil.copy(path, other)
    content = path.read_bytes()
    if how == "cut short":
        other.write_bytes(content[: len(content) // 2])
    elif how == "one byte":
        other.write_bytes(content[:5000] + bytes([content[5000] ^ 1]) + content[5001:])
    elif how == "no zip":
        other.write_bytes(b"hello")
    else:
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(other, "w") as target:
            for name in source.namelist():
                inside = source.read(name)
                if name == "manifest.json":
                    it = backups.from_json(inside.decode())
                    tables = dict(it.tables)
                    tables["person"] = backups.TableState(tables["person"].rows, "0" * 32)
                    inside = backups.to_json(backups.Manifest(it.database, it.head, NOW, tables, it.counters)).encode()
                target.writestr(name, inside)
    return other


def test_what_is_damaged_or_differs_changes_nothing(site, folder):
    path, before = back_up(site, folder), everything_in(url_of(site))
    for how in ("cut short", "one byte", "no zip"):
        with pytest.raises(archives.BackupUnreadableError):
            restore(url_of(site), damaged(path, how), replaces=True)
    with pytest.raises(backing_up.BackupDiffersError, match="person: some row differs"):
        restore(url_of(site), damaged(path, "another list"), replaces=True)
    with pytest.raises(restoring.NewerBackupError):
        restore(url_of(site), path, replaces=True, known_heads=frozenset({"0001"}))
    assert everything_in(url_of(site)) == before
    engine = open_engine(url_of(site).render_as_string(hide_password=False))
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT count(*) FROM person")).one()
        with pytest.raises(sqlite_copies.StillInUseError):
            restore(url_of(site), path, replaces=True)
    engine.dispose()
    assert not list(folder.glob(".unfinished*")), "nothing is left lying about"


def test_a_full_disk_is_told_before_anything_is_written(site, folder, monkeypatch):
    monkeypatch.setattr(archives.shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    with pytest.raises(archives.NoRoomError, match="0 MB are free"):
        back_up(site, folder)
    assert list(folder.iterdir()) == []


def test_what_was_interrupted_is_no_backup_and_is_swept_up(site, folder, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(archives, "_make_sure", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            back_up(site, folder)
    assert not list(folder.glob("clubtogether*"))
    killed = folder / ".unfinished-99999999-x"
    killed.mkdir()
    back_up(site, folder)
    assert [path.name for path in folder.iterdir()] == [backups.name_for(NOW, is_encrypted=False)]
