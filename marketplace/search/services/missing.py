"""Remembering what was not found."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.kit.places import CouncilCode
from marketplace.search.models import Miss


def record_miss(session: Session, *, council: CouncilCode | None, category: str | None, on: date) -> None:
    """Remember that a search found nothing: where, and for what kind of thing. Never the words, never the person."""
    session.add(Miss(council=council, category=category, on=on))
    session.flush()


def record_need(
    session: Session, *, council: CouncilCode, category: str | None, on: date, was_searched_for: bool = False
) -> None:
    """
    Remember that somebody told us what they need: where, and what kind of thing. Never the words, never the person.

    :param was_searched_for: their search of the day for no kind of thing was counted already. It becomes this need, so
        that one person's one need is one.
    """
    searched = (
        select(Miss)
        .where(Miss.council == council, Miss.category.is_(None), Miss.on == on)
        .order_by(Miss.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    miss = session.scalars(searched).first() if was_searched_for else None
    if miss is None:
        record_miss(session, council=council, category=category, on=on)
    else:
        miss.category = category
        session.flush()
