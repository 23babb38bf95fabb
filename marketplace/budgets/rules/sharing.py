"""How an amount falls on several funding streams, to the penny. Pure: no database, no web, no clock."""

from collections.abc import Sequence
from datetime import date

from marketplace.budgets.rules.ledger import Stream, weeks_in
from marketplace.kit.money import ZERO, Money


def share(amount: Money, weights: Sequence[int]) -> tuple[Money, ...]:
    """
    Return a share for each weight, in proportion to it, that together are the whole amount.

    The pennies that are over go to the largest remainders, and among equal ones to the first. Weights that are all
    nothing count as equal. No share of an amount within the sum of the weights is larger than its weight.
    """
    if not weights:
        return ()
    total = sum(weights)
    if total == 0:
        weights, total = [1] * len(weights), len(weights)
    parts = [divmod(amount.pence * weight, total) for weight in weights]
    over = amount.pence - sum(whole for whole, _remainder in parts)
    first = sorted(range(len(parts)), key=lambda place: (-parts[place][1], place))[:over]
    return tuple(Money(whole + (place in first)) for place, (whole, _remainder) in enumerate(parts))


def carry_over_most(*, kind: Stream, granted: Money, begins_on: date, ends_on: date, percent: int) -> Money | None:
    """
    Return the most that one stream may take into the next period, or None if there is no limit.

    The funder's rule is a percentage of one week's money: 25 in Bath [001]. One's own money is one's own. `granted` is
    above zero here. Rounded down to the penny.
    """
    if kind is Stream.OWN_MONEY:
        return None
    return Money(granted.pence * percent // (100 * weeks_in(begins_on=begins_on, ends_on=ends_on)))


def may_carry(*, left: Money, most: Money | None, carried_before: Money) -> Money:
    """Return what may still be carried of what is left, under the most there may be in all."""
    return left if most is None else max(min(left, most - carried_before), ZERO)
