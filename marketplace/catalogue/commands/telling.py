"""What is an operator told of an import: how far it is, what was refused and why, and how it ended."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from marketplace.catalogue.services import Imported
from marketplace.catalogue.services.importing import RowOutcome
from marketplace.kit.pages import as_csv
from marketplace.kit.progress import Bar

SOME_REFUSED, NOT_DONE, STOPPED = 1, 2, 130
"""Exit codes. 130 is what a shell expects of a program stopped with Ctrl-C."""

_MOST_REMARKS = 20
_NAME_WIDTH = 40


class NotDoneError(click.ClickException):
    """The import could not begin, or could not go on."""

    exit_code = NOT_DONE


@dataclass
class Progress:
    """Counts what became of rows, and shows how far it is."""

    total: int
    counts: Counter[str] = field(default_factory=Counter)
    told: list[RowOutcome] = field(default_factory=list)
    _bar: Bar = field(default_factory=Bar)

    def add(self, outcomes: Iterable[RowOutcome]) -> None:
        """Count some more rows."""
        for outcome in outcomes:
            self.counts[outcome.did or "refused"] += 1
            if outcome.sentences:
                self.told.append(outcome)
        self._bar.tell(self._line(), self.done / max(self.total, self.done, 1))

    @property
    def done(self) -> int:
        """How many rows something has become of."""
        return sum(self.counts.values())

    def end(self) -> None:
        """Leave the line that moved."""
        self._bar.end()

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
        return f"{self.done:,} of {self.total:,} rows: {self._counted()}"

    def _counted(self) -> str:
        words = {
            Imported.ADDED: "added", Imported.CHANGED: "updated", Imported.UNCHANGED: "unchanged", "refused": "refused",
        }  # fmt: skip
        if self.counts[Imported.ALSO_LISTED]:
            words |= {Imported.ALSO_LISTED: "here already, from somebody else"}
        return ", ".join(f"{self.counts[key]:,} {word}" for key, word in words.items())


def first_line(error: BaseException) -> str:
    """Return what the database itself says is the matter, also where the site has found its own words for that."""
    said = error if isinstance(error, DBAPIError) else error.__cause__
    return str(said.orig if isinstance(said, DBAPIError) else error).partition("\n")[0].rstrip(".")


def prepare_report(report: Path | None, file: Path | None) -> None:
    """Find out before the import, not after it, that the report cannot be written."""
    if report is None:
        return
    if file is not None and report.exists() and report.samefile(file):
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
            (outcome.place, "refused" if outcome.did is None else "left out", outcome.name, " ".join(outcome.sentences))
            for outcome in sorted(progress.told, key=lambda outcome: (outcome.page, outcome.line))
        )
        report.write_text(as_csv(("line", "what", "name", "why"), rows), encoding="utf-8-sig", newline="")


def _table(heading: str, outcomes: Sequence[RowOutcome]) -> None:
    if not outcomes:
        return
    click.echo(heading)
    width = max(len(outcome.place) for outcome in outcomes)
    for outcome in outcomes:
        name = outcome.name if len(outcome.name) <= _NAME_WIDTH else f"{outcome.name[: _NAME_WIDTH - 1]}…"
        word = "" if outcome.page else "line "
        click.echo(f"  {word}{outcome.place:>{width}}  {name:<{_NAME_WIDTH}}  {' '.join(outcome.sentences)}")
