"""How much is asked for, of what and when, before it is known by whom: as much as the trends say."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from marketplace.demo.rules.calendar import Calendar, some_day, some_time
from marketplace.demo.rules.voices import WrittenReview
from marketplace.demo.rules.written import Ends, Trend, WrittenTown
from marketplace.purchasing.rules import ArrangementStatus

_TIME_TO_END = timedelta(days=60)
"""What is asked for so long ago has been done and told of by now, if it was done at all."""
_WAITS = timedelta(days=9)
"""Nobody waits longer than this for an answer."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One arrangement to be: of a category, asked for at a moment, ending somehow. A review says for which offer."""

    category: str
    asked_at: datetime
    ends: ArrangementStatus
    offer: str | None = None
    review: WrittenReview | None = None


def plan_slots(
    draw: Random, *, town: WrittenTown, calendar: Calendar, shown_since: Mapping[str, datetime]
) -> list[Slot]:
    """Return every arrangement to be, oldest first. Each written review has one that was done, after it was shown."""
    slots: list[Slot] = []
    for category, trend in town.trade.categories.items():
        closed = _closed(draw, category, trend, town.trade.ends, calendar)
        reviews = [
            (offer.key, review)
            for offer in town.offers
            if offer.category == category
            for review in town.reviews.get(offer.key, ())
        ]
        slots += _reviewed(draw, category, closed, reviews, calendar=calendar, shown_since=shown_since)
        slots += _current(draw, category, trend, town.trade.ends_now, calendar)
    return sorted(slots, key=lambda slot: (slot.asked_at, slot.category))


def _closed(draw: Random, category: str, trend: Trend, ends: Ends, calendar: Calendar) -> list[Slot]:
    days: list[date] = []
    for number, quarter in enumerate(calendar.quarters):
        count = trend.asked_for(quarters_on=number, season=quarter.number)
        days += [some_day(draw, quarter.starts_on, quarter.ends_on) for _ in range(count)]
    return [
        Slot(category, some_time(draw, day), end) for day, end in zip(days, _ends(draw, ends, len(days)), strict=True)
    ]


def _current(draw: Random, category: str, trend: Trend, ends: Ends, calendar: Calendar) -> list[Slot]:
    """Return what has been asked for since the last quarter closed: as much of it as there has been time for."""
    quarter = calendar.current
    gone = (calendar.built_on - quarter.starts_on).days
    whole = trend.asked_for(quarters_on=len(calendar.quarters), season=quarter.number)
    slots = []
    for end in _ends(draw, ends, round(whole * gone / (quarter.ends_on - quarter.starts_on).days)):
        since = calendar.built_on - _WAITS if end is ArrangementStatus.ASKED else quarter.starts_on
        day = some_day(draw, max(since, quarter.starts_on), calendar.built_on)
        slots.append(Slot(category, some_time(draw, day), end))
    return slots


def _ends(draw: Random, ends: Ends, count: int) -> list[ArrangementStatus]:
    """Return how each of a number of arrangements ends: in the shares given, in no order. The first takes the rest."""
    first, *others = ends
    drawn = [end for end in others for _ in range(round(count * ends[end] / 100))]
    drawn = [first] * (count - len(drawn)) + drawn[:count]
    return draw.sample(drawn, count)


def _reviewed(
    draw: Random,
    category: str,
    slots: list[Slot],
    reviews: list[tuple[str, WrittenReview]],
    *,
    calendar: Calendar,
    shown_since: Mapping[str, datetime],
) -> list[Slot]:
    """Give each review a slot that was done, and return the slots so changed."""
    old_enough = calendar.until - _TIME_TO_END
    free = [n for n, slot in enumerate(slots) if slot.ends is ArrangementStatus.DONE and slot.asked_at < old_enough]
    draw.shuffle(free)
    # Those that came last have fewest to choose from.
    for offer, review in sorted(reviews, key=lambda one: shown_since[one[0]], reverse=True):
        number = next((n for n in free if slots[n].asked_at > shown_since[offer]), None)
        if number is None:
            since = max(shown_since[offer], calendar.quarters[0].starts_at)
            slots.append(_one_more(draw, category, since, old_enough))
            number = len(slots) - 1
        else:
            free.remove(number)
        slots[number] = replace(slots[number], offer=offer, review=review)
    return slots


def _one_more(draw: Random, category: str, since: datetime, until: datetime) -> Slot:
    """Return a slot for what somebody has written about although, by the trend, nobody asked for so much of it."""
    day = some_day(draw, since.date() + timedelta(days=1), until.date())
    return Slot(category, some_time(draw, day), ArrangementStatus.DONE)
