from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.rules import Unit
from marketplace.kit.money import ZERO, Money
from marketplace.pooling.rules import sharing
from marketplace.pooling.rules.agreement import AbsenceRule, AwayPays
from marketplace.pooling.rules.nouns import PoolStatus, Presence
from marketplace.pooling.rules.sharing import Part
from marketplace.purchasing.rules.nouns import ArrangementKind

THERE, TOLD, UNTOLD = Presence.PRESENT, Presence.AWAY_TOLD, Presence.AWAY_UNTOLD


def part(presence, alone=16_00, most=24_00):
    return Part(alone=Money(alone), most=Money(most), presence=presence)


def pence(parts, rule):
    return [share.pence for share in sharing.shares(parts, told_in_time=rule)]


@pytest.mark.parametrize(
    ("presences", "rule", "expected"),
    [
        ([THERE] * 4, AwayPays.NOTHING, [16_00] * 4),
        ([THERE, THERE, THERE, TOLD], AwayPays.NOTHING, [21_34, 21_33, 21_33, 0]),
        ([THERE, THERE, THERE, TOLD], AwayPays.HALF, [18_67, 18_67, 18_66, 8_00]),
        ([THERE, THERE, THERE, TOLD], AwayPays.ALL, [16_00] * 4),
        ([THERE, THERE, THERE, UNTOLD], AwayPays.NOTHING, [16_00] * 4),
        # Two cannot bear £32 each: the provider gets £16 less.
        ([THERE, THERE, TOLD, TOLD], AwayPays.NOTHING, [24_00, 24_00, 0, 0]),
        ([TOLD, TOLD, UNTOLD], AwayPays.NOTHING, [0, 0, 16_00]),
    ],
)
def test_those_who_come_share_what_those_who_told_do_not_pay(presences, rule, expected):
    assert pence([part(presence) for presence in presences], rule) == expected


def test_what_is_above_somebodys_most_goes_to_the_others_first():
    parts = [part(THERE, most=17_00), part(THERE), part(THERE), part(TOLD)]
    assert pence(parts, AwayPays.NOTHING) == [17_00, 23_50, 23_50, 0]


def test_what_is_free_stays_free():
    assert pence([part(THERE, 0, 0), part(TOLD, 0, 0)], AwayPays.HALF) == [0, 0]


parts = st.lists(
    st.builds(
        lambda alone, more, presence: Part(alone=Money(alone), most=Money(alone + more), presence=presence),
        st.integers(0, 5_000),
        st.integers(0, 2_000),
        st.sampled_from(Presence),
    ),
    max_size=8,
)


@given(parts, st.sampled_from(AwayPays))
def test_no_share_is_above_its_most_and_no_penny_is_lost_that_somebody_could_bear(parts, rule):
    shares = sharing.shares(parts, told_in_time=rule)
    whole = sum((one.alone for one in parts), ZERO)
    away = sum((s for s, one in zip(shares, parts, strict=True) if one.presence is not THERE), ZERO)
    room = sum((one.most for one in parts if one.presence is THERE and one.alone > ZERO), ZERO)
    assert all(ZERO <= share <= one.most for share, one in zip(shares, parts, strict=True))
    assert sum(shares, ZERO) == away + min(whole - away, room)
    for share, one in zip(shares, parts, strict=True):
        if one.presence is THERE:
            assert share >= one.alone - Money(1)
        else:
            assert share <= one.alone


def test_good_time_ends_so_many_hours_before_it_begins():
    until = sharing.in_time_until(
        held_on=date(2026, 6, 6), starts_at=time(10), rule=AbsenceRule(AwayPays.NOTHING, notice_hours=24)
    )
    assert until == datetime(2026, 6, 5, 9, tzinfo=UTC)
    late = until + timedelta(seconds=1)
    assert sharing.presence_of(is_there=True, away_said_at=until, until=until) is THERE
    assert sharing.presence_of(is_there=False, away_said_at=until, until=until) is TOLD
    assert sharing.presence_of(is_there=False, away_said_at=late, until=until) is UNTOLD
    assert sharing.presence_of(is_there=False, away_said_at=None, until=until) is UNTOLD


def test_the_most_for_a_visit_follows_the_most_for_a_unit():
    def most(**differences):
        plain = {"most_price": Money(12_01), "alone": Money(1), "kind": ArrangementKind.WEEKLY, "unit": Unit.HOUR}
        return sharing.most_for_visit(**plain | {"minutes": 90} | differences)

    assert most() == Money(18_02)
    assert most(unit=Unit.SESSION) == Money(12_01)
    assert most(alone=Money(20_00)) == Money(20_00)


def test_weekly_support_that_goes_ahead_has_visits():
    assert sharing.has_visits(status=PoolStatus.RUNNING, kind=ArrangementKind.WEEKLY)
    assert not sharing.has_visits(status=PoolStatus.TIPPING, kind=ArrangementKind.WEEKLY)
    assert not sharing.has_visits(status=PoolStatus.RUNNING, kind=ArrangementKind.ONE_OFF)
    assert sharing.weeks_problem(52) is None
    assert sharing.weeks_problem(53)
