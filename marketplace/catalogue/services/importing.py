"""How a published list comes in: each row becomes an entry or a refusal in words, and entries become offers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.gateways import BrokenRow, Mapping, Origin, Row
from marketplace.catalogue.models import Category, Source
from marketplace.catalogue.rules import UniversalService
from marketplace.catalogue.services.placing import RowRefusedError
from marketplace.catalogue.services.translating import service_in
from marketplace.catalogue.services.universal import Imported, add_source, add_universal_service
from marketplace.kit.errors import DomainError
from marketplace.kit.places import Gazetteer
from marketplace.kit.sentences import worded


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that can come in. `remarks` are sentences about what of it was left out."""

    line: int
    service: UniversalService
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """
    What became of one row. `did` is None when it was refused, and then `sentences` say why.

    Of a feed, `page` counts from 1 and `line` is the number of the entry on that page.
    """

    line: int
    name: str
    did: Imported | None
    sentences: tuple[str, ...] = ()
    page: int = 0

    @property
    def place(self) -> str:
        """Where the row is: its line, or its page and number."""
        return worded("page {page}, entry {line}", page=self.page, line=self.line) if self.page else str(self.line)


def entries_in(
    rows: Iterable[Row | BrokenRow], *, mapping: Mapping, gazetteer: Gazetteer
) -> Iterator[Entry | RowOutcome]:
    """
    Yield what each row says, or why it is refused. Nothing is stored.

    Two rows of one file with one key are not the same entry twice over: the second is refused, so that nobody has to
    guess which of them is right.
    """
    lines: dict[str, int] = {}
    for row in rows:
        if isinstance(row, BrokenRow):
            yield RowOutcome(row.line, row.name, None, (row.reason,))
            continue
        try:
            service, remarks = service_in(row, mapping=mapping, gazetteer=gazetteer)
        except RowRefusedError as error:
            yield RowOutcome(row.line, error.name, None, (str(error),))
            continue
        if (first := lines.setdefault(service.source_key, row.line)) == row.line:
            yield Entry(row.line, service, remarks)
        else:
            reason = worded("It has the same {key} as line {first}.", key=" and ".join(mapping.key), first=first)
            yield RowOutcome(row.line, service.title, None, (reason,))


def import_entries(
    session: Session, *, origin: Origin, entries: Iterable[Entry | RowOutcome], now: datetime, page: int = 0
) -> list[RowOutcome]:
    """
    List each entry as an offer, or bring it up to date. Safe to run again: what is there and the same stays untouched.

    Each entry stands alone, behind a savepoint: one that is refused takes nothing else with it. `page` is the page of
    a feed that they come from, to tell where each was.
    """
    add_source(
        session,
        key=origin.key,
        publisher=origin.publisher,
        licence=origin.licence,
        licence_url=origin.licence_url,
        url=origin.url,
    )
    # Held while the batch lasts: the session forgets what nobody holds, and would ask for it again with every entry.
    held = [*session.scalars(select(Category)), session.get(Source, origin.key)]
    outcomes = [entry if isinstance(entry, RowOutcome) else _imported(session, entry, now=now) for entry in entries]
    del held
    return [replace(outcome, page=page) for outcome in outcomes] if page else outcomes


def import_rows(
    session: Session, *, rows: Sequence[Row | BrokenRow], mapping: Mapping, gazetteer: Gazetteer, now: datetime
) -> list[RowOutcome]:
    """List every row of a file that can be listed, in one go, and return what became of each."""
    entries = entries_in(rows, mapping=mapping, gazetteer=gazetteer)
    return import_entries(session, origin=mapping.source, entries=entries, now=now)


def _imported(session: Session, entry: Entry, *, now: datetime) -> RowOutcome:
    title = entry.service.title
    try:
        with session.begin_nested():
            did = add_universal_service(session, service=entry.service, now=now)
    except DomainError as error:
        return RowOutcome(entry.line, title, None, (str(error),))
    return RowOutcome(entry.line, title, did, entry.remarks)
