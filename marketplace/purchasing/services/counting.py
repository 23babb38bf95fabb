"""What arrangements say about demand, kept as facts that name nobody."""

from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from marketplace.accounts.services.counting import count_person
from marketplace.catalogue.queries.freshness import capacity_of
from marketplace.catalogue.rules import Capacity
from marketplace.kit.facts import FactKind
from marketplace.kit.money import ZERO
from marketplace.purchasing.models import Arrangement

_WITHOUT_SPACE = (Capacity.WAITING_LIST, Capacity.FULL)


def count_asked(session: Session, it: Arrangement, *, now: datetime) -> None:
    """
    Count somebody among those who asked for support of a kind.

    If the provider says that there is no space now, they also count among those who wait for it.
    """
    counted = _counted(session, it, now=now)
    counted(FactKind.ASKED)
    if capacity_of(session, offer_id=it.offer_id) in _WITHOUT_SPACE:
        counted(FactKind.WAITING)


def count_agreed(session: Session, it: Arrangement, *, now: datetime) -> None:
    """Count somebody among those who agreed support, and what one unit of it costs them."""
    _counted(session, it, now=now)(FactKind.AGREED, amount=it.total.pence)
    count_price(session, it, now=now)


def count_asked_and_agreed(session: Session, it: Arrangement, *, now: datetime) -> None:
    """Count what was agreed without asking first: from a quote that was chosen, or a pool that goes ahead."""
    _counted(session, it, now=now)(FactKind.ASKED)
    count_agreed(session, it, now=now)


def count_price(session: Session, it: Arrangement, *, now: datetime) -> None:
    """Count what one unit was agreed to cost. What is free has no price."""
    if it.unit is not None and it.unit_price > ZERO:
        _counted(session, it, now=now)(FactKind.PRICED, facet=it.unit.value, amount=it.unit_price.pence)


def count_visit(session: Session, it: Arrangement, *, now: datetime) -> None:
    """Count somebody among those who had a visit."""
    _counted(session, it, now=now)(FactKind.VISITED)


def _counted(session: Session, it: Arrangement, *, now: datetime) -> partial[None]:
    return partial(
        count_person,
        session,
        person_id=it.person_id,
        category=it.category,
        provider_id=it.provider_id,
        now=now,
    )
