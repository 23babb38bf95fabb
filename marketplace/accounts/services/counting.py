"""What people do is counted for the figures that councils get, unless they said no."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.accounts.rules import PersonId
from marketplace.kit import facts
from marketplace.kit.facts import FactKind
from marketplace.kit.places import CouncilCode
from marketplace.kit.quarters import Quarter


def count_person(
    session: Session,
    kind: FactKind,
    *,
    person_id: PersonId,
    category: str | None,
    now: datetime,
    council: CouncilCode | None = None,
    provider_id: uuid.UUID | None = None,
    facet: str = "",
    amount: int = 0,
) -> None:
    """
    Keep a fact about what a person did, in the transaction that did it. Nothing about who said no to being counted.

    :param council: where it happened; if left out, where the person lives. Without either it is not counted.
    :param amount: pence, or hundredths of a star, as the kind says.
    """
    person = session.execute(select(Person.council, Person.is_counted).where(Person.id == person_id)).one_or_none()
    if person is None or not person.is_counted:
        return
    where = council or person.council
    if where is None:
        return
    quarter = Quarter.of(now)
    facts.record(
        session,
        kind,
        quarter=quarter,
        who=facts.key_of(session, quarter=quarter, about=f"person:{person_id}"),
        council=where,
        category=category,
        provider_id=provider_id,
        facet=facet,
        amount=amount,
    )
