"""What an operator can do about what people say."""

import click
from flask.cli import AppGroup

from marketplace.kit.db import transaction
from marketplace.kit.said import count
from marketplace.ratings import services

commands = AppGroup("ratings", help="Look after what people say.")


@commands.command("index")
def index() -> None:
    """Let every offer be found by what people give it, as if nobody had ever kept that up. Safe to run at any time."""
    with transaction() as session:
        rated = services.rate_everything(session)
    click.echo(f"The search knows how {count(rated, 'offer is', 'offers are')} rated.")
