"""
Kill -9 at every step of a pool that gets ready, then start again: does each pay once, or nobody anything?

A process of its own is killed before or after each of its commits, or while Stripe has or has not done what it was
asked. Then the jobs run as if nothing had been. Nothing of the product knows of this. With POOL_KILLS=all also at those
points that come out as their neighbours do.
"""

import os
import time

import pytest

from marketplace.payments.models import Refund
from marketplace.payments.rules import RefundStatus
from marketplace.pooling.rules import PoolStatus
from marketplace.pooling.services import repairing
from marketplace.purchasing.rules.nouns import PayBy
from tests.integration.pooling import club as clubs
from tests.integration.pooling.club import opened_club
from tests.killing import killed, opened_till
from tests.stripe_fake import StripeFake

INTENTS, METHODS, REFUNDS = (f"/v1/{name}" for name in ("payment_intents", "payment_methods", "refunds"))
MADE = {INTENTS: "payment_intent", METHODS: "payment_method", REFUNDS: "refund"}
REFUSED = "pm_card_chargeCustomerFail"


@pytest.fixture(scope="module")
def till():
    """A process that begins others."""
    with opened_till("tests.integration.pooling.till") as process:
        yield process


@pytest.fixture
def club(new_app):
    """Three people, the first two with cards that pay."""
    with StripeFake() as fake, opened_club(new_app, fake, people=3) as club:
        for person in club.people[:2]:
            club.save_card(person)
        yield club


@pytest.fixture
def kill(club, till):
    """Return a function that runs a step in a process of its own, and kills it where it is told to."""

    def run(step, at, pool_id):
        before = {kind: club.fake.count(kind) for kind in MADE.values()}

        def wait_until_done(path):
            deadline = time.monotonic() + 60
            while club.fake.count(MADE[path]) == before[MADE[path]]:
                assert time.monotonic() < deadline, f"Stripe never did {path}"
                time.sleep(0.02)

        killed(
            till, step, at, app=club.app, fake=club.fake, now=club.now, about=(pool_id, club.people[0].id),
            wait_until_done=wait_until_done,
        )  # fmt: skip

    return run


def each(points, *, rarely=()):
    chosen = [*points, *(rarely if os.environ.get("POOL_KILLS") == "all" else ())]
    return pytest.mark.parametrize("at", chosen, ids=lambda at: f"{at[0]}-{at[1]}")


def full_pool(club, *, third=PayBy.BANK_TRANSFER, **ladder):
    """Open a pool and let all three pledge: two by card, so that nothing is left to wait for."""
    pool_id = club.open_pool(ladder.pop("steps", {3: 10_00}), minimum=ladder.pop("minimum", 3), most=3, **ladder)
    for person, route in zip(club.people, (PayBy.CARD, PayBy.CARD, third), strict=True):
        club.pass_time(seconds=1)
        club.pledge(person, pool_id, pay_by=route)
    assert club.status(pool_id) is PoolStatus.TIPPING
    return pool_id


def goes_on(club, pool_id):
    """Let the jobs run as often as they would in an hour. Return where the pool stands, its books checked."""
    for _ in range(3):
        club.pass_time(minutes=20)
        club.take_stock()
    assert club.is_clean()
    return club.status(pool_id)


def paid(club, pool_id, *pence):
    """Hold if each of these people has paid so much by card, as Stripe's books say, and nobody else anything."""
    expected = {person.id: amount for person, amount in zip(club.people, pence, strict=False) if amount}
    return dict(club.moved(pool_id)) == expected


GETTING_READY = [
    ("before", 1),  # nothing is asked of anybody's card
    ("after", 1),  # both are asked, and no charge has begun
    ("after", 2),  # the first charge is begun, and Stripe has heard nothing
    ("stall_after", METHODS),
    ("stall_after", INTENTS),  # money of the first has moved, and nobody knows
    ("after", 3),  # one has paid, the other has not
    ("after", 5),  # both have paid, and the pool is not certain yet
    ("after", 6),  # it goes ahead
]
BETWEEN = [
    ("before", 2),
    ("stall_before", METHODS),
    ("stall_before", INTENTS),
    ("before", 3),
    ("after", 4),
    ("before", 5),
    ("before", 6),
]


@each(GETTING_READY, rarely=BETWEEN)
def test_each_pays_once_wherever_it_is_killed_while_cards_are_charged(club, kill, at):
    pool_id = full_pool(club)
    kill("settle", at, pool_id)
    assert goes_on(club, pool_id) is PoolStatus.CONFIRMED
    assert paid(club, pool_id, 10_00, 10_00)
    assert club.standing() == {"left": 6 * clubs.GRANTED - 30_00, "promised": 10_00, "spent": 20_00}
    assert sum(it.startswith("Paid: £10.00") for it in club.letters()) == 2


