"""The moderation ledger: what happened to each review, without who wrote it or what it was about."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.ratings.models import LedgerLine, Review
from marketplace.ratings.rules.nouns import AppealOutcome, Ground, ReviewId


def note_received(session: Session, review: Review, *, now: datetime) -> None:
    """Begin the line of a review that has just come in."""
    session.add(LedgerLine(review_id=review.id, stars=review.stars, received_at=now))


def note_stopped(session: Session, review_id: ReviewId, *, now: datetime) -> None:
    """Note that a screen stopped a review, so that a person reads it first."""
    line = _line(session, review_id)
    line.stopped_at = line.stopped_at or now


def note_published(session: Session, review_id: ReviewId, *, now: datetime) -> None:
    """Note that a review is shown. The first time counts."""
    line = _line(session, review_id)
    line.published_at = line.published_at or now
    line.refused_at = line.ground = None


def note_decided(session: Session, review_id: ReviewId, *, now: datetime) -> None:
    """Note that a person decided about a review that a screen had stopped. As with stopping, the first time counts."""
    line = _line(session, review_id)
    line.decided_at = line.decided_at or now


def note_refused(session: Session, review_id: ReviewId, *, ground: Ground, now: datetime) -> None:
    """Note that a person kept a review from view, and on which ground."""
    line = _line(session, review_id)
    line.refused_at, line.ground = now, ground


def note_appealed(session: Session, review_id: ReviewId, *, now: datetime) -> None:
    """Note that a writer appealed to the panel."""
    _line(session, review_id).appealed_at = now


def note_appeal_decided(session: Session, review_id: ReviewId, *, outcome: AppealOutcome) -> None:
    """Note what the panel decided."""
    _line(session, review_id).appeal_outcome = outcome


def note_withdrawn(session: Session, review_id: ReviewId, *, now: datetime) -> None:
    """Note that a writer took a review back."""
    _line(session, review_id).withdrawn_at = now


def _line(session: Session, review_id: ReviewId) -> LedgerLine:
    line = session.get(LedgerLine, review_id, with_for_update=True)
    if line is None:
        raise LookupError(f"review {review_id} has no line in the ledger.")
    return line
