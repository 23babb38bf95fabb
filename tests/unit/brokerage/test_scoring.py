"""What quotes are worth by somebody's own criteria, and when they may be chosen between."""

import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.brokerage.rules import choosing, scoring
from marketplace.brokerage.rules.choosing import Agreement, KindReason, Met
from marketplace.brokerage.rules.nouns import BriefStatus, Fit, TrialOffer, WhyNot
from marketplace.brokerage.rules.scoring import Given, Weighed
from marketplace.kit.money import Money
from marketplace.purchasing.rules.nouns import ArrangementKind

COST, FIT = uuid.UUID(int=1), uuid.UUID(int=2)
CRITERIA = (Weighed(COST, 60, is_cost=True), Weighed(FIT, 40, is_cost=False))
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("totals", "points"),
    [
        ([100, 200, 150], ["4", "2.0", "2.7"]),
        ([100, 100], ["4", "4"]),
        ([0, 0, 1], ["4", "4", "0.0"]),
        # Half of a tenth is rounded up.
        ([97, 160], ["4", "2.4"]),
        ([], []),
    ],
)
def test_points_for_cost_follow_from_the_prices(totals, points):
    given_points = scoring.cost_points({number: Money(pence) for number, pence in enumerate(totals)})
    assert [given_points[number] for number in range(len(totals))] == [Decimal(one) for one in points]


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=12))
def test_whatever_it_costs_points_are_in_bounds_and_never_more_for_more_money(totals):
    points = scoring.cost_points({number: Money(pence) for number, pence in enumerate(totals)})
    by_cost = [points[number] for number in sorted(points, key=lambda number: totals[number])]
    assert by_cost[0] == 4
    assert by_cost == sorted(by_cost, reverse=True)
    assert min(by_cost) >= 0


@pytest.mark.parametrize(
    ("points", "worth"),
    [
        ({COST: "4", FIT: "4"}, "100"),
        ({COST: "0", FIT: "4"}, "40"),
        ({COST: "3.2", FIT: "2.5"}, "73"),
        ({COST: "4"}, None),
    ],
)
def test_what_a_quote_is_worth_is_said_once_all_points_are_there(points, worth):
    counted = scoring.worth({it: Decimal(one) for it, one in points.items()}, criteria=CRITERIA)
    assert counted == (Decimal(worth) if worth else None)


def test_what_is_agreed_counts_before_what_people_gave_on_average():
    given_points = [Given("ada", "q", FIT, 4), Given("asha", "q", FIT, 1), Given("ada", "other", FIT, 0)]
    assert scoring.together(given_points, agreed={}, quote_id="q") == {FIT: Decimal("2.5")}
    assert scoring.together(given_points, agreed={("q", FIT): 3}, quote_id="q") == {FIT: Decimal(3)}
    assert scoring.still_to_score([("q", FIT)], quotes=["q", "other"], criteria=CRITERIA) == 1
    assert scoring.are_far_apart([1, 3])
    assert not scoring.are_far_apart([2, 3])
    assert not scoring.are_far_apart([])


@pytest.mark.parametrize(
    ("status", "closes_in", "is_ready"),
    [
        (BriefStatus.OPEN, 1, False),
        # Its last moment counts, whether or not a job has closed it.
        (BriefStatus.OPEN, 0, True),
        (BriefStatus.CLOSED, -1, True),
        (BriefStatus.AWARDED, -1, False),
        (BriefStatus.WITHDRAWN, -1, False),
    ],
)
def test_a_brief_is_ready_from_its_last_moment_until_the_choice(status, closes_in, is_ready):
    assert choosing.is_ready(status=status, closes_at=NOW + timedelta(hours=closes_in), now=NOW) is is_ready


def test_a_choice_begins_no_sooner_than_either_side_can_and_is_kind():
    today, later = date(2026, 5, 4), date(2026, 6, 1)
    assert choosing.first_day(wanted=None, can_start_on=later, today=today) == later
    assert choosing.first_day(wanted=later, can_start_on=today, today=today) == later
    assert choosing.start_problem(starts_on=today, can_start_on=later)
    assert choosing.trial_weeks(trial=TrialOffer.FREE, kind=ArrangementKind.WEEKLY) == 1
    assert choosing.trial_weeks(trial=TrialOffer.FREE, kind=ArrangementKind.ONE_OFF) == 0
    assert choosing.reason_problem(KindReason(WhyNot.OWN_WORDS, ""))
    assert not choosing.reason_problem(KindReason(WhyNot.OWN_WORDS, "Thank you."))
    # Whatever the reason, a provider is thanked.
    assert all(choosing.kind_words(why, "").startswith("Thank you") for why in WhyNot)


def test_what_was_agreed_always_tells_what_binds_the_provider():
    met = tuple(Met(f"Need {number}", Fit.PARTLY, "word " * 100) for number in range(6))
    it = Agreement(title="Garden", about="about " * 300, needs=met, times="Mondays", trial_words="one visit")
    short = choosing.what_was_agreed(Agreement("Garden", "Weeds.", met[:1], "Mondays", ""), most=2_000)
    assert short.startswith("Garden\n\nWeeds.\n\nNeeded: Need 0\nThey said: partly. word")
    long = choosing.what_was_agreed(it, most=2_000)
    assert len(long) <= 2_000
    assert long.count("They said: partly.") == 6
    assert "Times: Mondays" in long
    assert "one visit" in long
    assert "about" not in long
