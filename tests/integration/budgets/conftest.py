"""A budget that much has happened to."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from marketplace.budgets.rules import Stream
from marketplace.budgets.services import closing, promising
from marketplace.kit.money import Money
from tests.factories import accounts as make
from tests.factories import budgets as given


def _at(month, day, hour=12):
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture
def lively(session):
    """Ada's direct payment: £520 of social care and £260 of NHS money for 52 weeks, from Monday 6 April 2026."""
    ada = make.person(session, name="Ada")
    budget_id = given.budget(session, ada, now=_at(4, 6), carry_over_percent=25, social_care=52_000, nhs=26_000)
    streams = given.streams(session, budget_id)
    gardening, swimming = given.purpose(), given.purpose()

    def promise(purpose, what, at, **pence):
        shares = {streams[Stream(kind)]: Money(amount) for kind, amount in pence.items()}
        promising.promise(session, by=ada.id, purpose=purpose, shares=shares, what=what, key=given.key(), now=at)

    def spend(purpose, pence, at, note):
        promising.spend(session, purpose=purpose, amount=Money(pence), key=given.key(), note=note, now=at, by=None)

    promise(gardening, "Gardening with Meadow Hands", _at(4, 10), social_care=9_000, nhs=1_000)
    promise(swimming, "Swimming on Saturdays", _at(5, 1), nhs=6_000)
    spend(gardening, 5_000, _at(5, 31, 23), "Invoice 1")  # already June in England
    spend(swimming, 2_000, _at(6, 15), "Invoice 7")
    promising.give_back(
        session, purpose=swimming, amount=Money(500), key=given.key(), note="Pool was shut", now=_at(6, 20), by=None
    )
    promising.release(session, purpose=gardening, amount=Money(1_000), key=given.key(), now=_at(6, 30), by=ada.id)
    session.flush()
    return SimpleNamespace(ada=ada, id=budget_id, streams=streams, gardening=gardening, swimming=swimming)


@pytest.fixture
def followed(session, lively):
    """The same, carried over into the next year and closed on its last day."""
    following = given.budget(session, lively.ada, now=_at(4, 6), period=given.NEXT_YEAR, social_care=1_000)
    at = datetime(2027, 4, 4, 12, tzinfo=UTC)
    closing.carry_over(session, from_budget=lively.id, to_budget=following, by=lively.ada.id, now=at)
    closing.close_budget(session, budget_id=lively.id, by=lively.ada.id, now=at)
    session.flush()
    lively.following, lively.closed_on = following, date(2027, 4, 4)
    return lively
