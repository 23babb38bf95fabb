"""What is paid for support, and from whose money: kept as facts that name nobody."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.services.counting import count_person, take_off
from marketplace.budgets.queries.paying import borne
from marketplace.budgets.rules import TransferId
from marketplace.kit.facts import FactKind
from marketplace.kit.money import ZERO, Money
from marketplace.payments.queries.owing import Owing

NOT_SAID = "not_said"
"""Where money counts that no budget here bears: we were not told whose it is."""


def count_bought(session: Session, of: Owing, *, amount: Money, key: TransferId, now: datetime) -> None:
    """Count what somebody paid for support, stream by stream, once the budgets are charged with `key`."""
    for facet, part in _parts(session, amount, key=key):
        count_person(
            session,
            FactKind.BOUGHT,
            person_id=of.person_id,
            category=of.category,
            provider_id=of.provider_id,
            facet=facet,
            amount=part.pence,
            now=now,
        )


def count_given_back(session: Session, of: Owing, *, amount: Money, key: TransferId, now: datetime) -> None:
    """Take what somebody is given back off what they paid in the same quarter, once the budgets have it back."""
    for facet, part in _parts(session, amount, key=key):
        take_off(
            session,
            FactKind.BOUGHT,
            person_id=of.person_id,
            category=of.category,
            provider_id=of.provider_id,
            facet=facet,
            amount=part.pence,
            now=now,
        )


def _parts(session: Session, amount: Money, *, key: TransferId) -> Iterator[tuple[str, Money]]:
    by_stream = borne(session, key=key)
    yield from ((stream.value, part) for stream, part in by_stream.items())
    rest = amount - sum(by_stream.values(), ZERO)
    if rest > ZERO:
        yield NOT_SAID, rest
