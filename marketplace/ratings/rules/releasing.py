"""When are reviews shown that their writers wanted shown together with others? Pure: no database, no web, no clock."""

from collections.abc import Iterable
from uuid import UUID

FEWEST_TOGETHER = 3


def are_enough(writers: Iterable[UUID]) -> bool:
    """
    Test whether so many different people wait that none of them can be told from the others.

    It knows nothing of what they say, or how good it is: the rule is the same for good and bad (ANCHORS 2.7).
    """
    return len(set(writers)) >= FEWEST_TOGETHER
