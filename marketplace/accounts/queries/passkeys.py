"""Questions about passkeys. Never a secret: those stay on people's devices."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Passkey
from marketplace.accounts.rules import PasskeyId, PersonId, Viewer


@dataclass(frozen=True, slots=True)
class OwnPasskey:
    """What somebody sees of a passkey of theirs."""

    id: PasskeyId
    name: str
    made_at: datetime
    used_at: datetime | None


def own_passkeys(session: Session, *, viewer: Viewer) -> tuple[OwnPasskey, ...]:
    """Return the viewer's passkeys, the oldest first."""
    rows = session.execute(
        select(Passkey.id, Passkey.name, Passkey.made_at, Passkey.used_at)
        .where(Passkey.person_id == viewer.person_id)
        .order_by(Passkey.made_at, Passkey.id)
    )
    return tuple(OwnPasskey(row.id, row.name, row.made_at, row.used_at) for row in rows)


def credentials_of(session: Session, *, person_id: PersonId) -> tuple[bytes, ...]:
    """Return by what a person's devices know their passkeys. For asking one of them."""
    return tuple(session.scalars(select(Passkey.credential_id).where(Passkey.person_id == person_id)))
