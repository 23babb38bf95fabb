"""When a pool closes, and what everybody in it knows they pay. Pure: no database, no web, no clock."""

from collections.abc import Sequence
from datetime import timedelta

from marketplace.pooling.rules.solving import Solution, Step

EXTENDED_BY = timedelta(days=7)
"""How much longer people can join once a champion has moved the last day. It can be moved once."""
REPAIR_IN = timedelta(days=7)
"""How long there is to put a way to pay right [ANCHORS C3]."""
REMIND_EVERY = timedelta(hours=48)
AGREE_IN = timedelta(days=7)
"""How long everybody has to say yes to a dearer price."""
WAIT_FOR_CARDS = timedelta(days=1)
"""How much longer than that a pool waits for a card that is being charged at that moment."""


def closes_at_once(solution: Solution, *, steps: Sequence[Step], people: int, most_people: int | None) -> bool:
    """
    Test whether a pool that reaches a step gains nothing by waiting: it is full, or nobody could have it cheaper.

    A price for the whole group is cheaper with each further person, so only a full pool has nothing to wait for.
    """
    if most_people is not None and len(solution.included) >= most_people:
        return True
    if len(solution.included) < people or any(step.unit_price is None for step in steps):
        return False
    return solution.step.unit_price == min(step.unit_price for step in steps if step.unit_price is not None)
