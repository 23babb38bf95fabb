"""What somebody does with their basket: puts something in, changes it, says who pays, takes it out."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId, Viewer
from marketplace.accounts.services import take_turns
from marketplace.budgets.rules import StreamId
from marketplace.catalogue.rules import OfferId
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError
from marketplace.kit.money import Money
from marketplace.kit.sentences import worded
from marketplace.purchasing.models import Arrangement, BasketLine
from marketplace.purchasing.queries.baskets import basket_lines
from marketplace.purchasing.rules.baskets import MOST_LINES, Wish
from marketplace.purchasing.rules.nouns import BasketLineId, PayBy
from marketplace.purchasing.services.paying import PaymentWanted, TakesCards, money_chosen
from marketplace.purchasing.services.pricing_baskets import price_wish


class LineNotFoundError(NotFoundError):
    """There is no such line, or it is in somebody else's basket."""


class InBasketAlreadyError(DomainError):
    """The offer is in the basket. Nobody asks for one twice at a time."""


class BasketFullError(DomainError):
    """More in one basket than anybody can check."""


def put_in_basket(
    session: Session, *, offer_id: OfferId, by: Viewer, wish: Wish, now: datetime, key: uuid.UUID
) -> BasketLineId:
    """
    Put something in a basket, to be asked for later. Idempotent: the same key puts it in once.

    :raises DomainError: as `price_request`, if it could not be asked for as it stands.
    :raises InBasketAlreadyError: if the offer is in the basket.
    :raises BasketFullError: if the basket holds as much as it can.
    """
    person_id = _signed_in(by)
    take_turns(session, person_id=person_id)
    request = price_wish(session, offer_id=offer_id, by=person_id, wish=wish, now=now)
    lines = basket_lines(session, viewer=by)
    if any(line.id == key for line in lines):
        # The button pressed twice, or somebody who went back to change something.
        _write(session.get_one(BasketLine, key), wish, what=request.what)
        return BasketLineId(key)
    if any(line.offer_id == offer_id for line in lines):
        raise InBasketAlreadyError("This is in your basket already. Change it there.")
    if len(lines) >= MOST_LINES:
        raise BasketFullError(
            worded("A basket holds up to {most_lines} things. Ask for these first, then go on.", most_lines=MOST_LINES)
        )
    # A line becomes the arrangement of its id, so a page that is sent again after the checkout is another line.
    is_spent = session.get(BasketLine, key) or session.get(Arrangement, key)
    it = BasketLine(
        id=BasketLineId(uuid.uuid4() if is_spent else key),
        person_id=person_id,
        offer_id=offer_id,
        pay_by=PayBy.BANK_TRANSFER,
        shares={},
        added_at=now,
    )
    _write(it, wish, what=request.what)
    session.add(it)
    session.flush()
    return it.id


def change_line(session: Session, *, line_id: BasketLineId, by: Viewer, wish: Wish, now: datetime) -> None:
    """
    Change what somebody means to ask for. Who pays stays as it was, in the same proportion.

    :raises LineNotFoundError: if it is not in their basket.
    :raises DomainError: as `price_request`, if it could not be asked for as it stands.
    """
    it = _locked_line(session, line_id=line_id, by=by)
    request = price_wish(session, offer_id=it.offer_id, by=_signed_in(by), wish=wish, now=now)
    _write(it, wish, what=request.what)


def choose_payment(
    session: Session,
    *,
    line_id: BasketLineId,
    by: Viewer,
    first: StreamId | None,
    second: StreamId | None,
    second_pays: Money | None,
    pay_by: PayBy,
    takes_cards: TakesCards,
    now: datetime,
) -> None:
    """
    Say who pays for something in a basket: one or two funding streams, or no budget here; and by which way.

    :raises LineNotFoundError: if it is not in their basket.
    :raises PaymentUnclearError: if it cannot be paid so; `field` says which answer will not do.
    :raises DomainError: as `price_request`, if it can no longer be asked for.
    """
    it = _locked_line(session, line_id=line_id, by=by)
    request = price_wish(session, offer_id=it.offer_id, by=_signed_in(by), wish=_wish_of(it), now=now)
    shares = money_chosen(
        session,
        by=by,
        total=request.total,
        organisation_id=request.offer.organisation_id,
        wanted=PaymentWanted(first=first, second=second, second_pays=second_pays, pay_by=pay_by),
        takes_cards=takes_cards,
    )
    it.shares = {str(stream_id): amount.pence for stream_id, amount in shares.items()}
    it.pay_by = pay_by


def take_out(session: Session, *, line_id: BasketLineId, by: Viewer) -> None:
    """
    Take something out of a basket.

    :raises LineNotFoundError: if it is not in their basket.
    """
    session.delete(_locked_line(session, line_id=line_id, by=by))


def _locked_line(session: Session, *, line_id: BasketLineId, by: Viewer) -> BasketLine:
    take_turns(session, person_id=_signed_in(by))
    it = session.get(BasketLine, line_id)
    if it is None or it.person_id != by.person_id:
        raise LineNotFoundError("That is not in your basket. You may have asked for it already.")
    return it


def _signed_in(by: Viewer) -> PersonId:
    if by.person_id is None:
        raise NotAllowedError("Sign in to use your basket.")
    return by.person_id


def _wish_of(it: BasketLine) -> Wish:
    return Wish(
        kind=it.kind,
        what=it.what,
        quantity=it.quantity,
        starts_on=it.starts_on,
        rate=it.rate,
        weeks=it.weeks,
        trial_weeks=it.trial_weeks,
    )


def _write(it: BasketLine, wish: Wish, *, what: str) -> None:
    it.kind, it.what, it.quantity, it.starts_on = wish.kind, what, wish.quantity, wish.starts_on
    it.rate, it.weeks, it.trial_weeks = wish.rate, wish.weeks, wish.trial_weeks
