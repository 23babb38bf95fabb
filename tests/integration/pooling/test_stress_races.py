"""Real threads on a real engine: hundreds pledge at once, members leave while cards are charged, two machines work."""

import pytest

from marketplace.accounts.rules import PersonId
from marketplace.kit.db import BusyError, transaction
from marketplace.kit.money import Money
from marketplace.payments.models import Charge, Payment, ProviderEvent
from marketplace.payments.rules import ChargeStatus
from marketplace.pooling.rules import PoolStatus
from marketplace.pooling.rules.nouns import PledgePart
from marketplace.pooling.rules.pledging import NewPledge
from marketplace.pooling.services import ending, pledging, settling
from marketplace.purchasing.rules.nouns import PayBy
from tests.integration.pooling import club as clubs
from tests.integration.pooling.club import opened_club
from tests.races import all_at_once
from tests.stripe_fake import StripeFake

CROWD, PLACES = 200, 6


@pytest.fixture
def stripe_fake():
    with StripeFake() as fake:
        yield fake


@pytest.fixture
def club(new_app, stripe_fake):
    """Four people with cards that pay."""
    with opened_club(new_app, stripe_fake, people=4) as club:
        for person in club.people:
            club.save_card(person)
        yield club


def until_it_is_saved(doing):
    """Do something in a transaction, again and again while the database is too busy for it."""

    def run():
        while True:
            try:
                with transaction() as session:
                    return doing(session)
            except BusyError:
                continue

    return run


def test_of_two_hundred_who_pledge_at_once_exactly_as_many_are_in_as_there_is_room_for(new_app, stripe_fake):
    with opened_club(new_app, stripe_fake, people=CROWD) as club:
        pool_id = club.open_pool({2: 12_00, PLACES: 9_00}, most=PLACES)

        def pledge(person):
            # A budget pays for each: whoever does not get in must have nothing set aside.
            wanted = NewPledge(1, 1, Money(12_00), PayBy.BANK_TRANSFER, shares={person.streams[0]: Money(12_00)})
            said = {"pool_id": pool_id, "by": PersonId(person.id), "wanted": wanted, "called": "", "now": club.now}
            return until_it_is_saved(lambda session: pledging.pledge_to_pool(session, **said))

        outcomes = all_at_once(club.app, [pledge(person) for person in club.people])

        assert sum(isinstance(it, pledging.PoolClosedError) for it in outcomes) == CROWD - PLACES
        assert outcomes.count(PoolStatus.OPEN) == PLACES - 1
        assert outcomes.count(PoolStatus.TIPPING) == 1
        assert len(club.pledges(pool_id)) == PLACES
        assert club.standing()["promised"] == PLACES * 12_00
        club.take_stock()
        assert [it.part for it in club.pledges(pool_id)] == [PledgePart.KEPT] * PLACES
        assert club.standing()["promised"] == PLACES * 9_00
        assert club.is_clean()


def tipped(club, steps, *, minimum=2):
    pool_id = club.open_pool(steps, minimum=minimum, most=4)
    for person in club.people:
        club.pass_time(seconds=1)
        club.pledge(person, pool_id)
    assert club.status(pool_id) is PoolStatus.TIPPING
    return pool_id


def leave(club, person, pool_id):
    said = {"pool_id": pool_id, "by": person.id, "address": clubs.address, "now": club.now}
    return until_it_is_saved(lambda session: settling.leave_while_settling(session, **said))


def test_two_machines_that_settle_the_same_pool_charge_each_member_once(club):
    pool_id = tipped(club, {2: 12_00, 4: 9_00})
    all_at_once(club.app, [lambda: [job(club.now) for job in clubs.JOBS]] * 3)
    finish(club)
    assert club.status(pool_id) is PoolStatus.CONFIRMED
    assert club.moved(pool_id) == {person.id: 9_00 for person in club.people}
    assert len(club.all_of(Payment)) == len(club.all_of(Charge)) == 4
    assert sum(it.startswith("Paid: ") for it in club.letters()) == 4


