"""
What an operator can do about the index of the catalogue.

The index is `search`'s, and knows no offers: so whoever has them, this package, makes and checks it.
"""

import click
from flask.cli import AppGroup

from marketplace.catalogue.services import documents
from marketplace.kit.db import db, transaction
from marketplace.kit.said import count
from marketplace.search import queries as search_queries
from marketplace.search import services as search

search_commands = AppGroup("search", help="Look after the index.")


@search_commands.command("rebuild")
def rebuild() -> None:
    """Make the index hold every live offer, as the language is now. Whoever searches meanwhile notices nothing."""
    with transaction() as session:
        total = search.rebuild(session, documents(session), progress=lambda done: click.echo(f"{done:,} offers …"))
    click.echo(f"The index holds {count(total, 'offer', 'offers')}.")


@search_commands.command("check")
def check() -> None:
    """Compare the index with the catalogue, and exit with 1 if they differ."""
    difference = search_queries.check(db.session, documents(db.session))
    for word in ("missing", "extra", "outdated", "unsearchable"):
        for offer_id in getattr(difference, word):
            click.echo(f"{word}: {offer_id}")
    if not difference.is_none:
        raise SystemExit(1)
    click.echo("The index is what the catalogue says.")
