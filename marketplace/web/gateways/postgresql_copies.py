"""How is a PostgreSQL database copied while people use it, put back, and summed up? By PostgreSQL's own programs."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import URL

from marketplace.kit.errors import DomainError
from marketplace.web.rules.backups import Manifest, TableState

_SAME_EVERYWHERE = "-c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c extra_float_digits=1"
_SAME_EVERYWHERE += " -c bytea_output=hex -c statement_timeout=0 -c lock_timeout=30000 -c search_path=public"
"""How rows are written as text does not depend on how a server is set."""

_TABLES = """SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = 'public' AND relkind = 'r' ORDER BY relname"""

_SUMMED = """SELECT count(*),
  coalesce(sum(('x' || substr(hashed, 1, 16))::bit(64)::bigint::numeric), 0)::text || ' ' ||
  coalesce(sum(('x' || substr(hashed, 17, 16))::bit(64)::bigint::numeric), 0)::text
FROM (SELECT md5(kept::text) AS hashed FROM {} AS kept) AS rows"""

_COUNTERS = "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public'"


class ProgramMissingError(DomainError):
    """A program that comes with PostgreSQL is not on this machine."""


class ProgramFailedError(DomainError):
    """A program that comes with PostgreSQL gave up."""


def size_of(url: URL) -> int:
    """Return how many bytes a database takes on its server."""
    with connected(url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(row[0]) if row else 0


def dump(url: URL, target: Path, *, made_at: datetime) -> Manifest:
    """
    Write a database as it is at this moment to a file, while others read and write; say what is in it.

    :raises ProgramMissingError: if pg_dump is not on this machine.
    :raises ProgramFailedError: if it gives up.
    """
    with connected(url) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        counters = dict(connection.execute(_COUNTERS).fetchall())
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
        # Both see the very same moment.
        manifest = _manifest(connection, made_at, counters)
        _run(
            "pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", "--schema=public",
            f"--snapshot={snapshot[0] if snapshot else ''}", f"--file={target}",
        )  # fmt: skip
    target.chmod(0o600)
    return manifest


def manifest_of(url: URL, *, made_at: datetime) -> Manifest:
    """Say what is in a database."""
    with connected(url) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return _manifest(connection, made_at, dict(connection.execute(_COUNTERS).fetchall()))


def is_empty(url: URL) -> bool:
    """Test whether a database holds nobody and nothing that anybody offers."""
    with connected(url) as connection:
        there = [name for (name,) in connection.execute(_TABLES).fetchall() if name in {"person", "offer"}]
        return not any(
            connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(name))).fetchone()
            for name in there
        )


def others_connected(url: URL) -> int:
    """Return how many others work with a database: the site, the worker, somebody at a keyboard."""
    with connected(url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        ).fetchone()
    return int(row[0]) if row else 0


def put_aside(url: URL, *, aside: str) -> None:
    """Keep everything that is there under another name, a schema of its own, and make room."""
    with connected(url) as connection, connection.transaction():
        connection.execute(sql.SQL("ALTER SCHEMA public RENAME TO {}").format(sql.Identifier(aside)))
        connection.execute("CREATE SCHEMA public")


def take_back(url: URL, *, aside: str) -> None:
    """Put what was kept aside in its place again."""
    with connected(url) as connection, connection.transaction():
        connection.execute("DROP SCHEMA IF EXISTS public CASCADE")
        connection.execute(sql.SQL("ALTER SCHEMA {} RENAME TO public").format(sql.Identifier(aside)))


def forget_what_was_put_aside(url: URL, *, aside: str) -> None:
    """Delete what was kept aside, for ever."""
    with connected(url) as connection:
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(aside)))


def load(url: URL, source: Path) -> None:
    """
    Put a file that `dump` wrote into a database that has room for it: all of it, or nothing.

    :raises ProgramMissingError: if pg_restore is not on this machine.
    :raises ProgramFailedError: if it gives up.
    """
    # Whether a file makes the schema itself depends on the version that wrote it.
    if " SCHEMA - public " in _listed(source):
        with connected(url) as connection:
            connection.execute("DROP SCHEMA IF EXISTS public RESTRICT")
    try:
        _run(
            "pg_restore", url, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(source)
        )  # fmt: skip
    except DomainError:
        with connected(url) as connection:
            connection.execute("CREATE SCHEMA IF NOT EXISTS public")
        raise
    with connected(url) as connection:
        connection.execute("ANALYZE")


def tables_in(source: Path) -> set[str]:
    """Name the tables whose rows are in a file that `dump` wrote."""
    marked = [
        line.split(" TABLE DATA public ") for line in _listed(source).splitlines() if " TABLE DATA public " in line
    ]
    return {rest.split()[0] for _number, rest in marked}


def _listed(source: Path) -> str:
    listed = subprocess.run(  # noqa: S603  (a program of PostgreSQL's, and a file of ours)
        [_program("pg_restore"), "--list", str(source)], capture_output=True, text=True, check=False
    )
    if listed.returncode:
        raise ProgramFailedError("pg_restore cannot read the copy in this backup.")
    return listed.stdout


@contextlib.contextmanager
def connected(url: URL) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """Open a connection of its own, on which every statement counts at once unless a transaction is begun."""
    told = _told(url)
    told["options"] = f"{told.get('options', '')} {_SAME_EVERYWHERE}".strip()
    with contextlib.closing(psycopg.connect(make_conninfo(**told), autocommit=True, connect_timeout=10)) as connection:
        yield connection


def _told(url: URL) -> dict[str, Any]:
    """Return what PostgreSQL's own library is told of a database: several machines too, if the address names them."""
    dialect: Any = PGDialect_psycopg
    _none, told = dialect().create_connect_args(url)
    known = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    return {name: value for name, value in told.items() if name in known and value is not None}


def _manifest(connection: psycopg.Connection[tuple[Any, ...]], made_at: datetime, counters: dict[str, int]) -> Manifest:
    tables = {}
    for (name,) in connection.execute(_TABLES).fetchall():
        row = connection.execute(sql.SQL(_SUMMED).format(sql.Identifier(name))).fetchone()
        tables[name] = TableState(row[0], row[1]) if row else TableState(0, "")
    head = None
    if "alembic_version" in tables:
        head = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return Manifest(
        database="postgresql", head=head[0] if head else "", made_at=made_at, tables=tables, counters=counters
    )


def _program(name: str) -> str:
    """Return where a program of PostgreSQL's is: the newest that is installed knows every older server."""
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=_version, reverse=True)
    found = str(newest[0]) if newest else shutil.which(name)
    if not found:
        raise ProgramMissingError(
            f"The program {name} is not on this machine. It comes with PostgreSQL: on Debian and Ubuntu, "
            "apt-get install postgresql-client."
        )
    return found


def _version(program: Path) -> int:
    folder = program.parent.parent.name
    return int(folder) if folder.isdecimal() else 0


def _run(name: str, url: URL, *arguments: str) -> None:
    told = {key: str(value) for key, value in _told(url).items()}
    # A password in a list of arguments could be read by everybody on the machine.
    secret = {"PGPASSWORD": told.pop("password")} if "password" in told else {}
    done = subprocess.run(  # noqa: S603  (a program of PostgreSQL's, with arguments of ours)
        [_program(name), f"--dbname={make_conninfo(**told)}", *arguments],
        env={**os.environ, **secret},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise ProgramFailedError(f"{name} gave up: {said.rstrip('.')}.")
