"""
The one statement that answers a question: a page of documents in order, something new, and what to count.

The engine says which documents match. What a word weighs, and what stands before what, is the same arithmetic in whole
numbers on both databases (see `columns`). So both put documents in the same order.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Dialect,
    FromClause,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    select,
)

from marketplace.search.engines import Engine, engine_on
from marketplace.search.models import IndexedDocument, Mark, Shelf
from marketplace.search.queries import columns
from marketplace.search.queries.prepared import Prepared, prepare
from marketplace.search.rules import LOOSEST, NEW_PLACE, Setting, Sort

# Tables, not models: SQLAlchemy's way from rows to objects is longer than most of these questions take.
_DOCUMENT = IndexedDocument.__table__
_SHELF = Shelf.__table__
_MARK = Mark.__table__

_NOTHING: ColumnElement[Any] = cast(null(), Text())

_LINE = ("number", "far", "ahead", "standing")

_MOST_SHAPES = 4_096

PAGE, NEW, COUNTED = 0, 1, 2
"""The parts of an answer: see `written_for`."""


@dataclass(frozen=True, slots=True)
class Shape:
    """
    What kind of question it is. Every question of a shape is answered by the same statement.

    `signs` says of each sign whether whatever matches has it, and `names` whether it is a name. `is_matched` says that
    there is something to look up, and `is_shelved` that there is when it does not matter which shelf was asked for.
    `is_ringed` says that only what is in a ring round the point is looked at. `kinds` and `categories` are how many of
    them are asked for.
    """

    dialect: str
    signs: tuple[bool, ...] = ()
    names: tuple[bool, ...] = ()
    is_loosened: bool = False
    is_matched: bool = False
    is_shelved: bool = False
    is_near: bool = False
    is_within: bool = False
    is_ringed: bool = False
    has_council: bool = False
    kinds: int = 0
    categories: int = 0
    has_cost: bool = False
    has_marks: bool = False
    has_dearest: bool = False
    has_rated: bool = False
    setting: Setting | None = None
    has_listed_since: bool = False
    has_today: bool = False
    has_new: bool = False
    sort: Sort = Sort.FIT

    @property
    def is_told_above(self) -> bool:
        """Whether the row of a document tells of each sign whether it is there, without all of its words."""
        return all(is_certain or is_name for is_certain, is_name in zip(self.signs, self.names, strict=True))

    @property
    def has_shelves(self) -> bool:
        """Whether only some shelves are asked for."""
        return bool(self.kinds or self.categories or self.has_cost)


_prepared: dict[Shape, Prepared] = {}


def statement_for(shape: Shape, dialect: Dialect) -> Prepared:
    """Return the statement for a shape of question, as it is sent: see `written_for`."""
    if shape not in _prepared:
        if len(_prepared) >= _MOST_SHAPES:
            _prepared.clear()
        _prepared[shape] = prepare(written_for(shape), dialect)
    return _prepared[shape]


def written_for(shape: Shape) -> Select[*tuple[Any, ...]]:
    """
    Return the statement for a shape of question.

    It gives rows of three parts. `PAGE` has the documents of the page asked for, in order. `NEW` has the first new one
    of those that stand after the place kept for it. `COUNTED` is one row: how many documents were looked at; and, as
    lists in JSON, [kind, category, is it free, how many] for each shelf of those that fit; the marks of each of those,
    as a number; [bit, name] of each mark; and if only some shelves were asked for, all shelves as otherwise.
    """
    engine = engine_on(shape.dialect)
    matched = fits = _matched(shape, engine)
    loosened = None
    if shape.is_loosened:
        best = select(func.max(matched.c.score)).scalar_subquery()
        fits = loosened = _kept(select(matched).where(matched.c.score * LOOSEST >= best), "best")
        if shape.has_shelves:
            fits = _kept(select(loosened).where(_stands_on_one_of(shape, loosened.c.shelf_id)), "fitting")
    page = _part(PAGE, select(fits).order_by(*_order(fits)).limit(bindparam("limit")).offset(bindparam("offset")))
    parts = [_part(NEW, _new(fits))] if shape.has_new else []
    nothing = [cast(null(), fits.c[name].type) for name in _LINE]
    parts.append(select(_number(COUNTED), *nothing, *_counted(shape, engine, matched, fits, loosened)))
    rows = page.union_all(*parts).subquery("answer")
    document = _DOCUMENT.c
    shown = [document.title_words, document.label_words, *columns.below(shape, engine)] if shape.signs else []
    return (
        select(rows, document.id, *shown).select_from(_beside(shape, engine, rows)).order_by(rows.c.part, *_order(rows))
    )


def _matched(shape: Shape, engine: Engine) -> CTE:
    """Return what has the words and passes every filter, as much as we look at, with what puts it in order."""
    document = _DOCUMENT.c
    far = columns.far() if shape.is_near else _number(0, BigInteger())
    ahead = columns.ahead(shape, far)
    query = select(
        *(document[name] for name in ("number", "shelf_id", "marks", "lot", "confirmed_on", "listed_on")),
        far.label("far"),
        (columns.score(shape, engine) if shape.signs else _number(0)).label("score"),
        ahead.label("ahead"),
    ).where(*columns.filters(shape, engine, far))
    if shape.has_shelves and not shape.is_loosened:
        query = query.where(_stands_on_one_of(shape, document.shelf_id))
    if shape.is_matched:
        query = query.select_from(engine.source()).where(engine.matches())
    if shape.sort in {Sort.PRICE, Sort.RATING}:
        query = query.order_by(ahead)
    # Apart, so that what a document weighs is not worked out again for where it stands.
    looked_at = query.limit(bindparam("most")).subquery("looked_at")
    shown = [column for column in looked_at.c if column.name not in {"lot", "confirmed_on"}]
    return _kept(select(*shown, columns.standing(shape, looked_at.c).label("standing")), "matched")


def _stands_on_one_of(shape: Shape, shelf_id: ColumnElement[int]) -> ColumnElement[bool]:
    return shelf_id.in_(select(_SHELF.c.id).where(*columns.shelves(shape)))


def _new(fits: CTE) -> Select[*tuple[Any, ...]]:
    last_above = select(fits.c.standing).order_by(*_order(fits)).limit(1).offset(NEW_PLACE).scalar_subquery()
    is_new = fits.c.listed_on >= bindparam("new_since", type_=fits.c.listed_on.type)
    return select(fits).where(is_new, fits.c.standing > last_above).order_by(*_order(fits)).limit(1)


def _counted(shape: Shape, engine: Engine, matched: CTE, fits: CTE, loosened: CTE | None) -> list[ColumnElement[Any]]:
    looked_at = select(func.count()).select_from(matched).scalar_subquery()
    shelves = _shelves(engine, select(fits.c.shelf_id))
    marks = select(engine.listed(fits.c.marks)).scalar_subquery()
    names = select(engine.listed(engine.row(_MARK.c.bit, _MARK.c.name))).scalar_subquery()
    others: ColumnElement[str] = _NOTHING
    if loosened is not None and shape.has_shelves:
        others = _shelves(engine, select(loosened.c.shelf_id))
    elif shape.has_shelves:
        far = columns.far() if shape.is_near else _number(0, BigInteger())
        passing = select(_DOCUMENT.c.shelf_id).where(*columns.filters(shape, engine, far))
        if shape.is_shelved:
            passing = passing.select_from(engine.source()).where(engine.matches("match_any_shelf"))
        others = _shelves(engine, passing.limit(bindparam("most")))
    return [looked_at, shelves, marks, names, others]


def _shelves(engine: Engine, stood_on: Select[Any]) -> ColumnElement[str]:
    each = stood_on.subquery()
    counted = select(each.c.shelf_id, func.count().label("found")).group_by(each.c.shelf_id).subquery()
    row = engine.row(_SHELF.c.kind, _SHELF.c.category, _SHELF.c.is_free, counted.c.found)
    return select(engine.listed(row)).join_from(_SHELF, counted, counted.c.shelf_id == _SHELF.c.id).scalar_subquery()


def _part(part: int, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    rows = query.subquery()
    nothing = [_NOTHING.label(name) for name in ("shelves", "marks_of_each", "names", "others")]
    return select(
        _number(part).label("part"),
        *(rows.c[name] for name in _LINE),
        cast(null(), Integer()).label("looked_at"),
        *nothing,
    )


def _beside(shape: Shape, engine: Engine, rows: FromClause) -> FromClause:
    """Return the rows of an answer, each with its document beside it, and with the words of that if they are needed."""
    beside = rows.outerjoin(_DOCUMENT, _DOCUMENT.c.number == rows.c.number)
    return beside if shape.is_told_above else engine.with_words(beside)


def _order(rows: FromClause) -> tuple[ColumnElement[Any], ...]:
    return rows.c.ahead, rows.c.standing, rows.c.number


def _kept(query: Select[*tuple[Any, ...]], name: str) -> CTE:
    return query.cte(name).prefix_with("MATERIALIZED")


def _number(value: int, kind: Integer | None = None) -> ColumnElement[int]:
    """Return a number written out in the statement: it is the same for every question."""
    return literal_column(str(value), kind or Integer())
