"""Seven days as people plan them: in the morning, the afternoon and the evening. For the week_plan component."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

from marketplace.kit.said import day_of_year, weekday

_NOON = time(12)
_EVENING = time(17)
_ANY_TIME = "Any time"
_PARTS = ("Morning", "Afternoon", "Evening", _ANY_TIME)
_DAYS = 7


@dataclass(frozen=True, slots=True)
class WeekThing:
    """Something on one day. `starts_at` None: its time is not said. `tag` is a word about it, such as "Called off"."""

    on: date
    starts_at: time | None
    words: str
    href: str = ""
    tag: str = ""
    drawing: str = ""

    @property
    def at(self) -> str:
        """When it begins, as people say it: `2pm`, `9:30am`. Empty where that is not said."""
        if self.starts_at is None:
            return ""
        minutes = f":{self.starts_at:%M}" if self.starts_at.minute else ""
        return f"{self.starts_at.hour % 12 or 12}{minutes}{'am' if self.starts_at < _NOON else 'pm'}"


@dataclass(frozen=True, slots=True)
class DayPart:
    """A part of a day and what is in it, the earliest first."""

    name: str
    things: tuple[WeekThing, ...]


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day of a week. `on` is its day and month."""

    name: str
    on: str
    is_today: bool
    parts: tuple[DayPart, ...]


def seven_days(things: Iterable[WeekThing], *, today: date) -> tuple[WeekDay, ...]:
    """Return the seven days that begin today, each with its parts. What lies outside of them is left out."""
    kept = sorted(things, key=lambda thing: (thing.starts_at is None, thing.starts_at or time()))
    return tuple(_day(today + timedelta(days=number), kept, today) for number in range(_DAYS))


def part_of_day(at: time | None) -> str:
    """Return the part of the day that a time falls in: the afternoon begins at noon, the evening at five."""
    if at is None:
        return _ANY_TIME
    if at < _NOON:
        return _PARTS[0]
    return _PARTS[1] if at < _EVENING else _PARTS[2]


def _day(on: date, things: Iterable[WeekThing], today: date) -> WeekDay:
    its = [thing for thing in things if thing.on == on]
    return WeekDay(
        name=weekday(on),
        on=day_of_year(on),
        is_today=on == today,
        parts=tuple(
            DayPart(name, tuple(thing for thing in its if part_of_day(thing.starts_at) == name)) for name in _PARTS
        ),
    )
