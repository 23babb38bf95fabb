"""What becomes of pools, kept as facts that name nobody. People who only look for each other count nowhere."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.accounts.services.counting import count_person
from marketplace.kit.facts import FactKind
from marketplace.pooling.models import Pool
from marketplace.pooling.rules.nouns import EndReason


def count_opened(session: Session, pool: Pool, people: Iterable[PersonId], *, now: datetime) -> None:
    """Count people among those in pools that opened for pledges: at that moment, or as they join later."""
    _count(session, pool, people, FactKind.POOL_OPENED, now=now)


def count_met(session: Session, pool: Pool, people: Iterable[PersonId], *, now: datetime) -> None:
    """Count people among those whose pool goes ahead with them."""
    _count(session, pool, people, FactKind.POOL_MET, now=now)


def count_failed(
    session: Session, pool: Pool, people: Iterable[PersonId], *, why: EndReason | None, now: datetime
) -> None:
    """Count people among those whose pool ended without going ahead, and why."""
    _count(session, pool, people, FactKind.POOL_FAILED, facet=(why or EndReason.OTHER).value, now=now)


def _count(
    session: Session, pool: Pool, people: Iterable[PersonId], kind: FactKind, *, facet: str = "", now: datetime
) -> None:
    for person_id in people:
        count_person(
            session, kind, person_id=person_id, category=pool.category, council=pool.council, facet=facet, now=now
        )
