"""Which rows are somebody's, and what they hold: everything a person may take with them."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import LargeBinary, Table, and_, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.schema import Column
from sqlalchemy.sql.selectable import ScalarSelect

from marketplace.kit.keeping import kept_in
from marketplace.kit.model import Model

_PERSON = "person"


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody, as tables know them: by id, and by the address that letters go to."""

    person_id: uuid.UUID
    email: str


@dataclass(frozen=True, slots=True)
class Section:
    """Everything of one table that is somebody's: what it is, and its rows as their columns say them."""

    table: str
    what: str
    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One file that is somebody's: how it is called, of what kind it is, and what is in it."""

    name: str
    media_type: str
    content: bytes


def belongs_to(table: Table, who: Who) -> ColumnElement[bool] | None:
    """Return the condition under which a row is somebody's, or None for a table in which nothing is."""
    kept = kept_in(table)
    ways: list[ColumnElement[bool]] = []
    if kept.by_email:
        ways.append(table.c[kept.by_email] == who.email)
    if kept.through:
        child, column = kept.through
        of_child = belongs_to(Model.metadata.tables[child], who)
        if of_child is not None:
            ways.append(_key(table).in_(select(Model.metadata.tables[child].c[column]).where(of_child)))
    if kept.whose:
        ways.append(_leads_to(table.c[kept.whose], who))
    if not ways:
        return None
    mine = or_(*ways)
    return and_(mine, table.c[kept.spares].is_(None)) if kept.spares else mine


def is_theirs_too(table: Table, who: Who) -> ColumnElement[bool] | None:
    """Return the condition under which a row names somebody beside the person whose it is."""
    kept = kept_in(table)
    return table.c[kept.also] == who.person_id if kept.also else None


def owner_of(table: Table, key: ColumnElement[Any] | uuid.UUID) -> ScalarSelect[Any] | None:
    """Return, for use in another statement, whose a row is, by its id; None if its table does not say."""
    kept = kept_in(table)
    if kept.whose is None or "id" not in table.columns or table.name == _PERSON:
        return None
    column, where = table.c[kept.whose], table.c["id"] == key
    parents = [one.column for one in column.foreign_keys if one.column.table.name != _PERSON]
    if not parents:
        return select(column).where(where).scalar_subquery()
    (parent,) = parents
    if parent.name != "id":
        return None
    return owner_of(parent.table, select(column).where(where).scalar_subquery())


def everything_of(session: Session, *, who: Who) -> Iterator[Section]:
    """
    Give everything that is kept of somebody, table by table, but files and keys.

    Nobody else is named: a column that says who did something says "you" or "somebody else".
    """
    for table in Model.metadata.sorted_tables:
        mine = _to_take(table, who)
        if mine is None:
            continue
        columns = [column for column in _shown(table) if not isinstance(column.type, LargeBinary)]
        found = session.execute(select(*columns).where(mine).order_by(*table.primary_key.columns))
        rows = tuple({column.name: _said(column, row[at], who) for at, column in enumerate(columns)} for row in found)
        if rows:
            yield Section(table.name, kept_in(table).what, rows)


def files_of(session: Session, *, who: Who) -> Iterator[KeptFile]:
    """Give every file that is somebody's, one after another: they may be large."""
    for table in Model.metadata.sorted_tables:
        mine = _to_take(table, who)
        files = [column for column in _shown(table) if isinstance(column.type, LargeBinary)]
        if mine is None or not files:
            continue
        keys = list(table.primary_key.columns)
        kind = table.c.get("media_type")
        for file in files:
            found = session.execute(select(*keys).where(mine, file.is_not(None)).order_by(*keys)).all()
            for number, key in enumerate(found, start=1):
                here = and_(*(column == value for column, value in zip(keys, key, strict=True)))
                row = session.execute(select(file, *([kind] if kind is not None else [])).where(here)).one()
                if row[0]:
                    media_type = row[1] if kind is not None else "application/octet-stream"
                    yield KeptFile(f"{table.name}-{number}-{file.name}{_ending(media_type)}", media_type, row[0])


def _to_take(table: Table, who: Who) -> ColumnElement[bool] | None:
    ways = [way for way in (belongs_to(table, who), is_theirs_too(table, who)) if way is not None]
    return or_(*ways) if ways else None


def _shown(table: Table) -> list[Column[Any]]:
    kept = kept_in(table)
    return [
        column
        for column in table.columns
        if column.name not in kept.secrets and (not kept.only or column.name in kept.only)
    ]


def _said(column: Column[Any], value: Any, who: Who) -> Any:
    if value is None or not _names_a_person(column):
        return value
    return "you" if value == who.person_id else "somebody else"


def _names_a_person(column: Column[Any]) -> bool:
    if column.name.endswith("person_id") and not column.foreign_keys:
        return True
    return any(key.column.table.name == _PERSON for key in column.foreign_keys)


def _leads_to(column: Column[Any], who: Who) -> ColumnElement[bool]:
    parents = [key.column for key in column.foreign_keys if key.column.table.name != _PERSON]
    if not parents or column.table.name == _PERSON:
        return column == who.person_id
    (parent,) = parents
    of_parent = belongs_to(parent.table, who)
    if of_parent is None:
        raise LookupError(f"{column} leads to {parent.table.name}, whose rows are nobody's.")
    return column.in_(select(parent).where(of_parent))


def _key(table: Table) -> Column[Any]:
    (key,) = table.primary_key.columns
    return key


def _ending(media_type: str) -> str:
    return _ENDINGS.get(media_type.split(";", maxsplit=1)[0].strip(), "")


_ENDINGS = {
    "application/pdf": ".pdf",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/webm": ".webm",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "text/plain": ".txt",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
}
