"""
What an operator can do about the index of the catalogue.

The index is `search`'s, and knows no offers: so whoever has them, this package, makes and checks it.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from marketplace.catalogue.services import documents
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.progress import Bar
from marketplace.kit.said import count
from marketplace.search import queries as search_queries
from marketplace.search import services as search
from marketplace.search.rules import Document

search_commands = AppGroup("search", help="Look after the index.")


@search_commands.command("rebuild")
@click.option("--if-needed", is_flag=True, help="Do nothing, and say nothing, when everything is as it should be.")
def rebuild(*, if_needed: bool) -> None:
    """
    Make the index hold every live offer, as the language is now. Whoever searches meanwhile notices nothing.

    All of it is new at once, when it is done. What is as it should be is not written again.
    """
    today = day_of(datetime.now(UTC))
    # What has to be written is found out before, so that others who write wait for no longer than it takes to write it.
    counted: list[None] = []
    wanted = _counting(documents(db.session, today=today), counted)
    difference = search_queries.check(db.session, wanted, is_thorough=not if_needed)
    if if_needed and difference.is_none:
        return
    with Bar() as bar, transaction() as session:
        total = search.rebuild(
            session,
            documents(session, today=today),
            spoilt=difference.outdated,
            progress=lambda done: bar.tell(f"{done:,} offers", done / max(len(counted), done)),
        )
    click.echo(f"The index holds {count(total, 'offer', 'offers')}.")


@search_commands.command("check")
def check() -> None:
    """Compare the index with the catalogue, word by word and mark by mark, and exit with 1 if they differ."""
    today = day_of(datetime.now(UTC))
    difference = search_queries.check(db.session, documents(db.session, today=today))
    for word in ("missing", "extra", "outdated", "unsearchable"):
        for offer_id in getattr(difference, word):
            click.echo(f"{word}: {offer_id}")
    if not difference.is_none:
        raise SystemExit(1)
    click.echo("The index is what the catalogue says.")


def _counting(found: Iterable[Document], counted: list[None]) -> Iterator[Document]:
    """Yield what was found, and count it: so the bar knows how much there is."""
    for one in found:
        counted.append(None)
        yield one
