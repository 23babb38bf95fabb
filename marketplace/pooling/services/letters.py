"""What we write to the people in a pool, and to the provider. Members never learn who the others are."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.kit.said import count, day, pounds
from marketplace.pooling import rules
from marketplace.pooling.models import Pool
from marketplace.pooling.rules import PoolId, known
from marketplace.purchasing.rules import how_much

PoolAddress = Callable[[PoolId], str]
"""Turns a pool into the address of its page."""


def tell_members_it_is_open(
    session: Session, *, pool: Pool, people: Iterable[PersonId], address: PoolAddress, now: datetime
) -> None:
    """Write to those who found each other in a pool that they can now pledge to it, and what that means."""
    _tell(
        session,
        people,
        subject=f"There is a price now: {pool.title}",
        body="Your pool is open for pledges. There is something to club together for now, and a price.\n\n"
        f"It costs each at most {pounds(known(pool.unit_price))} {known(pool.unit).each}, and less when more join. "
        f"Look at what it can cost you, and say by the end of {day(rules.last_day(known(pool.closes_at)))} whether you "
        "are in. You owe nobody a yes. Nothing is paid before the pool is confirmed.\n\n"
        f"The pool: {address(pool.id)}",
        now=now,
    )


def tell_members_it_is_met(
    session: Session, *, pool: Pool, people: Iterable[PersonId], address: PoolAddress, now: datetime
) -> None:
    """Write to everybody in a pool that has just been met: what they get, from when, and what they pay."""
    amount, price = how_much(quantity=known(pool.quantity), unit=pool.unit), known(pool.unit_price)
    _tell(
        session,
        people,
        subject=f"Your pool is going ahead: {pool.title}",
        body="Enough people have joined, so this pool is going ahead.\n\n"
        f"You get {amount} from {day(known(pool.starts_on))} and pay {pounds(price * known(pool.quantity))}, "
        "the group price. You are each in your own arrangement with the provider, "
        "who will be in touch. Nobody is paying for anybody else.\n\n"
        f"The pool: {address(pool.id)}",
        now=now,
    )


def tell_provider_it_is_met(
    session: Session,
    *,
    pool: Pool,
    organisation_id: OrganisationId | None,
    people: int,
    address: PoolAddress,
    now: datetime,
) -> None:
    """Write to those who speak for the provider that a pool on their offer is met."""
    amount, price = how_much(quantity=known(pool.quantity), unit=pool.unit), known(pool.unit_price)
    accounts.write_to_organisation(
        session,
        organisation_id=organisation_id,
        subject=f"{count(people, 'person', 'people')} clubbed together: {pool.title}",
        body=f"{count(people, 'person', 'people')} clubbed together on one of your offers. Each gets {amount} from "
        f"{day(known(pool.starts_on))} at your group price of {pounds(price)} for each {pool.unit}.\n\n"
        "There is an arrangement for each of them under your arrangements.\n\n"
        f"The pool: {address(pool.id)}",
        now=now,
    )


def tell_members_it_lapsed(
    session: Session, *, pool: Pool, people: Iterable[PersonId], address: PoolAddress, now: datetime
) -> None:
    """Write to everybody in a pool that did not come about by its last day."""
    _tell(
        session,
        people,
        subject=f"Your pool has ended: {pool.title}",
        body=f"This pool needed {pool.minimum_people} people by its last day, and not enough joined. "
        "It has ended, and you pay nothing.\n\n"
        "You can ask the provider for an arrangement of your own, or open another pool.\n\n"
        f"The pool: {address(pool.id)}",
        now=now,
    )


def tell_members_it_was_withdrawn(
    session: Session, *, pool: Pool, people: Iterable[PersonId], address: PoolAddress, now: datetime
) -> None:
    """Write to everybody in a pool that whoever opened it has closed."""
    _tell(
        session,
        people,
        subject=f"Your pool has been closed: {pool.title}",
        body="The person who opened this pool has closed it. You pay nothing.\n\n"
        "If you would still like to club together, you can open another pool.\n\n"
        f"The pool: {address(pool.id)}",
        now=now,
    )


def tell_opener_it_is_held(session: Session, *, pool: Pool, address: PoolAddress, now: datetime) -> None:
    """Write to whoever opened a pool that a moderator keeps it from view. The reason is on its page."""
    _tell(
        session,
        [pool.opened_by],
        subject=f"We have kept your pool from view: {pool.title}",
        body=f"A moderator has kept your pool from view. You can read why here:\n{address(pool.id)}\n\n"
        "Nobody can join it meanwhile. If you think this is wrong, write to us, and another moderator looks at it.",
        now=now,
    )


def tell_opener_it_is_shown_again(session: Session, *, pool: Pool, address: PoolAddress, now: datetime) -> None:
    """Write to whoever opened a pool that everybody can see it again."""
    _tell(
        session,
        [pool.opened_by],
        subject=f"Your pool is shown again: {pool.title}",
        body=f"A moderator has looked again at your pool, and it is shown now:\n{address(pool.id)}",
        now=now,
    )


def _tell(session: Session, people: Iterable[PersonId], *, subject: str, body: str, now: datetime) -> None:
    for person_id in people:
        accounts.write_to_person(session, person_id=person_id, subject=subject, body=body, now=now)
