"""
The one statement that answers a question: a page of documents in order, and how many stand on each shelf.

The engine says which documents match. What a word weighs is the same arithmetic, in whole numbers, on both databases:
how telling it is, times where it was found. So both put documents in the same order.
"""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import (
    CTE,
    BigInteger,
    Boolean,
    ColumnElement,
    Executable,
    Integer,
    Select,
    Subquery,
    bindparam,
    case,
    desc,
    func,
    literal_column,
    or_,
    select,
)

from marketplace.search.engines import Engine, engine_on
from marketplace.search.models import IndexedDocument, Shelf
from marketplace.search.rules import Sort

# Tables, not models: SQLAlchemy's way from rows to objects is longer than most of these questions take.
_DOCUMENT = IndexedDocument.__table__
_SHELF = Shelf.__table__

NOWHERE = 10**15
"""Square metres to what has no point: farther than anything that has one."""


@dataclass(frozen=True, slots=True)
class Shape:
    """
    What kind of question it is. Every question of a shape is answered by the same statement.

    `signs` says of each sign whether whatever matches has it.
    """

    dialect: str
    signs: tuple[bool, ...] = ()
    is_loosened: bool = False
    is_near: bool = False
    is_within: bool = False
    has_kinds: bool = False
    has_categories: bool = False
    has_cost: bool = False
    sort: Sort = Sort.FIT


@lru_cache(maxsize=1_024)
def statement_for(shape: Shape) -> Executable:
    """
    Return the statement for a shape of question.

    It gives rows of two parts. In part 0 each row is a document of the page asked for, in order. Part 1 is one row: a
    JSON list of [kind, category, is it free, documents that match] for each shelf, whatever the filters.
    """
    engine = engine_on(shape.dialect)
    matched = _matched(shape, engine)
    page, shelves = _page(shape, matched), _shelves(matched, engine)
    nothing: ColumnElement[object] = literal_column("NULL")
    rows = select(_number(0).label("part"), *page.c, nothing.label("shelves")).union_all(
        select(_number(1), *(nothing for _column in page.c), shelves.c.shelves)
    )
    columns = rows.selected_columns
    return rows.order_by(columns.part, *_order(shape, columns.score, columns.far, columns.updated_at, columns.id))


def _number(value: int) -> ColumnElement[int]:
    """Return a number written out in the statement: it is the same for every question."""
    return literal_column(str(value), Integer())


def _matched(shape: Shape, engine: Engine) -> CTE:
    """Return every document that has the words and is near enough, with what it weighs and how far it is."""
    document = _DOCUMENT.c
    far = _far() if shape.is_near else _number(0)
    query = select(
        document.id.label("id"),
        document.shelf_id.label("shelf_id"),
        document.updated_at.label("updated_at"),
        far.label("far"),
        _score(shape, engine).label("score"),
    )
    if shape.signs:
        query = query.select_from(engine.source()).where(engine.matches())
    if shape.is_near and shape.is_within:
        travels = document.travels_metres
        within = bindparam("within_squared", type_=BigInteger())
        query = query.where(or_(far <= within, far <= travels * travels, document.is_everywhere))
    # Somebody who only looks around is answered from indexes, when the two parts are planned apart.
    is_kept = shape.is_near or (bool(shape.signs) and not engine.repeats_cheaply)
    matched = _cte(query, "matched", is_kept=is_kept)
    if not shape.is_loosened:
        return matched
    best = select(func.max(matched.c.score)).scalar_subquery()
    return _cte(select(matched).where(matched.c.score * 6 >= best), "best", is_kept=True)


def _cte(query: Select[*tuple[object, ...]], name: str, *, is_kept: bool) -> CTE:
    return query.cte(name).prefix_with("MATERIALIZED" if is_kept else "NOT MATERIALIZED")


def _far() -> ColumnElement[int]:
    """Return square metres from the point asked about. Whole numbers, so that both databases agree to the metre."""
    document = _DOCUMENT.c
    east = document.easting - bindparam("easting", type_=BigInteger())
    north = document.northing - bindparam("northing", type_=BigInteger())
    return func.coalesce(east * east + north * north, _number(NOWHERE))


def _score(shape: Shape, engine: Engine) -> ColumnElement[int]:
    score: ColumnElement[int] = _number(0)
    document = _DOCUMENT.c
    for n, is_certain in enumerate(shape.signs):
        title, label, body = (bindparam(f"{place}_{n}", type_=Integer()) for place in ("title", "label", "body"))
        places = [
            (engine.holds(document.title_words, f"word_{n}"), title),
            (engine.holds(document.label_words, f"word_{n}"), label),
        ]
        if is_certain:  # A document that matches has the word. If not above, then below.
            score += case(*places, else_=body)
        else:
            score += case(*places, (engine.holds_below(f"leaf_{n}"), body), else_=_number(0))
    return score


def _page(shape: Shape, matched: CTE) -> Subquery:
    shelves = select(_SHELF.c.id).where(*_filters(shape))
    query = select(matched.c.id, matched.c.far, matched.c.score, matched.c.updated_at)
    if shape.has_kinds or shape.has_categories or shape.has_cost:
        query = query.where(matched.c.shelf_id.in_(shelves))
    order = _order(shape, matched.c.score, matched.c.far, matched.c.updated_at, matched.c.id)
    return query.order_by(*order).limit(bindparam("limit")).offset(bindparam("offset")).subquery("page")


def _filters(shape: Shape) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = []
    if shape.has_kinds:
        filters.append(_SHELF.c.kind.in_(bindparam("kinds", expanding=True)))
    if shape.has_categories:
        filters.append(_SHELF.c.category.in_(bindparam("categories", expanding=True)))
    if shape.has_cost:
        filters.append(_SHELF.c.is_free == bindparam("is_free", type_=Boolean()))
    return filters


def _shelves(matched: CTE, engine: Engine) -> Subquery:
    counted = select(matched.c.shelf_id, func.count().label("found")).group_by(matched.c.shelf_id).subquery("counted")
    packed = engine.packed(_SHELF.c.kind, _SHELF.c.category, _SHELF.c.is_free, counted.c.found)
    return (
        select(packed.label("shelves"))
        .join_from(_SHELF, counted, counted.c.shelf_id == _SHELF.c.id)
        .subquery("shelves")
    )


def _order(
    shape: Shape,
    score: ColumnElement[int],
    far: ColumnElement[int],
    updated_at: ColumnElement[object],
    document_id: ColumnElement[object],
) -> tuple[ColumnElement[object], ...]:
    """Return the order: best fit or nearest first, then the other, then the freshest. What is all alike is left out."""
    fit = (desc(score),) if shape.signs else ()
    near = (far,) if shape.is_near else ()
    first = (*near, *fit) if shape.sort is Sort.DISTANCE else (*fit, *near)
    return (*first, desc(updated_at), document_id)
