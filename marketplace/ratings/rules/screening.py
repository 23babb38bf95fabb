"""
What makes a text wait for a person to read it first, and how long it may wait. Pure: no database, no web, no clock.

Nothing here is given the stars: a good and a bad review with the same words fare alike (CMA, 3 September 2025). What a
screen finds proves nothing. It only means that a moderator reads the text, by a clock, and decides.
"""

import enum
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from marketplace.kit import phrases
from marketplace.kit.days import working_days_after
from marketplace.kit.spotting import spot
from marketplace.ratings.rules.nouns import Ground

WORKING_DAYS = 2
"""Within so many working days a moderator reads what waits."""
SAFEGUARDING_HOURS = 4
"""Within so many hours, by day or night, somebody reads what sounds as if a person is being harmed."""
APPEAL_WORKING_DAYS = 10
"""Within so many working days the panel decides about an appeal."""
PANEL_SIZE = 3
"""So many members of the panel vote on an appeal. The majority decides."""
OBJECTION_DAYS = 30
"""Within one month an objection is decided (UK GDPR, Article 12(3)); February's is the shortest that we promise."""

_MOST_LINKS = 1
_CURLY = str.maketrans({"\N{RIGHT SINGLE QUOTATION MARK}": "'", "\N{LEFT SINGLE QUOTATION MARK}": "'"})


def grounds_in(
    texts: Iterable[str], *, known: str = "", names: Collection[str] = (), pseudonym: str = ""
) -> tuple[Ground, ...]:
    """
    Return what a person must judge in some texts before others read them: nothing, for nearly all.

    `known` is what everybody can read anyway, and `names` are names that must not stand there: see `spotting.spot`. A
    pseudonym may look like a name, but must not hurt or advertise either.
    """
    told = "\n".join(texts)
    words = f"{told}\n{pseudonym}".translate(_CURLY)
    found = {
        Ground.UNLAWFUL: phrases.UNLAWFUL.search(words) is not None,
        Ground.SAFEGUARDING: phrases.SAFEGUARDING.search(words) is not None,
        Ground.OFF_TOPIC: phrases.OFF_TOPIC.search(words) is not None or len(phrases.LINK.findall(words)) > _MOST_LINKS,
        Ground.IDENTIFYING: bool(spot(told, known=known, names=names)),
    }
    return tuple(ground for ground, is_there in found.items() if is_there)


def read_by(suspected: Iterable[Ground], *, since: datetime) -> datetime:
    """Return by when a person must have read and decided."""
    if Ground.SAFEGUARDING in set(suspected):
        return since + timedelta(hours=SAFEGUARDING_HOURS)
    return working_days_after(since, WORKING_DAYS)


class Tell(enum.Enum):
    """Whom to write to about something that waits."""

    NOBODY = enum.auto()
    MODERATORS = enum.auto()
    # It is late, or somebody may be in danger: also those who run the site.
    OPERATORS_TOO = enum.auto()


def whom_to_tell(*, opened_at: datetime, due_at: datetime, told_at: datetime | None, now: datetime) -> Tell:
    """
    Return whom to write to now about something that waits: at once, at half time, and then until it is decided.

    Once it is late the operators hear too: every four hours if it was due in hours, else once a day.
    """
    allowed = due_at - opened_at
    is_urgent = allowed <= timedelta(hours=SAFEGUARDING_HOURS)
    if told_at is None:
        return Tell.OPERATORS_TOO if is_urgent or now >= due_at else Tell.MODERATORS
    if now >= due_at:
        every = timedelta(hours=SAFEGUARDING_HOURS) if is_urgent else timedelta(days=1)
        return Tell.OPERATORS_TOO if told_at < due_at or now - told_at >= every else Tell.NOBODY
    half = opened_at + allowed / 2
    if told_at < half <= now:
        return Tell.OPERATORS_TOO if is_urgent else Tell.MODERATORS
    return Tell.NOBODY
