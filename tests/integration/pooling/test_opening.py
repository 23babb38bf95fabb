"""Opening a pool for pledges: on an offer, or with the people who found each other first."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from marketplace.catalogue.rules import Unit
from marketplace.kit.errors import DomainError
from marketplace.kit.money import Money
from marketplace.kit.outbox import Message
from marketplace.pooling.models import Pool, PoolAnswer, PoolMember, PoolTier
from marketplace.pooling.rules import PoolStatus
from marketplace.pooling.rules.nouns import Counts, MemberRole, PoolOrigin
from marketplace.pooling.services import opening
from marketplace.purchasing.rules.nouns import ArrangementKind
from tests.factories import accounts, pooling


def address(pool_id):
    return f"https://example.org/pools/{pool_id}"


@pytest.fixture
def sam(session):
    return accounts.person(session, name="Sam")


def draft(session, champion, *others, began_from=PoolOrigin.WISH):
    now = datetime.now(UTC)
    it = Pool(
        id=uuid.uuid4(),
        began_from=began_from,
        opened_by=champion.id,
        title="A minibus on Fridays",
        purpose="To the sea and back.",
        status=PoolStatus.DRAFT,
        opened_at=now - timedelta(days=3),
    )
    session.add(it)
    session.flush()
    for person in (champion, *others):
        session.add(
            PoolMember(
                id=uuid.uuid4(),
                pool_id=it.id,
                person_id=person.id,
                role=MemberRole.CHAMPION if person is champion else MemberRole.MEMBER,
                joined_at=now - timedelta(days=2),
            )
        )
    session.flush()
    return it


def answer(session, pool, offer):
    body, speaker = accounts.organisation(session)
    session.add(
        PoolAnswer(
            id=uuid.uuid4(),
            pool_id=pool.id,
            offer_id=offer.id,
            organisation_id=body.id,
            words="Our minibus.",
            whole_price=Money(100_00),
            unit=Unit.DAY,
            people_from=3,
            most_people=8,
            answered_by=speaker.id,
            answered_at=datetime.now(UTC),
        )
    )
    session.flush()


def open_draft(session, pool, offer, by, now, **differences):
    wanted = pooling.new_pool(
        starts_on=(now + timedelta(days=40)).date(), **{"title": pool.title, "quantity": 2} | differences
    )
    opening.open_draft(session, pool_id=pool.id, offer_id=offer.id, by=by.id, wanted=wanted, address=address, now=now)


def ladder(session, pool):
    rows = session.scalars(select(PoolTier).where(PoolTier.pool_id == pool.id).order_by(PoolTier.counted_from))
    return [(it.counted_from, it.unit_price, it.whole_price) for it in rows]


def test_a_price_for_the_whole_group_is_shared_and_everybody_is_told(session, sam):
    now = datetime.now(UTC)
    ada = accounts.person(session, name="Ada")
    pool, offer = draft(session, sam, ada), pooling.offer_for_groups(session)
    answer(session, pool, offer)
    open_draft(session, pool, offer, sam, now)
    assert pool.status is PoolStatus.OPEN
    assert ladder(session, pool) == [(3, None, Money(100_00))]
    # Among three, rounded up; nobody sells a day of it to one person alone.
    assert (pool.unit, pool.unit_price, pool.price_alone) == (Unit.DAY, Money(33_34), None)
    # More than they said they can take is not possible, and nobody has to type it again.
    assert pool.most_people == 8
    letters = session.scalars(select(Message)).all()
    assert [letter.to for letter in letters] == [ada.email]
    assert "£33.34" in letters[0].body


def test_without_such_an_answer_the_offers_own_prices_hold(session, sam):
    now = datetime.now(UTC)
    pool, offer = draft(session, sam, began_from=PoolOrigin.INTEREST), pooling.offer_for_groups(session)
    open_draft(session, pool, offer, sam, now, kind=ArrangementKind.WEEKLY, weeks=12)
    assert ladder(session, pool) == [(3, pooling.TOGETHER, None)]
    assert (pool.kind, pool.weeks, pool.price_alone) == (ArrangementKind.WEEKLY, 12, pooling.ALONE)


def test_only_a_champion_opens_it_and_only_once(session, sam):
    now = datetime.now(UTC)
    ada = accounts.person(session, name="Ada")
    pool, offer = draft(session, sam, ada), pooling.offer_for_groups(session)
    for somebody in (ada, accounts.person(session)):
        with pytest.raises(DomainError):
            open_draft(session, pool, offer, somebody, now)
    open_draft(session, pool, offer, sam, now)
    with pytest.raises(DomainError, match="open already"):
        open_draft(session, pool, offer, sam, now)


@pytest.mark.parametrize(
    ("differences", "refusal"),
    [
        ({"most_people": 2}, opening.PoolRoomError),
        ({"most_people": 51}, opening.PoolRoomError),
        ({"kind": ArrangementKind.WEEKLY, "weeks": 0}, opening.PoolWeeksError),
        ({"kind": ArrangementKind.WEEKLY, "weeks": 2, "quantity": 200}, opening.PoolQuantityError),
        ({"counts": Counts.QUANTITY}, opening.PoolCountsError),
    ],
)
def test_what_the_offer_cannot_be_is_refused(session, sam, now, differences, refusal):
    offer = pooling.offer_for_groups(session)
    with pytest.raises(refusal) as refused:
        opening.open_pool(session, offer_id=offer.id, by=sam.id, wanted=pooling.new_pool(**differences), now=now)
    assert str(refused.value).endswith(".")


def test_the_page_begins_with_what_the_draft_says(client, session, sign_in, sam):
    pool, offer = draft(session, sam), pooling.offer_for_groups(session)
    answer(session, pool, offer)
    sign_in(sam.id)
    page = client.get(f"/pools/open/{offer.id}?draft={pool.id}").text
    assert "£100 a day for the whole group" in page
    assert "To the sea and back." in page
    soon = datetime.now(UTC) + timedelta(days=30)
    response = client.fill_in(
        f"/pools/open/{offer.id}?draft={pool.id}",
        title="A minibus on Fridays",
        purpose="To the sea and back.",
        minimum_people="3",
        kind="one_off",
        quantity="2",
        days="14",
        starts_on=[str(soon.day), str(soon.month), str(soon.year)],
    )
    assert response.location == f"/pools/{pool.id}/pledge"
    assert "shares one price" in client.get(response.location).text


def test_to_anybody_else_there_is_no_such_draft(client, session, sign_in, sam):
    pool, offer = draft(session, sam), pooling.offer_for_groups(session)
    sign_in(accounts.person(session).id)
    assert client.get(f"/pools/open/{offer.id}?draft={pool.id}").status_code == 404
    assert client.get(f"/pools/open/{offer.id}?draft=nothing").status_code == 404
