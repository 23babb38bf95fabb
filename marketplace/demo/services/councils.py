"""Searches find nothing, and councils learn of it when a quarter closes."""

from datetime import date, datetime
from functools import partial
from random import Random

from marketplace.demand.services import releasing
from marketplace.demo.rules.calendar import some_day, some_time
from marketplace.demo.services.street import Street
from marketplace.kit.places import CouncilCode
from marketplace.kit.quarters import Quarter
from marketplace.search import services as search


def expect_searches(draw: Random, street: Street) -> None:
    """Put on the agenda every search that finds nothing, from where people live."""
    councils = [street.gazetteer.find(person.postcode).council for person in street.town.people]
    for one in street.town.searches:
        for quarter, times in zip(street.calendar.quarters, one.times, strict=True):
            for _ in range(times):
                day = some_day(draw, quarter.starts_on, quarter.ends_on)
                miss = partial(_miss, street, draw.choice(councils), one.category, day)
                street.agenda.add(some_time(draw, day), miss)


def expect_releases(street: Street) -> None:
    """Put on the agenda that councils' figures are built at the moment each quarter closes."""
    for quarter in street.calendar.quarters:
        street.agenda.add(quarter.ends_at, partial(_release, street, quarter))


def _miss(street: Street, council: CouncilCode, category: str | None, on: date, *, now: datetime) -> None:
    search.record_miss(street.session, council=council, category=category, on=on)


def _release(street: Street, quarter: Quarter, *, now: datetime) -> None:
    releasing.build_release(street.session, councils=street.gazetteer.councils(), quarter=quarter, now=now)
