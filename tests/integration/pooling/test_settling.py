"""Does a closed pool charge nobody before all are ready, put right what fails, and lose nobody a penny?"""

from collections import Counter

import pytest

from marketplace.pooling.jobs.settling import try_card_again
from marketplace.pooling.models import Pledge
from marketplace.pooling.rules.nouns import PledgePart, PoolStatus
from marketplace.pooling.services import closing, repairing, settling
from marketplace.purchasing.models import Arrangement, Invoice
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.nouns import PayBy
from tests.integration.pooling.club import address, opened_club
from tests.stripe_fake import StripeFake

BANK = PayBy.BANK_TRANSFER
DECLINES = "pm_card_chargeCustomerFail"


@pytest.fixture
def club(new_app):
    with StripeFake() as fake, opened_club(new_app, fake, people=5) as club:
        yield club


def settle(club, **later):
    """Let time pass, and every job run."""
    if later:
        club.pass_time(**later)
    club.take_stock()
    club.hear()
    club.take_stock()


def tipped(club, people, *, steps=None, cards="pm_card_visa", **how):
    """Return a pool that these people have pledged to, whose last day has passed. Each has saved this card."""
    pool_id = club.open_pool(steps or {2: 1200, 4: 1000}, **how)
    for person in people:
        if cards:
            club.save_card(person, cards)
        club.pledge(person, pool_id)
    settle(club, days=15)
    return pool_id


def parts(club, pool_id):
    return [pledge.part for pledge in club.pledges(pool_id)]


def test_everybody_ready_means_everybody_is_charged_once_and_the_pool_goes_ahead(club):
    pool_id = tipped(club, club.people[:4])
    assert club.status(pool_id) is PoolStatus.CONFIRMED
    assert set(club.moved(pool_id).values()) == {1000}
    assert parts(club, pool_id) == [PledgePart.KEPT] * 4
    # What was promised beyond the price is free again.
    assert club.standing() == {"left": 10 * 50000 - 4000, "promised": 0, "spent": 4000}
    settle(club, hours=1)
    assert sum(club.moved().values()) == 4000
    assert club.is_clean()


def test_nobody_is_charged_while_somebody_has_no_card(club):
    three, late = club.people[:3], club.people[3]
    pool_id = club.open_pool({2: 1200, 4: 1000})
    for person in three:
        club.save_card(person)
        club.pledge(person, pool_id)
    club.pledge(late, pool_id)
    settle(club, days=15)
    assert club.status(pool_id) is PoolStatus.REPAIRING
    assert not club.moved()
    assert not club.all_of(Arrangement)
    assert club.letters(late).count("Your way to pay is not ready: Swimming on Saturdays") == 1
    assert "Your pool is getting ready: Swimming on Saturdays" in club.letters(three[0])
    # Every 48 hours again, and no more often.
    settle(club, hours=47)
    settle(club, hours=2)
    assert club.letters(late).count("Your way to pay is not ready: Swimming on Saturdays") == 2
    club.save_card(late)
    settle(club)
    assert club.status(pool_id) is PoolStatus.CONFIRMED
    assert set(club.moved(pool_id).values()) == {1000}
    assert club.is_clean()


def test_who_is_not_ready_in_time_is_out_and_a_dearer_step_needs_each_yes(club):
    pool_id = club.open_pool({2: 1200, 4: 1000})
    for person in club.people[:3]:
        club.save_card(person)
        club.pledge(person, pool_id)
    club.save_card(club.people[3], DECLINES)
    club.pledge(club.people[3], pool_id)
    settle(club, days=15)
    assert club.status(pool_id) is PoolStatus.REPAIRING
    assert sum(club.moved().values()) == 3000
    settle(club, days=7)
    assert club.status(pool_id) is PoolStatus.RECONSENT
    assert Counter(parts(club, pool_id)) == {PledgePart.INCLUDED: 3, PledgePart.RELEASED: 1}
    assert club.letters(club.people[0]).count("Your pool would cost more: Swimming on Saturdays") == 1
    for person in club.people[:2]:
        club.do(repairing.agree_to_price, pool_id=pool_id, by=person.id, pence=1200)
    settle(club)
    # Nobody pays more before everybody has answered.
    assert sum(club.moved().values()) == 3000
    club.do(repairing.agree_to_price, pool_id=pool_id, by=club.people[2].id, pence=1200)
    settle(club)
    assert club.status(pool_id) is PoolStatus.CONFIRMED
    assert club.moved(pool_id) == {person.id: 1200 for person in club.people[:3]}
    assert club.is_clean()


def test_silence_to_a_dearer_price_is_a_no_and_too_few_are_repaid_in_full(club):
    pool_id = club.open_pool({3: 1200, 4: 1000}, minimum=3)
    for person in club.people[:3]:
        club.save_card(person)
        club.pledge(person, pool_id)
    club.save_card(club.people[3], DECLINES)
    club.pledge(club.people[3], pool_id)
    settle(club, days=15)
    settle(club, days=7)
    club.do(repairing.agree_to_price, pool_id=pool_id, by=club.people[0].id, pence=1200)
    settle(club, days=7)
    assert club.status(pool_id) is PoolStatus.EXPIRED
    assert not club.moved()
    assert club.standing() == {"left": 10 * 50000, "promised": 0, "spent": 0}
    assert {it.status for it in club.all_of(Arrangement)} == {ArrangementStatus.CANCELLED}
    assert "Your pool has ended: Swimming on Saturdays" in club.letters(club.people[0])
    assert club.is_clean()


