from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from marketplace.catalogue.models import Offer, OfferPrice
from marketplace.catalogue.rules import OfferStatus
from marketplace.kit.audit import AuditEvent
from marketplace.kit.errors import DomainError
from marketplace.kit.money import Money
from marketplace.kit.outbox import Message
from marketplace.pooling import services
from marketplace.pooling.models import Pledge, Pool
from marketplace.pooling.queries.membership import champions
from marketplace.pooling.rules import PoolStatus
from marketplace.pooling.services import settling
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.rules import ArrangementStatus
from tests.factories import accounts, pooling

LAST_MOMENT = pooling.CLOSES_AT - timedelta(seconds=1)


def address(pool_id):
    return f"https://example.org/pools/{pool_id}"


def people_in(session, pool):
    return session.scalar(
        select(func.count()).select_from(Pledge).where(Pledge.pool_id == pool.id, Pledge.withdrawn_at.is_(None))
    )


def join(session, pool, person, now=LAST_MOMENT):
    services.pledge_to_pool(session, pool_id=pool.id, by=person.id, wanted=pooling.new_pledge(), called="", now=now)
    return settling.take_stock(session, pool_id=pool.id, address=address, now=now)


@pytest.fixture
def sam(session):
    return accounts.person(session, name="Sam", lives_in="E08000009")


@pytest.fixture
def ada(session):
    return accounts.person(session, name="Ada")


@pytest.fixture
def bo(session):
    return accounts.person(session, name="Bo")


class TestOpening:
    def test_whoever_opens_a_pool_keeps_it_going_at_the_group_price_of_that_day(self, session, sam, now):
        offer = pooling.offer_for_groups(session)
        pool_id = services.open_pool(session, offer_id=offer.id, by=sam.id, wanted=pooling.new_pool(), now=now)
        pool = session.get_one(Pool, pool_id)
        assert (pool.status, pool.unit_price, pool.price_alone) == (
            PoolStatus.OPEN,
            pooling.TOGETHER,
            pooling.ALONE,
        )
        assert (pool.closes_at, pool.council, pool.category) == (pooling.CLOSES_AT, "E08000009", "sport-and-leisure")
        assert champions(session, pool_id=pool_id) == [sam.id]
        assert session.scalars(select(Pledge.id)).all() == []
        did = session.scalars(select(AuditEvent.did).where(AuditEvent.to_id == pool_id))
        assert set(did) == {"opened", "joined"}

    @pytest.mark.parametrize(
        ("differences", "refusal"),
        [
            ({"title": "  "}, services.PoolTitleError),
            ({"purpose": "x" * 1001}, services.PoolPurposeError),
            ({"minimum_people": 2}, services.PoolSizeError),
            ({"minimum_people": 51}, services.PoolSizeError),
            ({"quantity": 0}, services.PoolQuantityError),
            ({"days": 91}, services.PoolDeadlineError),
            ({"days": 60}, services.PoolStartError),
        ],
    )
    def test_what_will_not_do_is_refused_and_nothing_is_kept(self, session, sam, now, differences, refusal):
        offer = pooling.offer_for_groups(session)
        with pytest.raises(refusal) as refused:
            services.open_pool(session, offer_id=offer.id, by=sam.id, wanted=pooling.new_pool(**differences), now=now)
        assert str(refused.value).endswith(".")
        assert session.scalars(select(Pool.id)).all() == []

    @pytest.mark.parametrize("differences", [{"together": None}, {"is_free": True}, {"together": Money(14_50)}])
    def test_without_a_lower_price_for_groups_there_is_nothing_to_pool(self, session, sam, now, differences):
        offer = pooling.offer_for_groups(session, **differences)
        with pytest.raises(services.PoolSizeError, match="no price for groups"):
            services.open_pool(session, offer_id=offer.id, by=sam.id, wanted=pooling.new_pool(), now=now)

    def test_a_place_where_nobody_answers_has_no_pools(self, session, sam, now):
        offer = pooling.offer_for_groups(session, is_open_to_all=True)
        with pytest.raises(services.PoolSizeError, match="Nobody answers"):
            services.open_pool(session, offer_id=offer.id, by=sam.id, wanted=pooling.new_pool(), now=now)

    def test_an_offer_nobody_can_see_has_no_pools(self, session, sam, now):
        offer = pooling.offer_for_groups(session, status=OfferStatus.UNLISTED)
        with pytest.raises(services.OfferNotFoundError):
            services.open_pool(session, offer_id=offer.id, by=sam.id, wanted=pooling.new_pool(), now=now)

    def test_a_providers_own_people_open_no_pool_on_their_offer(self, session, now):
        body, speaker = accounts.organisation(session)
        offer = pooling.offer_for_groups(session, organisation_id=body.id)
        with pytest.raises(services.OwnOfferError):
            services.open_pool(session, offer_id=offer.id, by=speaker.id, wanted=pooling.new_pool(), now=now)

    def test_one_person_has_one_open_pool_on_an_offer(self, session, sam, now):
        offer = pooling.offer_for_groups(session)
        services.open_pool(session, offer_id=offer.id, by=sam.id, wanted=pooling.new_pool(), now=now)
        with pytest.raises(services.AlreadyOpenError):
            services.open_pool(session, offer_id=offer.id, by=sam.id, wanted=pooling.new_pool(), now=now)


