import random
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.ratings.rules import flags
from marketplace.ratings.rules.flags import Lean, Proof, Seen, suspicions
from marketplace.ratings.rules.nouns import Basis, FlagKind

TODAY = date(2026, 6, 15)
MANY_GOOD = (1, 1, 3, 15, 20)


def seen(days_ago, stars=5, *, proof=Proof.OWN_WORD, is_fresh=True):
    return Seen(uuid.uuid4(), TODAY - timedelta(days=days_ago), stars, proof, is_fresh)


def spread_out(count, *, over, **what):
    return [seen(over * n // count, **what) for n in range(count)]


class TestBursts:
    def test_fifty_in_a_day_are_a_burst(self):
        fakes = [seen(3) for _ in range(50)]
        (found,) = suspicions(fakes, settled=(0, 8, 20, 10, 2))
        assert (found.kind, found.since, found.until) == (FlagKind.BURST, TODAY - timedelta(days=3), found.since)
        assert set(found.reviews) == {it.id for it in fakes}
        assert found.evidence == flags.Evidence(
            lean=Lean.UP, days=1, reviews=50, leaning=50, fresh=50, usual_reviews=0.0, usual_leaning=0.38
        )

    def test_blame_is_found_as_praise_is(self):
        (found,) = suspicions(spread_out(20, over=14, stars=1), settled=MANY_GOOD)
        assert (found.kind, found.evidence.lean) == (FlagKind.BURST, Lean.DOWN)

    def test_those_who_say_otherwise_in_the_same_days_are_not_suspected(self):
        others = [seen(3, stars=2, is_fresh=False), seen(3, stars=3)]
        (found,) = suspicions([*others, *(seen(3) for _ in range(30))], settled=MANY_GOOD)
        assert not {it.id for it in others} & set(found.reviews)

    def test_few_are_never_flagged(self):
        assert suspicions([seen(3) for _ in range(flags.FEWEST - 1)], settled=(30, 5, 0, 0, 0)) == ()

    def test_that_many_come_at_once_is_not_enough(self):
        chance = random.Random(1)  # noqa: S311 (no secret)
        of_all_sorts = [seen(3, chance.choice([1, 3, 4, 4, 5, 5, 5, 5]), is_fresh=n % 3 == 0) for n in range(30)]
        assert suspicions(of_all_sorts, settled=MANY_GOOD) == ()


class TestSlowOnes:
    def test_accounts_made_for_it_are_found_over_half_a_year(self):
        fakes = spread_out(50, over=182)
        usual = spread_out(12, over=1000, stars=4, is_fresh=False)
        found = suspicions([*fakes, *usual], settled=MANY_GOOD)
        assert found[0].kind is FlagKind.ONE_TARGET
        assert len({it.id for it in fakes} & {each for one in found for each in one.reviews}) >= 48

    def test_as_many_as_are_usual_stay_counted(self):
        # One a month for years, and then fifty more in half a year: six of them would have come anyway.
        usual = [seen(184 + 30 * n, stars=5, is_fresh=True) for n in range(30)]
        (found, *_) = suspicions([*usual, *spread_out(50, over=180)], settled=(0, 0, 0, 0, 0))
        assert 3 <= len(set(found.reviews) - found.too_many) <= 9
        assert found.too_many < set(found.reviews)

    def test_a_place_that_is_liked_evenly_is_left_alone(self):
        assert suspicions(spread_out(100, over=1000, is_fresh=False), settled=MANY_GOOD) == ()


class TestProof:
    def test_what_is_proven_is_never_looked_at(self):
        assert suspicions([seen(1, proof=Proof.PROVEN) for _ in range(60)], settled=(9, 9, 0, 0, 0)) == ()

    def test_cards_may_come_together_by_new_accounts(self):
        assert suspicions([seen(1, 4 + n % 2, proof=Proof.CARD) for n in range(40)], settled=MANY_GOOD) == ()

    def test_cards_that_praise_what_everybody_else_blames_are_flagged(self):
        (found, *_) = suspicions([seen(1, proof=Proof.CARD) for _ in range(40)], settled=(10, 10, 5, 3, 1))
        assert (found.proof, len(found.reviews)) == (Proof.CARD, 40)

    @pytest.mark.parametrize(
        ("basis", "is_verified", "proof"),
        [
            (Basis.ARRANGEMENT, True, Proof.PROVEN),
            (Basis.ATTESTED, True, Proof.PROVEN),
            (Basis.INVOICE, True, Proof.PROVEN),
            (Basis.INVOICE, False, Proof.OWN_WORD),
            (Basis.CARD, True, Proof.CARD),
            (Basis.SAID_USED, False, Proof.OWN_WORD),
        ],
    )
    def test_what_shows_for_itself(self, basis, is_verified, proof):
        assert flags.proof_of(basis=basis, is_verified=is_verified) is proof


class TestSettling:
    def test_what_is_proven_moves_the_place_at_once(self):
        assert flags.settles_on(proof=Proof.PROVEN, on=TODAY) == TODAY

    @pytest.mark.parametrize("proof", [Proof.OWN_WORD, Proof.CARD])
    def test_what_could_be_arranged_in_a_day_waits(self, proof):
        assert flags.settles_on(proof=proof, on=TODAY) == TODAY + timedelta(days=184)

    @pytest.mark.parametrize(("made", "is_young"), [(-1, False), (0, True), (14, True), (15, False), (None, False)])
    def test_a_young_account_was_made_shortly_before(self, made, is_young):
        written_at = datetime(2026, 6, 15, 12, tzinfo=UTC)
        made_at = None if made is None else written_at - timedelta(days=made)
        assert flags.is_young(made_at=made_at, written_at=written_at) is is_young


REVIEWS = st.lists(
    st.builds(
        seen,
        st.integers(0, 400),
        st.integers(1, 5),
        proof=st.sampled_from([Proof.OWN_WORD, Proof.CARD]),
        is_fresh=st.booleans(),
    ),
    max_size=25,
)


@settings(deadline=None, max_examples=50)
@given(reviews=REVIEWS, settled=st.tuples(*[st.integers(0, 20)] * 5))
def test_whatever_comes_a_suspicion_holds_together(reviews, settled):
    found = suspicions(reviews, settled=settled)
    every = [each for one in found for each in one.reviews]
    assert len(every) == len(set(every))
    by = {it.id: it for it in reviews}
    for one in found:
        assert one.too_many <= set(one.reviews)
        assert len(one.reviews) >= flags.FEWEST
        assert {by[each].proof for each in one.reviews} == {one.proof}
        assert {flags.lean_of(by[each].stars) for each in one.reviews} == {one.evidence.lean}
        assert all(one.since <= by[each].on <= one.until for each in one.reviews)


@settings(deadline=None, max_examples=50)
@given(reviews=REVIEWS, order=st.randoms(use_true_random=False))
def test_the_order_in_which_they_are_read_does_not_matter(reviews, order):
    shuffled = order.sample(reviews, len(reviews))
    assert suspicions(reviews, settled=MANY_GOOD) == suspicions(shuffled, settled=MANY_GOOD)
