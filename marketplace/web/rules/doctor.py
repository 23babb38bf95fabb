"""What does the doctor say of one thing, and what is a strong secret, an old job, a full disk?"""

import enum
import math
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from marketplace.kit.sentences import worded

MEGA = 1024 * 1024
_STRONG = 128
"""Bits that nobody guesses."""
_REPEATS = 0.75
"""Random letters are hardly made shorter by packing: what is, repeats itself."""
_FEW = 8
"""Bytes that packing adds to whatever it packs."""
_FULL, _FILLING = 200 * MEGA, 2048 * MEGA
_CLOCK_WRONG, _CLOCK_OFF = 30.0, 5.0
"""Seconds. A code from a phone lasts 30."""
_OLD, _TOO_OLD = timedelta(hours=26), timedelta(days=8)
_LATE_TURNS = 3
_SOON = timedelta(minutes=10)


class State(enum.StrEnum):
    """How one thing is."""

    WELL = "ok"
    LOOK = "look"
    WRONG = "wrong"
    LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of what the doctor says: of what, how it is, in words, and how to mend it."""

    about: str
    state: State
    says: str
    mend: str = ""


def exit_code(findings: Iterable[Finding]) -> int:
    """Return what the command ends with: 1 if anything is wrong."""
    return int(any(finding.state is State.WRONG for finding in findings))


def is_weak(secret: str) -> bool:
    """Test whether a secret could be guessed: too short, words, of few different letters, or repeated."""
    # Words that somebody wrote down have no figures in them; what is random has.
    if not any(letter.isdecimal() for letter in secret):
        return True
    bits = len(secret) * math.log2(max(2, len(set(secret))))
    packed = len(zlib.compress(secret.encode(), 9)) - _FEW
    return bits < _STRONG or packed < _REPEATS * bits / 8


def state_of_disk(free: int) -> State:
    """Say how a disk is that has so many bytes left."""
    if free < _FULL:
        return State.WRONG
    return State.LOOK if free < _FILLING else State.WELL


def state_of_clock(seconds: float) -> State:
    """Say how a clock is that differs from another by so many seconds."""
    if abs(seconds) > _CLOCK_WRONG:
        return State.WRONG
    return State.LOOK if abs(seconds) > _CLOCK_OFF else State.WELL


def state_of_backup(made_at: datetime | None, *, now: datetime) -> State:
    """Say how it stands with backups whose newest was made then, or with none."""
    if made_at is None or now - made_at > _TOO_OLD:
        return State.WRONG
    return State.LOOK if now - made_at > _OLD else State.WELL


def is_late(ended_at: datetime | None, *, every_seconds: int, now: datetime) -> bool:
    """Test whether a job should long have run again."""
    return ended_at is None or now - ended_at > max(_SOON, _LATE_TURNS * timedelta(seconds=every_seconds))


def ago(moment: datetime, *, now: datetime) -> str:
    """Return how long ago something was, roughly."""
    minutes = int((now - moment).total_seconds() // 60)
    for size, name in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return worded("{count} {name}{more} ago", count=count, name=name, more="" if count == 1 else "s")
    return "just now"
