"""Does a member see what their pool waits for, with the money first, and does nobody else?"""

import pytest

from marketplace.pooling.models import Pledge, Pool, PoolMember
from marketplace.pooling.rules.nouns import MemberRole, PledgePart, PoolStatus
from marketplace.purchasing.rules.nouns import PayBy
from tests.factories import accounts, pooling, settling


@pytest.fixture
def sam(session):
    return accounts.person(session, name="Sam")


@pytest.fixture
def others(session):
    return [accounts.person(session, name="Maggie Marker"), accounts.person(session, name="Quentin Marker")]


def pledge_of(session, pool, person):
    session.expire_all()
    return session.query(Pledge).filter_by(pool_id=pool.id, person_id=person.id).one()


def test_a_way_to_pay_that_is_not_ready_is_put_right_by_another(client, session, sign_in, sam, others):
    pool = settling.getting_ready(session, sam, others=others)
    sign_in(sam.id)
    said = client.get(f"/pools/{pool.id}").text
    assert "Your way to pay is not ready" in said
    assert "1 way to pay is not ready yet" in said
    page = client.get(f"/pools/{pool.id}/way-to-pay").text
    assert ">£66<" in page
    assert "Marker" not in page
    assert client.fill_in(f"/pools/{pool.id}/way-to-pay").status_code == 422
    response = client.fill_in(f"/pools/{pool.id}/way-to-pay", pay_by="bank_transfer")
    assert "the pool is going ahead" in client.get(response.location).text
    assert pledge_of(session, pool, sam).pay_by is PayBy.BANK_TRANSFER
    assert session.get_one(Pool, pool.id).status is PoolStatus.CONFIRMED
    assert pledge_of(session, pool, sam).part is PledgePart.KEPT


@pytest.mark.parametrize("path", ["way-to-pay", "price", "get-out", "too-few", "go-ahead", "extend"])
def test_others_find_none_of_it(client, session, sign_in, sam, others, path):
    pool = settling.asked_about_price(session, sam, others=others)
    sign_in(accounts.person(session, name="Stranger").id)
    assert client.get(f"/pools/{pool.id}/{path}").status_code == 404


def test_a_dearer_price_is_said_first_and_answered(client, session, sign_in, sam, others):
    pool = settling.asked_about_price(session, sam, others=others)
    sign_in(sam.id)
    assert "It would cost you £75.00 instead of £66.00" in client.get(f"/pools/{pool.id}").text
    page = client.get(f"/pools/{pool.id}/price").text
    assert ">£75<" in page
    assert "You pay £9.00 more" in page
    client.fill_in(f"/pools/{pool.id}/price", answer="yes")
    assert pledge_of(session, pool, sam).agreed_at is not None
    assert session.get_one(Pool, pool.id).status is PoolStatus.RECONSENT
    assert "You have said yes" in client.get(f"/pools/{pool.id}/price").text


def test_a_no_is_a_way_out_and_ends_a_pool_of_too_few(client, session, sign_in, sam, others):
    pool = settling.asked_about_price(session, sam, others=others)
    sign_in(sam.id)
    client.fill_in(f"/pools/{pool.id}/price", answer="no")
    assert pledge_of(session, pool, sam).part is PledgePart.RELEASED
    assert session.get_one(Pool, pool.id).status is PoolStatus.EXPIRED


def test_leaving_says_what_it_costs_and_lets_go(client, session, sign_in, sam, others):
    pool = settling.getting_ready(session, sam, others=others)
    sign_in(sam.id)
    assert "Leaving costs nothing" in client.get(f"/pools/{pool.id}/get-out").text
    response = client.fill_in(f"/pools/{pool.id}/get-out")
    assert "It costs you nothing" in client.get(response.location).text
    assert pledge_of(session, pool, sam).withdrawn_at is not None
    assert not session.query(PoolMember).filter_by(pool_id=pool.id, person_id=sam.id, left_at=None).count()


def test_leaving_what_goes_ahead_tells_the_rest_that_too_few_are_left(client, session, sign_in, sam, others):
    pool = settling.getting_ready(session, sam, others=others)
    sign_in(sam.id)
    client.fill_in(f"/pools/{pool.id}/way-to-pay", pay_by="bank_transfer")
    assert "Leaving now costs nothing more" in client.get(f"/pools/{pool.id}/get-out").text
    client.fill_in(f"/pools/{pool.id}/get-out")
    session.expire_all()
    assert session.get_one(Pool, pool.id).short_since is not None
    sign_in(others[0].id)
    page = client.get(f"/pools/{pool.id}")
    assert "Too few are left" in page.text
    assert "2 people are left" in client.get(f"/pools/{pool.id}/too-few").text


def test_a_champion_may_go_ahead_or_give_it_a_week_more(client, session, sign_in, sam, others):
    pool = pooling.pool_open_now(session, people=[sam, *others], most_people=9)
    session.add(
        PoolMember(id=pool.id, pool_id=pool.id, person_id=sam.id, role=MemberRole.CHAMPION, joined_at=pool.opened_at)
    )
    session.flush()
    sign_in(sam.id)
    client.fill_in(f"/pools/{pool.id}/extend")
    session.expire_all()
    assert session.get_one(Pool, pool.id).extended_at is not None
    assert "moved once already" in client.get(f"/pools/{pool.id}/extend").text
    assert "£11" in client.get(f"/pools/{pool.id}/go-ahead").text
    response = client.fill_in(f"/pools/{pool.id}/go-ahead")
    assert "The pool is going ahead" in client.get(response.location).text
