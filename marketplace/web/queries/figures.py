"""What a monitor reads of the database: jobs, letters, what waits for people, pools, payments in doubt."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.moderation.models import Report
from marketplace.payments.models import Charge, ProviderEvent
from marketplace.payments.rules import ChargeStatus, EventStatus
from marketplace.pooling.models import Pool
from marketplace.web.queries import turns
from marketplace.web.queries.looking import letters

Figures = dict[str, tuple[str, dict[str, float]]]
"""For each name what it is, and its value by its label ("" for none)."""


def figures(session: Session, *, now: datetime) -> Figures:
    """Return every figure as it is now. None of them is about a person."""
    box = letters(session)
    doubt = select(func.count()).select_from(Charge).where(Charge.status.in_((ChargeStatus.BEGUN, ChargeStatus.ASKED)))
    events = select(func.count()).select_from(ProviderEvent).where(ProviderEvent.status == EventStatus.RECEIVED)
    reports = select(func.count()).select_from(Report).where(Report.closed_at.is_(None))
    pools = session.execute(select(Pool.status, func.count()).group_by(Pool.status))
    return {
        "letters_waiting": ("Letters that wait to leave", {"": box.waiting}),
        "letters_given_up": ("Letters that were tried too often", {"": box.given_up}),
        "oldest_letter_seconds": (
            "For how long the oldest letter has waited",
            {"": (now - box.oldest).total_seconds() if box.oldest else 0},
        ),
        "reports_waiting": ("Reports that no moderator has decided", {"": session.scalars(reports).one()}),
        "payments_in_doubt": ("Charges that Stripe knows more of than we do", {"": session.scalars(doubt).one()}),
        "events_waiting": ("What Stripe told and is not settled", {"": session.scalars(events).one()}),
        "pools by status": ("Pools", {str(status): count for status, count in pools}),
        **_jobs(session),
    }


def _jobs(session: Session) -> Figures:
    runs = turns.runs(session).values()
    ended = {run.name: run.ended_at.timestamp() for run in runs if run.ended_at}
    return {
        "job_ended_seconds by job": ("When a job came to its end last, in seconds since 1970", ended),
        "job_did by job": ("How many things a job did the last time", {run.name: run.did for run in runs}),
        "job_failed by job": (
            "1 if a job did not come to its end the last time",
            {run.name: float(run.has_failed and run.taken_by is None) for run in runs},
        ),
    }