class TestTipping:
    def test_the_pledge_that_reaches_the_minimum_gives_everybody_an_arrangement(self, session, sam, ada, bo):
        pool = pooling.pool(session, people=[ada, bo])
        assert join(session, pool, sam) is PoolStatus.CONFIRMED
        session.expire_all()
        assert (pool.status, pool.closed_at) == (PoolStatus.CONFIRMED, LAST_MOMENT)
        made = session.scalars(select(Arrangement).where(Arrangement.pool_key == pool.id)).all()
        assert {it.person_id for it in made} == {sam.id, ada.id, bo.id}
        assert {(it.unit_price, it.total, it.status) for it in made} == {
            (pooling.TOGETHER, Money(66_00), ArrangementStatus.ACCEPTED)
        }

    def test_members_get_the_price_they_were_told_whatever_it_is_now(self, session, sam, ada, bo):
        pool = pooling.pool(session, people=[ada, bo])
        session.execute(update(OfferPrice).where(OfferPrice.offer_id == pool.offer_id).values(amount=Money(20_00)))
        join(session, pool, sam)
        prices = session.scalars(select(Arrangement.unit_price).where(Arrangement.pool_key == pool.id)).all()
        assert prices == [pooling.TOGETHER] * 3

    def test_each_member_and_the_provider_get_a_letter_and_no_letter_names_a_member(self, session, sam, ada, bo):
        body, speaker = accounts.organisation(session, spoken_for_by=accounts.person(session, name="Speaker"))
        pool = pooling.pool(session, offer=pooling.offer_for_groups(session, organisation_id=body.id), people=[ada, bo])
        join(session, pool, sam)
        letters = session.scalars(select(Message)).all()
        assert sorted(letter.to for letter in letters) == sorted(p.email for p in (sam, ada, bo, speaker))
        for letter in letters:
            others = {p.name for p in (sam, ada, bo) if p.email != letter.to}
            assert not any(name in letter.body for name in others)
            assert address(pool.id) in letter.body

    def test_nobody_else_gets_in_after_the_tip(self, session, sam, ada, bo):
        pool = pooling.pool(session, people=[ada, bo])
        join(session, pool, sam)
        with pytest.raises(services.PoolClosedError, match="going ahead"):
            join(session, pool, accounts.person(session))
        assert people_in(session, pool) == 3

    def test_a_pledge_short_of_the_minimum_arranges_nothing(self, session, sam, ada):
        pool = pooling.pool(session, people=[ada])
        assert join(session, pool, sam) is PoolStatus.OPEN
        assert session.scalars(select(Arrangement.id)).all() == []
        assert session.scalars(select(Message.id)).all() == []

    def test_people_who_left_are_not_arranged_for(self, session, sam, ada, bo):
        pool = pooling.pool(session, people=[ada])
        pooling.pledge(session, pool, bo, withdrawn_at=pool.opened_at + timedelta(hours=1))
        assert join(session, pool, sam) is PoolStatus.OPEN
        assert join(session, pool, bo) is PoolStatus.CONFIRMED
        assert len(session.scalars(select(Arrangement.id)).all()) == 3


