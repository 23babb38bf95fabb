"""Questions about baskets and what became of them. Answers are plain frozen data, about the viewer alone."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.budgets.rules import StreamId
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import OfferId
from marketplace.kit.money import Money
from marketplace.purchasing import rules
from marketplace.purchasing.models import Arrangement, BasketLine
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus
from marketplace.purchasing.rules.baskets import Wish
from marketplace.purchasing.rules.nouns import BasketLineId, CheckoutId, PayBy


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in a basket, as it was put there. `shares` is what each funding stream was chosen to pay."""

    id: BasketLineId
    offer_id: OfferId
    title: str
    provider_name: str
    wish: Wish
    pay_by: PayBy
    shares: Mapping[StreamId, Money]


@dataclass(frozen=True, slots=True)
class Asked:
    """One arrangement that a checkout made, as it stands now."""

    id: ArrangementId
    title: str
    provider_name: str
    how_much: str
    total: Money
    starts_on: date
    trial_until: date | None
    pay_by: PayBy
    status: ArrangementStatus


def basket_lines(session: Session, *, viewer: Viewer) -> tuple[Line, ...]:
    """Return what is in the viewer's basket, what was put there first at the top. One query."""
    rows = session.execute(
        select(BasketLine, Offer.title, Provider.name)
        .join(Offer, Offer.id == BasketLine.offer_id)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(BasketLine.person_id == viewer.person_id)
        .order_by(BasketLine.added_at, BasketLine.id)
    )
    return tuple(
        Line(
            id=it.id,
            offer_id=it.offer_id,
            title=title,
            provider_name=name,
            wish=Wish(
                kind=it.kind,
                what=it.what,
                quantity=it.quantity,
                starts_on=it.starts_on,
                rate=it.rate,
                weeks=it.weeks,
                trial_weeks=it.trial_weeks,
            ),
            pay_by=it.pay_by,
            shares={StreamId(uuid.UUID(stream)): Money(pence) for stream, pence in it.shares.items()},
        )
        for it, title, name in rows
    )


def line_of_offer(session: Session, *, viewer: Viewer, offer_id: OfferId) -> BasketLineId | None:
    """Return the line on which an offer is in the viewer's basket, or None if it is not there."""
    return session.scalars(
        select(BasketLine.id).where(BasketLine.person_id == viewer.person_id, BasketLine.offer_id == offer_id)
    ).first()


def offers_waiting(session: Session, *, viewer: Viewer) -> frozenset[OfferId]:
    """Return the offers about which the viewer waits for an answer: nobody asks for one of them twice."""
    waiting = (Arrangement.person_id == viewer.person_id, Arrangement.status == ArrangementStatus.ASKED)
    return frozenset(session.scalars(select(Arrangement.offer_id).where(*waiting)))


def asked_together(session: Session, *, checkout_id: CheckoutId, viewer: Viewer) -> tuple[Asked, ...]:
    """Return what the viewer asked for at one checkout, in one query. Of anybody else's there is nothing."""
    rows = session.execute(
        select(Arrangement, Provider.name)
        .join(Provider, Provider.id == Arrangement.provider_id)
        .where(Arrangement.checkout_id == checkout_id, Arrangement.person_id == viewer.person_id)
        .order_by(Provider.name, Arrangement.title, Arrangement.id)
    )
    return tuple(
        Asked(
            id=it.id,
            title=it.title,
            provider_name=name,
            how_much=rules.how_much(
                quantity=it.quantity,
                unit=it.unit,
                package_hours=it.package_hours,
                rate=it.rate,
                kind=it.kind,
                weeks=it.weeks,
            ),
            total=it.total,
            starts_on=it.starts_on,
            trial_until=it.trial_until,
            pay_by=it.pay_by,
            status=it.status,
        )
        for it, name in rows
    )
