"""The most boring things that wait to be judged."""

import uuid
from datetime import UTC, datetime, timedelta

from marketplace.ratings.models import LedgerLine, Screening
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
