"""What an operator can do about demand figures from the command line."""

import sys
from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from marketplace.demand.jobs import build_releases
from marketplace.kit.said import count

commands = AppGroup("demand", help="Figures for councils.")

_WIDTH = 60


@commands.command("build")
def build() -> None:
    """
    Build the release of every closed quarter that has none. Those that exist are left alone.

    It can be stopped at any moment: nothing half done stays, and the next run begins again.
    """
    built = build_releases(datetime.now(UTC), _tell)
    if sys.stderr.isatty():
        click.echo("\r".ljust(_WIDTH) + "\r", nl=False, err=True)
    click.echo(f"{count(built, 'release', 'releases')} built.")


def _tell(what: str, share: float) -> None:
    # One line that moves, on the other stream: what is piped stays the answer.
    if sys.stderr.isatty():
        click.echo(f"\r  {share:4.0%}  {what}".ljust(_WIDTH), nl=False, err=True)
