"""Putting a backup in the place of the database: all of it, compared table by table, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import URL

from marketplace.kit.errors import DomainError
from marketplace.kit.sentences import worded
from marketplace.web.gateways import archives, postgresql_copies, sqlite_copies
from marketplace.web.rules import backups
from marketplace.web.rules.backups import Manifest
from marketplace.web.services.backing_up import BackupDiffersError, Tell


class NotEmptyError(DomainError):
    """There are people or offers in the database, and nobody said that they may go."""


class OtherDatabaseError(DomainError):
    """The backup is of the other kind of database."""


class NewerBackupError(DomainError):
    """The backup was made by a version of the site that came later than this."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and where what was there before is kept, if anything was."""

    manifest: Manifest
    aside: str | None


def restore(
    url: URL,
    source: Path,
    *,
    identity: Path | None,
    replaces: bool,
    known_heads: frozenset[str],
    now: datetime,
    tell: Tell,
) -> Restored:
    """
    Put a backup in the place of the database.

    :param replaces: whether a database that is not empty may be put aside.
    :param known_heads: the changes to the tables that this version knows.
    :raises NotEmptyError: if there are people or offers in it, and it may not.
    :raises StillInUseError: if the site or the worker has it open.
    :raises OtherDatabaseError: if the backup is of the other kind of database.
    :raises NewerBackupError: if it was made by a later version.
    :raises BackupUnreadableError: if it is no whole backup.
    :raises BackupDiffersError: if what came back is not what went in. Then all is as it was before.
    """
    kind = url.get_backend_name()
    is_empty = sqlite_copies.is_empty(_file(url)) if kind == "sqlite" else postgresql_copies.is_empty(url)
    if not is_empty and not replaces:
        raise NotEmptyError(
            "There are people or offers in this database. To put them aside, and the backup in their place: --replace."
        )
    work_in = _file(url).parent if kind == "sqlite" else source.parent
    work_in.mkdir(parents=True, exist_ok=True)
    with archives.workspace(work_in) as room:
        tell("Unpacking", 0.0)
        copied, manifest = archives.unpack(source, identity=identity, work_in=room)
        if manifest.database != kind:
            raise OtherDatabaseError(
                f"This backup is of {_NAMES[manifest.database]}, and DATABASE_URL names {_NAMES[kind]}."
            )
        if manifest.head not in known_heads:
            raise NewerBackupError(
                worded(
                    "This backup was made by a newer version of the site ({head}). Install that version first.",
                    head=manifest.head,
                )
            )
        put = _put_sqlite if kind == "sqlite" else _put_postgresql
        aside = put(url, copied, manifest, f"before_{now.astimezone(UTC):%Y%m%dt%H%M%S}", tell)
        if aside and is_empty:
            _delete(url, aside)
            aside = None
    return Restored(manifest, aside)


_NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def _file(url: URL) -> Path:
    return Path(url.database or "")


def _put_sqlite(url: URL, copied: Path, manifest: Manifest, aside: str, tell: Tell) -> str | None:
    tell("Comparing every table", 0.3)
    _refuse_difference(manifest, lambda: sqlite_copies.manifest_of(copied, made_at=manifest.made_at))
    path = _file(url)
    was_there = path.is_file()
    kept = path.with_name(f"{path.name}.{aside}")
    sqlite_copies.put_in_place(copied, path, aside=kept)
    return str(kept) if was_there else None


def _put_postgresql(url: URL, copied: Path, manifest: Manifest, aside: str, tell: Tell) -> str:
    others = postgresql_copies.others_connected(url)
    if others:
        raise sqlite_copies.StillInUseError(
            worded(
                "{others} others work with this database. Stop the site and the worker, then try again.", others=others
            )
        )
    postgresql_copies.put_aside(url, aside=aside)
    try:
        tell("Putting every table back", 0.3)
        postgresql_copies.load(url, copied)
        tell("Comparing every table", 0.8)
        _refuse_difference(manifest, lambda: postgresql_copies.manifest_of(url, made_at=manifest.made_at))
    except BaseException:
        postgresql_copies.take_back(url, aside=aside)
        raise
    return aside


def _delete(url: URL, aside: str) -> None:
    """Delete what was put aside and holds nothing that anybody would miss."""
    if url.get_backend_name() == "sqlite":
        Path(aside).unlink()
    else:
        postgresql_copies.forget_what_was_put_aside(url, aside=aside)


def _refuse_difference(manifest: Manifest, found: Callable[[], Manifest]) -> None:
    wrong = backups.differences(manifest, found())
    if wrong:
        raise BackupDiffersError(
            worded("What came back is not what went in: {wrong}. Nothing was changed.", wrong="; ".join(wrong))
        )
