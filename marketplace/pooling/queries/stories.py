"""Stories of pools: those that everybody reads, and a pool's own to its members."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.catalogue.models import Category
from marketplace.kit.days import day_of
from marketplace.kit.pages import Slice
from marketplace.moderation.queries import has_open_reports, latest_decisions
from marketplace.moderation.rules import SubjectKind
from marketplace.pooling.models import Pool, PoolMember, PoolStory, PoolStoryYes
from marketplace.pooling.queries.gains import gain_of_all
from marketplace.pooling.queries.measuring import averages_to_tell
from marketplace.pooling.queries.membership import member_people, my_membership
from marketplace.pooling.rules import PoolId
from marketplace.pooling.rules.gains import Gain

PAGE_SIZE = 20
_SHORT = 200


@dataclass(frozen=True, slots=True)
class StoryCard:
    """One story in the list."""

    id: PoolId
    title: str
    beginning: str
    about: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class StoryList:
    """One page of stories, the newest first."""

    stories: tuple[StoryCard, ...]
    slice: Slice


@dataclass(frozen=True, slots=True)
class Change:
    """What a measure said at the beginning, and what it says now."""

    name: str
    before: Decimal
    after: Decimal
    months: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What a story says in figures: only of three people or more."""

    people: int
    gain: Gain
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class StoryPage:
    """A story, to anybody."""

    id: PoolId
    title: str
    words: str
    about: str
    published_at: datetime
    figures: Figures | None
    is_held: bool
    # Whether the viewer can take it down: they belong to the pool, or had agreed to it.
    may_take_down: bool
    may_decide: bool


@dataclass(frozen=True, slots=True)
class OwnStory:
    """A pool's story, to one of its members."""

    pool_id: PoolId
    pool_title: str
    is_champion: bool
    # Whether the viewer's word counts, and whether they have given it.
    is_asked: bool
    has_agreed: bool
    may_write: bool
    # None where nothing is written yet.
    title: str | None
    words: str
    with_figures: bool
    written_at: datetime | None
    is_published: bool
    is_held: bool
    hold_reason: str
    agreed: int
    needed: int
    figures: Figures | None


def stories(session: Session, *, page: int = 1) -> StoryList:
    """Return the stories that everybody may read, the newest first."""
    total = session.scalars(select(func.count()).select_from(PoolStory).join(Pool).where(*_shown())).one()
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    return StoryList(_cards(session.execute(_told().offset(part.offset).limit(part.size))), part)


def newest_stories(session: Session, *, limit: int) -> tuple[StoryCard, ...]:
    """Return the newest of the stories that everybody may read."""
    return _cards(session.execute(_told().limit(limit)))


def story_page(session: Session, *, story_id: PoolId, viewer: Viewer) -> StoryPage | None:
    """Return a story that is shown; to a moderator also one that is held or reported. To anybody else there is none."""
    row = session.execute(
        select(PoolStory, Category.name, _may_take_down(viewer).label("theirs"))
        .join(Pool, Pool.id == PoolStory.pool_id)
        .join(Category, Category.slug == Pool.category, isouter=True)
        .where(PoolStory.pool_id == story_id, or_(*(_all(_shown()), *_for_moderators(session, story_id, viewer))))
    ).one_or_none()
    if row is None:
        return None
    story: PoolStory = row.PoolStory
    return StoryPage(
        id=story.pool_id,
        title=story.title,
        words=story.words,
        about=row.name or "",
        published_at=story.published_at or story.written_at,
        figures=_figures(session, story),
        is_held=story.held_at is not None,
        may_take_down=row.theirs,
        may_decide=viewer.may(Permission.MODERATE) and not row.theirs,
    )


