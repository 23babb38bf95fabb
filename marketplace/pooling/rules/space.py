"""What is true of a pool's own room: its messages, its documents and its rota. Pure: no database, no web, no clock."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from marketplace.kit.days import LONDON, day_of, midnight
from marketplace.kit.sentences import worded

SAME_AGAIN = timedelta(minutes=1)
"""What the same person writes again, word for word, so soon after, was sent twice and meant once."""

LONGEST_MESSAGE = 2000
"""Most characters in one message."""

MOST_DOCUMENTS, MOST_KEPT_BYTES = 40, 25_000_000
"""How many documents a pool keeps, and how many bytes together."""

LONGEST_TURN = 120
"""Most characters in what is to be done."""

MOST_WEEKS, MOST_TURNS = 26, 200
"""For how many weeks a turn can be put down at once, and how many turns can lie ahead of a pool."""

LATEST_TURN_DAYS = 366
"""How long ahead a turn can lie, in days."""

LETTERS_FROM_HOUR = 17
"""From when in the day, by the clock in London, people are written to about what is new in their pools."""


def message_problem(words: str) -> str | None:
    """Return why a message will not do, as a sentence, or None if it will."""
    if not words:
        return "Write something first."
    return (
        None
        if len(words) <= LONGEST_MESSAGE
        else worded("Use at most {longest_message:,} characters.", longest_message=LONGEST_MESSAGE)
    )


def room_problem(*, sizes: Iterable[int], size: int) -> str | None:
    """Return why a pool has no room for one more document of a size in bytes, as a sentence, or None if it has."""
    kept = list(sizes)
    if len(kept) >= MOST_DOCUMENTS:
        return worded(
            "A pool keeps at most {most_documents} documents. Remove one that nobody needs.",
            most_documents=MOST_DOCUMENTS,
        )
    if sum(kept) + size > MOST_KEPT_BYTES:
        return worded(
            "A pool keeps at most {most_kept_bytes} MB. Remove a document that nobody needs.",
            most_kept_bytes=MOST_KEPT_BYTES // 1_000_000,
        )
    return None


def turn_problem(what: str) -> str | None:
    """Return why what is to be done will not do, as a sentence, or None if it will."""
    if not what:
        return "Say what is to be done."
    return (
        None
        if len(what) <= LONGEST_TURN
        else worded("Use at most {longest_turn} characters.", longest_turn=LONGEST_TURN)
    )


def turn_day_problem(*, held_on: date, today: date) -> str | None:
    """Return why a turn cannot be on a day, as a sentence, or None if it can."""
    if held_on < today:
        return "Choose today or a day after it."
    if held_on > today + timedelta(days=LATEST_TURN_DAYS):
        return "Choose a day within a year."
    return None


def weeks_problem(weeks: int) -> str | None:
    """Return why a turn cannot come back for so many weeks, as a sentence, or None if it can."""
    return (
        None
        if 1 <= weeks <= MOST_WEEKS
        else worded("Choose a number of weeks from 1 to {most_weeks}.", most_weeks=MOST_WEEKS)
    )


def days_of(*, held_on: date, weeks: int) -> tuple[date, ...]:
    """Return the days of a turn that comes back each week."""
    return tuple(held_on + timedelta(weeks=number) for number in range(weeks))


def clock_time(typed: str) -> time | None:
    """
    Return a time as people type it: `2pm`, `2:30 pm`, `14:30`, `9.15`.

    :raises ValueError: if it is none.
    """
    said = typed.strip().lower().replace(".", ":").replace(" ", "")
    if not said:
        return None
    half = said[-2:] if said[-2:] in {"am", "pm"} else ""
    hours, _, minutes = said.removesuffix(half).partition(":")
    if not (hours + minutes).isascii() or not (hours.isdigit() and (minutes.isdigit() or not minutes)):
        raise ValueError("no time")
    if max(len(hours), len(minutes)) > 2:  # noqa: PLR2004
        raise ValueError("no time")
    hour = int(hours)
    if half:
        if not 1 <= hour <= 12:  # noqa: PLR2004
            raise ValueError("no time")
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, int(minutes or 0))


def clock_words(at: time) -> str:
    """Return a time as people say it: `2pm`, `2:30pm`."""
    half = "am" if at.hour < 12 else "pm"  # noqa: PLR2004
    return f"{at.hour % 12 or 12}{f':{at:%M}' if at.minute else ''}{half}"


def is_time_for_letters(now: datetime) -> bool:
    """Test whether it is late enough in the day to write about what is new."""
    return now.astimezone(LONDON).hour >= LETTERS_FROM_HOUR


def this_morning(now: datetime) -> datetime:
    """Return the moment today began in London: whoever was written to since then has had today's letter."""
    return midnight(day_of(now))
