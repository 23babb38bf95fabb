"""Questions about tokens: whose is this one, and which has somebody made?"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as accounts
from marketplace.accounts.rules import Viewer, token_hash
from marketplace.demand.models.releases import DemandToken
from marketplace.demand.rules.nouns import TokenId
from marketplace.demand.rules.tokens import works


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One token, as whoever made it sees it afterwards."""

    id: TokenId
    name: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    works: bool


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever asks with a token."""

    token_id: TokenId
    viewer: Viewer


def tokens_of(session: Session, *, viewer: Viewer, now: datetime) -> tuple[TokenLine, ...]:
    """Return the viewer's tokens, the newest first."""
    rows = session.scalars(
        select(DemandToken).where(DemandToken.person_id == viewer.person_id).order_by(DemandToken.made_at.desc())
    )
    return tuple(
        TokenLine(
            id=row.id,
            name=row.name,
            made_at=row.made_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            works=works(expires_at=row.expires_at, revoked_at=row.revoked_at, now=now),
        )
        for row in rows
    )


def bearer(session: Session, *, token: str, now: datetime) -> Bearer | None:
    """Return who asks with a token, or None: it is no token, or it has ended. What they may do is yet to be asked."""
    row = session.scalars(select(DemandToken).where(DemandToken.token_hash == token_hash(token))).one_or_none()
    if row is None or not works(expires_at=row.expires_at, revoked_at=row.revoked_at, now=now):
        return None
    stamp = accounts.session_stamp(session, person_id=row.person_id)
    viewer = accounts.viewer_with_id(session, person_id=row.person_id, stamp=stamp)
    return Bearer(row.id, viewer) if viewer else None
