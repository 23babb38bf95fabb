"""Saying what one is like, so that one sees what people like oneself say; and taking it back."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.kit import audit
from marketplace.kit.errors import WrongAnswerError
from marketplace.ratings.models import Likeness
from marketplace.ratings.rules.likeness import are_known


class LikenessUnclearError(WrongAnswerError):
    """We could not take what somebody said of themselves."""


def say_likeness(session: Session, *, facts: Collection[str], agrees: bool, by: PersonId, now: datetime) -> None:
    """
    Keep what somebody says of themselves in place of what they said before. What it was stays out of the audit.

    :raises LikenessUnclearError: if they have not agreed, said nothing, or said what cannot be said.
    """
    if not facts:
        raise LikenessUnclearError("Choose at least one, or go back without.", field="interests")
    if not are_known(facts):
        raise LikenessUnclearError("Choose from the list.", field="interests")
    if not agrees:
        raise LikenessUnclearError("Tick this if you agree. Without it we keep nothing.", field="agrees")
    session.execute(delete(Likeness).where(Likeness.person_id == by))
    session.add_all(Likeness(person_id=by, fact=fact, said_at=now) for fact in sorted(facts))
    audit.record(session, by=by, did="said", to_kind="likeness", to_id=by, now=now)
    session.flush()


def forget_likeness(session: Session, *, by: PersonId, now: datetime) -> None:
    """Delete all that somebody said of themselves."""
    session.execute(delete(Likeness).where(Likeness.person_id == by))
    audit.record(session, by=by, did="forgot", to_kind="likeness", to_id=by, now=now)
    session.flush()
