"""How is an SQLite database copied while people use it, put back, and summed up?"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from marketplace.kit.errors import DomainError
from marketplace.web.rules.backups import Manifest, TableState
from marketplace.web.rules.summing import sum_of_rows

_PAGES = 2_000
"""How many pages are copied between two words about how far it is."""


class BrokenCopyError(DomainError):
    """SQLite says that a file is not sound."""


class StillInUseError(DomainError):
    """Somebody has the database open, so it cannot be put aside."""


def size_of(path: Path) -> int:
    """Return how many bytes a database takes, with what was written last."""
    beside = [Path(f"{path}{end}") for end in ("", "-wal")]
    return sum(one.stat().st_size for one in beside if one.is_file())


def copy(source: Path, target: Path, *, tell: Callable[[float], None]) -> None:
    """
    Copy a database as it is at this moment, while others read and write. Nothing of what was deleted comes along.

    :param tell: is told how far it is, from 0 to 1.
    """
    with _opened(source, "ro") as live, _opened(target, "rwc") as copied:
        # While this reads, its view stays the same: whoever writes meanwhile does not make the copy begin anew.
        live.execute("BEGIN")
        live.execute("SELECT count(*) FROM sqlite_master").fetchone()
        live.backup(
            copied, pages=_PAGES, progress=lambda _status, left, total: tell(1 - left / total if total else 1), sleep=0
        )
        live.execute("ROLLBACK")
        copied.execute("PRAGMA journal_mode=DELETE")
        copied.execute("VACUUM")
    target.chmod(0o600)


def manifest_of(path: Path, *, made_at: datetime) -> Manifest:
    """
    Say what is in a database that nobody writes to.

    :raises BrokenCopyError: if SQLite finds it unsound, or a row refers to nothing.
    """
    with _opened(path, "ro") as connection:
        connection.text_factory = bytes
        connection.execute("BEGIN")
        try:
            _refuse_unsound(connection)
            names = [
                name.decode()
                for name, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
                # What a virtual table shows is in the tables beside it.
                if not name.startswith(b"sqlite_") and not sql.upper().startswith(b"CREATE VIRTUAL")
            ]
            tables = {name: TableState(*sum_of_rows(_rows(connection, name))) for name in sorted(names)}
            head = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError as error:
            raise BrokenCopyError(f"SQLite cannot read this database: {error}.") from error
    return Manifest(
        database="sqlite", head=head[0].decode() if head else "", made_at=made_at, tables=tables, counters={}
    )


def _rows(connection: sqlite3.Connection, table: str) -> sqlite3.Cursor:
    return connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608  (a name that the database itself gave)


def _refuse_unsound(connection: sqlite3.Connection) -> None:
    said = [row[0].decode() for row in connection.execute("PRAGMA integrity_check(5)")]
    if said != ["ok"]:
        raise BrokenCopyError(f"SQLite finds this database unsound: {'; '.join(said)}.")
    lost = connection.execute("PRAGMA foreign_key_check").fetchall()
    if lost:
        tables = sorted({row[0].decode() for row in lost})
        raise BrokenCopyError(f"{len(lost)} rows refer to something that is not there, in {', '.join(tables)}.")


def is_empty(path: Path) -> bool:
    """Test whether a database holds nobody and nothing that anybody offers. One that cannot be read is not empty."""
    if not path.is_file() or not path.stat().st_size:
        return True
    try:
        with _opened(path, "ro") as connection:
            there = connection.execute("SELECT name FROM sqlite_master WHERE name IN ('person', 'offer')").fetchall()
            return not any(connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() for (name,) in there)  # noqa: S608  (two names of ours)
    except sqlite3.DatabaseError:
        return False


def put_in_place(new: Path, path: Path, *, aside: Path) -> None:
    """
    Let one file take the place of a database, which is put aside.

    :raises StillInUseError: if a process has the database open.
    """
    if path.is_file():
        _be_alone(path)
        path.replace(aside)
    # What is left of one that could not be read must not be taken for changes to the new one.
    for end in ("-wal", "-shm"):
        if Path(f"{path}{end}").is_file():
            Path(f"{path}{end}").replace(f"{aside}{end}")
    try:
        new.replace(path)
    except OSError:
        if aside.is_file():
            aside.replace(path)
        raise


def _be_alone(path: Path) -> None:
    """Take everything into the one file, which SQLite lets only the last one do that has it open."""
    connection = sqlite3.connect(path, timeout=1, isolation_level=None)
    with contextlib.closing(connection):
        try:
            mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
        except sqlite3.OperationalError:
            mode = "wal"
        except sqlite3.DatabaseError:
            return  # It is so broken that nobody works with it.
    if mode != "delete":
        raise StillInUseError("The site or the worker still has the database open. Stop both, then try again.")


@contextlib.contextmanager
def _opened(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=15)
    try:
        yield connection
    finally:
        connection.close()
