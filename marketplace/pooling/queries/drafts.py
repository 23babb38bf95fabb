"""What the page of a pool that never had an offer shows: to strangers, to whoever was invited, and to its members."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, PersonId, Viewer
from marketplace.catalogue.models import Category
from marketplace.moderation.queries import latest_decisions
from marketplace.moderation.rules import SubjectKind
from marketplace.pooling.models import Pool, PoolMember
from marketplace.pooling.queries.membership import Membership, member_roles, my_membership
from marketplace.pooling.queries.wishes import households
from marketplace.pooling.rules.interests import interest_words
from marketplace.pooling.rules.membership import keeps_it_going, needs_champion
from marketplace.pooling.rules.nouns import EndReason, InterestSlug, PoolId, PoolOrigin, PoolStatus
from marketplace.pooling.rules.starting import people_shown


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A pool in which people find each other. `people` is 0 where there are too few to say."""

    id: PoolId
    title: str
    purpose: str
    began_from: PoolOrigin
    interest: str
    interest_slug: InterestSlug | None
    category: str
    area: str
    status: PoolStatus
    people: int
    is_listed: bool
    opened_at: datetime
    is_held: bool
    # For members and moderators: it may repeat what is private.
    hold_reason: str
    # For members: it is theirs to learn from.
    end_reason: EndReason | None
    end_words: str
    membership: Membership | None
    viewer_may_join: bool
    viewer_keeps_it_going: bool
    has_champion: bool
    # For members: the link that invites.
    invite_key: uuid.UUID | None

    @property
    def is_finding_people(self) -> bool:
        """Whether it can still be joined."""
        return self.status is PoolStatus.DRAFT


@dataclass(frozen=True, slots=True)
class Invitation:
    """What somebody who was given the link of a pool sees before they join."""

    pool_id: PoolId
    title: str
    purpose: str
    area: str
    status: PoolStatus
    people: int
    viewer_is_in: bool


def draft_page(session: Session, *, pool_id: PoolId, viewer: Viewer) -> DraftPage | None:
    """
    Return the page of a pool without an offer, or None if this viewer may not know of it.

    One that is not listed is for its members and moderators only. One that is kept from view too.
    """
    row = session.execute(
        select(Pool, Category.name.label("category"), households().label("people"))
        .outerjoin(Category, Category.slug == Pool.category)
        .where(Pool.id == pool_id, Pool.offer_id.is_(None), _may_see(viewer))
    ).one_or_none()
    if row is None:
        return None
    pool: Pool = row.Pool
    mine = my_membership(session, pool_id=pool_id, viewer=viewer)
    roles = member_roles(session, pool_id=pool_id) if mine else []
    may_read_why = mine is not None or viewer.may(Permission.MODERATE)
    return DraftPage(
        id=pool.id,
        title=pool.title,
        purpose=pool.purpose,
        began_from=pool.began_from,
        interest=interest_words(pool.interest),
        interest_slug=pool.interest,
        category=row.category or "",
        area=pool.place_name,
        status=pool.status,
        people=row.people if mine else people_shown(row.people),
        is_listed=pool.is_listed,
        opened_at=pool.opened_at,
        is_held=pool.held_at is not None,
        hold_reason=_hold_reason(session, pool) if may_read_why else "",
        end_reason=pool.end_reason if mine else None,
        end_words=pool.end_words if mine else "",
        membership=mine,
        viewer_may_join=mine is None
        and pool.status is PoolStatus.DRAFT
        and pool.held_at is None
        and (not viewer.is_signed_in or viewer.may(Permission.BUY)),
        viewer_keeps_it_going=mine is not None and keeps_it_going(role=mine.role, roles=roles),
        has_champion=not needs_champion(roles),
        invite_key=pool.invite_key if mine else None,
    )


def invitation(session: Session, *, key: uuid.UUID, viewer: Viewer) -> Invitation | None:
    """Return what a pool's link shows, or None if it leads nowhere: it was made anew, or the pool is kept from view."""
    row = session.execute(
        select(Pool, households().label("people"), _is_in(viewer.person_id).label("viewer_is_in")).where(
            Pool.invite_key == key, Pool.held_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        return None
    return Invitation(
        pool_id=row.Pool.id,
        title=row.Pool.title,
        purpose=row.Pool.purpose,
        area=row.Pool.place_name,
        status=row.Pool.status,
        people=people_shown(row.people),
        viewer_is_in=row.viewer_is_in,
    )


def invite_key(session: Session, *, pool_id: PoolId, viewer: Viewer) -> uuid.UUID | None:
    """Return the key of a pool's link to one of its members, while people can join; to anybody else None."""
    return session.scalars(
        select(Pool.invite_key).where(
            Pool.id == pool_id,
            Pool.status.in_((PoolStatus.DRAFT, PoolStatus.OPEN)),
            Pool.held_at.is_(None),
            _is_in(viewer.person_id),
        )
    ).one_or_none()


def _may_see(viewer: Viewer) -> ColumnElement[bool]:
    return or_(
        and_(Pool.is_listed.is_(True), Pool.held_at.is_(None)),
        _is_in(viewer.person_id),
        *([Pool.id.is_not(None)] if viewer.may(Permission.MODERATE) else []),
    )


def _is_in(person_id: PersonId | None) -> ColumnElement[bool]:
    return exists().where(
        PoolMember.pool_id == Pool.id, PoolMember.person_id == person_id, PoolMember.left_at.is_(None)
    )


def _hold_reason(session: Session, pool: Pool) -> str:
    if pool.held_at is None:
        return ""
    decisions = latest_decisions(session, subject_kind=SubjectKind.POOL, subject_ids=[pool.id])
    return decisions[pool.id].reason if pool.id in decisions else ""
