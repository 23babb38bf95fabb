from marketplace.catalogue.rules import Unit
from marketplace.kit.money import ZERO, Money
from marketplace.pooling.rules import gains
from marketplace.pooling.rules.gains import Gain

ALONE = Money(16_00)


def test_half_the_price_is_twice_the_hours():
    gain = Gain(paid=Money(80_00), alone=Money(160_00), minutes=600, hour_alone=ALONE)
    assert gain.saved == Money(80_00)
    assert gain.minutes_gained == 300


def test_a_part_of_a_minute_is_not_claimed_and_a_loss_is_said():
    assert Gain(paid=Money(21_34), alone=Money(32_00), minutes=120, hour_alone=ALONE).minutes_gained == 39
    lost = Gain(paid=Money(21_34), alone=ZERO, minutes=0, hour_alone=ALONE)
    assert (lost.saved, lost.minutes_gained) == (Money(-21_34), 0)


def test_what_is_not_bought_by_the_hour_gains_no_hours():
    assert gains.hour_alone(unit=Unit.SESSION, price_alone=ALONE) is None
    assert gains.hour_alone(unit=Unit.HOUR, price_alone=ALONE) == ALONE
    assert Gain(paid=Money(1), alone=Money(2), minutes=60).minutes_gained == 0


def test_what_all_gained_is_the_sum():
    each = Gain(paid=Money(80_00), alone=Money(160_00), minutes=600, hour_alone=ALONE)
    assert gains.together([each, each]) == Gain(Money(160_00), Money(320_00), 1200, ALONE)
    assert gains.together([]) == Gain()