class TestRefusals:
    def test_a_pledge_after_the_last_day_is_refused_even_if_nothing_has_closed_the_pool(self, session, sam, ada):
        pool = pooling.pool(session, people=[ada])
        with pytest.raises(services.PoolClosedError, match="last day to join was Sunday 31 May 2026"):
            join(session, pool, sam, now=pooling.CLOSES_AT)
        assert people_in(session, pool) == 1

    def test_nobody_is_in_a_pool_twice(self, session, sam):
        pool = pooling.pool(session, people=[sam])
        with pytest.raises(services.AlreadyInError):
            join(session, pool, sam)
        assert people_in(session, pool) == 1

    def test_a_providers_own_people_do_not_buy_from_it(self, session, ada):
        body, speaker = accounts.organisation(session)
        offer = pooling.offer_for_groups(session, organisation_id=body.id)
        pool = pooling.pool(session, offer=offer, people=[ada])
        with pytest.raises(services.OwnOfferError):
            join(session, pool, speaker)

    def test_an_offer_that_was_taken_down_takes_no_more_people(self, session, sam, ada, bo):
        pool = pooling.pool(session, people=[ada, bo])
        session.execute(update(Offer).where(Offer.id == pool.offer_id).values(status=OfferStatus.UNLISTED))
        with pytest.raises(services.OfferGoneError):
            join(session, pool, sam)
        assert pool.status is PoolStatus.OPEN

    def test_a_pool_kept_from_view_cannot_be_joined(self, session, sam, ada, now):
        pool = pooling.pool(session, people=[ada], held_at=now)
        with pytest.raises(services.PoolNotFoundError):
            join(session, pool, sam)


class TestLeaving:
    def test_leaving_costs_nothing_and_one_can_come_back(self, session, sam, ada):
        pool = pooling.pool(session, people=[sam, ada])
        services.leave_pool(session, pool_id=pool.id, by=sam.id, now=LAST_MOMENT)
        assert people_in(session, pool) == 1
        join(session, pool, sam)
        assert people_in(session, pool) == 2

    def test_the_last_one_out_closes_the_pool(self, session, sam):
        pool = pooling.pool(session, people=[sam])
        services.leave_pool(session, pool_id=pool.id, by=sam.id, now=LAST_MOMENT)
        assert (pool.status, pool.closed_at) == (PoolStatus.WITHDRAWN, LAST_MOMENT)

    def test_somebody_who_is_not_in_cannot_leave(self, session, sam, ada):
        pool = pooling.pool(session, people=[ada])
        with pytest.raises(services.NotInError):
            services.leave_pool(session, pool_id=pool.id, by=sam.id, now=LAST_MOMENT)

    @pytest.mark.parametrize(
        ("differences", "words"),
        [
            ({"status": PoolStatus.CONFIRMED, "closed_at": LAST_MOMENT}, "under your arrangements"),
            ({"status": PoolStatus.EXPIRED, "closed_at": LAST_MOMENT}, "You pay nothing"),
            ({"closes_at": LAST_MOMENT}, "You pay nothing"),
        ],
    )
    def test_a_pool_that_is_over_cannot_be_left(self, session, sam, differences, words):
        pool = pooling.pool(session, people=[sam], **differences)
        with pytest.raises(services.PoolClosedError, match=words):
            services.leave_pool(session, pool_id=pool.id, by=sam.id, now=LAST_MOMENT)

    def test_a_pool_kept_from_view_can_be_left_by_those_in_it_and_is_unknown_to_others(
        self, session, sam, ada, bo, now
    ):
        pool = pooling.pool(session, people=[sam, ada], held_at=now)
        services.leave_pool(session, pool_id=pool.id, by=sam.id, now=LAST_MOMENT)
        assert people_in(session, pool) == 1
        with pytest.raises(services.PoolNotFoundError):
            services.leave_pool(session, pool_id=pool.id, by=bo.id, now=LAST_MOMENT)


