"""A pool goes ahead: each pledge becomes an arrangement of its own, and the money set aside goes with it."""

import uuid
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.budgets.rules import Purpose, TransferId
from marketplace.budgets.services import promising
from marketplace.catalogue.queries import OfferTerms
from marketplace.kit import audit
from marketplace.kit.days import day_of
from marketplace.kit.money import ZERO, Money
from marketplace.kit.sentences import worded
from marketplace.pooling.models import Pledge, Pool
from marketplace.pooling.rules.nouns import PledgePart, PoolStatus
from marketplace.pooling.rules.pools import known, next_status
from marketplace.pooling.services import settling_letters as letters
from marketplace.pooling.services.counting import count_met
from marketplace.pooling.services.letters import PoolAddress
from marketplace.pooling.services.releasing import let_go
from marketplace.pooling.services.tipping import hopeful_pledges, price_told
from marketplace.purchasing.rules import ArrangementId
from marketplace.purchasing.rules.nouns import ArrangementKind
from marketplace.purchasing.services import for_pools
from marketplace.purchasing.services.making import make_arrangement_for_pool

_NO_ROOM = "There was no room for everybody, or the price came out above the most you said you would pay."


def confirm_pool(session: Session, *, pool: Pool, terms: OfferTerms, address: PoolAddress, now: datetime) -> None:
    """
    Let a pool go ahead whose members' ways to pay are all ready. The pool is locked.

    Whoever is included has an arrangement, the rest of what they had promised is free, and those left out are released.
    """
    pool.starts_on = max(known(pool.starts_on), day_of(now))
    pool.status, pool.confirmed_at = next_status(status=pool.status, wanted=PoolStatus.CONFIRMED), now
    pool.repair_until = pool.reconsent_until = None
    people: list[PersonId] = []
    for pledge in hopeful_pledges(session, pool=pool):
        if pledge.part is not PledgePart.INCLUDED:
            repaid = let_go(session, pledge=pledge, by=None, now=now)
            letters.tell_of_going_on_without(
                session, pool=pool, person_id=pledge.person_id, why=_NO_ROOM, repaid=repaid, now=now
            )
            continue
        _keep(session, pool, pledge, terms=terms, now=now)
        letters.tell_of_going_ahead(session, pool=pool, pledge=pledge, address=address, now=now)
        people.append(pledge.person_id)
    session.flush()
    count_met(session, pool, people, now=now)
    audit.record(session, by=None, did="confirmed", to_kind="pool", to_id=pool.id, now=now)
    letters.tell_provider_of_going_ahead(
        session, pool=pool, organisation_id=known(terms.organisation_id), people=len(people), address=address, now=now
    )


def ask_of_card(session: Session, *, pool: Pool, pledge: Pledge, terms: OfferTerms, now: datetime) -> bool:
    """
    Ask a card for all that somebody pays for a one-off thing or a package, and return whether anything was new.

    The arrangement waits for its pool. All that was promised for the pledge stands behind it until the pool is
    confirmed: the price may still have to rise, with their yes.
    """
    if known(pledge.amount) == ZERO:
        return False
    if pledge.arrangement_id is None:
        arrange(session, pool=pool, pledge=pledge, terms=terms, waits=True, hand_over=pledge.at_worst, now=now)
    invoice_id = for_pools.invoice_for_pool(session, arrangement_id=known(pledge.arrangement_id), now=now)
    return invoice_id is not None


def arrange(
    session: Session,
    *,
    pool: Pool,
    pledge: Pledge,
    terms: OfferTerms,
    waits: bool,
    hand_over: Money,
    now: datetime,
) -> ArrangementId:
    """Make the arrangement of one pledge, and hand over to it what was promised: so much, and the rest is free."""
    arrangement_id = make_arrangement_for_pool(
        session,
        # Whatever the provider asks today, people get what they were told.
        terms=replace(terms, unit=pool.unit),
        unit_price=price_told(pledge),
        quantity=known(pledge.quantity),
        person_id=pledge.person_id,
        pool_key=pool.id,
        what=worded("From the pool “{title}”.", title=pool.title),
        starts_on=known(pool.starts_on),
        kind=pool.kind,
        weeks=pool.weeks,
        pay_by=pledge.pay_by,
        waits=waits,
        now=now,
    )
    promising.hand_over(
        session,
        purpose=Purpose(pledge.id),
        to=Purpose(arrangement_id),
        amount=hand_over,
        what=terms.title,
        key=TransferId(uuid.uuid5(pledge.id, "handed over")),
        now=now,
        by=None,
    )
    pledge.arrangement_id = arrangement_id
    session.flush()
    return arrangement_id


def _keep(session: Session, pool: Pool, pledge: Pledge, *, terms: OfferTerms, now: datetime) -> None:
    if pledge.arrangement_id is None:
        cost = known(pledge.amount) * pool.weeks
        arrange(session, pool=pool, pledge=pledge, terms=terms, waits=False, hand_over=cost, now=now)
    arrangement_id = known(pledge.arrangement_id)
    if pool.kind is not ArrangementKind.WEEKLY:
        for_pools.invoice_for_pool(session, arrangement_id=arrangement_id, now=now)
    for_pools.confirm_for_pool(session, arrangement_id=arrangement_id, starts_on=known(pool.starts_on), now=now)
    pledge.part, pledge.ready_at = PledgePart.KEPT, pledge.ready_at or now
    pledge.failed_at = pledge.remind_at = pledge.asked_price = pledge.agreed_at = None
    session.flush()