@pytest.mark.parametrize("leavers", [1, 3])
def test_whoever_leaves_while_cards_are_charged_gets_everything_back(club, leavers):
    # One price for all, so that nobody has to be asked again.
    pool_id = tipped(club, {2: 10_00, 5: 9_00})
    out, rest = club.people[:leavers], club.people[leavers:]
    doings = [leave(club, person, pool_id) for person in out]
    outcomes = all_at_once(club.app, [lambda: [job(club.now) for job in clubs.JOBS], *doings])
    finish(club)
    # The pool may have been certain before somebody's request came: then leaving is another thing, and costs are said.
    late = [p.id for p, said in zip(out, outcomes[1:], strict=True) if isinstance(said, settling.PoolMovedOnError)]
    staying = [person.id for person in rest] + late
    fails = club.status(pool_id) is PoolStatus.EXPIRED
    assert fails == (len(staying) < 2)
    assert club.moved(pool_id) == ({} if fails else dict.fromkeys(staying, 10_00))
    assert club.is_clean()


def finish(club):
    """Let the jobs go on until nothing is left to do for them."""
    for _ in range(4):
        club.pass_time(minutes=20)
        club.take_stock()
    assert club.is_clean()


@pytest.mark.parametrize("order", range(2))
def test_webhooks_and_jobs_that_come_at_once_write_down_each_charge_once(club, order):
    pool_id = tipped(club, {2: 12_00, 4: 9_00})
    # Two answers are lost, so that it is the webhooks that tell of the money.
    club.fake.fail("drop_after", "/v1/payment_intents", times=2)
    club.settle()
    assert ChargeStatus.SUCCEEDED in {it.status for it in club.all_of(Charge)}
    all_at_once(
        club.app,
        [lambda: club.hear(copies=3, shuffled=order), lambda: [job(club.now) for job in clubs.JOBS]],
    )
    finish(club)
    club.hear(copies=2, shuffled=order)
    assert club.status(pool_id) is PoolStatus.CONFIRMED
    assert club.moved(pool_id) == {person.id: 9_00 for person in club.people}
    assert len(club.all_of(Payment)) == 4
    assert {it.deliveries for it in club.all_of(ProviderEvent)} >= {3}


def test_a_webhook_that_comes_after_its_pool_has_failed_gives_the_money_back(club):
    pool_id = tipped(club, {4: 9_00}, minimum=4)
    slow, *_others = club.people
    club.save_card(slow, "pm_fake_processing")
    club.take_stock()
    assert club.moved(pool_id) == {person.id: 9_00 for person in club.people[1:]}
    with club.app.app_context():
        leave(club, club.people[3], pool_id)()
    assert club.status(pool_id) is PoolStatus.EXPIRED
    finish(club)
    assert club.moved(pool_id) == {}
    # The bank of the first answers only now that the pool has failed.
    [late] = [it for it in club.fake.world.objects.values() if it.get("status") == "processing"]
    club.fake.settle(late["id"], is_paid=True)
    club.hear(copies=2)
    finish(club)
    assert club.moved(pool_id) == {}
    assert club.standing() == {"left": 8 * clubs.GRANTED, "promised": 0, "spent": 0}


def test_two_jobs_that_see_that_too_few_are_left_write_of_it_once(club):
    pool_id = tipped(club, {2: 12_00, 4: 9_00}, minimum=4)
    finish(club)
    it = club.pledges(pool_id)[0]
    club.do(ending.cancel_arrangement, arrangement_id=it.arrangement_id, by=it.person_id, link=str)
    all_at_once(club.app, [lambda: [job(club.now) for job in clubs.JOBS]] * 3)
    told = [subject for subject in club.letters() if "too few" in subject.lower()]
    assert len(told) == 3
    assert club.is_clean()
