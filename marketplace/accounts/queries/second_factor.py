"""Questions about the second proof of who signs in, and about invitations. Never a secret, never a code."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import RecoveryCode, SecondFactor
from marketplace.accounts.rules import WRONG_CODES_WITHIN, PersonId, Viewer
from marketplace.kit.audit import AuditEvent

WRONG_CODE = "gave a wrong code"
"""What the audit says of it."""


@dataclass(frozen=True, slots=True)
class OwnPhone:
    """What somebody sees of their own second proof."""

    set_up_at: datetime
    recovery_codes_left: int


def own_phone(session: Session, *, viewer: Viewer) -> OwnPhone | None:
    """Return since when a phone makes codes for the viewer, and how many codes they have on paper; None without one."""
    if viewer.person_id is None:
        return None
    made_at = session.scalars(select(SecondFactor.made_at).where(SecondFactor.person_id == viewer.person_id)).first()
    if made_at is None:
        return None
    return OwnPhone(made_at, recovery_codes_left(session, person_id=viewer.person_id))


def recovery_codes_left(session: Session, *, person_id: PersonId) -> int:
    """Return how many of a person's codes on paper still work. For their own page and letters."""
    return session.scalars(
        select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    ).one()


def wrong_codes_lately(session: Session, *, person_id: uuid.UUID, now: datetime) -> int:
    """Return how many wrong codes were given for a person within the last hour. For the services that take codes."""
    return session.scalars(
        select(func.count()).where(
            AuditEvent.by_person_id == person_id,
            AuditEvent.did == WRONG_CODE,
            AuditEvent.at > now - WRONG_CODES_WITHIN,
        )
    ).one()
