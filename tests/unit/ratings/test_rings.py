import uuid
from datetime import date, timedelta

from marketplace.ratings.rules.flags import Lean
from marketplace.ratings.rules.rings import FEWEST_PEOPLE, WITHIN_DAYS, Visit, ring_around

BEGAN = date(2026, 3, 1)
HERE, *ELSEWHERE = (uuid.UUID(int=n) for n in range(1, 12))


def visit(person, provider_id, *, day=0, stars=5):
    return Visit(person, uuid.uuid4(), provider_id, stars, BEGAN + timedelta(days=day))


def tour(people, providers, **what):
    return [visit(person, provider_id, day=n, **what) for n, provider_id in enumerate(providers) for person in people]


def test_people_who_praise_the_same_three_are_a_ring():
    visits = tour("abcd", [HERE, *ELSEWHERE[:2]])
    ring = ring_around(HERE, visits)
    assert (ring.lean, ring.providers, ring.since, ring.until) == (Lean.UP, 3, BEGAN, BEGAN)
    assert set(ring.reviews) == {it.review_id for it in visits if it.provider_id == HERE}


def test_blame_makes_a_ring_as_well():
    assert ring_around(HERE, tour("abcd", [HERE, *ELSEWHERE[:2]], stars=1)).lean is Lean.DOWN


def test_more_providers_in_common_are_counted():
    assert ring_around(HERE, tour("abcde", [HERE, *ELSEWHERE[:3]])).providers == 4


def test_a_few_friends_are_no_ring():
    assert ring_around(HERE, tour("abcd"[: FEWEST_PEOPLE - 1], [HERE, *ELSEWHERE[:2]])) is None


def test_two_providers_in_common_are_no_ring():
    assert ring_around(HERE, tour("abcd", [HERE, ELSEWHERE[0]])) is None


def test_those_who_disagree_are_no_ring():
    visits = [*tour("abcd", [HERE, ELSEWHERE[0]]), *tour("ab", [ELSEWHERE[1]]), *tour("cd", [ELSEWHERE[1]], stars=1)]
    assert ring_around(HERE, visits) is None


def test_those_who_review_much_else_are_no_ring():
    visits = tour("abcd", [HERE, *ELSEWHERE[:2]])
    visits += [visit(person, ELSEWHERE[2 + n + m]) for n, person in enumerate("abcd") for m in range(2)]
    assert ring_around(HERE, visits) is None


def test_those_who_came_far_apart_are_no_ring():
    visits = [
        visit(person, provider_id, day=n * (WITHIN_DAYS // 2))
        for n, person in enumerate("abcd")
        for provider_id in (HERE, *ELSEWHERE[:2])
    ]
    assert ring_around(HERE, visits) is None
