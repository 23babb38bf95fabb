"""What an operator can do about the catalogue from the command line: bring in published lists."""

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError, OperationalError

from marketplace.catalogue import queries
from marketplace.catalogue.gateways import (
    Mapping,
    Reading,
    WrongMappingError,
    read_mapping,
    reading_of,
    shipped_mappings,
)
from marketplace.catalogue.services import Imported
from marketplace.catalogue.services.importing import Entry, RowOutcome, entries_in, import_entries
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.pages import as_csv
from marketplace.kit.places import UnknownCouncilError

BATCH = 50
"""Rows to a transaction: short enough that nobody else waits long to write, long enough not to wait for the disk."""

SOME_REFUSED, NOT_DONE, STOPPED = 1, 2, 130
"""Exit codes. 130 is what a shell expects of a program stopped with Ctrl-C."""

_MOST_REMARKS = 20
_NAME_WIDTH = 40
_SECONDS_BETWEEN_LINES = 5.0

commands = AppGroup("catalogue", help="Bring published lists into the catalogue.")


class NotDoneError(click.ClickException):
    """The import could not begin, or could not go on."""

    exit_code = NOT_DONE


class _DryRunOverError(Exception):
    """Raised to undo a batch that was only tried."""


@dataclass
class Progress:
    """Counts what became of rows, and shows it: one line that moves on a terminal, now and then a line elsewhere."""

    total: int
    counts: Counter[str] = field(default_factory=Counter)
    told: list[RowOutcome] = field(default_factory=list)
    _shown_at: float = field(default_factory=time.monotonic)

    def add(self, outcomes: Iterable[RowOutcome]) -> None:
        """Count some more rows."""
        for outcome in outcomes:
            self.counts[outcome.did or "refused"] += 1
            if outcome.sentences:
                self.told.append(outcome)
        if sys.stdout.isatty():
            click.echo(f"\r{self._line()}", nl=False)
        elif time.monotonic() - self._shown_at > _SECONDS_BETWEEN_LINES:
            self._shown_at = time.monotonic()
            click.echo(self._line())

    def end(self) -> None:
        """Leave the line that moved."""
        if sys.stdout.isatty() and self.total:
            click.echo()

    def summary(self) -> str:
        """Return the last line: how many rows were read, and what became of them."""
        return f"{self.total:,} rows read: {self._counted()}."

    @property
    def refused(self) -> list[RowOutcome]:
        """The rows that did not come in."""
        return [outcome for outcome in self.told if outcome.did is None]

    @property
    def remarked(self) -> list[RowOutcome]:
        """The rows that came in with something left out."""
        return [outcome for outcome in self.told if outcome.did is not None]

    def _line(self) -> str:
        return f"{sum(self.counts.values()):,} of {self.total:,} rows: {self._counted()}"

    def _counted(self) -> str:
        words = {
            Imported.ADDED: "added", Imported.CHANGED: "updated", Imported.UNCHANGED: "unchanged", "refused": "refused",
        }  # fmt: skip
        return ", ".join(f"{self.counts[key]:,} {word}" for key, word in words.items())


@commands.command("mappings")
def mappings() -> None:
    """Name the mappings that come with the site."""
    for name in shipped_mappings():
        click.echo(f"{name}  ({read_mapping(name).source.publisher})")


@commands.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--mapping", "mapping_name", required=True, help="A mapping file, or the name of one of `mappings`.")
@click.option("--report", type=click.Path(path_type=Path), help="Write what was refused or left out here, as CSV.")
@click.option("--dry-run", is_flag=True, help="Try everything, and keep nothing.")
def import_list(file: Path, mapping_name: str, report: Path | None, dry_run: bool) -> None:  # noqa: FBT001  (click's)
    """
    List the entries of a published FILE as universal services.

    Ends with 0 when every row came in, 1 when some were refused, and 2 when it could not be done.
    """
    started = time.monotonic()
    mapping, reading = _opened(file, mapping_name)
    prepare_report(report, file)
    for remark in reading.remarks:
        click.echo(f"Note: {remark}")
    progress = Progress(len(reading.rows))
    try:
        _import_all(mapping, reading, progress, dry_run=dry_run)
    except KeyboardInterrupt:
        progress.end()
        click.echo(f"Stopped. {_kept(progress, dry_run=dry_run)} Run it again to go on: nothing will be doubled.")
        raise SystemExit(STOPPED) from None
    except OperationalError as error:
        progress.end()
        raise NotDoneError(
            f"The database stopped answering: {first_line(error)}. {_kept(progress, dry_run=dry_run)}"
        ) from error
    progress.end()
    tell(progress, report)
    took = time.monotonic() - started
    click.echo(f"{progress.summary()} ({took:.1f} s)")
    if dry_run:
        click.echo("This was a dry run: nothing was kept.")
    if progress.refused:
        raise SystemExit(SOME_REFUSED)


