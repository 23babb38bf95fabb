"""Looking something up: asks the database, narrower or wider until what comes back is enough and not too much."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.search.engines import engine_on, is_name
from marketplace.search.language import Leaf, Word
from marketplace.search.models import Mark
from marketplace.search.queries.facets import Shelves, mark_counts, shelf_counts
from marketplace.search.queries.planning import MOST, Lookup, Planner, Wanted, documents_of
from marketplace.search.queries.statement import NEW, PAGE, Shape, statement_for
from marketplace.search.rules import (
    BODY,
    LABEL,
    MOST_MARKS,
    NEW_PLACE,
    TITLE,
    Cost,
    Freshness,
    Question,
    Sort,
    rarity,
    shuffle_of,
)
from marketplace.search.rules.ordering import fresh_since, new_since

_ATTEMPTS = 5
_LAST_PAGE = 1_000_000
_LARGEST = 2**31 - 1
_BITS = select(Mark.__table__.c.name, Mark.__table__.c.bit)


class Line(NamedTuple):
    """
    One document of an answer, as the database gives it.

    `below` says of each sign that need not be there whether the document has it, in order.
    """

    part: int
    number: int
    far: int
    ahead: int
    standing: int
    id: Any
    title_words: str = ""
    label_words: str = ""
    below: tuple[bool, ...] = ()


_COUNTED_AT = 5
"""Columns before those of what is counted: see `statement`."""


@dataclass(frozen=True, slots=True)
class Looked:
    """
    What the database answered.

    `rows` are the page, in order; `new` is the one of them in the place kept for it. `found` is how many fit, all
    shelves taken together `found_any_shelf`. `is_whole` tells whether all that fits was looked at.
    """

    rows: tuple[Line, ...] = ()
    new: Line | None = None
    found: int = 0
    found_any_shelf: int = 0
    counts: Mapping[str, Mapping[str, int]] | None = None
    is_whole: bool = True
    at_least: frozenset[str] = frozenset()


def page_of(question: Question) -> int:
    """Return the number of the page asked for, within reason."""
    return min(max(question.page, 1), _LAST_PAGE)


def look(session: Session, question: Question, wanted: Wanted | None, known: Mapping[str, int]) -> Looked:
    """Return what fits a question, as far as we look."""
    dialect = session.get_bind().dialect.name
    planner = Planner(session, engine_on(dialect), question, wanted, known)
    needed = page_of(question) * question.page_size
    shape, asked = _shape(dialect, question, wanted), _asked(session, question, wanted, known)
    lookup: Lookup | None = planner.first()
    tried: set[tuple[int, int | None]] = set()
    best: tuple[int, Lookup, Sequence[tuple[Any, ...]]] | None = None
    while lookup and (lookup.halvings, lookup.steps) not in tried and len(tried) < _ATTEMPTS:
        tried.add((lookup.halvings, lookup.steps))
        statement = statement_for(_looking_up(shape, lookup), session.get_bind().dialect)
        rows = statement.run(session, asked | _looked_up(lookup))
        found = rows[-1][_COUNTED_AT]
        # What overflowed is there by chance: anything that did not is better, and of that the most.
        if best is None or found <= MOST < best[0] or best[0] < found <= MOST:
            best = found, lookup, rows
        lookup = planner.narrower(lookup) if found > MOST else planner.wider(lookup, found=found, needed=needed)
    return _looked(question, *best) if best else Looked()


def _looked(question: Question, found: int, lookup: Lookup, rows: Sequence[tuple[Any, ...]]) -> Looked:
    in_lists = rows[-1][_COUNTED_AT + 1 : _COUNTED_AT + 5]
    fitting, marks_of_each = (json.loads(listed or "[]") for listed in in_lists[:2])
    names = in_lists[2] or "[]"
    others: Shelves | None = json.loads(in_lists[3]) if in_lists[3] else None
    lines = [_line(row) for row in rows[:-1]]
    total = sum(shelf[-1] for shelf in fitting)
    is_whole = lookup.is_whole and found <= MOST
    any_shelf = sum(shelf[-1] for shelf in others or fitting)
    filters = {"kind": bool(question.kinds), "category": bool(question.categories), "cost": question.cost is not None}
    is_any_whole = is_whole if others is None else not lookup.halvings_any_shelf and any_shelf <= MOST
    at_least = {name for name, is_on in filters.items() if not (is_any_whole if is_on else is_whole)}
    at_least |= set() if is_whole else {"mark"}
    new = next((line for line in lines if line.part == NEW), None)
    return Looked(
        rows=tuple(_page([line for line in lines if line.part == PAGE], new, question)),
        new=new,
        found=total,
        found_any_shelf=any_shelf,
        counts={
            **shelf_counts(question, fitting=fitting, any_shelf=others),
            "mark": mark_counts(marks_of_each, names),
        },
        is_whole=is_whole,
        at_least=frozenset(at_least),
    )


def _line(row: tuple[Any, ...]) -> Line:
    part, number, far, ahead, standing = row[:_COUNTED_AT]
    document_id, *words = row[_COUNTED_AT + 5 :]
    title_words, label_words, *below = words or ("", "")
    return Line(part, number, far, ahead, standing, document_id, title_words, label_words, tuple(below))


def _page(rows: Sequence[Line], new: Line | None, question: Question) -> Sequence[Line]:
    """
    Return the rows of the page asked for, with what is new in its place on the first.

    :param rows: those of the page as if nothing were new; the one before it, unless it is the first; and one after.
    """
    size, is_first = question.page_size, page_of(question) == 1
    if new is None:
        return rows[:size] if is_first else rows[1:]
    others = [row for row in rows if row.number != new.number]
    if is_first:
        return [*others[:NEW_PLACE], new, *others[NEW_PLACE : size - 1]]
    # What stands between the kept place and where the new one comes from has moved down by one.
    has_moved = bool(rows) and (rows[0].standing, rows[0].number) < (new.standing, new.number)
    return others[:size] if has_moved else rows[1:]


def _shape(dialect: str, question: Question, wanted: Wanted | None) -> Shape:
    return Shape(
        dialect=dialect,
        signs=tuple(sign.is_certain for sign in wanted.signs) if wanted else (),
        names=tuple(isinstance(sign.leaf, Word) and is_name(sign.leaf.stem) for sign in wanted.signs) if wanted else (),
        is_loosened=bool(wanted and wanted.is_loosened),
        is_near=question.near is not None,
        is_within=question.within_metres is not None,
        has_council=question.council is not None,
        kinds=len(question.kinds),
        categories=len(question.categories),
        has_cost=question.cost is not None,
        has_marks=bool(question.marks),
        has_dearest=question.dearest is not None,
        has_listed_since=question.listed_since is not None,
        has_rated=question.rated_at_least is not None,
        setting=question.setting,
        has_today=question.today is not None,
        has_new=question.today is not None and question.sort is Sort.FIT and question.page_size > NEW_PLACE,
        sort=question.sort,
    )


def _looking_up(shape: Shape, lookup: Lookup) -> Shape:
    return replace(
        shape,
        is_matched=lookup.match is not None,
        is_shelved=lookup.match_any_shelf is not None,
        is_ringed=lookup.ring is not None,
    )


def _looked_up(lookup: Lookup) -> dict[str, Any]:
    ring = (lookup.ring or 0) ** 2
    return {"match": lookup.match, "match_any_shelf": lookup.match_any_shelf, "ring_squared": ring}


def _asked(session: Session, question: Question, wanted: Wanted | None, known: Mapping[str, int]) -> dict[str, Any]:
    shuffle = shuffle_of(question.today)
    council = _storable([question.council or ""])[0]
    asked: dict[str, Any] = {
        "most": MOST + 1,
        # The page, the one before it and the one after, for when something new comes in or moves away: see `_page`.
        "limit": question.page_size + 1,
        "offset": max((page_of(question) - 1) * question.page_size - 1, 0),
        "is_free": question.cost is Cost.FREE,
        "marks": _marks(session, question.marks) if question.marks else 0,
        "dearest": _within(question.dearest or 0),
        "rated_at_least": _within(question.rated_at_least or 0),
        "listed_since": question.listed_since,
        "rated_by": _within(question.rated_by),
        "council": council,
        "council_served": f" {council} ",
        "step": shuffle.step,
        "start": shuffle.start,
    }
    for name, values in (("kind", question.kinds), ("category", question.categories)):
        asked |= {f"{name}_{n}": value for n, value in enumerate(_storable(values))}
    if question.today:
        for band in (Freshness.MONTH, Freshness.QUARTER):
            asked[f"fresh_{band.value}"] = fresh_since(band, today=question.today)
        asked["new_since"] = new_since(question.today)
    if question.near:
        asked["easting"], asked["northing"] = question.near.easting, question.near.northing
        asked["within_squared"] = (question.within_metres or 0) ** 2
    if wanted:
        asked |= _words_asked(session, wanted, known)
    return asked


def _words_asked(session: Session, wanted: Wanted, known: Mapping[str, int]) -> dict[str, Any]:
    engine = engine_on(session.get_bind().dialect.name)
    asked: dict[str, Any] = {}
    for n, sign in enumerate(wanted.signs):
        telling = rarity(documents=documents_of(sign.leaf, known), of=known[""]) * sign.share
        asked |= {f"title_{n}": TITLE * telling, f"label_{n}": LABEL * telling, f"body_{n}": BODY * telling}
        asked[f"word_{n}"] = whole(sign.leaf)
        asked[f"leaf_{n}"] = engine.leaf(sign.leaf)
    return asked


def whole(leaf: Leaf) -> str:
    """Return a leaf as it stands among the words of a title or label."""
    return f" {leaf.stem} " if isinstance(leaf, Word) else f" {leaf.letters}"


def _marks(session: Session, names: Iterable[str]) -> int:
    """Return the bits of marks together. One that no document ever had has a bit that none has either."""
    bits = dict(session.execute(_BITS).all())
    return sum(1 << bit for bit in {bits.get(name, MOST_MARKS) for name in names})


def _within(number: int) -> int:
    """Return a number that fits where numbers of its kind are kept. None there is larger."""
    return min(max(number, -_LARGEST), _LARGEST)


def _storable(values: Iterable[str]) -> list[str]:
    """Return values as a database can take them. A letter it cannot hold is in no document either way."""
    return sorted(
        value.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode() for value in values
    )
