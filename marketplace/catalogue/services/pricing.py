"""What an offer costs from a day on. A price is never edited, only followed by another."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from marketplace.catalogue import rules
from marketplace.catalogue.models import Offer, OfferPrice
from marketplace.catalogue.queries import prices_of
from marketplace.catalogue.rules import Asking, Price, PriceId, Rate, Unit
from marketplace.catalogue.services.finding import WrongDetailError
from marketplace.kit.days import day_of
from marketplace.kit.money import Money


@dataclass(frozen=True, slots=True)
class _Line:
    """One price of the edition that somebody wants."""

    amount: Money
    unit: Unit
    people_from: int = 1
    rate: Rate = Rate.STANDARD
    hours: Decimal | None = None
    admin: Money | None = None
    overhead: Money | None = None


def follow_price(session: Session, offer: Offer, asking: Asking, *, now: datetime) -> None:
    """
    Let the prices of an offer be followed by others. Saying the same again changes nothing.

    :raises WrongDetailError: if an amount, a step, the hours, a part of the amount or the day will not do. Its field is
        one of `amount`, `evening`, `weekend`, `bank_holiday`, `ladder`, `hours`, `admin`, `overhead`, `begins_on`.
    """
    wanted = _wanted(asking)
    prices = prices_of(session, offer_ids=[offer.id]).get(offer.id, ())
    if [_line(price) for price in rules.price_list(prices, on=asking.begins_on)] == wanted:
        return
    if asking.begins_on < day_of(now):
        raise WrongDetailError("A price begins today or later: what people agreed stays as it was.", field="begins_on")
    edition = max((price.edition for price in prices), default=0) + 1
    session.add_all(
        OfferPrice(
            id=PriceId(uuid.uuid4()),
            offer_id=offer.id,
            amount=line.amount,
            unit=line.unit,
            people_from=line.people_from,
            rate=line.rate,
            hours=line.hours,
            admin=line.admin,
            overhead=line.overhead,
            begins_on=asking.begins_on,
            edition=edition,
        )
        for line in wanted
    )
    session.flush()


def require_price(session: Session, offer: Offer) -> None:
    """
    Make sure that an offer says what it costs.

    :raises WrongDetailError: if it has no price and is not free.
    """
    session.flush()
    if not offer.is_free and not prices_of(session, offer_ids=[offer.id]):
        raise WrongDetailError("Enter a price, or say that it is free.", field="amount")


def _wanted(asking: Asking) -> list[_Line]:
    _refuse(rules.price_problem(asking.amount), field="amount")
    _refuse(rules.hours_problem(asking.hours, unit=asking.unit), field="hours")
    problem = rules.split_problem(amount=asking.amount, admin=asking.admin, overhead=asking.overhead)
    if problem:
        raise WrongDetailError(problem[1], field=problem[0])
    hours = asking.hours if asking.unit in rules.MOST_HOURS else None
    usual = _Line(asking.amount, asking.unit, hours=hours, admin=asking.admin, overhead=asking.overhead)
    return [usual, *_at_other_times(asking, hours), *_in_groups(asking, hours)]


def _at_other_times(asking: Asking, hours: Decimal | None) -> list[_Line]:
    lines = []
    for rate in Rate:
        amount = asking.rates.get(rate)
        if amount is not None and rate is not Rate.STANDARD:
            _refuse(rules.rate_problem(rate, amount, unit=asking.unit), field=rate.value)
            lines.append(_Line(amount, asking.unit, rate=rate, hours=hours))
    return lines


def _in_groups(asking: Asking, hours: Decimal | None) -> list[_Line]:
    _refuse(rules.ladder_problem(asking.ladder, single=asking.amount), field="ladder")
    return [
        _Line(step.amount, asking.unit, people_from=step.people_from, hours=hours)
        for step in sorted(asking.ladder, key=lambda step: step.people_from)
    ]


def _line(price: Price) -> _Line:
    return _Line(
        amount=price.amount,
        unit=price.unit,
        people_from=price.people_from,
        rate=price.rate,
        hours=price.hours,
        admin=price.admin,
        overhead=price.overhead,
    )


def _refuse(problem: str | None, *, field: str) -> None:
    if problem:
        raise WrongDetailError(problem, field=field)
