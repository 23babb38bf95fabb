"""Searches find nothing, and councils learn of it when a quarter closes."""

from datetime import datetime
from functools import partial
from random import Random

from marketplace.demand.services import releasing
from marketplace.demo.rules.calendar import some_day, some_time
from marketplace.demo.services.street import Street
from marketplace.kit.places import CouncilCode
from marketplace.kit.quarters import Quarter
from marketplace.search import services as search
from marketplace.search.services import Searcher


def expect_searches(draw: Random, street: Street) -> None:
    """Put on the agenda every search that finds nothing, from where people live."""
    councils = [street.gazetteer.find(person.postcode).council for person in street.town.people]
    for one in street.town.searches:
        for quarter, times in zip(street.calendar.quarters, one.times, strict=True):
            for time in range(times):
                moment = some_time(draw, some_day(draw, quarter.starts_on, quarter.ends_on))
                by = Searcher(person_id=None, address=f"visitor {one.category} {time}")
                street.agenda.add(moment, partial(_search, street, by, draw.choice(councils), one.category))


def expect_releases(street: Street) -> None:
    """Put on the agenda that councils' figures are built at the moment each quarter closes."""
    for quarter in street.calendar.quarters:
        street.agenda.add(quarter.ends_at, partial(_release, street, quarter))


def _search(street: Street, by: Searcher, council: CouncilCode, category: str | None, *, now: datetime) -> None:
    search.count_search_in_vain(street.session, by=by, council=council, category=category, now=now)


def _release(street: Street, quarter: Quarter, *, now: datetime) -> None:
    releasing.build_release(street.session, councils=street.gazetteer.councils(), quarter=quarter, now=now)
