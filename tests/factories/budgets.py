"""Boring valid budgets."""

import uuid
from datetime import UTC, date, datetime

import sqlalchemy as sa

from marketplace.budgets import services
from marketplace.budgets.models import Budget, FundingStream
from marketplace.budgets.rules import Holding, Purpose, Stream, TransferId
from marketplace.kit.money import Money

YEAR = {"begins_on": date(2026, 4, 6), "ends_on": date(2027, 4, 4)}
NEXT_YEAR = {"begins_on": date(2027, 4, 5), "ends_on": date(2028, 4, 2)}
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def budget(
    session, person, *, now=NOW, carry_over_percent=0, holding=Holding.DIRECT_PAYMENT, period=YEAR, key=None, **pence
):
    """A budget of 52 weeks, with so many pence in each stream: £520 of social care money unless said otherwise."""
    budget_id = services.set_up_budget(
        session,
        by=person.id,
        name="My direct payment",
        holding=holding,
        amounts={Stream(kind): Money(amount) for kind, amount in (pence or {"social_care": 52_000}).items()},
        now=now,
        key=key,
        **period,
    )
    session.execute(sa.update(Budget).where(Budget.id == budget_id).values(carry_over_percent=carry_over_percent))
    return budget_id


def streams(session, budget_id):
    """The ids of a budget's streams, by their kind."""
    rows = session.execute(sa.select(FundingStream.kind, FundingStream.id).where(FundingStream.budget_id == budget_id))
    return dict(sorted(rows.all()))


def standing(session, budget_id):
    """How many pence stand in each account of a budget, all its streams together, nothing left out."""
    sums = [getattr(FundingStream, name) for name in ("granted", "left", "promised", "spent", "carried", "returned")]
    rows = session.execute(sa.select(*sums).where(FundingStream.budget_id == budget_id)).all()
    names = ("granted", "left", "promised", "spent", "carried", "returned")
    return {name: sum(row[place].pence for row in rows) for place, name in enumerate(names)}


def purpose():
    """Something that money is promised for."""
    return Purpose(uuid.uuid4())


def key():
    """A key that was not used before."""
    return TransferId(uuid.uuid4())
