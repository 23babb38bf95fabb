"""How what is kept of somebody goes: when they leave, six years after, and when its time is over."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Date, Table, delete, func, literal, update
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from marketplace.kit.belonging import Who, belongs_to, is_theirs_too
from marketplace.kit.keeping import Leaving, Moment, kept_in
from marketplace.kit.model import Model

_PERSON = "person"


def erase(session: Session, *, who: Who, now: datetime) -> int:
    """
    Take out everything that is kept of somebody, as each table declares, and return how many rows that touched.

    The row of the person itself is the caller's, and must say already that they left: nothing else may be emptied then.
    Safe to do twice.
    """
    touched = 0
    for table in Model.metadata.sorted_tables:
        kept = kept_in(table)
        theirs = is_theirs_too(table, who)
        if theirs is not None and kept.also_blanks:
            touched += _empty(session, table, theirs, kept.also_blanks, now)
        mine = belongs_to(table, who)
        if table.name != _PERSON and mine is not None and kept.leaving is Leaving.EMPTIED and kept.blanks:
            touched += _empty(session, table, mine, kept.blanks, now)
    for table in reversed(Model.metadata.sorted_tables):
        mine = belongs_to(table, who)
        if mine is not None and kept_in(table).leaving is Leaving.GOES:
            touched += _count(session.execute(delete(table).where(mine)))
    return touched


def empty_what_remained(session: Session, *, who: Who, now: datetime) -> int:
    """Take out of what had to stay for six years what tells of somebody, and return how many rows that touched."""
    touched = 0
    for table in Model.metadata.sorted_tables:
        kept, mine = kept_in(table), belongs_to(table, who)
        if mine is not None and kept.later:
            touched += _empty(session, table, mine, kept.later, now)
    return touched


def delete_what_is_over(session: Session, *, now: datetime) -> int:
    """Delete every row whose time is over, as each table declares, and return how many there were."""
    gone = 0
    for table in reversed(Model.metadata.sorted_tables):
        lasts = kept_in(table).lasts
        if lasts is None:
            continue
        column = table.c[lasts.after]
        limit: date | datetime = now.astimezone(UTC) - timedelta(days=lasts.days)
        if isinstance(column.type, Date):
            limit = limit.date() if isinstance(limit, datetime) else limit
        gone += _count(session.execute(delete(table).where(column < limit)))
    return gone


def _empty(session: Session, table: Table, where: ColumnElement[bool], blanks: Mapping[str, Any], now: datetime) -> int:
    values = {
        name: func.coalesce(table.c[name], literal(now, table.c[name].type)) if blank is Moment.LEFT else blank
        for name, blank in blanks.items()
    }
    return _count(session.execute(update(table).where(where).values(values)))


def _count(result: object) -> int:
    return cast("CursorResult[Any]", result).rowcount
