"""The story a pool may tell of itself: a champion writes it, every member agrees to its words, any takes it down."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import PersonId
from marketplace.kit import audit, text
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError, WrongAnswerError
from marketplace.kit.sentences import worded
from marketplace.moderation import services as moderation
from marketplace.moderation.queries import has_open_reports
from marketplace.moderation.rules import Outcome, SubjectKind
from marketplace.pooling.models import Pool, PoolStory, PoolStoryYes
from marketplace.pooling.queries.membership import champions, member_people
from marketplace.pooling.rules import PoolId
from marketplace.pooling.rules import stories as rules
from marketplace.pooling.rules.nouns import MemberRole
from marketplace.pooling.services.joining import the_champion, the_member
from marketplace.pooling.services.letters import PoolAddress
from marketplace.pooling.services.locking import locked


class StoryUnclearError(WrongAnswerError):
    """The story will not do as it stands."""


class NothingToTellError(DomainError):
    """The pool has not gone ahead."""


class StoryNotFoundError(NotFoundError):
    """There is no such story, or this person may not know of it."""


class StoryChangedError(DomainError):
    """The story is not the one that was read."""


class NotAskedError(NotAllowedError):
    """Whoever helps from outside has no word in it."""


class StoryHeldError(DomainError):
    """A moderator keeps the story from view, or does not."""


class OwnStoryDecisionError(NotAllowedError):
    """Nobody decides about the story of a pool they are in."""


def write_story(
    session: Session,
    *,
    pool_id: PoolId,
    by: PersonId,
    title: str,
    words: str,
    with_figures: bool,
    address: PoolAddress,
    now: datetime,
) -> None:
    """
    Write the pool's story, or write it anew, for a champion. It is shown once every member has agreed to these words.

    Whoever writes it agrees to it. The others are written to. What was shown before is not shown any more.

    :raises PoolNotFoundError, NotChampionError: if `by` is no champion of it.
    :raises NothingToTellError: if the pool has not gone ahead.
    :raises StoryUnclearError: if the title or the words will not do.
    """
    pool = locked(session, pool_id=pool_id)
    the_champion(session, pool_id=pool_id, person_id=by)
    if pool.confirmed_at is None:
        raise NothingToTellError("Your pool has not gone ahead yet. Tell its story once it has.")
    title, words = text.tidy_line(title), text.tidy(words)
    for field, problem in (("title", rules.title_problem(title)), ("words", rules.story_problem(words))):
        if problem:
            raise StoryUnclearError(problem, field=field)
    story = session.get(PoolStory, pool_id)
    if story is None:
        story = PoolStory(pool_id=pool_id)
        session.add(story)
    story.title, story.words, story.with_figures = title, words, with_figures
    story.written_by, story.written_at, story.published_at = by, now, None
    session.flush()
    _forget_yes(session, pool_id)
    audit.record(session, by=by, did="wrote the story of", to_kind="pool", to_id=pool_id, now=now)
    _agree(session, story, by=by, address=address, now=now)
    for person_id in _whose_word_counts(session, pool_id):
        if person_id != by:
            _write(
                session,
                person_id,
                subject=worded("A story about your pool: {title}", title=pool.title),
                said=worded(
                    "Somebody has written one page about how your pool went:\n\n{title}\n\nIt is shown to "
                    "everybody only if each of you agrees to exactly these words. Read it, and say yes or leave it",
                    title=pool.title,
                ),
                at=address(pool_id),
                now=now,
            )


def agree_to_story(
    session: Session, *, pool_id: PoolId, by: PersonId, written_at: datetime, address: PoolAddress, now: datetime
) -> bool:
    """
    Agree that a story is shown as it stands. Return whether it is: every member has agreed.

    `written_at` says which words were read. Agreeing twice changes nothing.

    :raises PoolNotFoundError: if `by` does not belong to the pool.
    :raises NotAskedError: if they help from outside.
    :raises StoryNotFoundError: if there is no story.
    :raises StoryChangedError: if it was written anew since it was read.
    """
    locked(session, pool_id=pool_id)
    if the_member(session, pool_id=pool_id, person_id=by).role is MemberRole.FACILITATOR:
        raise NotAskedError("Only those in the pool decide about its story.")
    story = session.get(PoolStory, pool_id, populate_existing=True)
    if story is None:
        raise StoryNotFoundError("There is no story yet.")
    if story.written_at != written_at:
        raise StoryChangedError("The story was written anew since you opened this page. Read it again first.")
    return _agree(session, story, by=by, address=address, now=now)


def take_story_down(session: Session, *, pool_id: PoolId, by: PersonId, address: PoolAddress, now: datetime) -> None:
    """
    Take a story down at once, for any member, and for anybody who had agreed to it, even if they have left since.

    It can be shown again only once every member agrees again. The champions are told, and not who it was.

    :raises StoryNotFoundError: if there is none, or `by` has no word in it.
    """
    pool = session.get(Pool, pool_id, with_for_update=True)
    story = session.get(PoolStory, pool_id, populate_existing=True)
    has_agreed = session.get(PoolStoryYes, (pool_id, by)) is not None
    if pool is None or story is None or not (has_agreed or by in member_people(session, pool_id=pool_id)):
        raise StoryNotFoundError("We could not find that story.")
    was_shown, story.published_at = story.published_at is not None, None
    session.flush()
    _forget_yes(session, pool_id)
    audit.record(session, by=by, did="took down the story of", to_kind="pool", to_id=pool_id, now=now)
    for champion in champions(session, pool_id=pool_id) if was_shown else []:
        _write(
            session,
            champion,
            subject=worded("Your story is not shown any more: {title}", title=pool.title),
            said=worded(
                "Somebody has taken down the story of your pool:\n\n{title}\n\nAnybody in it can do that at any "
                "time. It can be shown again if every one of you agrees again",
                title=pool.title,
            ),
            at=address(pool_id),
            now=now,
        )


def hold_story(
    session: Session, *, pool_id: PoolId, by: PersonId, reason: str, address: PoolAddress, now: datetime
) -> None:
    """
    Keep a reported story from view, for a moderator, and tell whoever wrote it.

    :raises StoryNotFoundError: if there is none that is shown, held or reported.
    :raises OwnStoryDecisionError: if `by` belongs to the pool.
    :raises StoryHeldError: if it is held already.
    """
    story = _to_decide(session, pool_id=pool_id, by=by)
    if story.held_at is not None:
        raise StoryHeldError("This story is kept from view already.")
    story.held_at = now
    _decided(session, story, Outcome.HELD, by=by, reason=reason, address=address, now=now)


def release_story(
    session: Session, *, pool_id: PoolId, by: PersonId, reason: str, address: PoolAddress, now: datetime
) -> None:
    """
    Let a held story be shown again, for a moderator, and tell whoever wrote it.

    :raises StoryNotFoundError, OwnStoryDecisionError: as `hold_story`.
    :raises StoryHeldError: if it is not held.
    """
    story = _to_decide(session, pool_id=pool_id, by=by)
    if story.held_at is None:
        raise StoryHeldError("This story is not kept from view.")
    story.held_at = None
    _decided(session, story, Outcome.RELEASED, by=by, reason=reason, address=address, now=now)


def _agree(session: Session, story: PoolStory, *, by: PersonId, address: PoolAddress, now: datetime) -> bool:
    if session.get(PoolStoryYes, (story.pool_id, by)) is None:
        session.add(PoolStoryYes(pool_id=story.pool_id, person_id=by, at=now))
        session.flush()
        audit.record(session, by=by, did="agreed to the story of", to_kind="pool", to_id=story.pool_id, now=now)
    agreed = set(session.scalars(select(PoolStoryYes.person_id).where(PoolStoryYes.pool_id == story.pool_id)))
    if story.published_at is None and agreed >= set(_whose_word_counts(session, story.pool_id)):
        story.published_at = now
        session.flush()
        for person_id in sorted(agreed):
            _write(
                session,
                person_id,
                subject=worded("Your story is shown: {title}", title=story.title),
                said=worded(
                    "Every one of you has agreed, so everybody can read this now:\n\n{title}\n\nYou can "
                    "take it down at any time",
                    title=story.title,
                ),
                at=address(story.pool_id),
                now=now,
            )
    return story.published_at is not None


def _to_decide(session: Session, *, pool_id: PoolId, by: PersonId) -> PoolStory:
    story = session.get(PoolStory, pool_id, with_for_update=True, populate_existing=True)
    reported = has_open_reports(session, subject_kind=SubjectKind.POOL_STORY, subject_id=pool_id)
    if story is None or not (story.published_at or story.held_at or reported):
        raise StoryNotFoundError("We could not find that story.")
    if by in member_people(session, pool_id=pool_id):
        raise OwnStoryDecisionError("You belong to this pool, so another moderator must decide.")
    return story


def _decided(
    session: Session,
    story: PoolStory,
    outcome: Outcome,
    *,
    by: PersonId,
    reason: str,
    address: PoolAddress,
    now: datetime,
) -> None:
    moderation.record_decision(
        session, subject_kind=SubjectKind.POOL_STORY, subject_id=story.pool_id, outcome=outcome, reason=reason, by=by,
        now=now,
    )  # fmt: skip
    is_held = outcome is Outcome.HELD
    _write(
        session,
        story.written_by,
        subject=worded(
            "Your pool’s story is {more}: {title}",
            more="kept from view" if is_held else "shown again",
            title=story.title,
        ),
        said=worded(
            "A moderator has {more} the story of your pool:\n\n"
            "{title}\n\nYou can read why beside it. If you think this is wrong, write to us",
            more="kept from view" if is_held else "looked again at",
            title=story.title,
        ),
        at=address(story.pool_id),
        now=now,
    )


def _whose_word_counts(session: Session, pool_id: PoolId) -> list[PersonId]:
    return member_people(session, pool_id=pool_id, with_facilitators=False)


def _forget_yes(session: Session, pool_id: PoolId) -> None:
    session.execute(delete(PoolStoryYes).where(PoolStoryYes.pool_id == pool_id))


def _write(session: Session, person_id: PersonId, *, subject: str, said: str, at: str, now: datetime) -> None:
    accounts.write_to_person(session, person_id=person_id, subject=subject, body=f"{said}:\n{at}", now=now)
