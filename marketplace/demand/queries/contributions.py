"""
What do the facts of a quarter come to? Asked of the database in few passes, with little that comes back.

Each contributor gives one value to an average or a price: the mean of theirs, in whole units, halves up. Whole numbers
throughout, so that both databases say the same and a release comes out the same.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Select, Subquery, case, cast, func, select, text
from sqlalchemy.orm import Session

from marketplace.kit.facts import Fact, FactKind, number_of
from marketplace.kit.quarters import Quarter

By = tuple[str, ...]
"""What figures go by, besides kind and council: the category, the facet, both, or nothing."""
Kinds = Collection[FactKind]
Rows = Iterator[Sequence[Any]]

_AT_ONCE = 5_000


def make_room(session: Session) -> None:
    """Let the database sort and group in memory until the transaction ends. SQLite does as it is."""
    if not _is_sqlite(session):
        session.execute(text("SET LOCAL work_mem = '96MB'"))


def people(session: Session, quarter: Quarter, kinds: Kinds, *, by: By) -> Rows:
    """Yield kind, council, `by` and how many different contributors."""
    if not _is_sqlite(session):
        yield from _people_at_once(session, quarter, sorted(kinds), by=by)
        return
    keys = _facts(by)
    asked = select(*keys, func.count(Fact.who.distinct())).where(*_of(session, quarter, kinds))
    yield from session.execute(asked.group_by(*keys))


def _people_at_once(session: Session, quarter: Quarter, kinds: Sequence[FactKind], *, by: By) -> Rows:
    """
    Yield the same, of PostgreSQL, which would sort all facts by their words to find different people.

    It is asked for each person once what they did at all, a bit for each kind. Most people did several kinds of things.
    """
    keys = [Fact.council, *(getattr(Fact, one) for one in by)]
    bit = case({kind: 1 << place for place, kind in enumerate(kinds)}, value=Fact.kind)
    each = (
        select(*keys, func.bit_or(bit, type_=Integer).label("did"))
        .where(*_of(session, quarter, kinds))
        .group_by(*keys, Fact.who)
        .subquery("each")
    )
    keys = [each.c.council, *(each.c[one] for one in by)]
    numbers = [func.count().filter(each.c.did.bitwise_and(1 << place) != 0) for place in range(len(kinds))]
    for row in session.execute(select(*keys, *numbers).group_by(*keys)):
        key, found = row[: len(keys)], row[len(keys) :]
        for kind, number in zip(kinds, found, strict=True):
            if number:
                yield (kind, *key, number)


def sums(session: Session, quarter: Quarter, kinds: Kinds, *, by: By) -> Rows:
    """Yield kind, council, `by`, how many contributors, the sum, and what the two largest of them gave."""
    each = _each(session, quarter, kinds, by, _whole(func.sum(Fact.amount)))
    keys = _keys(each, by)
    place = func.row_number().over(partition_by=keys, order_by=each.c.value.desc())
    ranked = select(*keys, each.c.value, place.label("place")).subquery("ranked")
    keys = _keys(ranked, by)
    largest = [func.coalesce(func.max(case((ranked.c.place == one, ranked.c.value))), 0) for one in (1, 2)]
    yield from session.execute(select(*keys, func.count(), _whole(func.sum(ranked.c.value)), *largest).group_by(*keys))


def means(session: Session, quarter: Quarter, kinds: Kinds, *, by: By) -> Rows:
    """Yield kind, council, `by`, how many contributors, and the sum of what each of them gives."""
    each = _each(session, quarter, kinds, by, _mean())
    keys = _keys(each, by)
    yield from session.execute(select(*keys, func.count(), _whole(func.sum(each.c.value))).group_by(*keys))


def values(session: Session, quarter: Quarter, kinds: Kinds, *, by: By) -> Rows:
    """Yield kind, `by`, council, a value and how many contributors gave it. What goes by the same comes together."""
    each = _each(session, quarter, kinds, by, _mean())
    order = (each.c.kind, *(each.c[one] for one in by))
    keys = (*order, each.c.council, each.c.value)
    yield from _streamed(session, select(*keys, func.count()).group_by(*keys).order_by(*order))


def providers(session: Session, quarter: Quarter, kinds: Kinds, *, by: By) -> Rows:
    """Yield kind, `by`, council, provider and the sum about them. What goes by the same comes together."""
    order = (Fact.kind, *(getattr(Fact, one) for one in by))
    keys = (*order, Fact.council, Fact.provider)
    asked = select(*keys, _whole(func.sum(Fact.amount))).where(*_of(session, quarter, kinds))
    yield from _streamed(session, asked.group_by(*keys).order_by(*order))


def _of(session: Session, quarter: Quarter, kinds: Kinds) -> tuple[ColumnElement[bool], ...]:
    # Nearly all facts are of the quarter that is counted, but SQLite would look each up in an index: a sum has none.
    number = Fact.quarter + 0 if _is_sqlite(session) else Fact.quarter
    return number == number_of(quarter), Fact.kind.in_(sorted(kinds))


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _facts(by: By) -> list[Any]:
    return [Fact.kind, Fact.council, *(getattr(Fact, one) for one in by)]


def _keys(table: Subquery, by: By) -> list[ColumnElement[Any]]:
    return [table.c.kind, table.c.council, *(table.c[one] for one in by)]


def _each(session: Session, quarter: Quarter, kinds: Kinds, by: By, value: ColumnElement[int]) -> Subquery:
    keys = (*_facts(by), Fact.who)
    return select(*keys, value.label("value")).where(*_of(session, quarter, kinds)).group_by(*keys).subquery("each")


def _mean() -> ColumnElement[int]:
    return (2 * _whole(func.sum(Fact.amount)) + func.count()) // (2 * func.count())


def _whole(value: ColumnElement[Any]) -> ColumnElement[int]:
    # PostgreSQL sums whole numbers to one with places.
    return cast(value, BigInteger)


def _streamed(session: Session, asked: Select[Any]) -> Rows:
    yield from session.execute(asked, execution_options={"yield_per": _AT_ONCE})
