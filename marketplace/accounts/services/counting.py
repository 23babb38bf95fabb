"""What people do is counted for the figures that councils get, unless they said no."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.accounts.rules import PersonId
from marketplace.kit import audit, facts
from marketplace.kit.facts import FactKind
from marketplace.kit.places import CouncilCode
from marketplace.kit.quarters import Quarter


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person counts in one quarter: as whom, where (None: they never said where they live), and whether."""

    who: int
    council: CouncilCode | None
    is_counted: bool


def standing_of(session: Session, *, person_id: PersonId, quarter: Quarter) -> Standing:
    """Return how a person counts in a quarter."""
    council, is_counted = session.execute(select(Person.council, Person.is_counted).where(Person.id == person_id)).one()
    return Standing(_key(session, quarter, person_id), council, is_counted)


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

    It counts where the person lives.

    :param council: where it was to happen, for people who never said where they live. Without either it is not counted.
    :param amount: pence, or hundredths of a star, as the kind says.
    """
    quarter = Quarter.of(now)
    standing = standing_of(session, person_id=person_id, quarter=quarter)
    where = standing.council or council
    if not standing.is_counted or where is None:
        return
    facts.record(
        session,
        kind,
        quarter=quarter,
        who=standing.who,
        council=where,
        category=category,
        provider_id=provider_id,
        facet=facet,
        amount=amount,
    )


def take_off(
    session: Session,
    kind: FactKind,
    *,
    person_id: PersonId,
    category: str | None,
    provider_id: uuid.UUID | None,
    facet: str,
    amount: int,
    now: datetime,
) -> None:
    """
    Take an amount off what was counted of a person in this quarter, such as money that is given back.

    What was counted in a quarter before stays: its figures may be released.
    """
    quarter = Quarter.of(now)
    facts.take_off(
        session,
        kind,
        quarter=quarter,
        who=_key(session, quarter, person_id),
        category=category,
        provider_id=provider_id,
        facet=facet,
        amount=amount,
    )


def say_whether_counted(session: Session, *, person_id: PersonId, is_counted: bool, now: datetime) -> None:
    """
    Let somebody say whether what they do counts in the figures. Whoever says no is forgotten in what is not released.

    Figures that are released already stay as they are: nobody can tell any more whose facts they were. Idempotent.
    """
    person = session.get_one(Person, person_id, with_for_update=True, populate_existing=True)
    if person.is_counted == is_counted:
        return
    person.is_counted = is_counted
    if not is_counted:
        forget_person(session, person_id=person_id)
    did = "said yes to statistics" if is_counted else "said no to statistics"
    audit.record(session, by=person_id, did=did, to_kind="person", to_id=person_id, now=now)


def forget_person(session: Session, *, person_id: PersonId) -> None:
    """Delete every fact that can still be told to be about somebody: those of quarters that are not released."""
    for quarter in facts.quarters_kept(session):
        facts.forget(session, quarter=quarter, who=_key(session, quarter, person_id))


def _key(session: Session, quarter: Quarter, person_id: PersonId) -> int:
    return facts.key_of(session, quarter=quarter, about=f"person:{person_id}")
