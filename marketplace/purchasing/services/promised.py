"""
The money that budgets set aside for an arrangement, as it is asked for, changed and ended.

Where no budget here pays, nothing happens. Each step has a key of its own, so that what is done twice moves money once.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.budgets.queries.paying import set_aside
from marketplace.budgets.rules import Purpose, StreamId, TransferId
from marketplace.budgets.services import promising
from marketplace.kit.days import day_of
from marketplace.kit.money import ZERO, Money
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.queries.owed import owed_in_all


def promise_shares(session: Session, it: Arrangement, *, shares: Mapping[StreamId, Money], now: datetime) -> None:
    """
    Set aside what somebody asks for, out of their own funding streams.

    :raises StreamNotFoundError, BudgetClosedError, NotEnoughLeftError: as `promising.promise`.
    """
    promising.promise(
        session, by=it.person_id, purpose=_purpose(it), shares=shares, what=it.title, key=_key(it, "asked"), now=now
    )


def promise_difference(
    session: Session, it: Arrangement, *, version: int, more: Money, by: PersonId, now: datetime
) -> None:
    """
    Set aside what another version of the terms costs more.

    :raises NotEnoughLeftError: if the streams behind it have less left.
    """
    promising.promise_more(
        session,
        purpose=_purpose(it),
        amount=more,
        key=_key(it, f"more {version}"),
        now=now,
        by=by,
    )


def release_difference(
    session: Session, it: Arrangement, *, version: int, less: Money, by: PersonId, now: datetime
) -> None:
    """Let go what another version of the terms costs less, or what was set aside for one that is not agreed."""
    if less > ZERO:
        promising.release(
            session,
            purpose=_purpose(it),
            amount=less,
            key=_key(it, f"less {version}"),
            now=now,
            by=by,
        )


def release_all(session: Session, it: Arrangement, *, by: PersonId, now: datetime) -> None:
    """Let go all that was set aside for what will never be."""
    promising.release(session, purpose=_purpose(it), amount=None, key=_key(it, "released"), now=now, by=by)


def release_what_is_not_owed(session: Session, it: Arrangement, *, by: PersonId | None, now: datetime) -> Money:
    """Let go what was set aside for an arrangement that has ended, but for what is still owed. Return how much."""
    behind = set_aside(session, purpose=_purpose(it))
    still_owed = max(owed_in_all(session, it, today=day_of(now)) - behind.spent, ZERO)
    spare = behind.promised - still_owed
    if spare <= ZERO:
        return ZERO
    key = _key(it, f"ended {now.isoformat()}")
    return promising.release(session, purpose=_purpose(it), amount=spare, key=key, now=now, by=by)


def _purpose(it: Arrangement) -> Purpose:
    return Purpose(it.id)


def _key(it: Arrangement, step: str) -> TransferId:
    return TransferId(uuid.uuid5(it.id, step))
