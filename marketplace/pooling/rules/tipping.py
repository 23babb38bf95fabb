"""When a pool closes, and what everybody in it knows they pay. Pure: no database, no web, no clock."""

import enum
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from marketplace.pooling.rules.solving import Solution, Step

EXTENDED_BY = timedelta(days=7)
"""How much longer people can join once a champion has moved the last day. It can be moved once."""
REPAIR_IN = timedelta(days=7)
"""How long there is to put a way to pay right [ANCHORS C3]."""
LONGEST_REPAIR = timedelta(days=28)
"""How long after it closed a pool waits for anybody's way to pay, however often it fails anew."""
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


class Way(enum.StrEnum):
    """How far somebody's way to pay has come while a pool gets ready."""

    READY = "ready"
    BEING_CHARGED = "being_charged"
    NOT_READY = "not_ready"


def way_by_card(*, has_card: bool, is_asked: bool, is_refused: bool, is_charging: bool) -> Way:
    """
    Return how far a card has come. `is_asked`: money is asked of it and nothing has been tried yet.

    Ways to pay other than a card are ready at once: how far each can be relied on was said when it was chosen.
    """
    if is_charging:
        return Way.BEING_CHARGED
    if is_refused or (is_asked and not has_card):
        return Way.NOT_READY
    return Way.BEING_CHARGED if is_asked else Way.READY


def repair_ends(*, failed_at: Iterable[datetime], closed_at: datetime) -> datetime:
    """Return until when those whose way to pay failed then can put it right: seven days, and never without an end."""
    return min(max(failed_at) + REPAIR_IN, closed_at + LONGEST_REPAIR)
