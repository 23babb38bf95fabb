"""What can happen to stories: told, changed and taken down by whoever wrote them, read first by a moderator."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.queries import addressee
from marketplace.accounts.rules import Permission, PersonId
from marketplace.brokerage.models import LibraryPiece
from marketplace.brokerage.rules import library as rules
from marketplace.brokerage.rules.library import Suspicion
from marketplace.brokerage.rules.nouns import OutcomeId, PieceId, PieceKind, PieceStatus
from marketplace.catalogue.rules import CategorySlug
from marketplace.kit import audit
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError, WrongAnswerError
from marketplace.kit.said import count
from marketplace.kit.sentences import worded
from marketplace.moderation.queries import has_open_reports
from marketplace.moderation.rules import Outcome, SubjectKind
from marketplace.moderation.services import record_decision

Address = Callable[[PieceId], str]
"""Where a piece of the library is."""


@dataclass(frozen=True, slots=True)
class ToldStory:
    """A story as somebody tells it. `keeps_names`: they have looked at what seem to be names, and they are to stay."""

    title: str
    words: str
    pseudonym: str
    outcome_id: OutcomeId | None
    category: CategorySlug | None
    keeps_names: bool


class StoryNotFoundError(NotFoundError):
    """There is no such story, or it is not one's own."""


class StoryWrongError(WrongAnswerError):
    """Something in it will not do."""


class NamesInStoryError(DomainError):
    """There seem to be names in it. `found` are they; its writer decides whether they stay."""

    def __init__(self, found: tuple[str, ...]) -> None:
        super().__init__(
            "Some words in your story look like somebody’s name. Change them, or say below that they are to stay."
        )
        self.found = found


class TooManyWaitError(DomainError):
    """Several stories of theirs wait to be read already."""


class PieceMovedOnError(DomainError):
    """Somebody has changed it or decided about it since the page was opened."""


class OwnPieceError(NotAllowedError):
    """Nobody decides about their own story."""


def tell_story(session: Session, *, told: ToldStory, by: PersonId, address: Address, now: datetime) -> PieceId:
    """
    Send a story to be read by a moderator, and then shown to everybody. One that is sent twice is one story.

    :raises StoryWrongError: if something in it will not do.
    :raises NamesInStoryError: if there seem to be names in it, and the writer has not said that they stay.
    :raises TooManyWaitError: if several of theirs wait already.
    """
    _refuse_what_cannot_be_sent(session, told, by)
    accounts.take_turns(session, person_id=by)
    waiting = session.execute(
        select(LibraryPiece.id, LibraryPiece.title, LibraryPiece.words).where(
            LibraryPiece.author_id == by, LibraryPiece.status == PieceStatus.WAITING
        )
    ).all()
    for piece_id, title, words in waiting:
        if (title, words) == (told.title, told.words):
            return piece_id
    if len(waiting) >= rules.MOST_WAITING:
        raise TooManyWaitError(
            worded(
                "{most_waiting} of your stories wait to be read. Send this one when we have read them.",
                most_waiting=rules.MOST_WAITING,
            )
        )
    row = LibraryPiece(
        id=PieceId(uuid.uuid4()),
        kind=PieceKind.STORY,
        file_name="",
        media_type="",
        author_id=by,
        status=PieceStatus.WAITING,
    )
    _write(session, row, told, now=now)
    session.add(row)
    audit.record(session, by=by, did="told", to_kind="library_piece", to_id=row.id, now=now)
    session.flush()
    _warn_of_harm(session, row, address=address, now=now)
    return row.id


def change_story(
    session: Session, *, piece_id: PieceId, told: ToldStory, by: PersonId, address: Address, now: datetime
) -> None:
    """
    Change one's own story. It is read again before anybody else sees it.

    :raises StoryNotFoundError: if there is none, or it is taken down.
    :raises StoryWrongError, NamesInStoryError: as `tell_story`.
    """
    row = _own(session, piece_id, by)
    _refuse_what_cannot_be_sent(session, told, by)
    row.status, row.decided_at, row.decided_by, row.reason, row.told_at = PieceStatus.WAITING, None, None, "", None
    _write(session, row, told, now=now)
    audit.record(session, by=by, did="changed", to_kind="library_piece", to_id=row.id, now=now)
    session.flush()
    _warn_of_harm(session, row, address=address, now=now)


