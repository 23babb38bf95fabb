"""Who offers support, and how up to date that is: noted when a quarter is counted, since neither is an event."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby, islice
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from marketplace.catalogue.queries.supply import Supply, supplies
from marketplace.catalogue.rules import Capacity
from marketplace.kit import facts
from marketplace.kit.facts import ANY_CATEGORY, Fact, FactKind, number_of
from marketplace.kit.quarters import Quarter

_ROOM = {
    Capacity.SPACE_NOW: "space",
    Capacity.WAITING_LIST: "waiting_list",
    Capacity.FULL: "full",
    None: "not_said",
}
_BANDS = ((90, "under_90_days"), (180, "under_180_days"))
_OLDER = "older"
_AT_ONCE = 2_000

Row = dict[str, Any]


def take_stock(session: Session, *, quarter: Quarter, now: datetime) -> None:
    """
    Note as facts of a quarter who offers what now. Noted twice it counts once: it is providers who are counted.

    A provider is in one council, and as up to date as the least recently confirmed of their offers.
    """
    key_of = facts.keys_of(session, quarter=quarter)
    rows = (
        row
        for provider_id, offered in groupby(supplies(session), key=lambda one: one.provider_id)
        for row in _stock(list(offered), who=key_of(f"provider:{provider_id}"), quarter=quarter, now=now)
    )
    while some := list(islice(rows, _AT_ONCE)):
        session.execute(insert(Fact), some)


def _stock(offered: list[Supply], *, who: int, quarter: Quarter, now: datetime) -> Iterator[Row]:
    theirs = {"quarter": number_of(quarter), "council": offered[0].council, "who": who, "provider": 0, "amount": 0}
    for one in offered:
        yield theirs | {"kind": FactKind.OFFERED, "category": one.category, "facet": _ROOM[one.capacity]}
    days = (now - min(one.confirmed_at for one in offered)).days
    band = next((band for most, band in _BANDS if days < most), _OLDER)
    yield theirs | {"kind": FactKind.CONFIRMED, "category": ANY_CATEGORY, "facet": band}
