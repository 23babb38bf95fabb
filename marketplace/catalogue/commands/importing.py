"""What an operator can do about the catalogue from the command line: bring in published lists."""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError, OperationalError

from marketplace.catalogue import queries
from marketplace.catalogue.commands.feeds import FeedWalk
from marketplace.catalogue.commands.telling import (
    SOME_REFUSED,
    STOPPED,
    NotDoneError,
    Progress,
    first_line,
    prepare_report,
    tell,
)
from marketplace.catalogue.gateways import (
    Mapping,
    Reading,
    WrongMappingError,
    read_mapping,
    reading_of,
    shipped_mappings,
    standard_mapping,
)
from marketplace.catalogue.rules import CategorySlug
from marketplace.catalogue.services.importing import Entry, RowOutcome, entries_in, import_entries
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.outages import AwayError, KeepsNothingError
from marketplace.kit.places import CouncilCode, UnknownCouncilError

BATCH = 50
"""Rows to a transaction: short enough that nobody else waits long to write, long enough not to wait for the disk."""

commands = AppGroup("catalogue", help="Bring published lists into the catalogue.")


class _DryRunOverError(Exception):
    """Raised to undo a batch that was only tried."""


@commands.command("mappings")
def mappings() -> None:
    """Name the mappings that come with the site."""
    for name in shipped_mappings():
        click.echo(f"{name}  ({read_mapping(name).source.publisher})")


@commands.command("import")
@click.argument("where", metavar="FILE_OR_URL")
@click.option("--mapping", "mapping_name", help="A mapping file, or the name of one of `mappings`.")
@click.option(
    "--feed", type=click.Choice(["open-referral"]), help="Without a mapping: which standard it is written in."
)
@click.option("--source", help="With --feed: what we know the list by. Small letters, figures and hyphens.")
@click.option("--publisher", help="With --feed: whom to thank.")
@click.option("--licence", help="With --feed: the licence, or ogl, cc-by or cc0.")
@click.option("--licence-url", help="With --feed: where the licence is, if it is none of these three.")
@click.option("--category", help="With --feed: where services go whose terms are none of our categories.")
@click.option("--council", help="With --feed: the code of the council, for services that say no place.")
@click.option("--only-changed", is_flag=True, help="Of a feed: only what changed since it was last read to its end.")
@click.option("--from-start", is_flag=True, help="Of a feed: begin again, even if the last reading was interrupted.")
@click.option("--inside", is_flag=True, help="Of a feed: it may be in a network of your own.")
@click.option("--report", type=click.Path(path_type=Path), help="Write what was refused or left out here, as CSV.")
@click.option("--dry-run", is_flag=True, help="Try everything, and keep nothing.")
def import_list(  # noqa: PLR0917  (click gives them by name)
    where: str,
    mapping_name: str | None,
    feed: str | None,
    source: str | None,
    publisher: str | None,
    licence: str | None,
    licence_url: str | None,
    category: str | None,
    council: str | None,
    only_changed: bool,  # noqa: FBT001
    from_start: bool,  # noqa: FBT001
    inside: bool,  # noqa: FBT001
    report: Path | None,
    dry_run: bool,  # noqa: FBT001
) -> None:
    """
    List the entries of a published file, or of a feed on the web, as universal services.

    Ends with 0 when every row came in, 1 when some were refused, and 2 when it could not be done.
    """
    started = time.monotonic()
    if (mapping_name is None) == (feed is None):
        raise NotDoneError(
            "Say how it is written: either --mapping, or --feed with --source, --publisher and --licence."
        )
    is_on_the_web = where.startswith(("https://", "http://"))
    try:
        mapping = (
            read_mapping(mapping_name)
            if mapping_name
            else _standard(where if is_on_the_web else "", source, publisher, licence, licence_url, category, council)
        )
        _check_against_site(mapping)
        reading = None if is_on_the_web else reading_of(Path(where), mapping=mapping, today=datetime.now(UTC).date())
    except DomainError as error:
        raise NotDoneError(str(error)) from error
    except DBAPIError as error:
        raise NotDoneError(f"The database is not ready: {first_line(error)}. Run script/setup first.") from error
    prepare_report(report, Path(where) if reading else None)
    progress = Progress(len(reading.rows) if reading else 0)
    walk = FeedWalk(
        url=where, mapping=mapping, progress=progress, only_changed=only_changed, from_start=from_start, inside=inside
    )
    _brought_in(mapping, reading, walk, progress, dry_run=dry_run)
    tell(progress, report)
    if not dry_run:
        walk.tell_what_is_gone()
    took = time.monotonic() - started
    click.echo(f"{progress.summary()} ({took:.1f} s)")
    if dry_run:
        click.echo("This was a dry run: nothing was kept.")
    if progress.refused:
        raise SystemExit(SOME_REFUSED)


