"""Putting into the library what comes with the site, again and again: what a moderator hid stays hidden."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.brokerage.models import LibraryPiece
from marketplace.brokerage.rules.nouns import PieceStatus
from marketplace.brokerage.rules.shelf import ShelfPiece


@dataclass(frozen=True, slots=True)
class Stocked:
    """What became of the pieces."""

    added: int = 0
    changed: int = 0
    same: int = 0


def stock_library(session: Session, *, pieces: Sequence[ShelfPiece], now: datetime) -> Stocked:
    """Put pieces into the library, or bring those that are there up to date. Safe to do twice."""
    ids = [piece.id for piece in pieces]
    rows = session.scalars(select(LibraryPiece).where(LibraryPiece.id.in_(ids)).with_for_update())
    known = {row.id: row for row in rows}
    became = [_stock(session, piece, known.get(piece.id), now=now) for piece in pieces]
    session.flush()
    return Stocked(added=became.count("added"), changed=became.count("changed"), same=became.count("same"))


def _stock(session: Session, piece: ShelfPiece, row: LibraryPiece | None, *, now: datetime) -> str:
    if row is None:
        row = LibraryPiece(id=piece.id, pseudonym="", status=PieceStatus.SHOWN, suspected=[], sent_at=now, reason="")
        session.add(row)
        became = "added"
    elif _said_by(row) == _said_by(piece):
        return "same"
    else:
        became = "changed"
    row.kind, row.title, row.summary, row.words, row.plan = (
        piece.kind, piece.title, piece.summary, piece.words, piece.plan,
    )  # fmt: skip
    row.file_name, row.media_type, row.contents = piece.file_name, piece.media_type, piece.contents
    row.outcome_id, row.category, row.sent_at = piece.outcome_id, piece.category, now
    return became


def _said_by(it: LibraryPiece | ShelfPiece) -> tuple[object, ...]:
    return it.kind, it.title, it.summary, it.words, it.plan, it.file_name, it.outcome_id, it.category