def _opened(file: Path, mapping_name: str) -> tuple[Mapping, Reading]:
    try:
        mapping = read_mapping(mapping_name)
        _check_against_site(mapping)
        return mapping, reading_of(file, mapping=mapping, today=datetime.now(UTC).date())
    except DomainError as error:
        raise NotDoneError(str(error)) from error
    except DBAPIError as error:
        raise NotDoneError(f"The database is not ready: {first_line(error)}. Run script/setup first.") from error


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


def _import_all(mapping: Mapping, reading: Reading, progress: Progress, *, dry_run: bool) -> None:
    entries = entries_in(reading.rows, mapping=mapping, gazetteer=gazetteer())
    for batch in _batches(entries):
        outcomes: list[RowOutcome] = []
        with suppress(_DryRunOverError), transaction() as session:
            outcomes = import_entries(session, origin=mapping.source, entries=batch, now=datetime.now(UTC))
            _undo_if(dry_run=dry_run)
        progress.add(outcomes)


def _undo_if(*, dry_run: bool) -> None:
    if dry_run:
        raise _DryRunOverError


def _batches(entries: Iterator[Entry | RowOutcome]) -> Iterator[list[Entry | RowOutcome]]:
    while batch := list(islice(entries, BATCH)):
        yield batch


def first_line(error: DBAPIError) -> str:
    """Return what the database itself says is the matter."""
    return str(error.orig).partition("\n")[0].rstrip(".")


def _kept(progress: Progress, *, dry_run: bool) -> str:
    if dry_run:
        return "This was a dry run: nothing was kept."
    done = sum(progress.counts.values())
    return f"The first {done:,} of {progress.total:,} rows are done, and kept."


# ---------------------------------------------------------------- telling


def prepare_report(report: Path | None, file: Path) -> None:
    """Find out before the import, not after it, that the report cannot be written."""
    if report is None:
        return
    if report.exists() and report.samefile(file):
        raise NotDoneError("The report would be written over the file itself. Give it another name.")
    try:
        report.write_text("", encoding="utf-8")
    except OSError as error:
        raise NotDoneError(
            f"The report cannot be written to {report}: {(error.strerror or 'unknown reason').lower()}."
        ) from error


def tell(progress: Progress, report: Path | None) -> None:
    """Say which rows were refused, and of which something was left out."""
    refused, remarked = progress.refused, progress.remarked
    _table("Refused:", refused)
    _table("Added or kept, with something left out:", remarked[:_MOST_REMARKS])
    if len(remarked) > _MOST_REMARKS:
        more = len(remarked) - _MOST_REMARKS
        where = f"see {report}" if report else "add --report FILE.csv to see them all"
        click.echo(f"  and {more:,} more: {where}.")
    if report is not None:
        rows = (
            (outcome.line, "refused" if outcome.did is None else "left out", outcome.name, " ".join(outcome.sentences))
            for outcome in sorted(progress.told, key=lambda outcome: outcome.line)
        )
        report.write_text(as_csv(("line", "what", "name", "why"), rows), encoding="utf-8-sig", newline="")


def _table(heading: str, outcomes: Sequence[RowOutcome]) -> None:
    if not outcomes:
        return
    click.echo(heading)
    width = max(len(str(outcome.line)) for outcome in outcomes)
    for outcome in outcomes:
        name = outcome.name if len(outcome.name) <= _NAME_WIDTH else f"{outcome.name[: _NAME_WIDTH - 1]}…"
        click.echo(f"  line {outcome.line:>{width}}  {name:<{_NAME_WIDTH}}  {' '.join(outcome.sentences)}")
