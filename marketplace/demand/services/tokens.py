"""A commissioner lets a program of theirs ask for figures, and ends that."""

import secrets
import uuid
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer, token_hash
from marketplace.demand.models.releases import DemandToken
from marketplace.demand.queries.tokens import tokens_of
from marketplace.demand.rules.nouns import TokenId
from marketplace.demand.rules.tokens import LASTING, MOST_LIVE, PREFIX, TOO_MANY, runs_out
from marketplace.kit import audit
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError

_BYTES = 32


class NoTokenForYouError(NotAllowedError):
    """Only a commissioner of a council has tokens."""


class TooManyTokensError(DomainError):
    """Whoever makes them has as many as may work at a time."""


class TokenNotFoundError(NotFoundError):
    """There is no such token, or it is somebody else's."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token, on the one occasion on which it can be seen."""

    id: TokenId
    name: str
    token: str = field(repr=False)


def make_token(session: Session, *, viewer: Viewer, name: str, days: int, now: datetime) -> NewToken:
    """
    Make a token that works for so many days: one of `rules.tokens.LASTING`. We keep its hash alone.

    :raises NoTokenForYouError: if the viewer reads no figures.
    :raises TooManyTokensError: if they have as many tokens as may work at a time.
    """
    if viewer.person_id is None or viewer.council is None or not viewer.may(Permission.READ_DEMAND):
        raise NoTokenForYouError("Only people who read figures for a council can make a token.")
    if sum(line.works for line in tokens_of(session, viewer=viewer, now=now)) >= MOST_LIVE:
        raise TooManyTokensError(TOO_MANY)
    token = PREFIX + secrets.token_urlsafe(_BYTES)
    row = DemandToken(
        id=TokenId(uuid.uuid4()),
        person_id=viewer.person_id,
        name=name,
        token_hash=token_hash(token),
        made_at=now,
        expires_at=runs_out(made_at=now, days=min(days, max(LASTING))),
    )
    session.add(row)
    audit.record(session, by=viewer.person_id, did="made a token", to_kind="demand_token", to_id=row.id, now=now)
    session.flush()
    return NewToken(row.id, name, token)


def revoke_token(session: Session, *, viewer: Viewer, token_id: TokenId, now: datetime) -> None:
    """
    End a token at once. One that has ended stays as it is.

    :raises TokenNotFoundError: if it is not the viewer's.
    """
    row = session.get(DemandToken, token_id, with_for_update=True)
    if row is None or row.person_id != viewer.person_id:
        raise TokenNotFoundError("There is no such token. It may have been made by somebody else.")
    if row.revoked_at is None:
        row.revoked_at = now
        audit.record(session, by=row.person_id, did="ended a token", to_kind="demand_token", to_id=row.id, now=now)
    session.flush()
