"""What becomes of pools: a fact for each member, and none about people who only look for each other."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.kit.facts import Fact, FactKind
from marketplace.pooling import services
from marketplace.pooling.models import Pool
from marketplace.pooling.rules import PoolStatus
from marketplace.pooling.rules.nouns import EndReason, MemberRole, PoolOrigin
from marketplace.pooling.services import closing, parting, settling
from tests.factories import accounts, finding, pooling
from tests.factories.facts import kinds, said

SPORT = "sport-and-leisure"
TRAFFORD = "E08000009"
POOLS = (FactKind.POOL_OPENED, FactKind.POOL_MET, FactKind.POOL_FAILED)


@pytest.fixture
def people(session):
    return [accounts.person(session, name=name, lives_in=TRAFFORD) for name in ("Sam", "Ada", "Bo")]


@pytest.fixture
def open_with(session, people, now):
    """Open a pool of three, let so many people pledge, and let its days pass."""

    def open_with(number):
        offer = pooling.offer_for_groups(session)
        pool_id = services.open_pool(session, offer_id=offer.id, by=people[0].id, wanted=pooling.new_pool(), now=now)
        for person in people[:number]:
            services.pledge_to_pool(
                session, pool_id=pool_id, by=person.id, wanted=pooling.new_pledge(), called="", now=now
            )
        later = now + timedelta(days=100)
        closing.close_lapsed_pool(session, pool_id=pool_id, address=str, now=later)
        settling.take_stock(session, pool_id=pool_id, address=str, now=later)
        return session.get_one(Pool, pool_id).status

    return open_with


def test_everybody_counts_as_they_come_and_when_it_goes_ahead_with_what_it_costs_them(session, open_with):
    assert open_with(3) is PoolStatus.CONFIRMED
    assert said(session, *POOLS) == [
        *[(FactKind.POOL_OPENED, SPORT, "", 0)] * 3,
        *[(FactKind.POOL_MET, SPORT, "", 0)] * 3,
    ]
    agreed = [kind for kind in kinds(session) if kind not in POOLS]
    assert agreed == [FactKind.ASKED, FactKind.AGREED, FactKind.PRICED] * 3
    assert len(set(session.scalars(select(Fact.who)))) == 6, "three people, in each of two quarters"


def test_with_too_few_everybody_counts_among_those_whose_pool_came_to_nothing(session, open_with):
    assert open_with(2) is PoolStatus.EXPIRED
    assert said(session) == [
        *[(FactKind.POOL_OPENED, SPORT, "", 0)] * 2,
        *[(FactKind.POOL_FAILED, SPORT, EndReason.TOO_FEW, 0)] * 2,
    ]


@pytest.mark.parametrize(("began_from", "times"), [(PoolOrigin.WISH, 2), (PoolOrigin.INTEREST, 0)])
def test_of_pools_that_nobody_could_pledge_to_only_a_wish_counts_when_it_ends(session, people, now, began_from, times):
    sam, ada, bo = people
    pool = finding.draft(session, sam, began_from=began_from, opened_at=now)
    finding.member(session, pool, ada)
    finding.member(session, pool, bo, role=MemberRole.FACILITATOR)
    parting.end_draft(
        session, pool_id=pool.id, by=sam.id, reason=EndReason.PROVIDER_GONE, words="Nobody came.", address=str, now=now
    )
    assert said(session) == [(FactKind.POOL_FAILED, SPORT, EndReason.PROVIDER_GONE, 0)] * times
