"""Who left, and whom would a backup bring back?"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.accounts.rules import PersonId

_AT_ONCE = 500


def erased_people(session: Session) -> list[PersonId]:
    """Return everybody who left."""
    return list(session.scalars(select(Person.id).where(Person.erased_at.is_not(None)).order_by(Person.id)))


def brought_back(session: Session, *, left: Iterable[UUID]) -> list[PersonId]:
    """Return those of a list of people who left that are here as if they had not."""
    wanted = sorted(left, key=str)
    return [
        person_id
        for start in range(0, len(wanted), _AT_ONCE)
        for person_id in session.scalars(
            select(Person.id)
            .where(Person.id.in_(wanted[start : start + _AT_ONCE]), Person.erased_at.is_(None))
            .order_by(Person.id)
        )
    ]
