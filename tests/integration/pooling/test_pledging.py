"""Pledges and the money behind them: promised at once at their worst case, moved by changes, freed on leaving."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from marketplace.budgets.queries.checking import broken_rows
from marketplace.budgets.queries.paying import payable_streams, set_aside
from marketplace.budgets.rules import Holding, Purpose, Stream
from marketplace.budgets.services.backing import NotEnoughLeftError
from marketplace.kit.money import ZERO, Money
from marketplace.pooling.models import Pledge, Pool, PoolMember, PoolTier
from marketplace.pooling.queries.membership import champions, my_membership
from marketplace.pooling.queries.pledging import my_pledge, pledge_page
from marketplace.pooling.rules import PoolStatus
from marketplace.pooling.rules.nouns import Counts, MemberRole, PledgePart
from marketplace.pooling.services import joining, paying, pledging
from marketplace.purchasing.rules.nouns import ArrangementKind, PayBy
from tests.factories import accounts, budgets, pooling

NOW = pooling.OPENED_AT + timedelta(days=3)


@pytest.fixture
def sam(session):
    return accounts.person(session, name="Sam")


@pytest.fixture
def budget(session, sam):
    return budgets.budget(session, sam, social_care=1_000_00, nhs=50_00)


@pytest.fixture
def pool(session):
    """Three are needed, five have it for less; each takes two hours a week for four weeks."""
    it = pooling.pool(
        session, people=[accounts.person(session)], quantity=2, kind=ArrangementKind.WEEKLY, weeks=4, most_people=6
    )
    session.add(PoolTier(pool_id=it.id, counted_from=5, unit_price=Money(9_00)))
    session.flush()
    return it


def pledge(session, pool, person, *, act=pledging.pledge_to_pool, now=NOW, called="", **differences):
    wanted = pooling.new_pledge(**{"least": 2, "most": 2} | differences)
    return act(session, pool_id=pool.id, by=person.id, wanted=wanted, called=called, now=now)


def shares(session, budget, **pence):
    ids = budgets.streams(session, budget)
    return {ids[Stream(kind)]: Money(amount) for kind, amount in pence.items()}


def promised(session, pool, person):
    it = session.scalars(select(Pledge.id).where(Pledge.person_id == person.id, Pledge.pool_id == pool.id)).one()
    return set_aside(session, purpose=Purpose(it)).promised


def test_the_worst_case_of_all_weeks_is_promised_at_once(session, sam, pool, budget):
    status = pledge(session, pool, sam, shares=shares(session, budget, social_care=68_00, nhs=20_00))
    assert status is PoolStatus.OPEN
    assert promised(session, pool, sam) == Money(88_00)
    mine = my_pledge(session, pool_id=pool.id, viewer=accounts.as_viewer(sam))
    assert (mine.at_worst, sum(mine.shares.values(), ZERO), mine.part) == (
        Money(88_00),
        Money(88_00),
        PledgePart.WAITING,
    )
    assert broken_rows(session) == ()


def test_whoever_would_pay_only_the_lower_price_promises_only_that(session, sam, pool, budget):
    pledge(session, pool, sam, most_price=Money(9_50), shares=shares(session, budget, social_care=72_00))
    assert promised(session, pool, sam) == Money(72_00)


def test_pledging_makes_a_member_with_the_name_they_chose(session, sam, pool):
    pledge(session, pool, sam, called="  The   swimmer ")
    assert my_membership(session, pool_id=pool.id, viewer=accounts.as_viewer(sam)).called == "The swimmer"


def test_a_change_moves_the_promise_and_keeps_the_place(session, sam, pool, budget):
    pledge(session, pool, sam, shares=shares(session, budget, social_care=88_00))
    more = shares(session, budget, social_care=92_00, nhs=40_00)
    pledge(session, pool, sam, act=pledging.change_pledge, now=NOW + timedelta(days=1), least=3, most=3, shares=more)
    assert promised(session, pool, sam) == Money(132_00)
    it = session.scalars(select(Pledge).where(Pledge.person_id == sam.id)).one()
    assert (it.least, it.pledged_at) == (3, NOW)
    pledge(session, pool, sam, act=pledging.change_pledge, now=NOW + timedelta(days=2))
    assert promised(session, pool, sam) == ZERO
    assert budgets.standing(session, budget)["left"] == 1_050_00
    assert broken_rows(session) == ()


def test_pressed_again_with_nothing_changed_no_money_moves(session, sam, pool, budget, count_queries):
    own = shares(session, budget, social_care=88_00)
    pledge(session, pool, sam, shares=own)
    count_queries.clear()
    pledge(session, pool, sam, act=pledging.change_pledge, now=NOW + timedelta(days=1), shares=own)
    assert not any("INSERT INTO entry" in one for one in count_queries)


@pytest.mark.once
def test_a_pledge_reads_under_the_lock_what_it_needs_and_nothing_twice(session, sam, pool, count_queries):
    pledge(session, pool, accounts.person(session))
    count_queries.clear()
    pledge(session, pool, sam)
    session.flush()
    assert len(count_queries) <= 13, count_queries
    assert len(set(count_queries)) == len(count_queries)


def test_what_a_budget_has_not_left_is_refused(session, sam, pool, budget):
    with pytest.raises(NotEnoughLeftError):
        pledge(session, pool, sam, shares=shares(session, budget, nhs=88_00))


@pytest.mark.parametrize(
    ("differences", "refusal"),
    [
        ({"least": 0, "most": 0}, pledging.PledgeAmountError),
        ({"most_price": Money(8_99)}, pledging.PledgePriceError),
        ({"pay_by": PayBy.CARD}, pledging.PledgeRouteError),
    ],
)
def test_what_will_not_do_is_refused(session, sam, pool, differences, refusal):
    with pytest.raises(refusal) as refused:
        pledge(session, pool, sam, **differences)
    assert str(refused.value).endswith(".")


def test_budgets_pay_all_of_it_or_none(session, sam, pool, budget):
    with pytest.raises(pledging.PledgeSharesError):
        pledge(session, pool, sam, shares=shares(session, budget, social_care=87_99))


def test_there_is_nothing_to_change_without_a_pledge(session, sam, pool):
    with pytest.raises(pledging.NotInError):
        pledge(session, pool, sam, act=pledging.change_pledge)


def test_leaving_frees_what_was_promised_and_ends_the_membership(session, sam, pool, budget):
    pledge(session, pool, sam, shares=shares(session, budget, social_care=88_00))
    pledging.leave_pool(session, pool_id=pool.id, by=sam.id, now=NOW)
    assert budgets.standing(session, budget)["promised"] == 0
    it = session.scalars(select(Pledge).where(Pledge.person_id == sam.id)).one()
    assert (it.part, it.withdrawn_at) == (PledgePart.RELEASED, NOW)
    assert my_membership(session, pool_id=pool.id, viewer=accounts.as_viewer(sam)) is None
    assert broken_rows(session) == ()


def test_somebody_who_belongs_to_it_and_has_pledged_nothing_leaves_too(session, sam, pool):
    joining.join_pool(session, pool_id=pool.id, by=sam.id, called="", now=NOW)
    pledging.leave_pool(session, pool_id=pool.id, by=sam.id, now=NOW)
    assert my_membership(session, pool_id=pool.id, viewer=accounts.as_viewer(sam)) is None
    assert pool.status is PoolStatus.OPEN


def test_a_facilitator_helps_and_buys_nothing(session, sam, pool):
    joining.join_pool(session, pool_id=pool.id, by=sam.id, called="", role=MemberRole.FACILITATOR, now=NOW)
    with pytest.raises(pledging.FacilitatorError):
        pledge(session, pool, sam)


def test_a_draft_has_nothing_to_pledge_for(session, sam, pool):
    session.execute(update(Pool).where(Pool.id == pool.id).values(status=PoolStatus.DRAFT))
    with pytest.raises(pledging.PoolClosedError, match="finding people"):
        pledge(session, pool, sam)


def test_a_full_pool_closes_at_once_and_a_pool_that_can_get_cheaper_waits(session, pool):
    for _ in range(4):
        assert pledge(session, pool, accounts.person(session), most_price=Money(11_00)) is not PoolStatus.CONFIRMED
    # Five have the cheapest price, and nobody could have it cheaper.
    assert pool.status is PoolStatus.TIPPING
    parts = session.scalars(select(Pledge.part).where(Pledge.pool_id == pool.id)).all()
    assert parts == [PledgePart.INCLUDED] * 5
    assert set(session.scalars(select(Pledge.amount).where(Pledge.pool_id == pool.id))) == {Money(18_00)}


def test_places_are_pledged_between_a_least_and_a_most(session, sam):
    pool = pooling.pool(
        session, people=[accounts.person(session)], counts=Counts.QUANTITY, minimum_people=2, quantity=2
    )
    session.execute(update(PoolTier).where(PoolTier.pool_id == pool.id).values(counted_from=9))
    status = pledge(session, pool, sam, least=2, most=8)
    assert status is PoolStatus.TIPPING
    taken = session.scalars(select(Pledge.quantity).where(Pledge.pool_id == pool.id).order_by(Pledge.pledged_at))
    assert list(taken) == [2, 7]


class TestWhoPays:
    @pytest.fixture
    def choose(self, session, sam, budget):
        streams = payable_streams(session, viewer=accounts.as_viewer(sam))
        nhs, care = (
            next(it.stream_id for it in streams if it.kind is kind) for kind in (Stream.NHS, Stream.SOCIAL_CARE)
        )

        def run(first="care", second=None, second_pays=None, pay_by=PayBy.BANK_TRANSFER):
            ids = {"care": care, "nhs": nhs, "others": budgets.purpose(), None: None}
            return paying.shares_for(
                Money(88_00),
                streams=streams,
                first=ids[first],
                second=ids[second],
                second_pays=second_pays,
                pay_by=pay_by,
            )

        return run

    def test_one_two_or_no_budget_pays(self, choose):
        assert list(choose().values()) == [Money(88_00)]
        assert list(choose(second="nhs", second_pays=Money(8_00)).values()) == [Money(80_00), Money(8_00)]
        assert choose(first=None) == {}

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"first": "others"}, "first"),
            ({"second": "care"}, "second"),
            ({"second": "nhs"}, "second_pays"),
            ({"second": "nhs", "second_pays": Money(88_00)}, "second_pays"),
            ({"pay_by": PayBy.BUDGET_HOLDER}, "pay_by"),
        ],
    )
    def test_what_cannot_be_is_said_at_its_question(self, choose, said, field):
        with pytest.raises(paying.WhoPaysError) as refused:
            choose(**said)
        assert refused.value.field == field

    def test_a_budget_that_the_council_manages_pays_as_any_other(self, session, sam, pool):
        managed = budgets.budget(session, sam, holding=Holding.COUNCIL_MANAGED, social_care=100_00)
        own = shares(session, managed, social_care=88_00)
        pledge(session, pool, sam, pay_by=PayBy.BUDGET_HOLDER, shares=own)
        assert promised(session, pool, sam) == Money(88_00)


def test_the_page_of_a_pledge_is_the_viewers_own(session, sam, pool, budget):
    pledge(session, pool, sam, shares=shares(session, budget, social_care=88_00))
    other = accounts.as_viewer(accounts.person(session))
    page = pledge_page(session, pool_id=pool.id, viewer=other, now=NOW)
    assert (page.mine, page.called, page.may_pledge) == (None, "", True)
    assert [(cost.case.step.counted_from, cost.highest) for cost in page.costs(page.ladder.usual)] == [
        (3, Money(88_00)),
        (5, Money(72_00)),
    ]
    assert champions(session, pool_id=pool.id) == []
    assert session.scalars(select(PoolMember.role).where(PoolMember.person_id == sam.id)).one() is MemberRole.MEMBER


class TestPages:
    def test_a_price_for_the_whole_group_asks_no_amount(self, client, session, sign_in, sam):
        pool = pooling.pool_open_now(session, people=[accounts.person(session)], price_alone=None)
        whole = {"unit_price": None, "whole_price": Money(100_00)}
        session.execute(update(PoolTier).where(PoolTier.pool_id == pool.id).values(whole))
        sign_in(sam.id)
        page = client.get(f"/pools/{pool.id}/pledge").text
        assert "shares one price" in page
        assert "How much would you like?" not in page
        check = client.fill_in(f"/pools/{pool.id}/pledge", most_price="33.34").location
        # Six hours, shared by three at worst and by fifty at best.
        assert "£200.04" in client.get(check).text
        assert "On your own" not in client.get(check).text

    def test_where_all_together_count_one_may_take_more(self, client, session, sign_in, sam):
        pool = pooling.pool_open_now(session, people=[accounts.person(session)], counts=Counts.QUANTITY)
        sign_in(sam.id)
        assert "taken together" in client.get(f"/pools/{pool.id}/pledge").text
        response = client.fill_in(f"/pools/{pool.id}/pledge", least="2", most="1", most_price="11")
        assert "Choose at least 2" in response.text
        check = client.fill_in(f"/pools/{pool.id}/pledge", least="2", most="5", most_price="11").location
        assert "or up to 5 hours" in client.get(check).text

    def test_money_that_runs_out_before_it_ends_is_said(self, client, session, sign_in, sam):
        pool = pooling.pool_open_now(session, people=[accounts.person(session)], kind=ArrangementKind.WEEKLY, weeks=104)
        budgets.budget(session, sam, social_care=9_000_00)
        sign_in(sam.id)
        check = client.fill_in(f"/pools/{pool.id}/pledge", least="6", most_price="11").location
        assert "before this ends" in client.get(check).text
