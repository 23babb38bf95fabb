"""Remembering what was not found."""

from datetime import date

from sqlalchemy.orm import Session

from marketplace.kit.places import CouncilCode
from marketplace.search.models import Miss


def record_miss(session: Session, *, council: CouncilCode | None, category: str | None, on: date) -> None:
    """Remember that a search found nothing: where, and for what kind of thing. Never the words, never the person."""
    session.add(Miss(council=council, category=category, on=on))
    session.flush()
