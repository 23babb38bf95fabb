"""Writing to the other members of a pool, taking it back, and a moderator's hold on what was reported."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import PersonId
from marketplace.kit import text
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError, WrongAnswerError
from marketplace.kit.sentences import worded
from marketplace.moderation import services as moderation
from marketplace.moderation.queries import has_open_reports
from marketplace.moderation.rules import Outcome, SubjectKind
from marketplace.pooling.models import PoolMessage
from marketplace.pooling.queries.membership import member_people
from marketplace.pooling.rules import space as rules
from marketplace.pooling.rules.nouns import MessageId, PoolId
from marketplace.pooling.services.joining import the_member
from marketplace.pooling.services.letters import PoolAddress
from marketplace.pooling.services.locking import locked


class MessageUnclearError(WrongAnswerError):
    """The message is empty or too long."""

    field = "words"


class MessageNotFoundError(NotFoundError):
    """There is no such message, or not for this person."""


class MessageHeldError(DomainError):
    """The message is kept from view already."""


class MessageNotHeldError(DomainError):
    """The message is in view."""


class OwnMessageDecisionError(NotAllowedError):
    """Nobody decides about what is said in a pool they belong to."""


def say_to_pool(session: Session, *, pool_id: PoolId, by: PersonId, words: str, now: datetime) -> MessageId:
    """
    Write a message to the other members of a pool. Sent twice in a row, it is one message.

    :raises PoolNotFoundError: if `by` does not belong to the pool.
    :raises MessageUnclearError: if it is empty or too long.
    """
    the_member(session, pool_id=pool_id, person_id=by)
    words = text.tidy(words)
    problem = rules.message_problem(words)
    if problem:
        raise MessageUnclearError(problem)
    locked(session, pool_id=pool_id, even_held=True)
    sent_before = session.scalars(
        select(PoolMessage.id).where(
            PoolMessage.pool_id == pool_id,
            PoolMessage.person_id == by,
            PoolMessage.words == words,
            PoolMessage.removed_at.is_(None),
            PoolMessage.said_at > now - rules.SAME_AGAIN,
        )
    ).first()
    if sent_before is not None:
        return sent_before
    message = PoolMessage(id=MessageId(uuid.uuid4()), pool_id=pool_id, person_id=by, words=words, said_at=now)
    session.add(message)
    session.flush()
    return message.id


def take_back_message(session: Session, *, pool_id: PoolId, message_id: MessageId, by: PersonId, now: datetime) -> None:
    """
    Take one's own message back: nobody in the pool can read it any more. Doing it twice is doing it once.

    Its words are gone at once, unless somebody has reported it: then they go when a moderator has looked.

    :raises PoolNotFoundError: if `by` does not belong to the pool.
    :raises MessageNotFoundError: if they wrote no such message in it.
    """
    the_member(session, pool_id=pool_id, person_id=by)
    message = session.get(PoolMessage, message_id, with_for_update=True, populate_existing=True)
    if message is None or message.pool_id != pool_id or message.person_id != by:
        raise MessageNotFoundError("We could not find that message.")
    message.removed_at = message.removed_at or now
    _forget_words(session, message)


def hold_message(
    session: Session, *, message_id: MessageId, by: PersonId, reason: str, address: PoolAddress, now: datetime
) -> None:
    """
    Keep a reported message from view, and tell its writer.

    :raises MessageNotFoundError: if nobody has reported it.
    :raises OwnMessageDecisionError: if `by` belongs to the pool.
    :raises MessageHeldError: if it is held already.
    :raises ReasonMissingError: if there is no reason.
    """
    message = _to_decide(session, message_id=message_id, by=by)
    if message.held_at is not None:
        raise MessageHeldError("This message is kept from view already.")
    message.held_at = now
    _record(session, message, Outcome.HELD, by=by, reason=reason, now=now)
    accounts.write_to_person(
        session,
        person_id=message.person_id,
        subject="We have kept a message of yours from view",
        body=worded(
            "A moderator has kept a message that you wrote in one of your pools from view. You can read why beside "
            "it:\n{address}\n\nIf you think this is wrong, write to us, and another moderator looks.",
            address=address(message.pool_id),
        ),
        now=now,
    )


def release_message(
    session: Session, *, message_id: MessageId, by: PersonId, reason: str, address: PoolAddress, now: datetime
) -> None:
    """
    Show a held message again, and tell its writer.

    :raises MessageNotFoundError: if it is neither held nor reported.
    :raises OwnMessageDecisionError: if `by` belongs to the pool.
    :raises MessageNotHeldError: if it is not held.
    """
    message = _to_decide(session, message_id=message_id, by=by)
    if message.held_at is None:
        raise MessageNotHeldError("This message is in view already.")
    message.held_at = None
    _record(session, message, Outcome.RELEASED, by=by, reason=reason, now=now)
    accounts.write_to_person(
        session,
        person_id=message.person_id,
        subject="A message of yours is shown again",
        body=worded(
            "A moderator has looked again at a message that you wrote in one of your pools, and it is shown now:\n"
            "{address}",
            address=address(message.pool_id),
        ),
        now=now,
    )


def forget_message_taken_back(session: Session, *, message_id: MessageId) -> bool:
    """Forget the words of a message that was taken back, unless a report about it is open; return whether it did."""
    message = session.get(PoolMessage, message_id, with_for_update=True, populate_existing=True)
    if message is None or message.removed_at is None or not message.words:
        return False
    _forget_words(session, message)
    return not message.words


def _forget_words(session: Session, message: PoolMessage) -> None:
    if not has_open_reports(session, subject_kind=SubjectKind.POOL_MESSAGE, subject_id=message.id):
        message.words = ""
    session.flush()


def _to_decide(session: Session, *, message_id: MessageId, by: PersonId) -> PoolMessage:
    message = session.get(PoolMessage, message_id, with_for_update=True, populate_existing=True)
    reported = has_open_reports(session, subject_kind=SubjectKind.POOL_MESSAGE, subject_id=message_id)
    if message is None or (message.held_at is None and not reported):
        raise MessageNotFoundError("We could not find that message.")
    if by in member_people(session, pool_id=message.pool_id):
        raise OwnMessageDecisionError("You belong to this pool, so another moderator must decide.")
    return message


def _record(
    session: Session, message: PoolMessage, outcome: Outcome, *, by: PersonId, reason: str, now: datetime
) -> None:
    moderation.record_decision(
        session,
        subject_kind=SubjectKind.POOL_MESSAGE,
        subject_id=message.id,
        outcome=outcome,
        reason=reason,
        by=by,
        now=now,
    )
