"""Backups: made, looked over, and put back."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click
from alembic import command as alembic
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.engine import URL

from marketplace.accounts.services.leaving import erase_person
from marketplace.kit import erased
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.progress import Bar
from marketplace.web.queries import leaving
from marketplace.web.services import backing_up, restoring
from marketplace.web.services.closing_again import close_again

ROOT = Path(__file__).parents[3]
LIST_OF_ERASED = "erased.txt"
IDENTITY = click.option(
    "--identity", type=click.Path(path_type=Path), help="The file with the secret key, for an encrypted backup."
)


class _FolderFirst(AppGroup):
    """Takes what is no command of its own for the folder of a backup."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] != "--help"):
            args = ["now", *args]
        return super().parse_args(ctx, args)


commands = _FolderFirst("backup", help="Make a backup of everything: flask backup FOLDER. Look one over.")


@commands.command("now")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option("--keep-days", type=click.IntRange(1), help="Then delete backups in FOLDER older than this.")
def make(folder: Path | None, keep_days: int | None) -> None:
    """Back up the whole database into FOLDER (or BACKUP_FOLDER) while people use the site."""
    folder = folder or current_app.config["BACKUP_FOLDER"]
    if folder is None:
        raise click.UsageError("Say where: flask backup FOLDER, or set BACKUP_FOLDER.")
    now = datetime.now(UTC)
    with _refusals(), Bar() as bar:
        made = backing_up.back_up(
            _url(), folder=folder, recipient=current_app.config["BACKUP_RECIPIENT"], now=now, tell=bar.tell
        )
    people = leaving.erased_people(db.session)
    erased.remember(folder / LIST_OF_ERASED, people)
    erased.remember(current_app.config["ERASED_LIST"], people)
    size = made.path.stat().st_size
    click.echo(f"{made.path}: {len(made.manifest.tables)} tables, {made.manifest.rows} rows, {size:,} bytes.")
    if not current_app.config["BACKUP_RECIPIENT"]:
        click.echo("It is not encrypted (BACKUP_RECIPIENT): keep it where nobody else can read it.")
    for name in backing_up.forget_old(folder, keep_days=keep_days, now=now) if keep_days else ():
        click.echo(f"Deleted {name}.")


@commands.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@IDENTITY
def check(file: Path, identity: Path | None) -> None:
    """Make sure that FILE is a whole backup, and holds what it says. The site's database is not touched."""
    with _refusals(), Bar() as bar:
        manifest = backing_up.look_over(file, identity=identity, tell=bar.tell)
    click.echo(f"{file.name}: {len(manifest.tables)} tables, {manifest.rows} rows, as they were at {manifest.made_at}.")
    if manifest.database == "postgresql":
        click.echo("Every byte is as it was written. That its rows come back is known by flask restore alone: try it.")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@IDENTITY
@click.option("--replace", is_flag=True, help="Put aside what is in the database now.")
@with_appcontext
def restore(file: Path, identity: Path | None, *, replace: bool) -> None:
    """Put the backup FILE into the database that DATABASE_URL names. Stop the site and the worker first."""
    scripts = AlembicConfig(str(ROOT / "alembic.ini"))
    scripts.set_main_option("script_location", str(ROOT / "migrations"))
    heads = frozenset(change.revision for change in ScriptDirectory.from_config(scripts).walk_revisions())
    with _refusals(), Bar() as bar:
        done = restoring.restore(
            _url(),
            file,
            identity=identity,
            replaces=replace,
            known_heads=heads,
            now=datetime.now(UTC),
            tell=bar.tell,
        )
    manifest = done.manifest
    click.echo(f"Every row of {len(manifest.tables)} tables is as it was at {manifest.made_at}: {manifest.rows} rows.")
    scripts.attributes["url"] = _url().render_as_string(hide_password=False)
    alembic.upgrade(scripts, "head")
    left = _known_to_have_left(file.parent / LIST_OF_ERASED)
    click.echo(
        f"{len(left)} people are known to have left. {_erase_again(left)} of them came back, and are erased again."
    )
    click.echo(
        f"What was done after {manifest.made_at} is not in it: see docs/operating/backups.md for what to do next."
    )
    if done.aside:
        click.echo(f"What was there before is in {done.aside}. Delete it when you are sure: people are in it.")


@commands.command("erase-again")
@click.argument("lists", type=click.Path(path_type=Path), nargs=-1)
def erase_again(lists: tuple[Path, ...]) -> None:
    """Erase again whoever left and came back with a backup: by ERASED_LIST, and by other LISTS like it."""
    left = _known_to_have_left(*lists)
    click.echo(
        f"{len(left)} people are known to have left. {_erase_again(left)} of them were here, and are erased again."
    )


def _known_to_have_left(*lists: Path) -> set[UUID]:
    return set().union(*(erased.read(path) for path in (current_app.config["ERASED_LIST"], *lists)))


def _erase_again(left: set[UUID]) -> int:
    back = leaving.brought_back(db.session, left=left)
    for person_id in back:
        now = datetime.now(UTC)
        try:
            with transaction() as session:
                close_again(session, person_id=person_id, now=now)
        except DomainError:
            # Something of then can no longer be ended, such as a pool that goes ahead. Their name goes all the same.
            with transaction() as session:
                erase_person(session, person_id=person_id, now=now)
            click.echo(f"{person_id} is still in something that others count on: flask ledger check names it.")
    return len(back)


def _url() -> URL:
    return db.engine.url


class _refusals:  # noqa: N801  (reads as a word of the sentence it stands in)
    """Tell an operator why something was refused, and end with 1."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, DomainError):
            raise click.ClickException(str(error)) from error