def own_story(session: Session, *, pool_id: PoolId, viewer: Viewer) -> OwnStory | None:
    """Return what a pool's story has come to, to its members alone. Nobody learns who has not agreed."""
    mine = my_membership(session, pool_id=pool_id, viewer=viewer)
    if mine is None:
        return None
    pool, story = session.get_one(Pool, pool_id), session.get(PoolStory, pool_id)
    asked = set(member_people(session, pool_id=pool_id, with_facilitators=False))
    agreed = set(session.scalars(select(PoolStoryYes.person_id).where(PoolStoryYes.pool_id == pool_id)))
    return OwnStory(
        pool_id=pool_id,
        pool_title=mine.pool_title,
        is_champion=mine.is_champion,
        is_asked=not mine.is_facilitator,
        has_agreed=viewer.person_id in agreed,
        may_write=mine.is_champion and pool.confirmed_at is not None,
        title=story.title if story else None,
        words=story.words if story else "",
        with_figures=story.with_figures if story else True,
        written_at=story.written_at if story else None,
        is_published=story is not None and story.published_at is not None,
        is_held=story is not None and story.held_at is not None,
        hold_reason=_hold_reason(session, story),
        agreed=len(agreed & asked),
        needed=len(asked),
        figures=_figures(session, story) if story else None,
    )


def story_titles(session: Session, *, story_ids: Iterable[UUID], viewer: Viewer) -> dict[UUID, str]:
    """Return what stories are called, in a moderator's list."""
    if not viewer.may(Permission.MODERATE):
        return {}
    rows = session.execute(
        select(PoolStory.pool_id, PoolStory.title).where(PoolStory.pool_id.in_([PoolId(one) for one in story_ids]))
    )
    return {pool_id: title for pool_id, title in rows}


def _shown() -> tuple[ColumnElement[bool], ...]:
    return PoolStory.published_at.is_not(None), PoolStory.held_at.is_(None), Pool.held_at.is_(None)


def _all(conditions: Iterable[ColumnElement[bool]]) -> ColumnElement[bool]:
    found = list(conditions)
    return found[0] & found[1] & found[2]


def _for_moderators(session: Session, story_id: PoolId, viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    if not viewer.may(Permission.MODERATE):
        return ()
    if has_open_reports(session, subject_kind=SubjectKind.POOL_STORY, subject_id=story_id):
        return (PoolStory.pool_id == story_id,)
    return (PoolStory.held_at.is_not(None),)


def _may_take_down(viewer: Viewer) -> ColumnElement[bool]:
    belongs = exists().where(
        PoolMember.pool_id == PoolStory.pool_id,
        PoolMember.person_id == viewer.person_id,
        PoolMember.left_at.is_(None),
    )
    agreed = exists().where(PoolStoryYes.pool_id == PoolStory.pool_id, PoolStoryYes.person_id == viewer.person_id)
    return or_(belongs, agreed)


def _figures(session: Session, story: PoolStory) -> Figures | None:
    """Return the figures as they were when it was written: those are what everybody has agreed to."""
    if not story.with_figures:
        return None
    gain, people = gain_of_all(session, pool_id=story.pool_id, until=story.written_at)
    if gain is None:
        return None
    told = averages_to_tell(session, pool_id=story.pool_id, today=day_of(story.written_at))
    return Figures(people=people, gain=gain, changes=tuple(Change(*one) for one in told))


def _hold_reason(session: Session, story: PoolStory | None) -> str:
    if story is None or story.held_at is None:
        return ""
    decisions = latest_decisions(session, subject_kind=SubjectKind.POOL_STORY, subject_ids=[story.pool_id])
    return decisions[story.pool_id].reason if story.pool_id in decisions else ""


def _told() -> Select[PoolStory, str | None]:
    return (
        select(PoolStory, Category.name)
        .join(Pool, Pool.id == PoolStory.pool_id)
        .join(Category, Category.slug == Pool.category, isouter=True)
        .where(*_shown())
        .order_by(PoolStory.published_at.desc(), PoolStory.pool_id)
    )


def _cards(rows: Iterable[Any]) -> tuple[StoryCard, ...]:
    return tuple(
        StoryCard(
            id=story.pool_id,
            title=story.title,
            beginning=_beginning(story.words),
            about=about or "",
            published_at=story.published_at or story.written_at,
        )
        for story, about in rows
    )


def _beginning(words: str) -> str:
    first = words.split("\n", 1)[0]
    return first if len(first) <= _SHORT else first[:_SHORT].rsplit(" ", 1)[0] + "\u00a0…"
