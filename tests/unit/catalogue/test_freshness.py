"""When we ask, when we warn, when we hide, and when somebody may be said to have room."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue import rules
from marketplace.catalogue.rules import Act, Capacity, Freshness, OfferStatus

SAID = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("days", "is_now"),
    [
        (0, Freshness.CONFIRMED),
        (74, Freshness.CONFIRMED),
        (75, Freshness.DUE),
        (89, Freshness.DUE),
        (90, Freshness.STALE),
        (119, Freshness.STALE),
        (120, Freshness.LAPSED),
        (4000, Freshness.LAPSED),
    ],
)
def test_an_offer_is_asked_about_warned_of_and_hidden_on_its_day(days, is_now):
    assert rules.freshness(SAID, SAID + timedelta(days=days)) is is_now


@given(st.integers(-10, 1000), st.integers(0, 1000))
def test_an_offer_never_gets_fresher_by_waiting(days, more):
    order = list(Freshness)
    earlier = rules.freshness(SAID, SAID + timedelta(days=days))
    assert order.index(rules.freshness(SAID, SAID + timedelta(days=days + more))) >= order.index(earlier)


def test_it_is_hidden_from_the_day_we_say():
    day = rules.hidden_from(SAID)
    assert rules.freshness(SAID, day) is Freshness.LAPSED
    assert rules.freshness(SAID, day - timedelta(days=1)) is Freshness.STALE


@pytest.mark.parametrize(("days", "is_lately"), [(0, True), (30, True), (31, False)])
def test_what_is_said_about_room_holds_for_thirty_days(days, is_lately):
    assert rules.said_lately(SAID, SAID + timedelta(days=days)) is is_lately
    assert rules.has_space(Capacity.SPACE_NOW, SAID, SAID + timedelta(days=days)) is is_lately


@pytest.mark.parametrize("capacity", [Capacity.WAITING_LIST, Capacity.FULL, None])
def test_only_space_is_space(capacity):
    assert not rules.has_space(capacity, SAID, SAID)


def test_who_never_said_has_not_said_lately():
    assert not rules.said_lately(None, SAID)


@given(st.lists(st.sampled_from(Act), max_size=12))
def test_nothing_reaches_the_site_unread_however_often_it_moves(acts):
    """A live offer was approved since its words last changed, whatever else happened to it."""
    status, is_read = OfferStatus.DRAFT, False
    for act in acts:
        after = rules.next_status(status=status, act=act)
        if after is None:
            continue
        is_read = act is Act.APPROVE or (is_read and act not in {Act.REWRITE, Act.REFUSE})
        status = after
        assert status is not OfferStatus.LIVE or is_read


@given(st.lists(st.sampled_from(Act), max_size=12))
def test_what_a_moderator_took_down_only_a_moderator_puts_back(acts):
    status = OfferStatus.REFUSED
    for act in acts:
        if act is Act.APPROVE:
            break
        status = rules.next_status(status=status, act=act) or status
    assert status in {OfferStatus.REFUSED, OfferStatus.SUBMITTED}


def test_a_hidden_offer_comes_back_by_one_word_of_its_provider():
    assert rules.next_status(status=OfferStatus.LAPSED, act=Act.CONFIRM) is OfferStatus.LIVE
    assert Act.CONFIRM in rules.acts_open_to(status=OfferStatus.LAPSED, provides=True, moderates=False)
    assert Act.APPROVE not in rules.acts_open_to(status=OfferStatus.LAPSED, provides=False, moderates=True)
