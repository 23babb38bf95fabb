"""Whether the books are sound."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from marketplace.kit.days import day_of
from marketplace.kit.db import db
from marketplace.web import queries

commands = AppGroup("ledger", help="Look after the books.")


@commands.command("check")
def check() -> None:
    """Name every row that breaks a promise of the books; exit with 1 if there is any."""
    broken = queries.broken_books(db.session, today=day_of(datetime.now(UTC)))
    for row in broken:
        click.echo(f"BROKEN {row.promise}: {row.kind} {row.row_id}")
    if broken:
        raise SystemExit(1)
    click.echo("The books balance.")
