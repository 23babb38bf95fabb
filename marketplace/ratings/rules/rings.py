"""
Which people review the same few providers together and hardly anything else. Pure: no database, no web, no clock.

Who they are is of no interest here: a person is only something that is the same in several reviews.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from marketplace.catalogue.rules import ProviderId
from marketplace.ratings.rules.flags import Lean, lean_of
from marketplace.ratings.rules.nouns import ReviewId

FEWEST_PEOPLE = 4
"""Fewer people than this are friends who tell each other what is good."""

FEWEST_PROVIDERS = 3
"""So many providers at least they have in common, all praised or all blamed alike."""

WITHIN_DAYS = 60
"""So many days lie at most between the first and the last of them here, and elsewhere between the first and each."""

_MOST_OTHERS = 1


@dataclass(frozen=True, slots=True)
class Visit:
    """One review, as one of several by the same person."""

    person: Hashable
    review_id: ReviewId
    provider_id: ProviderId
    stars: int
    on: date


@dataclass(frozen=True, slots=True)
class Ring:
    """Reviews of one provider by people who move together."""

    reviews: tuple[ReviewId, ...]
    lean: Lean
    providers: int
    since: date
    until: date


def ring_around(provider_id: ProviderId, visits: Sequence[Visit]) -> Ring | None:
    """
    Return the largest ring around a provider, if there is one.

    :param visits: all reviews by those who reviewed it, of whichever provider.
    """
    best: Ring | None = None
    for lean in Lean:
        ring = _largest(provider_id, [it for it in visits if lean_of(it.stars) is lean], _reach(visits), lean)
        if ring and (best is None or len(ring.reviews) > len(best.reviews)):
            best = ring
    return best


def _reach(visits: Sequence[Visit]) -> Mapping[Hashable, int]:
    """Return how many providers each of them reviewed."""
    return Counter(person for person, _provider_id in {(it.person, it.provider_id) for it in visits})


def _largest(
    provider_id: ProviderId, leaning: Sequence[Visit], reach: Mapping[Hashable, int], lean: Lean
) -> Ring | None:
    fans: dict[ProviderId, dict[Hashable, Visit]] = {}
    for it in leaning:
        fans.setdefault(it.provider_id, {})[it.person] = it
    here = fans.pop(provider_id, {})
    shared = sorted((other for other, its in fans.items() if len(here.keys() & its.keys()) >= FEWEST_PEOPLE), key=str)
    best: list[Visit] = []
    most = 0
    for others in combinations(shared, FEWEST_PROVIDERS - 1):
        people = here.keys() & set.intersection(*(set(fans[other]) for other in others))
        members = _together([here, *(fans[other] for other in others)], people, reach)
        if len(members) > len(best):
            best = [here[person] for person in members]
            most = sum(set(members) <= fans[other].keys() for other in shared) + 1
    if len(best) < FEWEST_PEOPLE:
        return None
    days = [it.on for it in best]
    return Ring(tuple(sorted((it.review_id for it in best), key=str)), lean, most, min(days), max(days))


def _together(
    fans: Sequence[Mapping[Hashable, Visit]], people: set[Hashable], reach: Mapping[Hashable, int]
) -> list[Hashable]:
    """Return the most people who do hardly anything else and came to the first within the time, and to the others."""
    fitting = [person for person in people if reach[person] <= len(fans) + _MOST_OTHERS]
    fitting.sort(key=lambda person: fans[0][person].on)
    best: list[Hashable] = []
    for first in fitting:
        its_first = fans[0][first].on
        near = [
            person
            for person in fitting
            if its_first <= fans[0][person].on
            and all(abs((its[person].on - its[first].on).days) <= WITHIN_DAYS for its in fans)
        ]
        best = max(best, near, key=len)
    return best