def _brought_in(
    mapping: Mapping, reading: Reading | None, walk: FeedWalk, progress: Progress, *, dry_run: bool
) -> None:
    """Bring everything in, and stop in words."""

    def bring(entries: Iterator[Entry | RowOutcome], page: int = 0) -> None:
        _import_all(mapping, entries, progress, page=page, dry_run=dry_run)

    try:
        if reading is None:
            walk.through(bring, dry_run=dry_run)
        else:
            for remark in reading.remarks:
                click.echo(f"Note: {remark}")
            bring(entries_in(reading.rows, mapping=mapping, gazetteer=gazetteer()))
    except KeyboardInterrupt:
        progress.end()
        click.echo(f"Stopped. {_kept(progress, dry_run=dry_run)} Run it again to go on: nothing will be doubled.")
        raise SystemExit(STOPPED) from None
    except (OperationalError, AwayError, KeepsNothingError) as error:
        progress.end()
        raise NotDoneError(
            f"The database stopped answering: {first_line(error)}. {_kept(progress, dry_run=dry_run)}"
        ) from error
    except DomainError as error:
        progress.end()
        raise NotDoneError(f"{error} {_kept(progress, dry_run=dry_run)} Run it again to go on from there.") from error
    progress.end()


def _standard(  # noqa: PLR0917  (as the command is given them)
    url: str,
    source: str | None,
    publisher: str | None,
    licence: str | None,
    licence_url: str | None,
    category: str | None,
    council: str | None,
) -> Mapping:
    if not (source and publisher and licence):
        raise WrongMappingError("With --feed, say --source, --publisher and --licence: people are shown whom to thank.")
    return standard_mapping(
        key=source,
        publisher=publisher,
        licence=licence,
        licence_url=licence_url,
        url=url or "https://openreferraluk.org",
        categories={line.slug: line.name for line in queries.categories(db.session)},
        otherwise=CategorySlug(category) if category else None,
        council=CouncilCode(council) if council else None,
    )


def _check_against_site(mapping: Mapping) -> None:
    """Refuse a mapping that would refuse every row, before anything is read."""
    known = {line.slug for line in queries.categories(db.session)}
    unknown = sorted(mapping.categories - known)
    if unknown:
        raise WrongMappingError(
            f"The mapping names “{unknown[0]}”, which is not a category. There are: {', '.join(sorted(known))}."
        )
    if mapping.council is not None:
        try:
            gazetteer().council(mapping.council)
        except UnknownCouncilError as error:
            raise WrongMappingError(f"The mapping names {mapping.council}, which is no council's code.") from error


def _import_all(
    mapping: Mapping, entries: Iterator[Entry | RowOutcome], progress: Progress, *, page: int, dry_run: bool
) -> None:
    for batch in _batches(entries):
        outcomes: list[RowOutcome] = []
        with suppress(_DryRunOverError), transaction() as session:
            outcomes = import_entries(session, origin=mapping.source, entries=batch, page=page, now=datetime.now(UTC))
            _undo_if(dry_run=dry_run)
        progress.add(outcomes)


def _undo_if(*, dry_run: bool) -> None:
    if dry_run:
        raise _DryRunOverError


def _batches(entries: Iterator[Entry | RowOutcome]) -> Iterator[list[Entry | RowOutcome]]:
    while batch := list(islice(entries, BATCH)):
        yield batch


def _kept(progress: Progress, *, dry_run: bool) -> str:
    if dry_run:
        return "This was a dry run: nothing was kept."
    return f"The first {progress.done:,} of {progress.total:,} rows are done, and kept."
