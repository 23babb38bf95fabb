"""What people like: each sees their own, and how many others near them like the same. Never who."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import BigInteger, ColumnElement, Select, SQLColumnExpression, and_, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.rules import PersonId, Viewer
from marketplace.kit.grid import Point
from marketplace.pooling.models import Interest, PoolMember
from marketplace.pooling.rules import PoolId
from marketplace.pooling.rules.interests import FEWEST_OTHERS, TOLD_EVERY, interest_words, people_said
from marketplace.pooling.rules.nouns import InterestSlug

_Ts = TypeVarTuple("_Ts")


@dataclass(frozen=True, slots=True)
class MyInterest:
    """One thing the viewer likes. `people` others near them do too, or more; 0 says nothing."""

    slug: InterestSlug
    words: str
    people: int


@dataclass(frozen=True, slots=True)
class MyInterests:
    """All the viewer likes, and how far they would go, in metres."""

    interests: tuple[MyInterest, ...]
    metres: int | None

    @property
    def slugs(self) -> list[InterestSlug]:
        """What they like, by name."""
        return [one.slug for one in self.interests]

    @property
    def shared(self) -> tuple[MyInterest, ...]:
        """What enough others near them like too."""
        return tuple(one for one in self.interests if one.people)


def my_interests(session: Session, *, viewer: Viewer) -> MyInterests:
    """Return what the viewer likes, and how many near them share it, from three others on. Two queries."""
    if viewer.person_id is None:
        return MyInterests((), None)
    others = others_near(session, person_id=viewer.person_id)
    rows = session.execute(
        select(Interest.interest, Interest.metres)
        .where(Interest.person_id == viewer.person_id)
        .order_by(Interest.interest)
    ).all()
    return MyInterests(
        tuple(
            MyInterest(row.interest, interest_words(row.interest), people_said(others.get(row.interest, 0)))
            for row in rows
        ),
        rows[0].metres if rows else None,
    )


def others_near(session: Session, *, person_id: PersonId) -> dict[InterestSlug, int]:
    """
    Return how many others like what somebody likes. True counts, for services: pages say no number under three.

    Near means that each of the two would go as far as the other lives.
    """
    mine, theirs = aliased(Interest), aliased(Interest)
    rows = session.execute(
        _pairs(select(mine.interest, func.count()), mine, theirs)
        .where(mine.person_id == person_id)
        .group_by(mine.interest)
    )
    return {row[0]: row[1] for row in rows}


def people_to_tell(session: Session, *, now: datetime, limit: int = 1, only: PersonId | None = None) -> list[PersonId]:
    """
    Return whom there is news for, longest there first: for the job that writes letters.

    News is that somebody has come since they were last told, and that there are enough. Nobody hears twice in a month.
    """
    mine, theirs = aliased(Interest), aliased(Interest)
    enough = (
        _pairs(select(mine.person_id, mine.since), mine, theirs)
        .where(
            or_(mine.told_at.is_(None), mine.told_at <= now - TOLD_EVERY),
            *([] if only is None else [mine.person_id == only]),
        )
        .group_by(mine.person_id, mine.interest, mine.since, mine.told_at)
        .having(func.count() >= FEWEST_OTHERS, or_(mine.told_at.is_(None), func.max(theirs.since) > mine.told_at))
        .subquery()
    )
    return list(
        session.scalars(
            select(enough.c.person_id)
            .group_by(enough.c.person_id)
            .order_by(func.min(enough.c.since), enough.c.person_id)
            .limit(limit)
        )
    )


def people_who_like(
    session: Session, *, interest: InterestSlug, point: Point, pool_id: PoolId, now: datetime, limit: int
) -> list[PersonId]:
    """Return whom a pool that begins near them may be told to: not its members, and nobody twice in a month."""
    members = select(PoolMember.person_id).where(PoolMember.pool_id == pool_id)
    return list(
        session.scalars(
            select(Interest.person_id)
            .where(
                Interest.interest == interest,
                Interest.person_id.not_in(members),
                or_(Interest.told_at.is_(None), Interest.told_at <= now - TOLD_EVERY),
                _squared(Interest.easting - point.easting, Interest.northing - point.northing)
                <= _square(Interest.metres),
            )
            .order_by(Interest.since, Interest.person_id)
            .limit(limit)
        )
    )


def _pairs(wanted: Select[*_Ts], mine: type[Interest], theirs: type[Interest]) -> Select[*_Ts]:
    """Join what somebody likes with the same of others, where each would go as far as the other lives."""
    apart = _squared(mine.easting - theirs.easting, mine.northing - theirs.northing)
    return wanted.join(
        theirs,
        and_(
            theirs.interest == mine.interest,
            # A box, which the index answers, before the distance.
            theirs.easting.between(mine.easting - mine.metres, mine.easting + mine.metres),
            theirs.person_id != mine.person_id,
        ),
    ).where(apart <= _square(mine.metres), apart <= _square(theirs.metres))


def _squared(across: SQLColumnExpression[int], up: SQLColumnExpression[int]) -> ColumnElement[int]:
    return _square(across) + _square(up)


def _square(metres: SQLColumnExpression[int]) -> ColumnElement[int]:
    # Squares of metres overflow 32 bits.
    return cast(metres, BigInteger) * cast(metres, BigInteger)
