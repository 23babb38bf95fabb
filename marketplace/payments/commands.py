"""What an operator can do about payments."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from marketplace.kit.db import db
from marketplace.payments.jobs.reconciling import reconcile as ask_about_everything
from marketplace.payments.jobs.stripe import stripe
from marketplace.payments.queries.checking import broken_promises, left_waiting

commands = AppGroup("payments", help="Look after payments.")


@commands.command("check")
def check() -> None:
    """Name every row that breaks a promise of payments; exit with 1 if there is any."""
    broken = broken_promises(db.session)
    for row in broken:
        click.echo(f"BROKEN {row.promise}: {row.row_id}")
    for row in left_waiting(db.session, now=datetime.now(UTC)):
        click.echo(f"WAITS {row.promise}: {row.row_id}")
    if broken:
        raise SystemExit(1)
    click.echo("Every payment adds up.")


@commands.command("reconcile")
def reconcile() -> None:
    """Ask Stripe about everything that is begun and not finished, and write down what it says. Safe to run twice."""
    if stripe() is None:
        raise click.ClickException("This site has no Stripe key, so there is nobody to ask.")
    settled = ask_about_everything(datetime.now(UTC))
    click.echo(", ".join(f"{name}: {count}" for name, count in settled.items()))
