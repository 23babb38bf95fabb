import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime
from functools import reduce
from random import Random

import pytest
from pydantic import ValidationError

from marketplace.accounts.rules import Role
from marketplace.demo.gateways import read_town
from marketplace.demo.rules import Calendar, plan_offers, plan_pools, plan_trade
from marketplace.demo.rules.calendar import some_time
from marketplace.demo.rules.written import Trend
from marketplace.kit.quarters import Quarter
from marketplace.purchasing.rules import ArrangementStatus

# First and last days of quarters, a leap day, both ends of summer time, and days in between.
DAYS = [
    date(2026, 1, 1),
    date(2026, 3, 29),
    date(2026, 4, 2),
    date(2026, 6, 30),
    date(2026, 10, 25),
    date(2026, 11, 21),
    date(2028, 2, 29),
    date(2028, 12, 31),
]


@pytest.fixture(scope="module")
def town():
    return read_town()


def draws(what):
    return Random(what)  # noqa: S311  (nobody is to be surprised)


def trade_on(town, day):
    calendar = Calendar(day)
    offers = plan_offers(draws("shops"), town=town, calendar=calendar)
    return plan_trade(
        draws("trade"),
        town=town,
        calendar=calendar,
        people=[person.key for person in town.people],
        reach=lambda person, offer: True,
        shown_since={one.offer.key: one.decided_at for one in offers if one.decided_at},
    )


def test_enough_is_written_for_a_town_that_looks_alive(town):
    assert len(town.offers) >= 150
    assert len(town.providers) == 64
    assert len(town.people) >= 300
    assert sum(len(reviews) for reviews in town.reviews.values()) >= 220
    assert {pool.state for pool in town.pools} == {"forming", "nearly_there", "met", "lapsed", "withdrawn"}
    # The user-led organisation’s own worker checks providers as well.
    assert {one.role for one in town.sign_ins} == set(Role) - {Role.CHECKER}


def test_the_town_ends_with_the_night_before_it_is_built():
    assert Calendar(date(2026, 7, 14)).until == datetime(2026, 7, 13, 23, tzinfo=UTC)


def test_five_closed_quarters_come_before_the_current_one():
    calendar = Calendar(date(2026, 1, 1))
    assert [q.slug for q in calendar.quarters] == ["2024-q4", "2025-q1", "2025-q2", "2025-q3", "2025-q4"]
    assert calendar.current == Quarter(2026, 1)
    assert calendar.opens_on == date(2024, 10, 1)


def test_people_are_up_when_they_write():
    draw = draws("hours")
    assert {8, 20} <= {some_time(draw, date(2026, 1, 7)).hour for _ in range(500)} <= set(range(8, 21))


def test_a_trend_grows_and_has_seasons():
    trend = Trend(first=30, growth=1.1, season=(1, 1, 0.5, 2), returning=0)
    assert trend.asked_for(quarters_on=0, season=1) == 30
    assert trend.asked_for(quarters_on=2, season=3) == 18
    assert trend.asked_for(quarters_on=1, season=4) == 66


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_on_every_day_every_review_has_been_written_and_answered(town, day):
    until = Calendar(day).until
    reviewed = [one for one in trade_on(town, day) if one.review and one.reviewed_at < until]
    assert len(reviewed) == sum(len(reviews) for reviews in town.reviews.values())
    assert all(one.replied_at < until for one in reviewed if one.review.reply)
    assert all(one.ends is ArrangementStatus.DONE for one in reviewed)
    assert len({(one.person, one.offer) for one in reviewed}) == len(reviewed), "each by somebody of their own"


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_as_much_is_asked_for_in_each_quarter_as_the_trends_say(town, day):
    calendar = Calendar(day)
    category = {offer.key: offer.category for offer in town.offers}
    asked = Counter((Quarter.of(one.asked_at), category[one.offer]) for one in trade_on(town, day))
    for number, quarter in enumerate(calendar.quarters):
        for slug, trend in town.trade.categories.items():
            wanted = trend.asked_for(quarters_on=number, season=quarter.number)
            # A few more where people have written about more than there would have been.
            assert wanted <= asked[quarter, slug] <= wanted + 3


def test_nobody_asks_again_for_what_they_wait_for(town):
    waits = {}
    for one in trade_on(town, DAYS[0]):
        assert waits.get((one.person, one.offer), one.asked_at) <= one.asked_at
        waits[one.person, one.offer] = one.answered_at or one.ended_at or datetime.max.replace(tzinfo=UTC)


def test_everything_happens_in_order(town):
    opens_at = Calendar(DAYS[0]).quarters[0].starts_at
    for one in trade_on(town, DAYS[0]):
        assert one.asked_at >= opens_at, "after everybody has joined"
        moments = [one.asked_at, one.answered_at, one.ended_at, one.reviewed_at, one.replied_at]
        passed = [moment for moment in moments if moment]
        assert passed == sorted(passed)
        assert one.asked_at.date() <= one.starts_on
        if one.ends is ArrangementStatus.DONE:
            assert one.starts_on <= one.ended_at.date()


def test_a_waverer_never_tips_a_pool(town):
    people = [person.key for person in town.people]
    pools = plan_pools(
        draws("pools"), town=town, calendar=Calendar(DAYS[0]), people=people, reach=lambda person, offer: True
    )
    wavering = [pool for pool in pools if pool.waverer]
    assert wavering
    assert all(len(pool.joins) + 1 < pool.pool.minimum_people for pool in wavering)


def test_a_slip_in_the_files_is_found_before_anything_is_built(town):
    told = town.model_dump()
    told["pools"][0]["offer"] = "no-such-offer"
    with pytest.raises(ValidationError, match="no such live offer: no-such-offer"):
        type(town).model_validate(told)


@pytest.mark.parametrize(
    ("where", "name", "what"),
    [
        (("support", 0, "offer"), "no-such-offer", "live offer"),
        (("support", 0, "person"), "nobody", "person"),
        (("support", 0, "shares", 0, "budget"), "no-such-budget", "budget"),
        (("budgets", 1, "follows"), "no-such-budget", "budget"),
        (("packs", 0, "weighed", 0, "offer"), "no-such-offer", "live offer"),
        (("consents", 0, "to"), "nobody", "person"),
    ],
)
def test_a_slip_about_money_is_found_too(town, where, name, what):
    told = town.model_dump()
    *path, last = where
    entry = reduce(lambda found, step: found[step], path, told["money"])
    entry[last] = name
    with pytest.raises(ValidationError, match=f"no such {what}: {name}"):
        type(town).model_validate(told)


def test_the_plan_hangs_on_no_order_that_python_makes_up():
    def digest(seed):
        code = (
            "from datetime import date; from hashlib import sha256; from random import Random;"
            "from marketplace.demo.gateways import read_town;"
            "from marketplace.demo.rules import Calendar, plan_offers, plan_trade;"
            "town, calendar = read_town(), Calendar(date(2026, 5, 4));"
            "offers = plan_offers(Random('shops'), town=town, calendar=calendar);"
            "since = {o.offer.key: o.decided_at for o in offers if o.decided_at};"
            "trade = plan_trade(Random('trade'), town=town, calendar=calendar, people=[p.key for p in town.people],"
            " reach=lambda person, offer: True, shown_since=since);"
            "print(sha256(repr((offers, trade)).encode()).hexdigest())"
        )
        return subprocess.run(  # noqa: S603  (our own words)
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout

    assert digest("1") == digest("2")
