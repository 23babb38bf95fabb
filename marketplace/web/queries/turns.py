"""How did each job run last, and is anybody running them?"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.web.models import JobRun
from marketplace.web.rules.turns import Run


def runs(session: Session) -> Mapping[str, Run]:
    """Return how each job ran, by its name. One that never ran is not there."""
    columns = (
        JobRun.name,
        JobRun.taken_by,
        JobRun.taken_until,
        JobRun.began_at,
        JobRun.ended_at,
        JobRun.did,
        JobRun.failed_at,
        JobRun.failed_with,
    )
    return {row.name: Run(*row) for row in session.execute(select(*columns).order_by(JobRun.name))}


def last_begun(session: Session) -> datetime | None:
    """Return when a worker began anything at all last."""
    return session.scalar(select(func.max(JobRun.began_at)))
