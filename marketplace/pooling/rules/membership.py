"""What is true of the people who belong to a pool. Pure: no database, no web, no clock."""

from collections.abc import Collection

from marketplace.kit.sentences import worded
from marketplace.pooling.rules.nouns import MemberRole, PoolStatus
from marketplace.pooling.rules.pools import OVER

LONGEST_CALLED = 40
"""Most characters in what the others in a pool call somebody."""
NAMELESS = "A member"
"""What the others in a pool call somebody who has chosen no name."""


def takes_members(*, status: PoolStatus, role: MemberRole) -> bool:
    """Test whether a pool takes one more: members while it finds people or is open, a facilitator until it is over."""
    if role is MemberRole.FACILITATOR:
        return status not in OVER
    return status in (PoolStatus.DRAFT, PoolStatus.OPEN)


def needs_champion(roles: Collection[MemberRole]) -> bool:
    """Test whether nobody keeps a pool going although somebody is in it: then any of its members may."""
    return bool(roles) and MemberRole.CHAMPION not in roles


def keeps_it_going(*, role: MemberRole, roles: Collection[MemberRole]) -> bool:
    """Test whether somebody may do what a champion does: one may, and any member where there is none."""
    return role is MemberRole.CHAMPION or (role is MemberRole.MEMBER and needs_champion(roles))


def called_problem(called: str) -> str | None:
    """Return why a name for the others in a pool will not do, as a sentence, or None if it will."""
    return (
        None
        if len(called) <= LONGEST_CALLED
        else worded("Use at most {longest_called} characters.", longest_called=LONGEST_CALLED)
    )


def name_shown(called: str) -> str:
    """Return what the others in a pool call somebody."""
    return called or NAMELESS
