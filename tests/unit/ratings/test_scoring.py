from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.ratings.rules.nouns import Basis
from marketplace.ratings.rules.scoring import (
    FIRST_MEAN,
    FULL,
    MOST_REVIEWS,
    NOTHING,
    STAR,
    Counted,
    Weighed,
    fading,
    mean_of,
    one_review,
    tally_of,
    weighed,
    working,
    worth_of,
)

MONTH = date(2026, 11, 1)
USUAL = 4_200_000


def said(stars, *, times=1, basis=Basis.ARRANGEMENT, month=MONTH, is_verified=True, is_set_aside=False):
    return [Counted(stars, basis, is_verified, is_set_aside, month)] * times


def own(stars, *, times=1):
    return said(stars, times=times, basis=Basis.SAID_USED, is_verified=False)


def worth(*lots, month=MONTH, can_be_verified=True):
    every = [it for lot in lots for it in lot]
    return worth_of(tally_of(every), usual=USUAL, month=month, can_be_verified=can_be_verified)


REVIEWS = st.builds(
    Counted,
    stars=st.integers(1, 5),
    basis=st.sampled_from(Basis),
    is_verified=st.booleans(),
    is_set_aside=st.booleans(),
    month=st.integers(0, 659).map(lambda n: date(2005 + n // 12, n % 12 + 1, 1)),
)
# Drawing examples takes long where much else runs; that is no fault of theirs.
CALMLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
LISTS = st.lists(REVIEWS, max_size=12)


class TestFading:
    def test_a_review_counts_half_after_two_years_and_a_quarter_after_four(self):
        assert fading(MONTH) == 2 * fading(date(2024, 11, 1)) == 4 * fading(date(2022, 11, 1))

    def test_each_month_counts_more_than_the_one_before(self):
        months = [date(2010 + n // 12, n % 12 + 1, 1) for n in range(600)]
        weights = [fading(month) for month in months]
        assert weights == sorted(set(weights))

    def test_what_is_older_than_we_reckon_counts_as_the_oldest(self):
        assert fading(date(1999, 5, 1)) == fading(date(2010, 1, 1)) == 1000

    def test_a_million_reviews_of_the_farthest_year_fit_into_the_database(self):
        assert one_review(date(2059, 12, 1)) * 25 * 1_000_000 < 2**63


class TestTally:
    @CALMLY
    @given(LISTS, LISTS)
    def test_it_adds_up_in_any_order(self, some, others):
        assert tally_of(some) + tally_of(others) == tally_of(others + some)

    @CALMLY
    @given(LISTS, LISTS)
    def test_what_is_taken_away_leaves_no_trace(self, some, others):
        assert tally_of(some + others) - tally_of(others) == tally_of(some)

    @CALMLY
    @given(LISTS)
    def test_everybody_is_in_the_spread(self, some):
        tally = tally_of(some)
        assert sum(tally.spread) == len(some)
        assert tally.verified == sum(it.is_verified for it in some)
        assert tally.set_aside == sum(it.is_set_aside for it in some)

    def test_what_is_set_aside_is_counted_and_moves_nothing(self):
        aside = said(1, times=9, is_set_aside=True)
        assert tally_of(aside).ones == 9
        assert worth(said(4, times=6), aside) == worth(said(4, times=6))


class TestWeighing:
    @pytest.mark.parametrize(
        ("basis", "is_verified", "quarters"),
        [
            (Basis.ARRANGEMENT, True, FULL),
            (Basis.ATTESTED, True, FULL),
            (Basis.INVOICE, True, FULL),
            (Basis.INVOICE, False, 1),
            (Basis.CARD, True, 2),
            (Basis.SAID_USED, False, 1),
        ],
    )
    def test_what_is_known_counts_more_than_what_is_said(self, basis, is_verified, quarters):
        tally = tally_of(said(5, basis=basis, is_verified=is_verified))
        weighs = weighed(tally, month=MONTH, can_be_verified=False).weight
        assert weighs * FULL == quarters * one_review(MONTH)

    def test_own_words_are_held_to_a_quarter_of_what_is_verified(self):
        one = one_review(MONTH)
        tally = tally_of(said(4, times=8) + own(5, times=400))
        assert weighed(tally, month=MONTH, can_be_verified=True).weight == 10 * one
        assert weighed(tally, month=MONTH, can_be_verified=False).weight == MOST_REVIEWS * one

    def test_own_words_alone_count_as_one_review_where_use_can_be_shown(self):
        assert weighed(tally_of(own(5, times=50)), month=MONTH, can_be_verified=True).weight == one_review(MONTH)

    @CALMLY
    @given(LISTS, st.booleans())
    def test_it_never_counts_more_than_the_most(self, some, can_be_verified):
        weighs = weighed(tally_of(some), month=MONTH, can_be_verified=can_be_verified)
        assert weighs.weight <= MOST_REVIEWS * one_review(MONTH)
        assert weighs.weight <= weighs.stars <= 5 * weighs.weight or weighs.weight == weighs.stars == 0


class TestWorth:
    def test_it_is_the_same_for_a_small_provider_and_a_big_one(self):
        assert worth(said(5, times=MOST_REVIEWS)) == worth(said(5, times=100 * MOST_REVIEWS))

    def test_three_perfect_ratings_do_not_beat_many_good_ones(self):
        assert worth(said(5, times=3)) < worth(said(5, times=18), said(4, times=2))

    def test_nothing_said_is_worth_less_than_what_is_usual(self):
        assert worth() < USUAL

    def test_good_ones_lift_it_and_bad_ones_lower_it(self):
        start = said(4, times=6)
        assert worth(start, said(1)) < worth(start) < worth(start, said(5))

    def test_old_experience_fades_towards_what_is_usual(self):
        bad, good = said(1, times=6), said(5, times=6)
        later = date(2034, 11, 1)
        assert worth(bad) < worth(bad, month=later) < USUAL
        assert worth(good, month=later) < worth(good)

    def test_verified_counts_more(self):
        start = said(4, times=8)
        assert worth(start, own(1)) > worth(start, said(1))

    def test_a_crowd_in_its_own_word_hardly_moves_what_is_verified(self):
        start = said(4, times=20)
        assert worth(start, own(5, times=50)) == worth(start, own(5, times=5_000))
        assert worth(start, own(5, times=5_000)) - worth(start) < STAR // 5

    @CALMLY
    @given(LISTS, st.integers(STAR, 5 * STAR), st.booleans())
    def test_it_stays_among_the_stars_and_below_the_estimate(self, some, usual, can_be_verified):
        it = working(tally_of(some), usual=usual, month=MONTH, can_be_verified=can_be_verified)
        assert it.worth == it.estimate - it.doubt <= it.estimate
        assert STAR - 1 <= it.estimate <= 5 * STAR

    @CALMLY
    @given(LISTS, st.booleans())
    def test_the_sum_shown_is_the_sum_used(self, some, can_be_verified):
        it = working(tally_of(some), usual=USUAL, month=MONTH, can_be_verified=can_be_verified)
        assert it.own_counted <= it.own
        assert it.counted <= min(it.verified + it.own_counted, MOST_REVIEWS * 1000) + 1

    @CALMLY
    @given(st.lists(st.integers(1, 5), min_size=3, max_size=30), st.sampled_from([1, 5]))
    def test_one_more_of_the_worst_never_lifts_it_and_of_the_best_never_lowers_it(self, stars, one_more):
        before = [it for n in stars for it in said(n)]
        if one_more == 1:
            assert worth(before, said(1)) <= worth(before)
        else:
            assert worth(before, said(5)) >= worth(before)


class TestMean:
    def test_it_begins_with_what_is_usual_otherwise(self):
        assert mean_of([], month=MONTH) == FIRST_MEAN
        assert mean_of([], month=MONTH, otherwise=3 * STAR) == 3 * STAR

    def test_many_offers_set_it(self):
        good = weighed(tally_of(said(5, times=20)), month=MONTH, can_be_verified=True)
        assert 4_900_000 < mean_of([good] * 50, month=MONTH) < 5 * STAR

    def test_a_big_offer_weighs_no_more_than_a_middling_one(self):
        big = weighed(tally_of(said(1, times=9_000)), month=MONTH, can_be_verified=True)
        middling = weighed(tally_of(said(1, times=20)), month=MONTH, can_be_verified=True)
        assert mean_of([big], month=MONTH) == mean_of([middling], month=MONTH)

    def test_no_weight_is_left_as_it_is(self):
        assert Weighed(0, 0, 0).at_most(5) == Weighed(0, 0, 0)
        assert weighed(NOTHING, month=MONTH, can_be_verified=True) == Weighed(0, 0, 0)
