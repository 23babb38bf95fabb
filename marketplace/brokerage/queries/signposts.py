"""Questions about free help: where it is, for everybody, and what an operator has to look after."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.brokerage.models import Signpost
from marketplace.brokerage.rules.nouns import SignpostId, SignpostKind
from marketplace.brokerage.rules.signposts import KINDS_AT, MOST_SHOWN, Hesitation
from marketplace.kit.pages import Slice
from marketplace.kit.places import CouncilCode

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class SignpostShown:
    """One place where free help is."""

    id: SignpostId
    council: CouncilCode | None
    kind: SignpostKind
    name: str
    words: str
    phone: str
    email: str
    href: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class SignpostList:
    """One page of what an operator looks after, what was checked longest ago first."""

    signposts: tuple[SignpostShown, ...]
    slice: Slice


def free_help(session: Session, *, council: CouncilCode | None) -> dict[SignpostKind, tuple[SignpostShown, ...]]:
    """Return all free help for a council's area, by its kind: the council's own first, then England's."""
    found = _shown(session, council, SignpostKind)
    return {kind: tuple(it for it in found if it.kind is kind) for kind in SignpostKind}


def free_help_at(session: Session, *, at: str, council: CouncilCode | None) -> tuple[SignpostShown, ...]:
    """
    Return the two or three signposts that fit where somebody hesitates: one of each kind, the council's own first.

    `at` is a word of `rules.signposts.Hesitation`: pages of packages below this one know only the word.
    """
    kinds = KINDS_AT[Hesitation(at)]
    first: dict[SignpostKind, SignpostShown] = {}
    for it in _shown(session, council, kinds):
        first.setdefault(it.kind, it)
    return tuple(first[kind] for kind in kinds if kind in first)[:MOST_SHOWN]


def signposts_to_look_after(
    session: Session, *, viewer: Viewer, council: CouncilCode | None = None, only_one: bool = False, page: int = 1
) -> SignpostList:
    """
    Return the signposts that an operator looks after. For operators; anybody else gets none.

    :param only_one: only those of `council`, or England's for None; otherwise all.
    """
    if not viewer.may(Permission.OPERATE):
        return SignpostList((), Slice(1, PAGE_SIZE, 0))
    wanted: list[ColumnElement[bool]] = [Signpost.removed_at.is_(None)]
    if only_one:
        wanted.append(Signpost.council == council if council else Signpost.council.is_(None))
    total = session.scalars(select(func.count()).select_from(Signpost).where(*wanted)).one()
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    rows = session.scalars(
        select(Signpost)
        .where(*wanted)
        .order_by(Signpost.checked_on, Signpost.name, Signpost.id)
        .offset(part.offset)
        .limit(part.size)
    )
    return SignpostList(tuple(_line(row) for row in rows), part)


def signpost_to_look_after(session: Session, *, signpost_id: SignpostId, viewer: Viewer) -> SignpostShown | None:
    """Return one signpost that an operator may change."""
    if not viewer.may(Permission.OPERATE):
        return None
    row = session.scalars(
        select(Signpost).where(Signpost.id == signpost_id, Signpost.removed_at.is_(None))
    ).one_or_none()
    return _line(row) if row else None


def _shown(session: Session, council: CouncilCode | None, kinds: Iterable[SignpostKind]) -> tuple[SignpostShown, ...]:
    here: ColumnElement[bool] = Signpost.council.is_(None)
    if council is not None:
        here = or_(here, Signpost.council == council)
    rows = session.scalars(
        select(Signpost)
        .where(here, Signpost.kind.in_(list(kinds)), Signpost.removed_at.is_(None))
        .order_by(Signpost.council.is_(None), Signpost.position, Signpost.name, Signpost.id)
    )
    return tuple(_line(row) for row in rows)


def _line(row: Signpost) -> SignpostShown:
    return SignpostShown(
        id=row.id,
        council=row.council,
        kind=row.kind,
        name=row.name,
        words=row.words,
        phone=row.phone,
        email=row.email,
        href=row.href,
        checked_on=row.checked_on,
    )
