"""What an operator can do about demand figures from the command line."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from marketplace.demand.jobs import build_releases
from marketplace.kit.progress import Bar
from marketplace.kit.said import count

commands = AppGroup("demand", help="Figures for councils.")


@commands.command("build")
def build() -> None:
    """
    Build the release of every closed quarter that has none. Those that exist are left alone.

    It can be stopped at any moment: nothing half done stays, and the next run begins again.
    """
    with Bar() as bar:
        built = build_releases(datetime.now(UTC), bar.tell)
    click.echo(f"{count(built, 'release', 'releases')} built.")
