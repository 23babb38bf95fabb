"""Saying what one likes, and hearing that others near like it too."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import PersonId
from marketplace.accounts.services import take_turns
from marketplace.kit.errors import WrongAnswerError
from marketplace.kit.grid import Point
from marketplace.kit.places import CouncilCode, Place
from marketplace.kit.sentences import worded
from marketplace.pooling.models import Interest, Pool
from marketplace.pooling.queries import interests as asked
from marketplace.pooling.rules.interests import (
    REACHES,
    interest_words,
    known_interests,
    middle_of_square,
    people_said,
)
from marketplace.pooling.services.letters import PoolAddress

_MOST_TOLD = 200
"""How many people hear of one new pool: the nearest to hear, not the whole county."""


class PlaceNeededError(WrongAnswerError):
    """We do not know where they are, so we cannot say who is near."""

    field = "near"


class ReachError(WrongAnswerError):
    """It is none of the distances there are to choose from."""

    field = "metres"


def say_interests(
    session: Session, *, by: PersonId, wanted: Collection[str], place: Place | None, metres: int, now: datetime
) -> int:
    """
    Keep what somebody likes and how far they would go, instead of what they said before; return how many things.

    Without a place the one they gave before stays. Nothing wanted takes them off every list, and forgets the place.

    :raises ReachError: if they choose no distance of ours.
    :raises PlaceNeededError: if they have never said where they are.
    """
    take_turns(session, person_id=by)
    slugs = known_interests(list(wanted))
    there = {row.interest: row for row in session.scalars(select(Interest).where(Interest.person_id == by))}
    for slug, row in there.items():
        if slug not in slugs:
            session.delete(row)
    if not slugs:
        session.flush()
        return 0
    if metres not in REACHES:
        raise ReachError("Choose how far you would go.")
    point, council = _whereabouts(place, list(there.values()))
    told_at = max((row.told_at for row in there.values() if row.told_at is not None), default=None)
    for slug in slugs:
        row = there.get(slug) or Interest(person_id=by, interest=slug, since=now, told_at=told_at)
        row.easting, row.northing, row.council, row.metres = point.easting, point.northing, council, metres
        session.add(row)
    session.flush()
    return len(slugs)


def tell_of_others(session: Session, *, person_id: PersonId, address: str, now: datetime) -> bool:
    """
    Write to somebody how many others near them like the same, and return whether there was anything to say.

    Never who, never fewer than three, and not twice in a month, whatever they like.
    """
    mine = session.scalars(select(Interest).where(Interest.person_id == person_id).with_for_update()).all()
    if person_id not in asked.people_to_tell(session, now=now, only=person_id):
        return False
    others = {slug: people_said(number) for slug, number in asked.others_near(session, person_id=person_id).items()}
    lines = [
        worded(
            "- {interest_words}: {number} or more people near you", interest_words=interest_words(slug), number=number
        )
        for slug, number in others.items()
        if number
    ]
    for row in mine:
        row.told_at = now
    accounts.write_to_person(
        session,
        person_id=person_id,
        subject="People near you like what you like",
        body="You told us what you like. Others near you like it too:\n\n"
        + "\n".join(sorted(lines))
        + "\n\nWe tell nobody who they are, and we do not tell them who you are. If you would like to do something "
        f"together, you can start a pool, and we tell them that there is one:\n{address}\n\n"
        "We write about this once a month at most. On the same page you can take yourself off the list.",
        now=now,
    )
    session.flush()
    return True


def tell_those_who_like(session: Session, *, pool: Pool, address: PoolAddress, now: datetime) -> None:
    """Write to people near a new pool who like what it is about, that there is one. Nobody hears twice in a month."""
    if pool.interest is None or pool.easting is None or pool.northing is None or not pool.is_listed:
        return
    people = asked.people_who_like(
        session,
        interest=pool.interest,
        point=Point(pool.easting, pool.northing),
        pool_id=pool.id,
        now=now,
        limit=_MOST_TOLD,
    )
    session.execute(update(Interest).where(Interest.person_id.in_(people)).values(told_at=now))
    for person_id in people:
        accounts.write_to_person(
            session,
            person_id=person_id,
            subject=worded(
                "Somebody near you has started a pool: {interest_words}", interest_words=interest_words(pool.interest)
            ),
            body=worded(
                "You told us that you like this: {interest_words}. Somebody near {place_name} "
                "has started a pool about it: {title}\n\nYou can read what it is about, and join if you like. "
                "It costs nothing to look, and nothing to join.\n{address}\n\n"
                "We have not told them about you. We write about this once a month at most.",
                interest_words=interest_words(pool.interest),
                place_name=pool.place_name,
                title=pool.title,
                address=address(pool.id),
            ),
            now=now,
        )


def _whereabouts(place: Place | None, there: list[Interest]) -> tuple[Point, CouncilCode | None]:
    if place is not None:
        return middle_of_square(place.point), place.council
    if not there:
        raise PlaceNeededError("Enter a postcode, the first part of one, or the name of a council.")
    return Point(there[0].easting, there[0].northing), there[0].council
