"""Does what the release before writes still go in, while set-up has already changed the tables?"""

import uuid
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from marketplace.kit.db import open_engine
from tests.conftest import ROOT

RELEASED = (ROOT / "migrations" / ".released").read_text().strip()


@pytest.fixture(scope="module")
def both(new_database):
    """Every column of the tables as they were released, and of the same tables now; and where they are now."""
    url = new_database()
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = url
    command.downgrade(config, RELEASED)
    before = columns(url)
    command.upgrade(config, "head")
    return before, columns(url), url


def columns(url):
    engine = open_engine(url)
    looking = sa.inspect(engine)
    found = {
        table: {column["name"]: column for column in looking.get_columns(table)} for table in looking.get_table_names()
    }
    engine.dispose()
    return found


def test_every_table_and_column_of_before_is_still_there(both):
    before, now, _url = both
    gone = [f"{table}.{name}" for table, known in before.items() for name in known if name not in now.get(table, {})]
    assert not gone, f"the release before still asks for these: take them away in the release after this one: {gone}"


def test_what_the_release_before_leaves_out_is_filled_in_by_the_database(both):
    before, now, _url = both
    demanded = [
        f"{table}.{name}"
        for table, known in before.items()
        for name, column in now[table].items()
        if name not in known and not column["nullable"] and column["default"] is None and not column.get("computed")
    ]
    assert not demanded, f"let these be empty, or give them a server_default: {demanded}"


def test_what_could_be_empty_before_may_still_be_and_is_no_shorter(both):
    before, now, _url = both
    stricter = [
        f"{table}.{name}"
        for table, known in before.items()
        for name, column in known.items()
        if (column["nullable"] and not now[table][name]["nullable"])
        or (getattr(column["type"], "length", None) or 0)
        > (getattr(now[table][name]["type"], "length", None) or 1 << 30)
    ]
    assert not stricter, f"the release before may write what these refuse now: {stricter}"


def test_rows_of_the_release_before_go_in(both):
    """With exactly the columns that it knows, into tables that later changes gave more to."""
    before, _now, url = both
    moment, person = datetime(2026, 5, 4, 12, tzinfo=UTC).replace(tzinfo=None), uuid.uuid4()
    given = {
        "person": {"id": person, "email": "ada@example.org", "name": "Ada", "session_stamp": "", "created_at": moment},
        "audit_event": {"id": uuid.uuid4(), "at": moment, "did": "signed up", "to_kind": "person", "to_id": person},
        "message": {
            "id": uuid.uuid4(), "to": "ada@example.org", "subject": "Hello", "body": "…",
            "created_at": moment, "due_at": moment, "attempts": 0,
        },
    }  # fmt: skip
    engine = open_engine(url)
    with engine.begin() as connection:
        for name, values in given.items():
            typed = [sa.column(key, sa.Uuid() if isinstance(it, uuid.UUID) else None) for key, it in values.items()]
            assert values.keys() <= before[name].keys()
            connection.execute(sa.table(name, *typed).insert().values(values))
    engine.dispose()
