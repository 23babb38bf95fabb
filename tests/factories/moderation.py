"""The most boring reports there are, and somebody to look at them."""

import uuid
from datetime import UTC, datetime

from marketplace.accounts.rules import Role
from marketplace.moderation.models import Report
from marketplace.moderation.rules import ReportReason, SubjectKind
from tests.factories import accounts

SENT = datetime(2026, 5, 1, 9, tzinfo=UTC)


def moderator(session):
    """Add a moderator, and return them as a viewer."""
    return accounts.as_viewer(accounts.person(session, role=Role.MODERATOR, name="Mo"), role=Role.MODERATOR)


def report(session, *, subject_id=None, subject_kind=SubjectKind.OFFER, **differences):
    """Add an open report."""
    plain = {"reason": ReportReason.OUT_OF_DATE, "words": "They moved.", "at": SENT}
    line = Report(
        id=uuid.uuid4(), subject_kind=subject_kind, subject_id=subject_id or uuid.uuid4(), **plain | differences
    )
    session.add(line)
    session.flush()
    return line
