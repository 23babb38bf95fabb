"""How is a backup written as one file that is whole or not there, and read again?"""

import contextlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyrage

from marketplace.kit.errors import DomainError
from marketplace.web.rules import backups
from marketplace.web.rules.backups import Manifest

_UNFINISHED = ".unfinished-"
_MANIFEST = "manifest.json"
_README = "README.txt"
_MEMBERS = {"sqlite": "database.sqlite", "postgresql": "database.dump"}
_SAYS = """A backup of a Clubtogether site. `flask restore` puts it back, and `flask backup check` looks it over.

database.sqlite is a whole SQLite database. database.dump is for pg_restore, which comes with PostgreSQL.
manifest.json says how many rows each table has, and a sum over them.

It holds what people trusted the site with.
"""


class BackupUnreadableError(DomainError):
    """A file is no backup, was cut short, or is for another key."""


class NoRoomError(DomainError):
    """The disk is too full."""


class BadRecipientError(DomainError):
    """What should be a public key is none."""


@contextlib.contextmanager
def workspace(folder: Path) -> Iterator[Path]:
    """Give a folder to work in that is gone afterwards. What a killed run left of its own goes first."""
    sweep(folder)
    made = Path(tempfile.mkdtemp(prefix=f"{_UNFINISHED}{os.getpid()}-", dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Take away what runs that were killed left in a folder."""
    for left in folder.glob(f"{_UNFINISHED}*"):
        if not _is_running(left.name.removeprefix(_UNFINISHED).split("-")[0]):
            _remove(left)


def _remove(left: Path) -> None:
    if left.is_dir():
        shutil.rmtree(left, ignore_errors=True)
    else:
        left.unlink(missing_ok=True)


def _is_running(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def refuse_full_disk(folder: Path, *, needed: int) -> None:
    """
    Make sure that so many bytes fit.

    :raises NoRoomError: if they do not.
    """
    free = shutil.disk_usage(folder).free
    if free < needed:
        mega = 1024 * 1024
        raise NoRoomError(
            f"There is not enough room in {folder}: {free // mega} MB are free, and {needed // mega + 1} MB are needed."
        )


def write(target: Path, *, database: Path, manifest: Manifest, recipient: str, work_in: Path) -> None:
    """
    Write a backup as one file. It has its name only once all of it is on the disk.

    :param recipient: an age public key to encrypt for, or nothing.
    :raises BadRecipientError: if that is no public key.
    """
    packed = work_in / "packed"
    # A dump is compressed already.
    how = zipfile.ZIP_DEFLATED if manifest.database == "sqlite" else zipfile.ZIP_STORED
    with zipfile.ZipFile(packed, "w", allowZip64=True) as archive:
        archive.writestr(_README, _SAYS)
        archive.write(database, _MEMBERS[manifest.database], compress_type=how)
        archive.writestr(_MANIFEST, backups.to_json(manifest), compress_type=zipfile.ZIP_DEFLATED)
    if recipient:
        database.unlink()
        encrypted = work_in / "encrypted"
        with packed.open("rb") as plain, encrypted.open("wb") as hidden:
            pyrage.encrypt_io(plain, hidden, [key_of(recipient)])
        packed.unlink()
        packed = encrypted
    packed.chmod(0o600)
    # Beside its place first: only within one disk does a file change its name at once.
    beside = target.with_name(f"{_UNFINISHED}{os.getpid()}-{target.name}")
    try:
        shutil.move(packed, beside)
        _make_sure(beside)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    _make_sure(target.parent)


def key_of(recipient: str) -> pyrage.x25519.Recipient:
    """
    Return the public key that somebody wrote down.

    :raises BadRecipientError: if it is none.
    """
    try:
        return pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        raise BadRecipientError("BACKUP_RECIPIENT is no age public key. One begins with age1.") from error


def _make_sure(path: Path) -> None:
    """Wait until what was written is on the disk itself."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def unpack(source: Path, *, identity: Path | None, work_in: Path) -> tuple[Path, Manifest]:
    """
    Unpack a backup; return its copy of the database, and what it says of itself. Every byte is checked.

    :param identity: the file with the secret key, for a backup that is encrypted.
    :raises BackupUnreadableError: if it is no whole backup, or the key is not the one.
    """
    opened = _decrypted(source, identity, work_in) if source.suffix == ".age" else source
    try:
        with zipfile.ZipFile(opened) as archive:
            manifest = backups.from_json(archive.read(_MANIFEST).decode())
            member = _MEMBERS[manifest.database]
            needed = archive.getinfo(member).file_size
            refuse_full_disk(work_in, needed=needed)
            with archive.open(member) as packed, (work_in / member).open("wb") as plain:
                shutil.copyfileobj(packed, plain, 1024 * 1024)
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, OSError) as error:
        if isinstance(error, FileNotFoundError):
            raise BackupUnreadableError(f"There is no file {source}.") from error
        raise BackupUnreadableError(f"{source.name} is no whole backup: {error}.") from error
    if opened != source:
        opened.unlink()
    (work_in / member).chmod(0o600)
    return work_in / member, manifest


def _decrypted(source: Path, identity: Path | None, work_in: Path) -> Path:
    if identity is None:
        raise BackupUnreadableError(f"{source.name} is encrypted. Say where the secret key is: --identity FILE.")
    try:
        lines = [line.strip() for line in identity.read_text().splitlines()]
        keys = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
        with source.open("rb") as hidden, (work_in / "decrypted").open("wb") as plain:
            pyrage.decrypt_io(hidden, plain, keys)
    except FileNotFoundError as error:
        raise BackupUnreadableError(f"There is no file {error.filename}.") from error
    except (pyrage.IdentityError, pyrage.DecryptError, UnicodeDecodeError) as error:
        raise BackupUnreadableError(
            f"{source.name} cannot be decrypted: it was cut short, or {identity.name} is not the key that it is for."
        ) from error
    return work_in / "decrypted"
