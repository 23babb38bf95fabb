"""What we write to the people in a pool, and to the provider. Members never learn who the others are."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import PersonId
from marketplace.kit.said import day, pounds
from marketplace.kit.sentences import worded
from marketplace.pooling import rules
from marketplace.pooling.models import Pool
from marketplace.pooling.rules import PoolId, known

PoolAddress = Callable[[PoolId], str]
"""Turns a pool into the address of its page."""


def tell_members_it_is_open(
    session: Session, *, pool: Pool, people: Iterable[PersonId], address: PoolAddress, now: datetime
) -> None:
    """Write to those who found each other in a pool that they can now pledge to it, and what that means."""
    _tell(
        session,
        people,
        subject=worded("There is a price now: {title}", title=pool.title),
        body=worded(
            "Your pool is open for pledges. There is something to club together for now, and a price.\n\n"
            "It costs each at most {known} {each}, and less when more join. "
            "Look at what it can cost you, and say by the end of {last_day} whether you "
            "are in. You owe nobody a yes. Nothing is paid before the pool is confirmed.\n\n"
            "The pool: {address}",
            known=pounds(known(pool.unit_price)),
            each=known(pool.unit).each,
            last_day=day(rules.last_day(known(pool.closes_at))),
            address=address(pool.id),
        ),
        now=now,
    )


def tell_members_it_lapsed(
    session: Session, *, pool: Pool, people: Iterable[PersonId], address: PoolAddress, now: datetime
) -> None:
    """Write to everybody in a pool that did not come about by its last day."""
    _tell(
        session,
        people,
        subject=worded("Your pool has ended: {title}", title=pool.title),
        body=worded(
            "This pool needed {minimum_people} people by its last day, and not enough joined. "
            "It has ended, and you pay nothing.\n\n"
            "You can ask the provider for an arrangement of your own, or open another pool.\n\n"
            "The pool: {address}",
            minimum_people=pool.minimum_people,
            address=address(pool.id),
        ),
        now=now,
    )


def tell_members_it_was_withdrawn(
    session: Session, *, pool: Pool, people: Iterable[PersonId], address: PoolAddress, now: datetime
) -> None:
    """Write to everybody in a pool that whoever opened it has closed."""
    _tell(
        session,
        people,
        subject=worded("Your pool has been closed: {title}", title=pool.title),
        body=worded(
            "The person who opened this pool has closed it. You pay nothing.\n\n"
            "If you would still like to club together, you can open another pool.\n\n"
            "The pool: {address}",
            address=address(pool.id),
        ),
        now=now,
    )


def tell_opener_it_is_held(session: Session, *, pool: Pool, address: PoolAddress, now: datetime) -> None:
    """Write to whoever opened a pool that a moderator keeps it from view. The reason is on its page."""
    _tell(
        session,
        [pool.opened_by],
        subject=worded("We have kept your pool from view: {title}", title=pool.title),
        body=worded(
            "A moderator has kept your pool from view. You can read why here:\n{address}\n\n"
            "Nobody can join it meanwhile. If you think this is wrong, write to us, and another moderator looks at it.",
            address=address(pool.id),
        ),
        now=now,
    )


def tell_opener_it_is_shown_again(session: Session, *, pool: Pool, address: PoolAddress, now: datetime) -> None:
    """Write to whoever opened a pool that everybody can see it again."""
    _tell(
        session,
        [pool.opened_by],
        subject=worded("Your pool is shown again: {title}", title=pool.title),
        body=worded(
            "A moderator has looked again at your pool, and it is shown now:\n{address}", address=address(pool.id)
        ),
        now=now,
    )


def _tell(session: Session, people: Iterable[PersonId], *, subject: str, body: str, now: datetime) -> None:
    for person_id in people:
        accounts.write_to_person(session, person_id=person_id, subject=subject, body=body, now=now)