def take_story_down(session: Session, *, piece_id: PieceId, by: PersonId, now: datetime) -> None:
    """
    Take one's own story down for good: we forget its words.

    :raises StoryNotFoundError: if there is none, or it is taken down already.
    """
    row = _own(session, piece_id, by)
    row.status, row.due_at, row.suspected = PieceStatus.TAKEN_DOWN, None, []
    row.title = row.summary = row.words = row.pseudonym = row.reason = ""
    row.outcome_id = row.category = None
    audit.record(session, by=by, did="took down", to_kind="library_piece", to_id=row.id, now=now)


def decide_piece(
    session: Session,
    *,
    piece_id: PieceId,
    outcome: Outcome,
    reason: str,
    sent_at: datetime,
    by: PersonId,
    address: Address,
    now: datetime,
) -> None:
    """
    Show a piece or keep it from view, as a moderator, and tell whoever wrote it.

    To approve what is shown already closes the reports about it. `sent_at` says which version the moderator read.

    :raises StoryNotFoundError: if there is no such piece any more.
    :raises PieceMovedOnError: if it has changed, or somebody has decided, since they read it.
    :raises OwnPieceError: if it is their own.
    :raises ReasonMissingError: if it is kept from view without a reason.
    """
    row = session.get(LibraryPiece, piece_id, with_for_update=True, populate_existing=True)
    if row is None or row.status is PieceStatus.TAKEN_DOWN:
        raise StoryNotFoundError("That is not there any more. Whoever wrote it may have taken it down.")
    if row.author_id == by:
        raise OwnPieceError("This is your own story, so somebody else must decide.")
    before, after = row.status, _after(row.status, outcome)
    stays = before is after is PieceStatus.SHOWN and has_open_reports(
        session, subject_kind=SubjectKind.LIBRARY_PIECE, subject_id=piece_id
    )
    if row.sent_at != sent_at or not (stays or rules.may_become(before, after)):
        raise PieceMovedOnError("It has changed since you opened this page. Read it as it is now, and decide again.")
    record_decision(
        session,
        subject_kind=SubjectKind.LIBRARY_PIECE,
        subject_id=piece_id,
        outcome=_recorded(before, after),
        reason=reason,
        by=by,
        now=now,
    )
    row.status, row.due_at, row.decided_at, row.decided_by = after, None, now, by
    row.reason = reason if after is not PieceStatus.SHOWN else ""
    if before is not after:
        _tell_writer(session, row, address=address, now=now)


def remind_of_stories(session: Session, *, address: str, now: datetime) -> int:
    """
    Write to moderators about stories that are due within a day, and to the operators too about what is late.

    Return how many are news. Safe to run twice. `address` is the page where they are read.
    """
    waiting = session.scalars(
        select(LibraryPiece)
        .where(LibraryPiece.status == PieceStatus.WAITING, LibraryPiece.due_at.is_not(None))
        .order_by(LibraryPiece.due_at, LibraryPiece.id)
        .with_for_update()
    ).all()
    news = [it for it in waiting if it.due_at and rules.is_to_be_told(due_at=it.due_at, told_at=it.told_at, now=now)]
    if not news:
        return 0
    late = sum(it.due_at is not None and it.due_at <= now for it in waiting)
    for it in news:
        it.told_at = now
    what = count(len(waiting), "story waits to be read", "stories wait to be read")
    subject = what + (f", {late} of them late" if late else "")
    for permission in (Permission.MODERATE, Permission.OPERATE) if late else (Permission.MODERATE,):
        accounts.write_to_those_who_may(
            session,
            permission,
            subject=subject,
            body=worded("{subject}.\n\nModerators find them here:\n{address}", subject=subject, address=address),
            now=now,
        )
    return len(news)