def test_a_card_that_fails_can_be_repaired_by_another_way_to_pay(club):
    pool_id = club.open_pool({2: 1200, 4: 1000})
    club.save_card(club.people[0], DECLINES)
    club.save_card(club.people[1])
    for person in club.people[:2]:
        club.pledge(person, pool_id)
    settle(club, days=15)
    assert club.status(pool_id) is PoolStatus.REPAIRING
    club.do(repairing.pay_in_another_way, pool_id=pool_id, by=club.people[0].id, pay_by=BANK)
    settle(club)
    assert club.status(pool_id) is PoolStatus.CONFIRMED
    assert club.moved(pool_id) == {club.people[1].id: 1200}
    assert club.standing()["promised"] == 1200
    assert club.is_clean()


def test_a_card_that_fails_can_be_repaired_by_another_card(club):
    pool_id = club.open_pool({2: 1200})
    club.save_card(club.people[0], DECLINES)
    club.save_card(club.people[1])
    for person in club.people[:2]:
        club.pledge(person, pool_id)
    settle(club, days=15)
    settle(club, hours=1)
    club.save_card(club.people[0])
    settle(club)
    # A card that was refused is not tried again by itself.
    assert club.status(pool_id) is PoolStatus.REPAIRING
    with club.app.app_context():
        try_card_again(pool_id, by=club.people[0].id, now=club.now)
    settle(club)
    assert club.status(pool_id) is PoolStatus.CONFIRMED
    assert set(club.moved(pool_id).values()) == {1200}
    assert club.is_clean()


@pytest.mark.parametrize("fails", [False, True])
def test_leaving_while_it_gets_ready_gives_everything_back(club, fails):
    steps = {3: 1200, 5: 1000} if fails else {2: 1200, 5: 1000}
    pool_id = club.open_pool(steps, minimum=3 if fails else 2)
    for person in club.people[:3]:
        club.save_card(person, DECLINES if person is club.people[2] else "pm_card_visa")
        club.pledge(person, pool_id)
    settle(club, days=15)
    assert sum(club.moved().values()) == 2400
    repaid = club.do(settling.leave_while_settling, pool_id=pool_id, by=club.people[0].id, address=address)
    assert repaid.pence == 1200
    settle(club)
    assert club.status(pool_id) is (PoolStatus.EXPIRED if fails else PoolStatus.REPAIRING)
    assert sum(club.moved().values()) == (0 if fails else 1200)
    settle(club, days=8)
    assert club.status(pool_id) is PoolStatus.EXPIRED
    assert not club.moved()
    assert club.standing()["left"] == 10 * 50000
    assert club.is_clean()


def test_weekly_pools_charge_nothing_before_it_takes_place(club):
    pool_id = tipped(club, club.people[:3], weeks=10)
    assert club.status(pool_id) is PoolStatus.CONFIRMED
    assert not club.moved()
    assert not club.all_of(Invoice)
    assert club.standing()["promised"] == 3 * 1200 * 10
    assert club.is_clean()


def test_a_pool_whose_day_passes_without_a_step_lets_everybody_go(club):
    pool_id = tipped(club, club.people[:1])
    assert club.status(pool_id) is PoolStatus.EXPIRED
    assert parts(club, pool_id) == [PledgePart.RELEASED]
    assert club.standing() == {"left": 10 * 50000, "promised": 0, "spent": 0}
    assert club.is_clean()


def test_a_champion_may_give_it_a_week_more_once(club):
    pool_id = club.open_pool({2: 1200})
    club.pledge(club.people[1], pool_id)
    club.do(closing.extend_pool, pool_id=pool_id, by=club.people[0].id, address=address)
    with pytest.raises(closing.ExtendedAlreadyError):
        club.do(closing.extend_pool, pool_id=pool_id, by=club.people[0].id, address=address)
    assert "A week more to find people: Swimming on Saturdays" in club.letters(club.people[1])
    settle(club, days=15)
    assert club.status(pool_id) is PoolStatus.OPEN
    assert len(club.all_of(Pledge)) == 1
    settle(club, days=8)
    assert club.status(pool_id) is PoolStatus.EXPIRED


def test_a_champion_may_let_it_go_ahead_once_a_step_is_reached(club):
    pool_id = club.open_pool({2: 1200, 4: 1000})
    club.pledge(club.people[0], pool_id, pay_by=BANK)
    with pytest.raises(closing.NoStepReachedError):
        club.do(closing.go_ahead_now, pool_id=pool_id, by=club.people[0].id)
    club.pledge(club.people[1], pool_id, pay_by=BANK)
    with pytest.raises(closing.NotYourPoolError):
        club.do(closing.go_ahead_now, pool_id=pool_id, by=club.people[1].id)
    club.do(closing.go_ahead_now, pool_id=pool_id, by=club.people[0].id)
    settle(club)
    assert club.status(pool_id) is PoolStatus.CONFIRMED
    assert club.is_clean()


def test_closing_a_pool_that_gets_ready_repays_everybody(club):
    pool_id = club.open_pool({2: 1200, 5: 1000})
    for person in club.people[:3]:
        club.save_card(person, DECLINES if person is club.people[2] else "pm_card_visa")
        club.pledge(person, pool_id)
    settle(club, days=15)
    assert sum(club.moved().values()) == 2400
    club.do(closing.withdraw_pool, pool_id=pool_id, by=club.people[0].id, address=address)
    settle(club)
    assert club.status(pool_id) is PoolStatus.WITHDRAWN
    assert not club.moved()
    assert club.is_clean()
