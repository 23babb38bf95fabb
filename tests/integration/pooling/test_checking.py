"""Is every promise of pools' money asked in SQL, and each row that breaks it named? Each is broken here on purpose."""

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from marketplace.accounts.models import Person
from marketplace.budgets.models import Promise
from marketplace.budgets.services import promising
from marketplace.catalogue.models import Provider
from marketplace.kit.money import Money
from marketplace.payments.rules import Route
from marketplace.pooling.models import Pledge, Pool, PoolMember
from marketplace.pooling.queries.checking import broken_rows, left_waiting
from marketplace.pooling.rules import PoolStatus
from marketplace.pooling.rules.nouns import PledgePart
from marketplace.purchasing.models import Arrangement, ArrangementTerms
from marketplace.purchasing.rules import ArrangementStatus
from tests.factories import accounts as make
from tests.factories import budgets as given
from tests.factories import payments as pay
from tests.factories import pooling as club
from tests.factories import purchasing as buy
from tests.integration.purchasing.test_checking import billed

CLOSED = club.CLOSES_AT
EACH = 66_00
"""Six hours at £11."""


@pytest.fixture
def town(session):
    """Three pools on one offer: one open, with a promise behind a pledge; one going ahead and paid for; one failed."""
    return Town(session)


class Town:
    """`open`, `kept` and `failed` are pools; each has three people, and the first of them has a budget."""

    def __init__(self, session):
        self.session = session
        self.offer = club.offer_for_groups(session)
        self.organisation_id = session.get(Provider, self.offer.provider_id).organisation_id
        self.ada, self.others = make.person(session, name="Ada"), [make.person(session) for _ in range(2)]
        [self.stream] = given.streams(session, given.budget(session, self.ada)).values()
        self.open = self._pool()
        self.promise(self.pledge(self.open).id, EACH)
        self.kept = self._pool(status=PoolStatus.CONFIRMED, closed_at=CLOSED, most_people=3)
        for pledge in self.pledges(self.kept):
            self._keep(pledge)
        self.failed = self._pool(status=PoolStatus.EXPIRED, closed_at=CLOSED)
        for pledge in self.pledges(self.failed):
            pledge.part = PledgePart.RELEASED
        session.flush()

    def _pool(self, **differences):
        it = club.pool(self.session, offer=self.offer, people=[self.ada, *self.others], **differences)
        self.session.add_all(
            PoolMember(id=uuid.uuid4(), pool_id=it.id, person_id=person.id, joined_at=it.opened_at)
            for person in [self.ada, *self.others]
        )
        return it

    def _keep(self, pledge):
        pledge.quantity, pledge.amount = 6, Money(EACH)
        pledge.arrangement_id = self.arrange(self.kept, pledge.person_id).id
        pledge.part = PledgePart.KEPT
        if pledge.person_id == self.ada.id:
            self.promise(pledge.arrangement_id, EACH)

    def arrange(self, pool, person_id, status=ArrangementStatus.ACCEPTED):
        return buy.arrangement(
            self.session, person=self.session.get(Person, person_id), organisation_id=self.organisation_id,
            about=self.offer, status=status, quantity=6, unit_price=club.TOGETHER, pool_key=pool.id,
        )  # fmt: skip

    def promise(self, purpose, pence):
        promising.promise(
            self.session, by=self.ada.id, purpose=purpose, shares={self.stream: Money(pence)}, what="Swimming",
            key=given.key(), now=given.NOW,
        )  # fmt: skip

    def pledges(self, pool):
        return self.session.scalars(sa.select(Pledge).where(Pledge.pool_id == pool.id)).all()

    def pledge(self, pool):
        return next(it for it in self.pledges(pool) if it.person_id == self.ada.id)

    def promise_of(self, purpose):
        return self.session.scalars(sa.select(Promise.id).where(Promise.purpose == purpose)).one()

    def change(self, model, row_id, **values):
        self.session.execute(sa.update(model).where(model.id == row_id).values(values))
        return row_id

    def paid(self, arrangement_id, pence=EACH):
        it = self.session.get(Arrangement, arrangement_id)
        invoice = billed(self.session, it, pence=pence, line=pence)
        return pay.payment(self.session, invoice_id=invoice.id, by=self.ada.id, amount=Money(pence), route=Route.CASH)


def test_what_is_as_promised_is_not_named(session, town):
    assert broken_rows(session) == ()
    assert left_waiting(session, now=club.CLOSES_AT + timedelta(days=1)) == ()


def for_nothing(town):
    return town.change(Promise, town.promise_of(town.pledge(town.open).id), purpose=uuid.uuid4())


def for_somebody_else(town):
    pledge = town.pledge(town.open)
    other = make.person(town.session)
    town.session.execute(
        sa.update(PoolMember)
        .where(PoolMember.pool_id == town.open.id, PoolMember.person_id == town.ada.id)
        .values(person_id=other.id)
    )
    town.change(Pledge, pledge.id, person_id=other.id)
    return town.promise_of(pledge.id)


def spent_on_a_pledge(town):
    purpose = town.pledge(town.open).id
    promising.spend(town.session, purpose=purpose, amount=Money(100), key=given.key(), note="", now=given.NOW, by=None)
    return town.promise_of(purpose)


def held_by_nobody(town):
    pledge = town.pledge(town.open)
    town.change(Pledge, pledge.id, part=PledgePart.RELEASED)
    return town.promise_of(pledge.id)


def held_after_taking_back(town):
    pledge = town.pledge(town.open)
    town.change(Pledge, pledge.id, withdrawn_at=CLOSED)
    return town.promise_of(pledge.id)