def _refuse_what_cannot_be_sent(session: Session, told: ToldStory, by: PersonId) -> None:
    for problem in rules.problems_of(title=told.title, words=told.words, pseudonym=told.pseudonym):
        raise StoryWrongError(problem.sentence, field=problem.field)
    found = rules.names_in(title=told.title, words=told.words, names=_names(session, by))
    if found and not told.keeps_names:
        raise NamesInStoryError(found)


def _names(session: Session, by: PersonId) -> tuple[str, ...]:
    return tuple(addressee(session, person_id=by).name.split())


def _write(session: Session, row: LibraryPiece, told: ToldStory, *, now: datetime) -> None:
    names = _names(session, row.author_id) if row.author_id else ()
    suspected = rules.suspicions_in(title=told.title, words=told.words, pseudonym=told.pseudonym, names=names)
    row.title, row.words, row.pseudonym = told.title, told.words, told.pseudonym
    row.summary, row.outcome_id, row.category = rules.beginning(told.words), told.outcome_id, told.category
    row.suspected = [str(one) for one in suspected]
    row.sent_at, row.due_at, row.reason = now, rules.read_by(suspected, since=now), ""


def _own(session: Session, piece_id: PieceId, by: PersonId) -> LibraryPiece:
    row = session.scalars(
        select(LibraryPiece)
        .where(
            LibraryPiece.id == piece_id,
            LibraryPiece.author_id == by,
            LibraryPiece.status != PieceStatus.TAKEN_DOWN,
        )
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise StoryNotFoundError("That story is not there any more.")
    return row


def _after(before: PieceStatus, outcome: Outcome) -> PieceStatus:
    if outcome in {Outcome.APPROVED, Outcome.RELEASED}:
        return PieceStatus.SHOWN
    return PieceStatus.REFUSED if before is PieceStatus.WAITING else PieceStatus.HELD


def _recorded(before: PieceStatus, after: PieceStatus) -> Outcome:
    if after is PieceStatus.SHOWN:
        return Outcome.RELEASED if before in {PieceStatus.HELD, PieceStatus.REFUSED} else Outcome.APPROVED
    return Outcome.REFUSED if after is PieceStatus.REFUSED else Outcome.HELD


def _tell_writer(session: Session, row: LibraryPiece, *, address: Address, now: datetime) -> None:
    if row.author_id is None:
        return
    if row.status is PieceStatus.SHOWN:
        subject = "Your story is shown now"
        body = worded(
            "A moderator has read “{title}”, and everybody can read it now:\n{address}\n\n"
            "You can change it or take it down at any time.",
            title=row.title,
            address=address(row.id),
        )
    else:
        subject = "We have kept your story from view"
        body = worded(
            "A moderator has kept “{title}” from view. This is why:\n\n{reason}\n\n"
            "You can change it and send it again, or take it down:\n{address}",
            title=row.title,
            reason=row.reason,
            address=address(row.id),
        )
    accounts.write_to_person(session, person_id=row.author_id, subject=subject, body=body, now=now)


def _warn_of_harm(session: Session, row: LibraryPiece, *, address: Address, now: datetime) -> None:
    """Write at once to all who can act: a worry about somebody's safety must not lie in a queue."""
    if Suspicion.SAFEGUARDING not in row.suspected:
        return
    row.told_at = now
    for permission in (Permission.MODERATE, Permission.OPERATE):
        accounts.write_to_those_who_may(
            session,
            permission,
            subject="Read this now: somebody may be being harmed",
            body=worded(
                "A story that somebody has sent sounds as if a person is being harmed. A moderator must read it "
                "within {safeguarding_hours} hours:\n{address}\n\n"
                "If somebody is in danger now, ring 999 first. If it is about abuse or neglect, tell the adult "
                "safeguarding team of the council where the person lives. Then decide what happens to the story.",
                safeguarding_hours=rules.SAFEGUARDING_HOURS,
                address=address(row.id),
            ),
            now=now,
        )
