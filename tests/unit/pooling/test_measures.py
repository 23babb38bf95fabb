from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from marketplace.pooling.rules import measures
from marketplace.pooling.rules.nouns import Measure

CHOSEN, STARTS = date(2026, 4, 1), date(2026, 5, 4)


def begun(today, *, starts_on=STARTS, chosen_on=CHOSEN):
    return measures.rounds(chosen_on=chosen_on, starts_on=starts_on, today=today)


def test_the_first_round_is_open_until_four_weeks_after_the_start():
    (first,) = begun(STARTS)
    assert (first.number, first.opens_on, first.closes_on) == (0, CHOSEN, date(2026, 5, 31))
    assert first.is_open(CHOSEN)
    assert first.is_open(date(2026, 5, 31))
    assert first.is_over(date(2026, 6, 1))


def test_without_a_start_the_first_round_stays_open_and_nothing_is_over():
    (first,) = begun(CHOSEN + timedelta(days=400), starts_on=None)
    assert first.is_open(CHOSEN + timedelta(days=400))
    assert not first.is_over(CHOSEN + timedelta(days=400))
    assert measures.next_opens_on(chosen_on=CHOSEN, starts_on=None, today=CHOSEN) is None


def test_a_measure_that_is_chosen_late_has_its_own_beginning():
    late = date(2026, 9, 1)
    (first,) = begun(late, chosen_on=late)
    assert first.closes_on == late + timedelta(days=27)


def test_later_rounds_follow_every_quarter():
    found = begun(STARTS + timedelta(days=200))
    assert [one.name for one in found] == ["At the beginning", "After 3 months", "After 6 months"]
    assert measures.next_opens_on(chosen_on=CHOSEN, starts_on=STARTS, today=STARTS) == found[1].opens_on


@given(st.integers(-33, 2_000))
def test_never_are_two_rounds_open_and_each_that_is_over_stays_over(days):
    today = STARTS + timedelta(days=days)
    found = begun(today)
    assert sum(one.is_open(today) for one in found) <= 1
    assert all(one.is_over(today) for one in found[:-1])
    assert len(found) <= measures.MOST_ROUNDS + 1


def test_an_average_needs_three_answers():
    assert measures.average(total=Decimal(20), answers=2) is None
    assert measures.average(total=Decimal(20), answers=3) == Decimal("6.7")


def test_answers_are_whole_numbers_on_their_scale():
    assert measures.value_problem(10, is_scale=True) is None
    assert "from 0 to 10" in measures.value_problem(11, is_scale=True)
    assert measures.value_problem(11, is_scale=False) is None
    assert measures.value_problem(-1, is_scale=False)
    assert measures.value_problem(None, is_scale=False)


def test_a_pool_can_look_at_what_it_likes_in_its_own_words():
    assert measures.asked(Measure.OWN, "How often do you laugh?").question == "How often do you laugh?"
    assert measures.asked(Measure.GP_VISITS, "").is_scale is False
    assert measures.words_problem("")
    assert measures.words_problem("x" * 201)
    assert measures.words_problem("How often do you laugh?") is None
