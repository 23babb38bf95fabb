"""What an operator can do about the register of the Care Quality Commission: read it in again."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError, OperationalError

from marketplace.catalogue.commands.importing import commands
from marketplace.catalogue.commands.telling import (
    SOME_REFUSED,
    STOPPED,
    NotDoneError,
    Progress,
    first_line,
    prepare_report,
    tell,
)
from marketplace.catalogue.gateways.registers import Location, RegisterReading, read_register
from marketplace.catalogue.gateways.rows import BrokenRow
from marketplace.catalogue.rules import CqcLocationId
from marketplace.catalogue.services.importing import RowOutcome
from marketplace.catalogue.services.registers import (
    import_locations,
    mark_gone,
    missing_locations,
    too_many_are_missing,
)
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.outages import AwayError, KeepsNothingError
from marketplace.kit.said import count

BATCH = 500
"""Locations to a transaction. There are some 57,000, and each is a short row."""


@commands.command("cqc")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--form", "form", default="", help="A file that names the columns, if the register looks otherwise.")
@click.option("--part", is_flag=True, help="FILE is only a part of the register: nothing that it leaves out is gone.")
@click.option("--report", type=click.Path(path_type=Path), help="Write what was refused or left out here, as CSV.")
def read_in_register(file: Path, form: str, part: bool, report: Path | None) -> None:  # noqa: FBT001  (click's)
    """
    Read the register of the Care Quality Commission, a CSV, and say which locations are on it no more.

    Ends with 0 when every row came in, 1 when some were refused, and 2 when it could not be done.
    """
    started, began = time.monotonic(), datetime.now(UTC)
    reading = _opened(file, form)
    prepare_report(report, file)
    for remark in reading.remarks:
        click.echo(f"Note: {remark}")
    progress = Progress(len(reading.locations))
    try:
        _import_all(reading.locations, progress, now=began)
        gone = [] if part else _mark_gone(named=progress.total - len(progress.refused), now=began)
    except KeyboardInterrupt:
        progress.end()
        click.echo("Stopped. What is done is kept. Run it again to go on: nothing will be doubled.")
        raise SystemExit(STOPPED) from None
    except (OperationalError, AwayError, KeepsNothingError) as error:
        progress.end()
        raise NotDoneError(f"The database stopped answering: {first_line(error)}. What is done is kept.") from error
    progress.end()
    tell(progress, report)
    click.echo(f"{progress.summary()} ({time.monotonic() - started:.1f} s)")
    click.echo(f"{count(len(gone), 'location is', 'locations are')} on the register no more.")
    if progress.refused:
        raise SystemExit(SOME_REFUSED)


def _opened(file: Path, form: str) -> RegisterReading:
    try:
        return read_register(file, named=form)
    except DomainError as error:
        raise NotDoneError(str(error)) from error


def _import_all(locations: Sequence[Location | BrokenRow], progress: Progress, *, now: datetime) -> None:
    for start in range(0, len(locations), BATCH):
        batch = locations[start : start + BATCH]
        good = [location for location in batch if isinstance(location, Location)]
        try:
            with transaction() as session:
                outcomes = import_locations(session, locations=good, gazetteer=gazetteer(), now=now)
        except DBAPIError as error:
            raise NotDoneError(f"The database is not ready: {first_line(error)}. Run script/setup first.") from error
        progress.add(RowOutcome(row.line, row.name, None, (row.reason,)) for row in batch if isinstance(row, BrokenRow))
        progress.add(outcomes)


def _mark_gone(*, named: int, now: datetime) -> list[CqcLocationId]:
    missing = missing_locations(db.session, read_since=now)
    if too_many_are_missing(missing=len(missing), named=named):
        raise NotDoneError(
            f"The file leaves out {len(missing):,} of the locations that we knew, too many to believe. What it "
            "does name is kept. If it is a part of the register, say --part; if not, look at where it came from."
        )
    for start in range(0, len(missing), BATCH):
        with transaction() as session:
            mark_gone(session, location_ids=missing[start : start + BATCH], now=datetime.now(UTC))
    return missing
