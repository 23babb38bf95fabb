"""What an operator can ask of the ledger."""

import click
from flask.cli import AppGroup

from marketplace.budgets import queries
from marketplace.kit.db import db

commands = AppGroup("ledger", help="Look after the books.")


@commands.command("check")
def check() -> None:
    """Name every row that breaks a promise of the ledger; exit with 1 if there is any."""
    broken = queries.broken_rows(db.session)
    for row in broken:
        click.echo(f"BROKEN {row.promise}: {row.row_id}")
    if broken:
        raise SystemExit(1)
    click.echo("The books balance.")
