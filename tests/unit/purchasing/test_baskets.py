import uuid
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.budgets.rules import Holding, Stream, StreamId
from marketplace.catalogue.rules import WayToPay
from marketplace.kit.money import ZERO, Money
from marketplace.purchasing.rules.baskets import Wish, first_shortages, shares_of, split, split_problem
from marketplace.purchasing.rules.employing import is_due
from marketplace.purchasing.rules.nouns import ArrangementKind, PayBy
from marketplace.purchasing.rules.routes import RELIABILITY, routes_open_to, takes, ways_of

COUNCIL, NHS, OWN = (StreamId(uuid.UUID(int=number)) for number in range(3))
TOTAL = Money(100_00)


@given(
    total=st.integers(0, 10_000_000),
    weights=st.lists(st.integers(1, 1_000_000), min_size=1, max_size=2),
)
def test_whatever_a_thing_costs_its_shares_are_the_whole_of_it(total, weights):
    chosen = {StreamId(uuid.UUID(int=n)): Money(weight) for n, weight in enumerate(weights)}
    shares = shares_of(Money(total), chosen)
    assert sum(shares.values(), ZERO) == Money(total)
    assert all(amount > ZERO for amount in shares.values())


def test_a_cost_that_has_not_changed_is_split_just_as_it_was_chosen():
    chosen = {COUNCIL: Money(33_34), NHS: Money(66_66)}
    assert shares_of(TOTAL, chosen) == chosen
    assert shares_of(Money(200_00), chosen) == {COUNCIL: Money(66_68), NHS: Money(133_32)}


def test_no_budget_one_or_two_can_pay():
    assert split(TOTAL, first=None, second=None, second_pays=ZERO) == {}
    assert split(TOTAL, first=COUNCIL, second=None, second_pays=ZERO) == {COUNCIL: TOTAL}
    assert split(TOTAL, first=COUNCIL, second=NHS, second_pays=Money(30_00)) == {
        COUNCIL: Money(70_00),
        NHS: Money(30_00),
    }


@pytest.mark.parametrize(
    ("first", "second", "second_pays", "field"),
    [
        (None, NHS, Money(1), "second"),
        (NHS, NHS, Money(1), "second"),
        (COUNCIL, NHS, None, "second_pays"),
        (COUNCIL, NHS, ZERO, "second_pays"),
        (COUNCIL, NHS, TOTAL, "second_pays"),
        (COUNCIL, NHS, Money(-1), "second_pays"),
    ],
)
def test_a_split_that_will_not_do_is_refused_beside_its_question(first, second, second_pays, field):
    problem = split_problem(TOTAL, first=first, second=second, second_pays=second_pays)
    assert problem is not None
    assert problem[0] == field
    assert problem[1].endswith(".")


def test_a_split_that_will_do_has_no_problem():
    assert split_problem(TOTAL, first=COUNCIL, second=NHS, second_pays=Money(1)) is None
    assert split_problem(TOTAL, first=None, second=None, second_pays=None) is None


def test_the_first_line_that_finds_too_little_is_named_and_takes_nothing_from_the_next():
    wanted = [
        ("one", {COUNCIL: Money(60)}),
        ("two", {COUNCIL: Money(50), NHS: Money(1)}),
        ("three", {COUNCIL: Money(40)}),
    ]
    assert first_shortages(wanted, left={COUNCIL: Money(100), NHS: Money(1)}) == {"two": (COUNCIL, Money(40))}


@given(
    lefts=st.lists(st.integers(0, 500), min_size=3, max_size=3),
    lines=st.lists(st.dictionaries(st.sampled_from([COUNCIL, NHS, OWN]), st.integers(1, 300)), max_size=8),
)
def test_what_is_not_short_never_takes_more_than_there_is(lefts, lines):
    left = dict(zip((COUNCIL, NHS, OWN), map(Money, lefts), strict=True))
    wanted = [(n, {stream: Money(pence) for stream, pence in line.items()}) for n, line in enumerate(lines)]
    short = first_shortages(wanted, left=left)
    for stream, there in left.items():
        taken = sum((shares.get(stream, ZERO) for n, shares in wanted if n not in short), ZERO)
        assert taken <= there


def test_weekly_support_ends_with_its_last_week():
    wish = Wish(ArrangementKind.WEEKLY, "Help", quantity=2, starts_on=date(2026, 5, 4), weeks=2)
    assert wish.ends_on == date(2026, 5, 17)
    assert Wish(ArrangementKind.ONE_OFF, "Help", quantity=2, starts_on=date(2026, 5, 4)).ends_on == date(2026, 5, 4)


class TestRoutes:
    def test_there_is_always_a_way_to_pay(self):
        assert routes_open_to(holdings=(), takes_cards=False) == (PayBy.BANK_TRANSFER,)

    def test_cards_are_offered_only_where_they_can_be_taken(self):
        assert PayBy.CARD in routes_open_to(holdings=(), takes_cards=True)

    def test_a_prepaid_card_is_for_a_direct_payment(self):
        assert PayBy.PREPAID_CARD in routes_open_to(holdings={Holding.DIRECT_PAYMENT}, takes_cards=False)
        assert PayBy.PREPAID_CARD not in routes_open_to(holdings={Holding.OWN_MONEY}, takes_cards=False)

    @pytest.mark.parametrize("holding", [it for it in Holding if it not in {Holding.DIRECT_PAYMENT, Holding.OWN_MONEY}])
    def test_whoever_holds_a_budget_can_pay(self, holding):
        assert PayBy.BUDGET_HOLDER in routes_open_to(holdings={holding}, takes_cards=False)

    @pytest.mark.parametrize("holding", [Holding.DIRECT_PAYMENT, Holding.OWN_MONEY])
    def test_what_one_holds_oneself_nobody_else_pays(self, holding):
        assert PayBy.BUDGET_HOLDER not in routes_open_to(holdings={holding}, takes_cards=False)

    def test_every_way_says_what_can_be_relied_on(self):
        assert set(RELIABILITY) == set(PayBy)

    @pytest.mark.parametrize("holding", Holding)
    @pytest.mark.parametrize("kind", Stream)
    def test_all_money_is_something_a_provider_can_take(self, holding, kind):
        ways = ways_of(holding=holding, kind=kind)
        assert takes(ways, taken=())
        assert takes(ways, taken=set(WayToPay))

    def test_nhs_money_that_one_holds_is_a_direct_payment_too(self):
        ways = ways_of(holding=Holding.DIRECT_PAYMENT, kind=Stream.NHS)
        assert takes(ways, taken={WayToPay.DIRECT_PAYMENT})
        assert takes(ways, taken={WayToPay.PERSONAL_HEALTH_BUDGET})
        assert not takes(ways, taken={WayToPay.OWN_MONEY})


def test_advice_is_due_after_a_year():
    assert not is_due(read_on=date(2026, 4, 6), today=date(2027, 4, 6))
    assert is_due(read_on=date(2026, 4, 6), today=date(2027, 4, 7))
