"""What an operator can do about what people say."""

from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.said import count
from marketplace.ratings.gateways.schemes import read_scheme
from marketplace.ratings.jobs.ordering import put_in_order, rated_together
from marketplace.ratings.queries.checking import wrong_of
from marketplace.ratings.services import ordering, outcomes

commands = AppGroup("ratings", help="Look after what people say.")


@commands.command("index")
def index() -> None:
    """Count every rating, put offers in order by them, and let search know. Each night does the same by itself."""
    rated = put_in_order(datetime.now(UTC))
    click.echo(f"The search knows how {count(rated, 'offer is', 'offers are')} rated.")


@commands.command("check")
@click.option("--mend", is_flag=True, help="Put right what is wrong.")
def check(*, mend: bool) -> None:
    """Compare all that is kept of ratings with the reviews themselves; exit with 1 if anything is otherwise."""
    rated = wrong = 0
    for offer_ids in rated_together():
        rated += len(offer_ids)
        found = wrong_of(db.session, offer_ids=offer_ids)
        wrong += len(found)
        for offer_id, words in found.items():
            click.echo(f"offer {offer_id}: {'; '.join(words)}")
        if mend and found:
            with transaction() as session:
                ordering.mend(session, offer_ids=list(found))
                ordering.order_anew(session, offer_ids=list(found))
    if wrong and not mend:
        click.echo(f"{count(wrong, 'offer is', 'offers are')} kept otherwise than counted, of {rated:,}.")
        raise SystemExit(1)
    done = f"{count(wrong, 'offer', 'offers')} put right. " if wrong else ""
    click.echo(f"{done}What is kept of {count(rated, 'offer', 'offers')} is what people said.")


@commands.command("outcomes")
@click.argument("name")
def bring_in_outcomes(name: str) -> None:
    """Make a list of outcomes what its file NAME says; NAME may also be one that comes with the site: lewisham."""
    try:
        scheme = read_scheme(name)
        gazetteer().council(scheme.council) if scheme.council else None
        with transaction() as session:
            became = outcomes.bring_in_outcomes(session, scheme=scheme, today=day_of(datetime.now(UTC)))
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{scheme.name}: {became.added:,} added, {became.changed:,} changed, {became.ended:,} ended, "
        f"{became.same:,} as they were."
    )