class TestClosing:
    def withdraw(self, session, pool, person, now=LAST_MOMENT):
        services.withdraw_pool(session, pool_id=pool.id, by=person.id, address=address, now=now)

    def test_whoever_opened_a_pool_closes_it_and_the_others_are_told(self, session, sam, ada, bo):
        pool = pooling.pool(session, people=[sam, ada, bo], minimum_people=4)
        self.withdraw(session, pool, sam)
        assert pool.status is PoolStatus.WITHDRAWN
        assert set(session.scalars(select(Message.to))) == {ada.email, bo.email}
        assert session.scalars(select(Arrangement.id)).all() == []

    def test_nobody_else_closes_it(self, session, sam, ada):
        pool = pooling.pool(session, people=[sam, ada])
        with pytest.raises(services.NotYourPoolError):
            self.withdraw(session, pool, ada)
        assert pool.status is PoolStatus.OPEN

    def test_a_pool_that_is_over_is_not_closed_again(self, session, sam):
        pool = pooling.pool(session, people=[sam])
        with pytest.raises(services.PoolClosedError):
            self.withdraw(session, pool, sam, now=pooling.CLOSES_AT)

    def test_a_pool_lapses_once_and_costs_nobody_anything(self, session, sam, ada):
        pool = pooling.pool(session, people=[sam, ada])
        lapse = {"pool_id": pool.id, "address": address}
        assert services.close_lapsed_pool(session, **lapse, now=LAST_MOMENT) is False
        assert services.close_lapsed_pool(session, **lapse, now=pooling.CLOSES_AT) is True
        assert services.close_lapsed_pool(session, **lapse, now=pooling.CLOSES_AT) is False
        assert (pool.status, pool.closed_at) == (PoolStatus.EXPIRED, pooling.CLOSES_AT)
        letters = session.scalars(select(Message)).all()
        assert {letter.to for letter in letters} == {sam.email, ada.email}
        assert len(letters) == 2
        assert all("you pay nothing" in letter.body for letter in letters)
        assert session.scalars(select(Arrangement.id)).all() == []


class TestHolding:
    @pytest.fixture
    def decide(self, session, now):
        def run(decision, pool, by, reason="It names somebody."):
            return decision(session, pool_id=pool.id, by=by.id, reason=reason, address=address, now=now)

        return run

    def test_a_held_pool_comes_back_with_everybody_in_it(self, session, sam, ada, now, decide):
        moderator = accounts.person(session, name="Moderator")
        pool = pooling.pool(session, people=[sam, ada])
        decide(services.hold_pool, pool, moderator)
        assert pool.held_at == now
        with pytest.raises(services.PoolHeldError):
            decide(services.hold_pool, pool, moderator)
        decide(services.release_pool, pool, moderator, "The name is gone.")
        assert pool.held_at is None
        assert people_in(session, pool) == 2
        with pytest.raises(services.PoolNotHeldError):
            decide(services.release_pool, pool, moderator)

    def test_only_whoever_opened_it_hears_of_it_and_no_letter_says_why(self, session, sam, ada, decide):
        moderator = accounts.person(session)
        pool = pooling.pool(session, people=[sam, ada])
        decide(services.hold_pool, pool, moderator)
        decide(services.release_pool, pool, moderator)
        letters = session.scalars(select(Message)).all()
        assert [letter.to for letter in letters] == [sam.email] * 2
        assert not any("It names somebody." in letter.body for letter in letters)

    def test_a_pool_is_held_only_with_a_reason(self, session, sam, decide):
        pool = pooling.pool(session, people=[sam])
        with pytest.raises(DomainError, match="Say why"):
            decide(services.hold_pool, pool, accounts.person(session), " ")

    def test_nobody_decides_about_a_pool_they_have_a_part_in(self, session, sam, ada, decide):
        body, speaker = accounts.organisation(session)
        offer = pooling.offer_for_groups(session, organisation_id=body.id)
        pool = pooling.pool(session, offer=offer, people=[sam, ada])
        for somebody in (sam, ada, speaker):
            with pytest.raises(services.OwnPoolDecisionError):
                decide(services.hold_pool, pool, somebody)
        assert pool.held_at is None