def more_than_at_worst(town):
    pledge = town.pledge(town.open)
    return town.change(Pledge, pledge.id, at_worst=Money(EACH - 1))


def failed_and_waiting(town):
    return town.change(Pledge, town.pledge(town.failed).id, part=PledgePart.WAITING)


def ahead_and_waiting(town):
    town.change(Pool, town.kept.id, minimum_people=2)
    return town.change(Pledge, town.pledge(town.kept).id, part=PledgePart.LEFT_OUT)


def kept_too_early(town):
    pledge = town.pledge(town.open)
    town.promise_of(pledge.id)
    promising.release(town.session, purpose=pledge.id, amount=None, key=given.key(), now=given.NOW, by=town.ada.id)
    arrangement_id = town.arrange(town.open, town.ada.id).id
    return town.change(
        Pledge, pledge.id, part=PledgePart.KEPT, arrangement_id=arrangement_id, quantity=6, amount=Money(EACH)
    )


def for_an_unknown_amount(town):
    return town.change(Pledge, town.pledge(town.open).id, part=PledgePart.INCLUDED)


def pledged_from_outside(town):
    town.session.execute(
        sa.update(PoolMember)
        .where(PoolMember.pool_id == town.open.id, PoolMember.person_id == town.ada.id)
        .values(left_at=CLOSED)
    )
    return town.pledge(town.open).id


def one_too_few(town):
    return town.change(Pool, town.kept.id, minimum_people=4, most_people=4)


def one_too_many(town):
    return town.change(Pool, town.kept.id, minimum_people=2, most_people=2)


def from_another_pool(town):
    pledge = town.pledge(town.kept)
    town.change(Arrangement, pledge.arrangement_id, pool_key=uuid.uuid4())
    return pledge.id


def more_than_pledged(town):
    pledge = town.pledge(town.kept)
    town.session.execute(
        sa.update(ArrangementTerms)
        .where(ArrangementTerms.arrangement_id == pledge.arrangement_id)
        .values(quantity=7, total=club.TOGETHER * 7)
    )
    return pledge.id


def arranged_in_a_failed_pool(town):
    arrangement_id = town.arrange(town.failed, town.ada.id).id
    return town.change(Pledge, town.pledge(town.failed).id, arrangement_id=arrangement_id) and arrangement_id


def arranged_for_nobody(town):
    return town.arrange(town.open, make.person(town.session).id).id


def paid_for_a_failed_pool(town):
    arrangement_id = town.arrange(town.failed, town.ada.id, ArrangementStatus.CANCELLED).id
    town.change(Pledge, town.pledge(town.failed).id, arrangement_id=arrangement_id)
    return town.paid(arrangement_id).id


def paid_more_than_pledged(town):
    pledge = town.pledge(town.kept)
    town.paid(pledge.arrangement_id, EACH + 1)
    return pledge.id


BREAKS = [
    (for_nothing, "promise", "what money is promised for is an arrangement or a pledge"),
    (for_somebody_else, "promise", "a person's budget stands behind that person's pledges"),
    (spent_on_a_pledge, "promise", "nothing is spent on a pledge"),
    (held_by_nobody, "promise", "a pledge that binds nobody holds no money"),
    (held_after_taking_back, "promise", "a pledge that binds nobody holds no money"),
    (more_than_at_worst, "pledge", "no more is promised for a pledge than it costs at worst"),
    (failed_and_waiting, "pledge", "a pool that failed has let every pledge go"),
    (ahead_and_waiting, "pledge", "a pool that goes ahead has kept each pledge or let it go"),
    (kept_too_early, "pledge", "what is pledged is kept only where a pool goes ahead"),
    (for_an_unknown_amount, "pledge", "whoever is to pay knows how much for how much"),
    (pledged_from_outside, "pledge", "whoever pledges is in the pool"),
    (one_too_few, "pool", "a pool goes ahead with as many people as it needs"),
    (one_too_many, "pool", "a pool takes no more people than there is room for"),
    (from_another_pool, "pledge", "what came of a pledge is that person's, from that pool"),
    (more_than_pledged, "pledge", "nobody agrees to more than they pledged"),
    (arranged_in_a_failed_pool, "arrangement", "nothing is arranged by a pool that failed"),
    (arranged_for_nobody, "arrangement", "what a pool arranges comes of a pledge"),
    (paid_for_a_failed_pool, "payment", "nobody pays for a pool that failed"),
    (paid_more_than_pledged, "pledge", "nobody pays more than they pledged"),
]  # fmt: skip


@pytest.mark.parametrize(("broken", "kind", "promise"), BREAKS, ids=[it[0].__name__ for it in BREAKS])
def test_the_check_names_the_row_that_breaks_a_promise(session, town, broken, kind, promise):
    row_id = broken(town)
    session.flush()
    named = broken_rows(session)
    assert [(it.promise, it.kind, it.row_id) for it in named] == [(promise, kind, row_id)]


@pytest.mark.parametrize(
    ("changes", "promise"),
    [
        ({}, "a pool is settled when its last day has passed"),
        (
            {"status": PoolStatus.REPAIRING, "closed_at": CLOSED, "repair_until": CLOSED},
            "a pool is settled when the days to repair are over",
        ),
        (
            {"status": PoolStatus.RECONSENT, "closed_at": CLOSED, "reconsent_until": CLOSED},
            "a pool is settled when the days to agree are over",
        ),
    ],
)
def test_a_pool_that_nobody_settles_is_named(session, town, changes, promise):
    if changes:
        town.change(Pool, town.open.id, **changes)
    named = left_waiting(session, now=CLOSED + timedelta(days=2, seconds=1))
    assert [(it.promise, it.kind, it.row_id) for it in named] == [(promise, "pool", town.open.id)]
