"""Making a backup of the whole site while people use it, and looking one over."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import URL

from marketplace.kit.errors import DomainError
from marketplace.kit.sentences import worded
from marketplace.web.gateways import archives, postgresql_copies, sqlite_copies
from marketplace.web.rules import backups
from marketplace.web.rules.backups import Manifest

Tell = Callable[[str, float], None]
"""Is told what is being done, and how much of all is done, from 0 to 1."""

_COPIED, _SUMMED = 0.5, 0.8
"""How much of a backup is done when the database is copied, and when its tables are summed up."""


class BackupDiffersError(DomainError):
    """What is in a backup is not what it says of itself."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made."""

    path: Path
    manifest: Manifest


def back_up(url: URL, *, folder: Path, recipient: str, now: datetime, tell: Tell) -> Backup:
    """
    Write the whole database into one new file of a folder.

    :raises NoRoomError: if it would not fit.
    :raises BadRecipientError: if the key to encrypt for is none.
    :raises BrokenCopyError: if the database is not sound.
    """
    if recipient:
        archives.key_of(recipient)
    folder.mkdir(parents=True, exist_ok=True)
    archives.sweep(folder)
    # Where it is encrypted, the place where backups lie may be less safe than this machine: nothing plain goes there.
    work_in = Path(tempfile.gettempdir()) if recipient else folder
    with archives.workspace(work_in) as room:
        is_sqlite = url.get_backend_name() == "sqlite"
        copied = room / "copied"
        if is_sqlite:
            source = Path(url.database or "")
            size = sqlite_copies.size_of(source)
            # The copy, the room in which it is tidied, and what is packed.
            archives.refuse_full_disk(room, needed=3 * size)
            archives.refuse_full_disk(folder, needed=size)
            sqlite_copies.copy(source, copied, tell=lambda part: tell("Copying the database", _COPIED * part))
            tell("Summing up every table", _COPIED)
            manifest = sqlite_copies.manifest_of(copied, made_at=now)
        else:
            size = postgresql_copies.size_of(url)
            archives.refuse_full_disk(room, needed=2 * size)
            archives.refuse_full_disk(folder, needed=size)
            tell("Summing up every table, and copying the database", 0.0)
            manifest = postgresql_copies.dump(url, copied, made_at=now)
        tell("Packing" + (" and encrypting" if recipient else ""), _SUMMED)
        target = folder / backups.name_for(now, is_encrypted=bool(recipient))
        archives.write(target, database=copied, manifest=manifest, recipient=recipient, work_in=room)
    tell("Done", 1.0)
    return Backup(target, manifest)


def look_over(source: Path, *, identity: Path | None, tell: Tell) -> Manifest:
    """
    Make sure that a backup is whole, and holds what it says, as far as that can be told without a server.

    An SQLite copy is opened and compared row by row. Of a PostgreSQL copy only the list of tables is compared.

    :raises BackupUnreadableError: if it is no whole backup, or the key is not the one.
    :raises BackupDiffersError: if what it holds is not what it says.
    """
    with archives.workspace(Path(tempfile.gettempdir())) as room:
        tell("Unpacking", 0.0)
        copied, manifest = archives.unpack(source, identity=identity, work_in=room)
        tell("Comparing every table", 0.5)
        if manifest.database == "sqlite":
            wrong = backups.differences(manifest, sqlite_copies.manifest_of(copied, made_at=manifest.made_at))
        else:
            there = postgresql_copies.tables_in(copied)
            wrong = tuple(sorted(worded("{name}: it is missing", name=name) for name in manifest.tables.keys() - there))
    if wrong:
        raise BackupDiffersError(
            worded("{name} is not what it says: {wrong}.", name=source.name, wrong="; ".join(wrong))
        )
    return manifest


def forget_old(folder: Path, *, keep_days: int, now: datetime) -> tuple[str, ...]:
    """Delete the backups of a folder that are older than so many days, never the newest; name them."""
    gone = backups.outlived((path.name for path in folder.iterdir()), keep_days=keep_days, now=now)
    for name in gone:
        (folder / name).unlink()
    return gone


def newest_in(folder: Path) -> datetime | None:
    """Return when the newest backup of a folder was made, or None if there is none."""
    if not folder.is_dir():
        return None
    return max((made for path in folder.iterdir() if (made := backups.made_at(path.name)) is not None), default=None)
