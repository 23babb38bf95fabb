"""Real threads on a real engine, nothing rolled back: who gets the last place, and what happens twice."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts.rules import PersonId
from marketplace.kit.outbox import Message
from marketplace.pooling import services
from marketplace.pooling.jobs import close_lapsed_pools
from marketplace.pooling.models import Pledge, Pool
from marketplace.pooling.rules import PoolStatus
from marketplace.pooling.services import settling
from marketplace.purchasing.models import Arrangement
from tests.factories import accounts, pooling
from tests.races import all_at_once, in_transactions

CROWD = 20
BEFORE = pooling.CLOSES_AT - timedelta(days=1)


def address(pool_id):
    return f"https://example.org/pools/{pool_id}"


def join(pool_id, person_id):
    def act(session):
        services.pledge_to_pool(
            session, pool_id=pool_id, by=PersonId(person_id), wanted=pooling.new_pledge(), called="", now=BEFORE
        )
        return settling.take_stock(session, pool_id=pool_id, address=address, now=BEFORE)

    return act


@pytest.mark.parametrize("places", [1, 7])
def test_of_twenty_last_pledges_exactly_as_many_as_fit_are_accepted(real_app, arrange, places):
    def prepare(session):
        already = [accounts.person(session) for _ in range(3)]
        pool = pooling.pool(session, people=already, minimum_people=3 + places)
        return pool.id, [accounts.person(session).id for _ in range(CROWD)]

    pool_id, crowd = arrange(prepare)
    outcomes = in_transactions(real_app, [join(pool_id, person_id) for person_id in crowd])

    refused = [it for it in outcomes if isinstance(it, services.PoolClosedError)]
    assert len(refused) == CROWD - places
    assert outcomes.count(PoolStatus.CONFIRMED) == 1
    assert outcomes.count(PoolStatus.OPEN) == places - 1

    def look(session):
        live = select(Pledge.person_id).where(Pledge.pool_id == pool_id, Pledge.withdrawn_at.is_(None))
        made = select(Arrangement.person_id).where(Arrangement.pool_key == pool_id)
        return session.get_one(Pool, pool_id).status, set(session.scalars(live)), list(session.scalars(made))

    status, inside, arranged = arrange(look)
    assert status is PoolStatus.CONFIRMED
    assert len(inside) == 3 + places
    assert sorted(arranged) == sorted(inside)


def test_one_person_in_two_tabs_is_in_once(real_app, arrange):
    def prepare(session):
        pool = pooling.pool(session, people=[accounts.person(session)], minimum_people=9)
        return pool.id, accounts.person(session).id

    pool_id, person_id = arrange(prepare)

    outcomes = in_transactions(real_app, [join(pool_id, person_id)] * 6)
    assert sum(isinstance(it, services.AlreadyInError) for it in outcomes) == 5
    assert arrange(lambda session: session.scalar(select(func.count()).where(Pledge.person_id == person_id))) == 1


def test_a_member_who_leaves_while_the_last_one_joins_is_either_in_or_out(real_app, arrange):
    def prepare(session):
        leaver, stayer, joiner = (accounts.person(session) for _ in range(3))
        pool = pooling.pool(session, people=[leaver, stayer], minimum_people=3)
        return pool.id, leaver.id, joiner.id

    pool_id, leaver, joiner = arrange(prepare)

    def leave(session):
        return services.leave_pool(session, pool_id=pool_id, by=PersonId(leaver), now=BEFORE)

    in_transactions(real_app, [leave, join(pool_id, joiner)])

    def look(session):
        made = list(session.scalars(select(Arrangement.person_id).where(Arrangement.pool_key == pool_id)))
        return session.get_one(Pool, pool_id).status, made

    status, arranged = arrange(look)
    assert (status, len(arranged), leaver in arranged) in {
        (PoolStatus.CONFIRMED, 3, True),
        (PoolStatus.OPEN, 0, False),
    }


def test_the_job_that_closes_lapsed_pools_may_run_twice_and_in_two_places(real_app, arrange):
    def prepare(session):
        people = [accounts.person(session) for _ in range(2)]
        return [pooling.pool(session, people=people).id for _ in range(4)]

    pool_ids = arrange(prepare)
    closed = all_at_once(real_app, [lambda: close_lapsed_pools(pooling.CLOSES_AT)] * 2)
    assert sum(closed) == 4
    with real_app.app_context():
        assert close_lapsed_pools(pooling.CLOSES_AT) == 0

    def look(session):
        statuses = set(session.scalars(select(Pool.status).where(Pool.id.in_(pool_ids))))
        return statuses, session.scalar(select(func.count()).select_from(Message))

    # Two people in each of four pools: eight letters, none twice.
    assert arrange(look) == ({PoolStatus.EXPIRED}, 8)
