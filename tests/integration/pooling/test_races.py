"""Real threads on a real engine, nothing rolled back: who gets the last place, and what happens twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.kit.db import transaction
from marketplace.kit.outbox import Message
from marketplace.pooling import services
from marketplace.pooling.jobs import close_lapsed_pools
from marketplace.pooling.models import Pledge, Pool
from marketplace.pooling.rules import PoolStatus
from marketplace.purchasing.models import Arrangement
from tests.factories import accounts, pooling

CROWD = 20
BEFORE = pooling.CLOSES_AT - timedelta(days=1)


def address(pool_id):
    return f"https://example.org/pools/{pool_id}"


@pytest.fixture
def real_app(new_app):
    return new_app()


@pytest.fixture
def arrange(real_app):
    """Return a function that runs in a committed transaction of its own."""

    def run(doing):
        with Session(real_app.extensions["engine"], expire_on_commit=False) as session:
            session.connection(execution_options={"writing": True})
            result = doing(session)
            session.commit()
        return result

    return run


def all_at_once(app, doings):
    """Run every function in its own thread, context and transaction, and return what each did or raised."""
    together = Barrier(len(doings))

    def run(doing):
        together.wait()
        with app.app_context():
            try:
                with transaction() as session:
                    return doing(session)
            except services.PoolClosedError as refusal:
                return refusal

    with ThreadPoolExecutor(len(doings)) as threads:
        return list(threads.map(run, doings))


def join(pool_id, person_id):
    return lambda session: services.pledge_to_pool(
        session, pool_id=pool_id, by=PersonId(person_id), address=address, now=BEFORE
    )


@pytest.mark.parametrize("places", [1, 7])
def test_of_twenty_last_pledges_exactly_as_many_as_fit_are_accepted(real_app, arrange, places):
    def prepare(session):
        already = [accounts.person(session) for _ in range(3)]
        pool = pooling.pool(session, people=already, minimum_people=3 + places)
        return pool.id, [accounts.person(session).id for _ in range(CROWD)]

    pool_id, crowd = arrange(prepare)
    outcomes = all_at_once(real_app, [join(pool_id, person_id) for person_id in crowd])

    refused = [it for it in outcomes if isinstance(it, services.PoolClosedError)]
    assert len(refused) == CROWD - places
    assert outcomes.count(PoolStatus.MET) == 1
    assert outcomes.count(PoolStatus.FORMING) == places - 1

    def look(session):
        live = select(Pledge.person_id).where(Pledge.pool_id == pool_id, Pledge.withdrawn_at.is_(None))
        made = select(Arrangement.person_id).where(Arrangement.pool_key == pool_id)
        return session.get_one(Pool, pool_id).status, set(session.scalars(live)), list(session.scalars(made))

    status, inside, arranged = arrange(look)
    assert status is PoolStatus.MET
    assert len(inside) == 3 + places
    assert sorted(arranged) == sorted(inside)


def test_one_person_in_two_tabs_is_in_once(real_app, arrange):
    def prepare(session):
        pool = pooling.pool(session, people=[accounts.person(session)], minimum_people=9)
        return pool.id, accounts.person(session).id

    pool_id, person_id = arrange(prepare)

    def press(session):
        try:
            return join(pool_id, person_id)(session)
        except services.AlreadyInError as refusal:
            return refusal

    outcomes = all_at_once(real_app, [press] * 6)
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

    all_at_once(real_app, [leave, join(pool_id, joiner)])

    def look(session):
        made = list(session.scalars(select(Arrangement.person_id).where(Arrangement.pool_key == pool_id)))
        return session.get_one(Pool, pool_id).status, made

    status, arranged = arrange(look)
    assert (status, len(arranged), leaver in arranged) in {
        (PoolStatus.MET, 3, True),
        (PoolStatus.FORMING, 0, False),
    }


def test_the_job_that_closes_lapsed_pools_may_run_twice_and_in_two_places(real_app, arrange):
    def prepare(session):
        people = [accounts.person(session) for _ in range(2)]
        return [pooling.pool(session, people=people).id for _ in range(4)]

    pool_ids = arrange(prepare)
    together = Barrier(2)

    def work(_n):
        together.wait()
        with real_app.app_context():
            return close_lapsed_pools(pooling.CLOSES_AT)

    with ThreadPoolExecutor(2) as threads:
        closed = list(threads.map(work, range(2)))
    assert sum(closed) == 4
    with real_app.app_context():
        assert close_lapsed_pools(pooling.CLOSES_AT) == 0

    def look(session):
        statuses = set(session.scalars(select(Pool.status).where(Pool.id.in_(pool_ids))))
        return statuses, session.scalar(select(func.count()).select_from(Message))

    # Two people in each of four pools: eight letters, none twice.
    assert arrange(look) == ({PoolStatus.LAPSED}, 8)
