"""What an operator can do about demand figures from the command line."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from marketplace.demand.jobs import build_releases
from marketplace.kit.said import count

commands = AppGroup("demand", help="Figures for councils.")


@commands.command("build")
def build() -> None:
    """Build the release of every closed quarter that has none. Those that exist are left alone."""
    click.echo(f"{count(build_releases(datetime.now(UTC)), 'release', 'releases')} built.")
