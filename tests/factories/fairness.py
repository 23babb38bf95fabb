"""The most boring things that wait to be judged."""

import uuid
from datetime import UTC, datetime, timedelta

from marketplace.ratings.models import Appeal, LedgerLine, Objection, Screening
from marketplace.ratings.rules.nouns import Ground, ReviewStatus, Screened, ScreeningOutcome
from marketplace.ratings.services.publishing import refuse, stop

OPENED_AT = datetime(2026, 6, 1, 9, tzinfo=UTC)


def screening(session, review, *, suspected=(Ground.UNLAWFUL,), opened_at=OPENED_AT, **differences):
    """Add something that waits to be read: the review itself unless another subject is given."""
    plain = {
        "subject_kind": Screened.REVIEW,
        "subject_id": review.id,
        "suspected": [str(ground) for ground in suspected],
        "due_at": opened_at + timedelta(days=2),
    }
    it = Screening(id=uuid.uuid4(), review_id=review.id, opened_at=opened_at, **plain | differences)
    session.add(it)
    session.flush()
    return it


def stopped(session, review, **differences):
    """Let a shown review wait to be read."""
    it = screening(session, review, **differences)
    stop(session, review, now=it.opened_at)
    return it


def refused(session, review, *, by, ground=Ground.IDENTIFYING, reason="It names a child.", **differences):
    """Keep a shown review from view."""
    decided = {"outcome": ScreeningOutcome.REFUSED, "decided_at": OPENED_AT + timedelta(hours=5), "decided_by": by.id}
    it = stopped(session, review, **decided | {"ground": ground, "reason": reason} | differences)
    refuse(session, review, ground=ground, now=it.decided_at)
    session.get_one(LedgerLine, review.id).decided_at = it.decided_at
    session.flush()
    assert review.status is ReviewStatus.HELD
    return it


def appealed(session, refusal, *, words="It names nobody.", **differences):
    """Ask the panel about a refusal."""
    plain = {"made_at": OPENED_AT, "due_at": OPENED_AT + timedelta(days=14), "told_at": OPENED_AT}
    it = Appeal(id=uuid.uuid4(), screening_id=refusal.id, words=words, **plain | differences)
    session.add(it)
    session.flush()
    return it


def objected(session, review, *, by, words="It says that I am ill.", **differences):
    """Object to a shown review."""
    plain = {"made_at": OPENED_AT, "due_at": OPENED_AT + timedelta(days=30), "told_at": OPENED_AT}
    it = Objection(id=uuid.uuid4(), review_id=review.id, made_by=by, words=words, **plain | differences)
    session.add(it)
    session.flush()
    return it