@pytest.mark.once
@each([("stall_after", INTENTS)], rarely=[("after", 2), ("before", 3)])
def test_each_pays_once_even_if_nobody_looks_for_two_days(club, kill, at):
    pool_id = full_pool(club)
    kill("settle", at, pool_id)
    club.pass_time(hours=49)
    assert goes_on(club, pool_id) is PoolStatus.CONFIRMED
    assert paid(club, pool_id, 10_00, 10_00)


@pytest.mark.once
@each([("after", 1)], rarely=[("before", 1)])
def test_a_pool_closes_once_on_its_day(club, kill, at):
    pool_id = club.open_pool({2: 10_00, 3: 9_00})
    club.pledge(club.people[0], pool_id)
    club.pledge(club.people[1], pool_id, pay_by=PayBy.BANK_TRANSFER, price=12_00)
    club.pass_time(days=15)
    kill("close", at, pool_id)
    assert goes_on(club, pool_id) is PoolStatus.CONFIRMED
    assert paid(club, pool_id, 10_00)


@pytest.mark.once
@each([("after", 1)], rarely=[("before", 1)])
def test_weekly_support_goes_ahead_once(club, kill, at):
    pool_id = full_pool(club, weeks=4)
    kill("settle", at, pool_id)
    assert goes_on(club, pool_id) is PoolStatus.CONFIRMED
    assert paid(club, pool_id)
    assert club.standing() == {"left": 6 * clubs.GRANTED - 120_00, "promised": 120_00, "spent": 0}


@pytest.fixture
def refused(club):
    """A pool of three: the first two have paid, the third's card is refused, and their time to put it right is over."""

    def arrange(**ladder):
        club.save_card(club.people[2], REFUSED)
        pool_id = full_pool(club, third=PayBy.CARD, **ladder)
        assert goes_on(club, pool_id) is PoolStatus.REPAIRING
        club.pass_time(days=7)
        return pool_id

    return arrange


@each([("after", 1)], rarely=[("before", 1)])
def test_everybody_is_let_go_once_when_a_card_stays_refused(club, kill, refused, at):
    pool_id = refused()
    kill("settle", at, pool_id)
    assert goes_on(club, pool_id) is PoolStatus.EXPIRED
    it_cost_nobody_a_penny(club, pool_id)


@each(
    [("stall_before", REFUNDS), ("stall_after", REFUNDS), ("after", 1)],
    rarely=[("before", 1), ("before", 2), ("after", 2)],
)
def test_everybody_is_repaid_once_wherever_it_is_killed(club, kill, refused, at):
    pool_id = refused()
    club.settle()
    assert club.status(pool_id) is PoolStatus.EXPIRED
    kill("give_back", at, pool_id)
    assert goes_on(club, pool_id) is PoolStatus.EXPIRED
    it_cost_nobody_a_penny(club, pool_id)


def it_cost_nobody_a_penny(club, pool_id):
    assert paid(club, pool_id)
    assert [it.status for it in club.all_of(Refund)] == [RefundStatus.SUCCEEDED] * 2
    assert club.standing() == {"left": 6 * clubs.GRANTED, "promised": 0, "spent": 0}


DEARER = [
    ("after", 1),  # both have said yes, and the difference is on an invoice
    ("stall_after", INTENTS),
    ("after", 3),
    ("before", 6),
]


@each(DEARER, rarely=[("before", 1), ("after", 2), ("stall_before", INTENTS), ("before", 3), ("after", 6)])
def test_the_difference_to_a_dearer_price_is_paid_once(club, kill, refused, at):
    pool_id = refused(steps={2: 14_00, 3: 10_00}, minimum=2)
    assert goes_on(club, pool_id) is PoolStatus.RECONSENT
    for person in club.people[:2]:
        club.do(repairing.agree_to_price, pool_id=pool_id, by=person.id, pence=14_00)
    assert paid(club, pool_id, 10_00, 10_00)
    kill("settle", at, pool_id)
    assert goes_on(club, pool_id) is PoolStatus.CONFIRMED
    assert paid(club, pool_id, 14_00, 14_00)
    assert club.standing() == {"left": 6 * clubs.GRANTED - 28_00, "promised": 0, "spent": 28_00}


@pytest.mark.once
@each([("after", 1)], rarely=[("before", 1)])
def test_whoever_leaves_while_it_gets_ready_is_out_once_or_not_at_all(club, kill, at):
    club.save_card(club.people[2], REFUSED)
    pool_id = full_pool(club, third=PayBy.CARD, steps={2: 10_00, 4: 9_00}, minimum=2)
    assert goes_on(club, pool_id) is PoolStatus.REPAIRING
    kill("leave", at, pool_id)
    club.save_card(club.people[2])
    club.try_again(club.people[2], pool_id)
    assert goes_on(club, pool_id) is PoolStatus.CONFIRMED
    is_in = at[0] == "before"
    assert paid(club, pool_id, 10_00 if is_in else 0, 10_00, 10_00)
