from datetime import timedelta

import pytest

from marketplace.accounts.rules import ANYONE, Role
from marketplace.catalogue.rules import Setting
from marketplace.kit.places import Place, Point, Precision
from marketplace.pooling import queries, services
from marketplace.pooling.rules import PoolStatus
from tests.factories import accounts, pooling

BEFORE = pooling.CLOSES_AT - timedelta(days=1)
HERE = Place(name="Sale", point=Point(378_000, 392_000), council="E08000009", precision=Precision.OUTWARD)
FAR_AWAY = Place(name="Dover", point=Point(631_000, 141_000), council="E10000016", precision=Precision.OUTWARD)


def titles(pools):
    return [pool.title for pool in pools]


def near(session, place, now=BEFORE, page=1):
    return queries.pools_near(session, place=place, now=now, page=page)


def test_pools_are_listed_newest_first_with_numbers_in_one_query(session, count_queries):
    pooling.pool(session, title="Older", people=[accounts.person(session)])
    pooling.pool(
        session,
        title="Newer",
        opened_at=pooling.OPENED_AT + timedelta(hours=1),
        people=[accounts.person(session) for _ in range(3)],
        minimum_people=4,
    )
    session.commit()
    count_queries.clear()
    found = near(session, None)
    assert len(count_queries) == 1
    # Of fewer than three people nobody is told how many they are.
    assert [(pool.title, pool.people) for pool in found.pools] == [("Newer", 3), ("Older", 0)]


def test_only_pools_that_can_be_joined_are_listed(session, now):
    pooling.pool(session, title="Open")
    pooling.pool(session, title="Held", held_at=now)
    pooling.pool(session, title="Met", status=PoolStatus.CONFIRMED, closed_at=now)
    pooling.pool(session, title="Past its last day", closes_at=BEFORE)
    assert titles(near(session, None).pools) == ["Open"]
    assert titles(queries.pools_forming(session, now=BEFORE, limit=5)) == ["Open"]


@pytest.mark.parametrize(
    ("differences", "here", "far"),
    [
        ({}, True, False),
        ({"setting": Setting.ONLINE}, True, True),
        ({"easting": 631_000, "northing": 141_000}, False, True),
        ({"setting": Setting.AT_HOME, "travels_metres": 1_000_000}, True, True),
        ({"setting": Setting.AT_HOME, "travels_metres": 0}, True, False),
    ],
)
def test_near_is_ten_miles_or_as_far_as_somebody_travels_or_anywhere_online(session, differences, here, far):
    offer = pooling.offer_for_groups(session, **differences)
    pooling.pool(session, offer=offer)
    assert bool(near(session, HERE).pools) is here
    assert bool(near(session, FAR_AWAY).pools) is far


def test_a_page_beyond_the_last_is_the_last(session):
    offer = pooling.offer_for_groups(session)
    for _ in range(13):
        pooling.pool(session, offer=offer)
    last = near(session, None, page=9999)
    assert (last.slice.number, last.slice.pages, len(last.pools)) == (2, 2, 1)


def test_pools_on_an_offer_are_those_that_close_soonest(session):
    offer = pooling.offer_for_groups(session)
    pooling.pool(session, offer=offer, title="Later", closes_at=pooling.CLOSES_AT + timedelta(days=3))
    pooling.pool(session, offer=offer, title="Sooner")
    pooling.pool(session, title="On another offer")
    assert titles(queries.pools_on(session, offer_id=offer.id, now=BEFORE)) == ["Sooner", "Later"]


def test_my_pools_are_those_i_opened_or_am_in_and_nobody_elses(session):
    sam, ada = accounts.person(session), accounts.person(session)
    pooling.pool(session, title="Opened by me", opened_by=sam)
    pooling.pool(session, title="I am in", people=[ada, sam])
    left = pooling.pool(session, title="I left", people=[ada])
    pooling.pledge(session, left, sam, withdrawn_at=left.opened_at)
    pooling.pool(session, title="Not mine", people=[ada])
    mine = queries.my_pools(session, viewer=accounts.as_viewer(sam), now=BEFORE)
    assert set(titles(mine.pools)) == {"Opened by me", "I am in"}
    assert queries.my_pools(session, viewer=ANYONE, now=BEFORE).pools == ()


def test_the_page_of_a_pool_is_one_query_and_says_what_each_saves(session, count_queries):
    sam = accounts.person(session)
    pool = pooling.pool(session, people=[sam])
    session.commit()
    pool_id, viewer = pool.id, accounts.as_viewer(sam)
    count_queries.clear()
    page = queries.pool_page(session, pool_id=pool_id, viewer=viewer, now=BEFORE)
    assert len(count_queries) == 1
    assert (str(page.plan.each_pays), str(page.plan.each_would_pay_alone), str(page.plan.each_saves)) == (
        "£66.00",
        "£87.00",
        "£21.00",
    )
    assert (page.people, page.viewer_is_in, page.viewer_may_join) == (1, True, False)


def test_who_may_join_depends_on_who_looks(session):
    body, speaker = accounts.organisation(session)
    offer = pooling.offer_for_groups(session, organisation_id=body.id)
    pool = pooling.pool(session, offer=offer)
    speaks = accounts.as_viewer(speaker, body)
    commissioner = accounts.as_viewer(accounts.person(session), role=Role.COMMISSIONER)

    def may_join(viewer, now=BEFORE):
        return queries.pool_page(session, pool_id=pool.id, viewer=viewer, now=now).viewer_may_join

    assert may_join(ANYONE)
    assert may_join(accounts.as_viewer(accounts.person(session)))
    assert not may_join(speaks)
    assert not may_join(commissioner)
    assert not may_join(ANYONE, now=pooling.CLOSES_AT)


def test_a_held_pool_is_known_only_to_moderators_and_those_in_it(session, now):
    sam, other = accounts.person(session), accounts.person(session)
    pool = pooling.pool(session, people=[sam], held_at=now)

    def sees(viewer):
        return queries.pool_page(session, pool_id=pool.id, viewer=viewer, now=BEFORE) is not None

    assert sees(accounts.as_viewer(sam))
    assert sees(accounts.as_viewer(other, role=Role.MODERATOR))
    assert not sees(accounts.as_viewer(other))
    assert not sees(ANYONE)


def test_why_a_pool_is_held_is_for_its_opener_and_moderators(session, now):
    sam, ada, moderator = accounts.person(session), accounts.person(session), accounts.person(session)
    pool = pooling.pool(session, people=[sam, ada])
    services.hold_pool(session, pool_id=pool.id, by=moderator.id, reason="It names Ada.", address=str, now=now)

    def reason_for(viewer):
        return queries.pool_page(session, pool_id=pool.id, viewer=viewer, now=BEFORE).hold_reason

    assert reason_for(accounts.as_viewer(sam)) == "It names Ada."
    assert reason_for(accounts.as_viewer(moderator, role=Role.MODERATOR)) == "It names Ada."
    assert reason_for(accounts.as_viewer(ada)) == ""


def test_lapsed_pools_are_those_the_clock_has_overtaken(session, now):
    waiting = pooling.pool(session)
    pooling.pool(session, status=PoolStatus.EXPIRED, closed_at=now)
    assert queries.lapsed_pools(session, now=BEFORE) == ()
    assert queries.lapsed_pools(session, now=pooling.CLOSES_AT) == (waiting.id,)
