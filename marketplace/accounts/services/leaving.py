"""Somebody leaves: what names them goes, and the row stays for what must remain."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Delegation, EmailedLink, Person
from marketplace.accounts.rules import LEFT, DelegationId, PersonId, left_address
from marketplace.accounts.services import counting
from marketplace.accounts.services.delegations import end_consent
from marketplace.kit import audit, outbox
from marketplace.kit.belonging import Who
from marketplace.kit.days import day_of
from marketplace.kit.erasing import empty_what_remained, erase
from marketplace.kit.keeping import SIX_YEARS_LASTS

_AT_ONCE = 100

CONFIRMED_WITHIN = timedelta(days=30)
"""How long an account waits for its address to be confirmed: nobody has shown that the address is theirs."""


def end_all_consents(session: Session, *, person_id: PersonId, link: str, now: datetime) -> None:
    """End whatever somebody lets others do, and whatever others let them do. The others hear of it."""
    theirs = session.scalars(
        select(Delegation.id)
        .where(
            (Delegation.giver_id == person_id) | (Delegation.receiver_id == person_id),
            Delegation.ended_at.is_(None),
            Delegation.ends_on >= day_of(now),
        )
        .order_by(Delegation.id)
    ).all()
    for delegation_id in theirs:
        end_consent(session, delegation_id=DelegationId(delegation_id), by=person_id, link=link, now=now)


def erase_person(session: Session, *, person_id: PersonId, now: datetime, letter: str = "") -> bool:
    """
    Take out everything that names somebody, or tells of them, in every table; return whether there was anybody to.

    What must remain stays, under "Somebody who left". Done again, it takes out what has come back since, such as with
    an old backup. `letter` is the last that they hear of us; empty: nothing is written to them.
    """
    person = session.get(Person, person_id, with_for_update=True, populate_existing=True)
    if person is None:
        return False
    who, was_here = Who(person.id, person.email), person.erased_at is None
    counting.forget_person(session, person_id=person_id)
    person.email, person.name = left_address(person_id), LEFT
    person.password_hash = person.council = person.confirmed_at = None
    # No browser of theirs is signed in any more.
    person.session_stamp = secrets.token_hex(16)
    person.is_counted = False
    person.erased_at = person.erased_at or now
    session.flush()
    erase(session, who=who, now=now)
    session.expire_all()
    if was_here:
        audit.record(session, by=person_id, did="closed their account", to_kind="person", to_id=person_id, now=now)
        if letter:
            outbox.send(session, to=who.email, subject="Your account is closed", body=letter, now=now)
    session.flush()
    return True


def those_never_confirmed(session: Session, *, now: datetime) -> list[PersonId]:
    """Return some of those who opened an account a month ago, never confirmed the address, and have no good link to."""
    can_still = exists().where(
        EmailedLink.person_id == Person.id, EmailedLink.expires_at > now, EmailedLink.used_at.is_(None)
    )
    return list(
        session.scalars(
            select(Person.id)
            .where(
                Person.confirmed_at.is_(None),
                Person.erased_at.is_(None),
                Person.created_at < now - CONFIRMED_WITHIN,
                ~can_still,
            )
            .order_by(Person.created_at, Person.id)
            .limit(_AT_ONCE)
        )
    )


def those_gone_for_six_years(session: Session, *, now: datetime) -> list[PersonId]:
    """Return some of those of whom even what had to stay may go now: they left six years ago, and are named last."""
    return list(
        session.scalars(
            select(Person.id)
            .where(Person.erased_at < now - SIX_YEARS_LASTS, Person.session_stamp != "")
            .order_by(Person.erased_at, Person.id)
            .limit(_AT_ONCE)
        )
    )


def forget_what_remained(session: Session, *, person_id: PersonId, now: datetime) -> int:
    """Take out what tells of somebody even of what had to stay for six years; return of how many rows."""
    person = session.get_one(Person, person_id, with_for_update=True, populate_existing=True)
    touched = empty_what_remained(session, who=Who(person.id, person.email), now=now)
    # Nobody signs in by this any more; empty, it says that nothing is left to do.
    person.session_stamp = ""
    audit.record(session, by=None, did="deleted what had remained", to_kind="person", to_id=person.id, now=now)
    session.flush()
    return touched
