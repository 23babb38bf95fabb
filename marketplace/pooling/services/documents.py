"""Sharing a document with the other members of a pool, and removing it."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.kit.documents import Document, DocumentError
from marketplace.kit.errors import NotAllowedError, NotFoundError
from marketplace.pooling.models import PoolDocument
from marketplace.pooling.rules import space as rules
from marketplace.pooling.rules.nouns import DocumentId, MemberRole, PoolId
from marketplace.pooling.services.joining import the_member
from marketplace.pooling.services.locking import locked


class NoRoomError(DocumentError):
    """The pool keeps enough documents already."""


class DocumentNotFoundError(NotFoundError):
    """The pool has no such document."""


class NotYourDocumentError(NotAllowedError):
    """Whoever added a document can remove it, and so can a champion."""


def add_document(session: Session, *, pool_id: PoolId, by: PersonId, document: Document, now: datetime) -> DocumentId:
    """
    Keep a document for the members of a pool. Sent twice in a row, it is one document.

    :raises PoolNotFoundError: if `by` does not belong to the pool.
    :raises NoRoomError: if the pool keeps as many as it can.
    """
    locked(session, pool_id=pool_id, even_held=True)
    the_member(session, pool_id=pool_id, person_id=by)
    sent_before = session.scalars(
        select(PoolDocument.id).where(
            PoolDocument.pool_id == pool_id,
            PoolDocument.person_id == by,
            PoolDocument.name == document.name,
            PoolDocument.size == len(document.contents),
            PoolDocument.removed_at.is_(None),
            PoolDocument.added_at > now - rules.SAME_AGAIN,
        )
    ).first()
    if sent_before is not None:
        return sent_before
    sizes = session.scalars(
        select(PoolDocument.size).where(PoolDocument.pool_id == pool_id, PoolDocument.removed_at.is_(None))
    )
    problem = rules.room_problem(sizes=sizes, size=len(document.contents))
    if problem:
        raise NoRoomError(problem)
    kept = PoolDocument(
        id=DocumentId(uuid.uuid4()),
        pool_id=pool_id,
        person_id=by,
        name=document.name,
        kind=document.kind,
        size=len(document.contents),
        contents=document.contents,
        added_at=now,
    )
    session.add(kept)
    session.flush()
    return kept.id


def remove_document(session: Session, *, pool_id: PoolId, document_id: DocumentId, by: PersonId, now: datetime) -> None:
    """
    Remove a document for everybody. It is deleted, and cannot come back. Doing it twice is doing it once.

    :raises PoolNotFoundError: if `by` does not belong to the pool.
    :raises DocumentNotFoundError: if the pool has no such document.
    :raises NotYourDocumentError: if `by` neither added it nor is a champion.
    """
    member = the_member(session, pool_id=pool_id, person_id=by)
    document = session.get(PoolDocument, document_id, with_for_update=True)
    if document is None or document.pool_id != pool_id:
        raise DocumentNotFoundError("We could not find that document.")
    if document.person_id != by and member.role is not MemberRole.CHAMPION:
        raise NotYourDocumentError("Only whoever added it, or a champion of the pool, can remove a document.")
    document.contents, document.removed_at = None, document.removed_at or now
    session.flush()
