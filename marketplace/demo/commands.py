"""What an operator can do about the demo town: build it, where there is nothing real."""

import gc
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError

from marketplace.catalogue.rules import OfferId
from marketplace.demo import gateways, queries, services
from marketplace.kit.addresses import page_address
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.progress import Bar
from marketplace.payments.jobs.stripe import invoice_address
from marketplace.pooling.views.blueprint import pool_address
from marketplace.purchasing.views.blueprint import arrangement_address
from marketplace.ratings.jobs.ordering import put_in_order
from marketplace.ratings.views.appeals import appeal_address
from marketplace.ratings.views.blueprint import review_address
from marketplace.ratings.views.flags import flag_address
from marketplace.ratings.views.objections import objection_address
from marketplace.ratings.views.quality import quality_address

STOPPED = 130
"""What a shell expects of a program stopped with Ctrl-C."""

commands = AppGroup("demo", help="Build a fictional town to try the site in.")


@commands.command("build")
@click.option("--if-empty", is_flag=True, help="Do nothing, and say so, where there are people or offers.")
def build(if_empty: bool) -> None:  # noqa: FBT001  (click's)
    """Build the demo town, whole or not at all. Refuses in production, and where there are people or offers."""
    _refuse_where_people_are_real()
    started, progress = time.monotonic(), Bar(stream=sys.stdout)
    try:
        if if_empty and not queries.is_empty(db.session):
            click.echo("There are people or offers here already, so no demo town is built.")
            return
        click.echo("Building the demo town. Stop it whenever you like: a town half built is not kept.")
        _build(progress)
    except KeyboardInterrupt:
        progress.end()
        click.echo("Stopped. Nothing was kept, so it can be built again.")
        raise SystemExit(STOPPED) from None
    except DomainError as error:
        progress.end()
        raise click.ClickException(str(error)) from error
    except DBAPIError as error:
        progress.end()
        reason = str(error.orig).partition("\n")[0].rstrip(".")
        raise click.ClickException(f"The database is not ready: {reason}. Run script/setup first.") from error
    progress.end()
    click.echo(
        f"The demo town is built ({time.monotonic() - started:.1f} s). The page /demo says who to be, and what to try."
    )


def _refuse_where_people_are_real() -> None:
    if current_app.config["IS_PRODUCTION"]:
        raise click.ClickException(
            "This site is in production, where people are real. The demo town is made up, so it is never built here."
        )
    if not current_app.config["HAS_DEMO"]:
        raise click.ClickException("DEMO is off, so the demo town is not built. Set DEMO=true to build it.")


def _build(progress: Bar) -> None:
    now = datetime.now(UTC)
    town, lists = gateways.read_town(), gateways.read_lists(today=day_of(now))
    with _no_collecting(), transaction() as session:
        services.build_town(
            session,
            town=town,
            lists=lists,
            gazetteer=gazetteer(),
            addresses=services.Addresses(
                offer=_offer_address,
                arrangement=arrangement_address,
                review=review_address,
                pool=pool_address,
                appeal=appeal_address,
                objection=objection_address,
                flag=flag_address,
                quality_check=quality_address,
                criteria=lambda: page_address("ratings.criteria"),
                invoice=invoice_address,
                check_pack=lambda: page_address("purchasing.check_pack"),
                dispute=lambda dispute_id: page_address("purchasing.dispute", {"dispute_id": dispute_id}),
                disputes=lambda: page_address("purchasing.disputes"),
                consent=lambda: page_address("accounts.consent"),
                bank_details=lambda: page_address("payments.for_my_organisation"),
                help_request=lambda it: page_address("brokerage.answer_request", {"request_id": it}),
                brief=lambda brief_id: page_address("brokerage.brief", {"brief_id": brief_id}),
                calls=lambda: page_address("brokerage.calls"),
                quote=lambda quote_id: page_address("brokerage.our_quote", {"quote_id": quote_id}),
                library_piece=lambda piece_id: page_address("brokerage.piece", {"piece_id": piece_id}),
            ),
            most_staff=Decimal(str(current_app.config["MICRO_PROVIDER_MOST_STAFF"])),
            now=now,
            tell=progress.tell,
        )
    # What is usual in each category, as the worker finds it by night.
    put_in_order(now)


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Look for no garbage meanwhile: there is next to none, and looking for it takes a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _offer_address(offer_id: OfferId) -> str:
    return page_address("catalogue.offer", {"offer_id": offer_id})
