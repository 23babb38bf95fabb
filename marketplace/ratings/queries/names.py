"""Whose names must not stand in what a provider answers: its clients' and its reviewers'. For services."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.catalogue.rules import ProviderId
from marketplace.purchasing.models import Arrangement
from marketplace.ratings.models import Review


def names_of_clients(session: Session, *, provider_id: ProviderId) -> tuple[str, ...]:
    """Return the names of all who ever arranged something with a provider, and of all who reviewed it."""
    arranged = select(Arrangement.person_id).where(Arrangement.provider_id == provider_id)
    wrote = select(Review.person_id).where(Review.provider_id == provider_id, Review.person_id.is_not(None))
    those = select(Person.name).where(or_(Person.id.in_(arranged), Person.id.in_(wrote)))
    return tuple(session.scalars(those.distinct()))
