"""
Reading what comes in by rules that never see the stars, and letting wait what a person must read first.

Whoever adds or changes a review, a reply or an addition ends by calling this, which shows it or stops it.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.queries import addressee
from marketplace.accounts.rules import Permission, PersonId
from marketplace.kit import audit
from marketplace.kit.errors import DomainError
from marketplace.kit.sentences import worded
from marketplace.ratings.models import Addition, Appeal, Point, Reply, Review, Screening
from marketplace.ratings.queries import reviewed
from marketplace.ratings.queries.names import names_of_clients
from marketplace.ratings.rules import screening as rules
from marketplace.ratings.rules.nouns import Ground, ReviewId, ReviewStatus, Screened, ScreeningId, ScreeningOutcome
from marketplace.ratings.services.publishing import Address, publish, stop


@dataclass(frozen=True, slots=True)
class Subject:
    """What waits: a review itself, or a reply or an addition to it."""

    kind: Screened
    id: uuid.UUID
    review_id: ReviewId


class AppealOpenError(DomainError):
    """The panel is reading the words that somebody wants to change."""


def receive(session: Session, review: Review, *, link: Address, now: datetime) -> None:
    """
    Bring a review into view that is new or was changed, unless a person must read it first.

    What a moderator refused, what sounds as if somebody is being harmed, and what was reported is read by a person
    even if its writer has changed the words since.

    :raises AppealOpenError: if the panel is looking at it.
    """
    session.flush()
    it = Subject(Screened.REVIEW, review.id, review.id)
    refuse_while_appealed(session, it)
    suspected = _found_in(session, review)
    waiting = open_screening(session, it)
    if not suspected and review.status is not ReviewStatus.HELD:
        if waiting is not None and not _let_go(session, waiting, now=now):
            return
        publish(session, review, link=link, now=now)
        return
    _wait(session, it, waiting, suspected, link=link, now=now)
    if review.status is not ReviewStatus.UNREAD:
        stop(session, review, now=now)


def receive_reply(session: Session, reply: Reply, *, link: Address, now: datetime) -> bool:
    """
    Bring a reply into view that is new or was changed, unless a person must read it first; return whether it is.

    :raises AppealOpenError: if the panel is looking at it.
    """
    session.flush()
    it = Subject(Screened.REPLY, reply.id, reply.review_id)
    review = session.get_one(Review, reply.review_id)
    # Whoever answers may sign with their own name, and must not give away the writer's, nor any other client's: if only
    # the writer's waited, they could find out who it was by trying one name after the other.
    suspected = rules.grounds_in(
        (reply.words,),
        known=f"{_known(session, review)} {_name(session, reply.written_by)}",
        names=names_of_clients(session, provider_id=review.provider_id),
    )
    reply.status = _status_of(session, it, reply.status, suspected, link=link, now=now)
    return reply.status is ReviewStatus.SHOWN


def receive_addition(session: Session, addition: Addition, *, link: Address, now: datetime) -> bool:
    """
    Bring an addition into view, unless a person must read it first; return whether it is.

    :raises AppealOpenError: if the panel is looking at it.
    """
    session.flush()
    it = Subject(Screened.ADDITION, addition.id, addition.review_id)
    review = session.get_one(Review, addition.review_id)
    suspected = rules.grounds_in(
        (addition.words,), known=_known(session, review), names=(_name(session, review.person_id),)
    )
    addition.status = _status_of(session, it, addition.status, suspected, link=link, now=now)
    return addition.status is ReviewStatus.SHOWN


def open_screening(session: Session, it: Subject) -> Screening | None:
    """Return what waits to be decided about one thing, locked."""
    return session.scalars(
        select(Screening)
        .where(Screening.subject_kind == it.kind, Screening.subject_id == it.id, Screening.decided_at.is_(None))
        .order_by(Screening.opened_at, Screening.id)
        .limit(1)
        .with_for_update()
    ).one_or_none()


def _status_of(
    session: Session, it: Subject, status: ReviewStatus, suspected: Sequence[Ground], *, link: Address, now: datetime
) -> ReviewStatus:
    refuse_while_appealed(session, it)
    waiting = open_screening(session, it)
    if not suspected and status is not ReviewStatus.HELD and (waiting is None or _let_go(session, waiting, now=now)):
        return ReviewStatus.SHOWN
    _wait(session, it, waiting, suspected, link=link, now=now)
    return ReviewStatus.UNREAD


def _found_in(session: Session, review: Review) -> tuple[Ground, ...]:
    points = session.scalars(select(Point.words).where(Point.review_id == review.id).order_by(Point.kind)).all()
    return rules.grounds_in(
        (review.words, *points, review.declared_link),
        known=_known(session, review),
        names=(_name(session, review.person_id),),
        pseudonym=review.pseudonym,
    )


def _known(session: Session, review: Review) -> str:
    about = reviewed(session, offer_id=review.offer_id, provider_id=review.provider_id)
    return f"{about.offer_title} {about.provider_name}"


def _name(session: Session, person_id: PersonId | None) -> str:
    return addressee(session, person_id=person_id).name if person_id else ""


def _let_go(session: Session, waiting: Screening, *, now: datetime) -> bool:
    """Close what waits if the words that a screen had stopped are gone; return whether it is closed."""
    if not waiting.suspected or Ground.SAFEGUARDING in waiting.suspected:
        return False
    waiting.outcome, waiting.decided_at = ScreeningOutcome.SHOWN, now
    subject = str(waiting.subject_kind)
    audit.record(session, by=None, did="let through", to_kind=subject, to_id=waiting.subject_id, now=now)
    return True


def _wait(
    session: Session,
    it: Subject,
    waiting: Screening | None,
    suspected: Sequence[Ground],
    *,
    link: Address,
    now: datetime,
) -> None:
    due_at = rules.read_by(suspected, since=now)
    if waiting is None:
        waiting = Screening(
            id=ScreeningId(uuid.uuid4()),
            review_id=it.review_id,
            subject_kind=it.kind,
            subject_id=it.id,
            suspected=[str(ground) for ground in suspected],
            opened_at=now,
            due_at=due_at,
        )
        session.add(waiting)
        audit.record(session, by=None, did="kept back", to_kind=str(it.kind), to_id=it.id, now=now)
        is_news = True
    else:
        is_news = Ground.SAFEGUARDING not in waiting.suspected
        # What was found stays found: a person reads what is there now, and knows what there was.
        waiting.suspected = sorted({*waiting.suspected, *suspected})
        waiting.due_at = min(waiting.due_at, due_at)
    if Ground.SAFEGUARDING in suspected and is_news:
        _warn(session, link(it.review_id), now=now)
        waiting.told_at = now
    session.flush()


def _warn(session: Session, address: str, *, now: datetime) -> None:
    """Write at once to all who can act: a worry about somebody's safety must not lie in a queue."""
    for permission in (Permission.MODERATE, Permission.OPERATE):
        accounts.write_to_those_who_may(
            session,
            permission,
            subject="Read this now: somebody may be being harmed",
            body=worded(
                "Something written in a review sounds as if somebody is being harmed. "
                "Read it within {safeguarding_hours} hours:\n{address}\n\n"
                "If somebody is in danger now, ring 999 first. If it is about abuse or neglect, tell the adult "
                "safeguarding team of the council where the person lives. Then decide what happens to the review.",
                safeguarding_hours=rules.SAFEGUARDING_HOURS,
                address=address,
            ),
            now=now,
        )


def refuse_while_appealed(session: Session, it: Subject) -> None:
    """
    Let nobody touch what the panel is looking at.

    :raises AppealOpenError: if it is.
    """
    is_open = session.scalar(
        select(Appeal.id)
        .join(Screening, Screening.id == Appeal.screening_id)
        .where(Screening.subject_kind == it.kind, Screening.subject_id == it.id, Appeal.decided_at.is_(None))
        .limit(1)
    )
    if is_open is not None:
        raise AppealOpenError("The panel is looking at this. It can be changed once they have decided.")
