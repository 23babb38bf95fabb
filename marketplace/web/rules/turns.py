"""When is it a job's turn, and who may take it?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

LEASE = timedelta(seconds=60)
"""For how long nobody else begins what a worker has begun. It is renewed for as long as the worker lives."""

TRIED_AGAIN_AFTER = timedelta(minutes=5)
"""How long a job that failed waits at most, whatever its clock says."""

_SLACK = timedelta(seconds=5)
_SILENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Run:
    """How a job ran last, and which worker is at it now."""

    name: str
    taken_by: str | None = None
    taken_until: datetime | None = None
    began_at: datetime | None = None
    ended_at: datetime | None = None
    did: int = 0
    failed_at: datetime | None = None
    failed_with: str | None = None

    @property
    def has_failed(self) -> bool:
        """Whether it did not come to its end the last time: it failed, or its worker died."""
        return self.began_at is not None and (self.ended_at is None or self.ended_at < self.began_at)

    def is_held(self, now: datetime) -> bool:
        """Test whether a worker is at it. A lease that ends too late was given before the clock was put back."""
        return self.taken_until is not None and now < self.taken_until <= now + LEASE + _SLACK


def next_turn(run: Run, *, every: timedelta) -> datetime | None:
    """Return the moment from which a job is due. None: it never ran, and is due at once."""
    if run.began_at is None:
        return None
    wait = min(every, TRIED_AGAIN_AFTER) if run.has_failed else every
    # Clocks of workers are never quite together: a turn is not left out for a moment.
    turn = run.began_at + wait - min(every / 10, _SLACK)
    return max(turn, run.taken_until) if run.taken_until else turn


def is_due(run: Run, *, every: timedelta, now: datetime) -> bool:
    """Test whether a worker may begin a job now. After the clock was put back, it may at once."""
    if run.is_held(now):
        return False
    turn = next_turn(run, every=every)
    return turn is None or turn <= now or run.began_at is None or run.began_at > now + _SLACK


def is_late(run: Run, *, every: timedelta, now: datetime) -> bool:
    """Test whether a job that ran once should have run again by now, and did not."""
    turn = next_turn(run, every=every)
    return turn is not None and not run.is_held(now) and now - turn > max(_SILENCE, every)


def is_silent(newest: datetime | None, *, now: datetime) -> bool:
    """Test whether no worker has begun anything for so long that none can run. Before the first, nobody knows."""
    return newest is not None and now - newest > _SILENCE
