"""Messages to send after commit: written with the change they tell of, sent later by a job."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Index, String, Text, Uuid, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.kit.keeping import Kept, Lasts
from marketplace.kit.model import Model
from marketplace.kit.sentences import Says

MOST_ATTEMPTS = 8
CLAIM_LASTS = timedelta(minutes=5)
TRIED_AGAIN_IN = timedelta(minutes=1)
"""After which a mail server that was down is asked again."""

LONGEST_SUBJECT = 200
LANGUAGE = "language of letters"
"""What a session may know of: the language that the site writes letters in, if that is not English."""
_SILENT = "writes no letters"


class Message(Model):
    """One email to one address."""

    __tablename__ = "message"
    kept = Kept(
        what="Letters to you that wait to be sent",
        by_email="to",
        words=("subject", "body"),
        lasts=Lasts(30, "created_at"),
    )
    __table_args__ = (Index(None, "sent_at", "due_at"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    to: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Letter:
    """A message taken out of the box, ready for the postman."""

    id: uuid.UUID
    to: str
    subject: str
    body: str


def send(session: Session, *, to: str, subject: str, body: str, now: datetime) -> None:
    """Put an email in the outbox. It leaves only if this transaction commits."""
    if session.info.get(_SILENT):
        return
    language: Says | None = session.info.get(LANGUAGE)
    if language is not None:
        subject, body = str(language.say(subject)), str(language.say(body))
    # A subject is one line, and names may be long.
    subject = " ".join(subject.split())[:LONGEST_SUBJECT]
    session.add(Message(to=to, subject=subject, body=body, created_at=now, due_at=now))


@contextmanager
def silence(session: Session) -> Iterator[None]:
    """Write no letters meanwhile: nobody is to hear today of a history that is made up after the fact."""
    session.info[_SILENT] = True
    try:
        yield
    finally:
        session.info[_SILENT] = False


def take_next(session: Session, *, now: datetime) -> Letter | None:
    """
    Claim the oldest message that is due, or return None.

    The claim moves `due_at` on, so a crash between claiming and sending only delays the message.
    """
    message = session.scalars(
        select(Message)
        .where(Message.sent_at.is_(None), Message.due_at <= now, Message.attempts < MOST_ATTEMPTS)
        .order_by(Message.due_at, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if message is None:
        return None
    message.attempts += 1
    message.due_at = now + CLAIM_LASTS * message.attempts
    return Letter(id=message.id, to=message.to, subject=message.subject, body=message.body)


def put_back(session: Session, *, message_id: uuid.UUID, now: datetime) -> None:
    """Put a letter back into the box that nobody could take: that was no try of its own, and it waits a moment."""
    message = session.get_one(Message, message_id)
    message.attempts -= 1
    message.due_at = now + TRIED_AGAIN_IN


def mark_sent(session: Session, *, message_id: uuid.UUID, now: datetime) -> None:
    """Remember that a message has left, and forget what it said and to whom: we keep no copies of people's post."""
    message = session.get_one(Message, message_id)
    message.sent_at = now
    message.to = message.subject = message.body = ""
