"""Steps of pools, each in a process of its own that may be killed at any moment. Run by the tests of crashes."""

from marketplace.accounts.rules import PersonId
from marketplace.kit.db import transaction
from marketplace.payments.jobs.refunds import finish_refunds
from marketplace.pooling.jobs import close_lapsed_pools
from marketplace.pooling.jobs.settling import settle_pools
from marketplace.pooling.rules import PoolId
from marketplace.pooling.services import settling
from marketplace.pooling.views.blueprint import pool_address
from tests.killing import serve


def close(now, _pool, _person):
    close_lapsed_pools(now)


def settle(now, _pool, _person):
    settle_pools(now)


def give_back(now, _pool, _person):
    finish_refunds(now, at_once=True)


def leave(now, pool, person):
    with transaction() as session:
        settling.leave_while_settling(session, pool_id=PoolId(pool), by=PersonId(person), address=pool_address, now=now)


STEPS = {it.__name__: it for it in (close, settle, give_back, leave)}


if __name__ == "__main__":
    serve(STEPS)
