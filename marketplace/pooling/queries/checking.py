"""Do pools keep what they promise about money? Every promise is a question that names each row breaking it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, func, literal, or_, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.budgets.models import Budget, FundingStream, Promise
from marketplace.budgets.queries.checking import Broken, named
from marketplace.catalogue.rules import Unit
from marketplace.kit.model import Pence
from marketplace.kit.money import ZERO
from marketplace.payments.models import Payment, Refund
from marketplace.payments.rules import RefundStatus
from marketplace.pooling.models import Pledge, Pool, PoolMember, SharedVisit, SharedVisitMember
from marketplace.pooling.rules import GOES_AHEAD, PoolStatus
from marketplace.pooling.rules.nouns import PledgePart, SharedVisitStatus
from marketplace.purchasing.models import Arrangement, ArrangementTerms, Invoice, Visit
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.nouns import TermsStatus, VisitStatus

_NOTHING = literal(ZERO, Pence())
_FAILED = (PoolStatus.EXPIRED, PoolStatus.WITHDRAWN)
_WENT_AHEAD = (*sorted(GOES_AHEAD), PoolStatus.ENDED)
_TAKEN = (PledgePart.INCLUDED, PledgePart.KEPT)
_BINDS_NOBODY = or_(Pledge.part.in_((PledgePart.RELEASED, PledgePart.KEPT)), Pledge.withdrawn_at.is_not(None))
LATE = timedelta(days=2)
"""After this long the job that settles pools should have done what the day asked for."""


def broken_rows(session: Session) -> tuple[Broken, ...]:
    """Return every row of pools that breaks a promise about money, by name. An empty answer is clean books."""
    return named(session, _promises())


def left_waiting(session: Session, *, now: datetime) -> tuple[Broken, ...]:
    """Return the pools for which something should have happened two days ago, and has not."""
    late = now - LATE
    questions = (
        ("a pool is settled when its last day has passed", _is(PoolStatus.OPEN), Pool.closes_at),
        ("a pool is settled when the days to repair are over", _is(PoolStatus.REPAIRING), Pool.repair_until),
        ("a pool is settled when the days to agree are over", _is(PoolStatus.RECONSENT), Pool.reconsent_until),
    )
    return named(
        session, ((words, "pool", select(Pool.id).where(is_so, day < late)) for words, is_so, day in questions)
    )


@cache
def _promises() -> tuple[tuple[str, str, Select[Any]], ...]:
    """Every promise of pools, the kind of row that can break it, and which rows do."""
    # Written once: writing these questions takes several times as long as asking them of small books.
    return (*_of_budgets(), *_of_pools(), *_of_arrangements(), *_of_payments(), *_of_visits_together())


def _of_budgets() -> Iterator[tuple[str, str, Select[Any]]]:
    for_what = (
        select(Promise.id)
        .join(Arrangement, Arrangement.id == Promise.purpose, isouter=True)
        .join(Pledge, Pledge.id == Promise.purpose, isouter=True)
    )
    yield (
        "what money is promised for is an arrangement or a pledge",
        "promise",
        for_what.where(Arrangement.id.is_(None), Pledge.id.is_(None)),
    )
    of_pledges = select(Promise.id).join(Pledge, Pledge.id == Promise.purpose)
    yield (
        "a person's budget stands behind that person's pledges",
        "promise",
        of_pledges.join(FundingStream, FundingStream.id == Promise.stream_id)
        .join(Budget, Budget.id == FundingStream.budget_id)
        .where(Pledge.person_id != Budget.person_id),
    )
    yield "nothing is spent on a pledge", "promise", of_pledges.where(Promise.spent != ZERO)
    yield (
        "a pledge that binds nobody holds no money",
        "promise",
        of_pledges.where(_BINDS_NOBODY, Promise.promised != ZERO),
    )
    promised = (
        select(Promise.purpose, func.sum(Promise.promised).label("promised")).group_by(Promise.purpose).subquery()
    )
    yield (
        "no more is promised for a pledge than it costs at worst",
        "pledge",
        select(Pledge.id).join(promised, promised.c.purpose == Pledge.id).where(promised.c.promised > Pledge.at_worst),
    )


def _of_pools() -> Iterator[tuple[str, str, Select[Any]]]:
    live = select(Pledge.id).join(Pool, Pool.id == Pledge.pool_id).where(Pledge.withdrawn_at.is_(None))
    yield (
        "a pool that failed has let every pledge go",
        "pledge",
        live.where(Pool.status.in_(_FAILED), Pledge.part != PledgePart.RELEASED),
    )
    yield (
        "a pool that goes ahead has kept each pledge or let it go",
        "pledge",
        live.where(Pool.status.in_(_WENT_AHEAD), Pledge.part.not_in((PledgePart.KEPT, PledgePart.RELEASED))),
    )
    yield (
        "what is pledged is kept only where a pool goes ahead",
        "pledge",
        live.where(Pool.status.not_in(_WENT_AHEAD), Pledge.part == PledgePart.KEPT),
    )
    yield (
        "whoever is to pay knows how much for how much",
        "pledge",
        select(Pledge.id).where(Pledge.part.in_(_TAKEN), or_(Pledge.quantity.is_(None), Pledge.amount.is_(None))),
    )
    members = select(PoolMember.id).where(
        PoolMember.pool_id == Pledge.pool_id, PoolMember.person_id == Pledge.person_id, PoolMember.left_at.is_(None)
    )
    yield (
        "whoever pledges is in the pool",
        "pledge",
        live.where(Pool.status == PoolStatus.OPEN, ~members.exists()),
    )
    kept = func.count(Pledge.id).filter(Pledge.part == PledgePart.KEPT)
    taken = func.count(Pledge.id).filter(Pledge.part.in_(_TAKEN), Pledge.withdrawn_at.is_(None))
    counted = select(Pool.id).join(Pledge, Pledge.pool_id == Pool.id, isouter=True).group_by(Pool.id)
    yield (
        "a pool goes ahead with as many people as it needs",
        "pool",
        counted.where(Pool.status.in_(_WENT_AHEAD)).having(kept < Pool.minimum_people),
    )
    yield "a pool takes no more people than there is room for", "pool", counted.having(taken > Pool.most_people)


def _of_arrangements() -> Iterator[tuple[str, str, Select[Any]]]:
    arranged = select(Pledge.id).join(Arrangement, Arrangement.id == Pledge.arrangement_id)
    yield (
        "what came of a pledge is that person's, from that pool",
        "pledge",
        arranged.where(
            or_(
                Arrangement.person_id != Pledge.person_id,
                Arrangement.pool_key.is_distinct_from(Pledge.pool_id),
            )
        ),
    )
    yield (
        "nobody agrees to more than they pledged",
        "pledge",
        arranged.join(Pool, Pool.id == Pledge.pool_id)
        .join(ArrangementTerms, ArrangementTerms.arrangement_id == Arrangement.id)
        .where(
            ArrangementTerms.status == TermsStatus.AGREED,
            _by_the_pool(ArrangementTerms.proposed_at),
            ArrangementTerms.total > _most(),
        )
        .distinct(),
    )
    yield (
        "nothing is arranged by a pool that failed",
        "arrangement",
        select(Arrangement.id)
        .join(Pool, Pool.id == Arrangement.pool_key)
        .where(
            Pool.status.in_(_FAILED),
            Arrangement.status.in_((ArrangementStatus.ASKED, ArrangementStatus.ACCEPTED, ArrangementStatus.DONE)),
        ),
    )
    yield (
        "what a pool arranges comes of a pledge",
        "arrangement",
        select(Arrangement.id)
        .join(Pool, Pool.id == Arrangement.pool_key)
        .where(~select(Pledge.id).where(Pledge.arrangement_id == Arrangement.id).exists()),
    )


def _of_payments() -> Iterator[tuple[str, str, Select[Any]]]:
    # What a bank would not take back the provider was told of, and gives back in another way.
    sent_back = select(Refund.id).where(Refund.payment_id == Payment.id, Refund.status == RefundStatus.FAILED)
    yield (
        "nobody pays for a pool that failed",
        "payment",
        select(Payment.id)
        .join(Invoice, Invoice.id == Payment.invoice_id)
        .join(Arrangement, Arrangement.id == Invoice.arrangement_id)
        .join(Pool, Pool.id == Arrangement.pool_key)
        .where(Pool.status.in_(_FAILED), Payment.refunded != Payment.amount, ~sent_back.exists()),
    )
    paid = (
        select(func.coalesce(func.sum(Payment.amount - Payment.refunded), _NOTHING))
        .join(Invoice, Invoice.id == Payment.invoice_id)
        .where(Invoice.arrangement_id == Pledge.arrangement_id, _by_the_pool(Invoice.issued_at))
        .correlate(Pledge, Pool)
        .scalar_subquery()
    )
    yield (
        "nobody pays more than they pledged",
        "pledge",
        select(Pledge.id).join(Pool, Pool.id == Pledge.pool_id).where(paid > _most()),
    )


def _of_visits_together() -> Iterator[tuple[str, str, Select[Any]]]:
    shared = (
        select(SharedVisitMember.shared_visit_id, func.sum(SharedVisitMember.share).label("amount"))
        .group_by(SharedVisitMember.shared_visit_id)
        .subquery()
    )
    yield (
        "what a visit together costs is the sum of its shares",
        "shared visit",
        select(SharedVisit.id)
        .join(shared, shared.c.shared_visit_id == SharedVisit.id, isouter=True)
        .where(SharedVisit.status == SharedVisitStatus.HELD, SharedVisit.cost.is_distinct_from(shared.c.amount)),
    )
    yield (
        "a share of a visit together is what its own visit says",
        "visit",
        select(Visit.id)
        .join(SharedVisitMember, SharedVisitMember.visit_id == Visit.id)
        .where(
            Visit.status.in_((VisitStatus.CLAIMED, VisitStatus.QUERIED, VisitStatus.CONFIRMED)),
            or_(
                Visit.amount.is_distinct_from(SharedVisitMember.share),
                Visit.shared_key.is_distinct_from(SharedVisitMember.shared_visit_id),
            ),
        ),
    )
    amount, most = type_coerce(Visit.amount, BigInteger), type_coerce(Pledge.most_price, BigInteger)
    # Half a penny is rounded up, so an hour's price times the minutes may be short by half a penny.
    too_much = case((Arrangement.unit == Unit.HOUR, amount * 60 > most * Visit.minutes + 30), else_=amount > most)
    yield (
        "nobody pays more for a visit together than they pledged for its time",
        "visit",
        select(Visit.id)
        .join(Arrangement, Arrangement.id == Visit.arrangement_id)
        .join(Pledge, Pledge.arrangement_id == Arrangement.id)
        # Whoever agreed to a dearer price since then pays that.
        .where(Visit.shared_key.is_not(None), Arrangement.unit_price <= Pledge.most_price, too_much),
    )


def _by_the_pool(moment: InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
    """Hold for what the pool did itself. What two sides agree on once it is certain may cost more."""
    return or_(Pool.confirmed_at.is_(None), moment <= Pool.confirmed_at)


def _most() -> ColumnElement[Any]:
    """Return the most that somebody said they would pay in all weeks together. The pool is joined."""
    price: InstrumentedAttribute[Any] = Pledge.most_price
    return price * Pledge.most * Pool.weeks


def _is(status: PoolStatus) -> ColumnElement[bool]:
    return Pool.status == status
