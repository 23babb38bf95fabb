"""Asking for everything in a basket at once: all of it, or nothing and why."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId, Viewer
from marketplace.accounts.services import take_turns
from marketplace.budgets.services.ledger import lock_budgets
from marketplace.kit.errors import DomainError, NotAllowedError
from marketplace.kit.money import Money
from marketplace.kit.sentences import worded
from marketplace.purchasing.models import Arrangement, BasketLine
from marketplace.purchasing.rules import ArrangementId
from marketplace.purchasing.rules.nouns import BasketLineId, CheckoutId
from marketplace.purchasing.services.asking import ask_for_arrangement
from marketplace.purchasing.services.letters import Address
from marketplace.purchasing.services.paying import TakesCards
from marketplace.purchasing.services.pricing_baskets import PricedBasket, PricedLine, price_basket


class BasketChangedError(DomainError):
    """It no longer holds what the person was shown."""


class CheckoutRefusedError(DomainError):
    """Something in the basket cannot be asked for as it was shown. `problems` says what, for each line."""

    def __init__(self, problems: Mapping[BasketLineId, str]) -> None:
        super().__init__("We have asked for nothing yet, because something has changed. It is said beside each thing.")
        self.problems = problems


def check_out(
    session: Session,
    *,
    by: Viewer,
    agreed: Mapping[BasketLineId, Money],
    key: CheckoutId,
    link: Address,
    takes_cards: TakesCards,
    now: datetime,
) -> CheckoutId:
    """
    Ask for everything in a basket, each line as an arrangement of its own, promise the money and empty the basket.

    `agreed` is what the person was shown that each line costs. Pressed twice, it asks once: the answer is the checkout
    at which the lines were asked for.

    :raises BasketChangedError: if the basket does not hold just what they were shown.
    :raises CheckoutRefusedError: if a line cannot be asked for, or costs something else than they were shown.
    """
    person_id = by.person_id
    if person_id is None:
        raise NotAllowedError("Sign in to use your basket.")
    take_turns(session, person_id=person_id)
    before = _asked_before(session, agreed, by=person_id)
    if before is not None:
        return before
    basket = price_basket(session, by=by, takes_cards=takes_cards, now=now)
    if not agreed or {line.id for line in basket.lines} != set(agreed):
        raise BasketChangedError("Your basket has changed since you opened this page. Check it once more.")
    problems = {line.id: problem for line in basket.lines if (problem := _problem(line, agreed=agreed[line.id]))}
    if problems:
        raise CheckoutRefusedError(problems)
    _lock_all(session, basket)
    for line in basket.lines:
        _ask(session, line, by=person_id, checkout_id=key, link=link, now=now)
        session.delete(session.get_one(BasketLine, line.id))
    session.flush()
    return key


def _asked_before(session: Session, agreed: Mapping[BasketLineId, Money], *, by: PersonId) -> CheckoutId | None:
    return session.scalars(
        select(Arrangement.checkout_id).where(
            Arrangement.id.in_(list(agreed)), Arrangement.person_id == by, Arrangement.checkout_id.is_not(None)
        )
    ).first()


def _problem(line: PricedLine, *, agreed: Money) -> str:
    if line.problems:
        return line.problems[0]
    if line.total != agreed:
        return worded(
            "The price has changed since you opened this page, from {agreed} to {total}.",
            agreed=agreed,
            total=line.total,
        )
    return ""


def _lock_all(session: Session, basket: PricedBasket) -> None:
    """Lock every budget that pays at once, in order, so that two who pay from the same ones never wait in a ring."""
    lock_budgets(session, budget_ids={after.stream.budget_id for after in basket.budgets})


def _ask(
    session: Session, line: PricedLine, *, by: PersonId, checkout_id: CheckoutId, link: Address, now: datetime
) -> None:
    wish = line.line.wish
    try:
        ask_for_arrangement(
            session,
            offer_id=line.line.offer_id,
            by=by,
            what=wish.what,
            quantity=wish.quantity,
            starts_on=wish.starts_on,
            rate=wish.rate,
            kind=wish.kind,
            weeks=wish.weeks,
            trial_weeks=wish.trial_weeks,
            agreed_total=line.total,
            pay_by=line.line.pay_by,
            shares=line.shares,
            arrangement_id=ArrangementId(line.id),
            checkout_id=checkout_id,
            link=link,
            now=now,
        )
    except DomainError as error:
        raise CheckoutRefusedError({line.id: str(error)}) from error
