"""What an operator can do about free help and the library from the command line."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from marketplace.brokerage.gateways.shelf import read_shelf
from marketplace.brokerage.gateways.signposts import read_signposts
from marketplace.brokerage.services.shelf import stock_library
from marketplace.brokerage.services.signposts import bring_in_signposts
from marketplace.kit.days import day_of
from marketplace.kit.db import transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.gazetteers import gazetteer

commands = AppGroup("brokerage", help="Look after free help and the library.")


@commands.command("signposts")
@click.argument("name")
def signposts(name: str) -> None:
    """Bring in the signposts of the file NAME; NAME may also be one that comes with the site: england."""
    now = datetime.now(UTC)
    councils = {council.code for council in gazetteer().councils()}
    try:
        written = read_signposts(name, councils=councils, today=day_of(now))
        with transaction() as session:
            became = bring_in_signposts(session, written=written, now=now)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"Signposts: {became.added:,} added, {became.changed:,} changed, {became.same:,} as they were, "
        f"{became.kept:,} left as somebody left them on the site."
    )


@commands.command("library")
def library() -> None:
    """Put the example plans and the letters that come with the site into the library, or bring them up to date."""
    try:
        pieces = read_shelf()
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    with transaction() as session:
        became = stock_library(session, pieces=pieces, now=datetime.now(UTC))
    click.echo(f"Library: {became.added:,} added, {became.changed:,} changed, {became.same:,} as they were.")
