import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from marketplace.accounts.rules import Role
from marketplace.budgets.rules import Stream
from marketplace.kit.days import day_of
from marketplace.kit.money import Money
from marketplace.pooling.models import Pledge, Pool
from marketplace.pooling.rules import PoolStatus
from tests.factories import accounts, budgets, pooling

NAMES = ("Secretive Sam", "Quiet Quentin")


@pytest.fixture
def sam(session):
    return accounts.person(session, name=NAMES[0])


@pytest.fixture
def quentin(session):
    return accounts.person(session, name=NAMES[1])


def day_in(days):
    on = day_of(datetime.now(UTC)) + timedelta(days=days)
    return [str(on.day), str(on.month), str(on.year)]


ANSWERS = {
    "title": "Swimming on Saturdays",
    "purpose": "We like the water.",
    "minimum_people": "3",
    "kind": "one_off",
    "quantity": "6",
    "days": "14",
    "starts_on": day_in(20),
}

USUAL = {"least": "6", "most_price": "11"}


class TestIndex:
    def test_anyone_finds_pools_near_a_place(self, client, session):
        pooling.pool_open_now(session)
        session.commit()
        response = client.get("/pools?near=M33")
        assert response.status_code == 200
        assert "Swimming on Saturdays" in response.text
        assert "Pools near" in response.text

    def test_a_place_with_no_pools_says_what_one_can_do(self, client, session):
        pooling.pool_open_now(session)
        session.commit()
        response = client.get("/pools?near=CT16")
        assert response.status_code == 200
        assert "yet" in response.text
        assert "Swimming on Saturdays" not in response.text

    @pytest.mark.parametrize("near", ["ZZ99 9ZZ", "EH1 1YZ", "<b>nowhere</b>"])
    def test_an_unknown_place_is_said_in_words_and_the_pools_stay(self, client, session, near):
        pooling.pool_open_now(session)
        session.commit()
        response = client.get("/pools", query_string={"near": near})
        assert response.status_code == 422
        assert "There is a problem" in response.text
        assert "Swimming on Saturdays" in response.text

    @pytest.mark.parametrize("page", ["9999", "-1", "x", ""])
    def test_any_page_number_opens(self, client, session, page):
        assert client.get(f"/pools?page={page}").status_code == 200

    def test_my_pools_are_for_those_who_sign_in(self, client, session, sam, sign_in):
        assert client.get("/pools/mine").status_code == 302
        pooling.pool_open_now(session, people=[sam])
        sign_in(sam.id)
        assert "Swimming on Saturdays" in client.get("/pools/mine").text

    def test_with_no_pools_of_ones_own_the_page_says_so(self, client, sam, sign_in):
        sign_in(sam.id)
        assert "You are not in any pool" in client.get("/pools/mine").text


class TestShow:
    @pytest.mark.parametrize("role", [None, *Role])
    def test_the_page_shows_numbers_and_never_who_to_nobody(self, client, session, sign_in, role):
        sam, quentin = (accounts.person(session, name=name) for name in NAMES)
        body, speaker = accounts.organisation(session)
        offer = pooling.offer_for_groups(session, organisation_id=body.id)
        pool = pooling.pool_open_now(session, offer=offer, people=[sam, quentin])
        session.commit()
        if role in {Role.PROVIDER, Role.USER_LED_ORGANISATION}:
            sign_in(speaker.id)
        elif role:
            council = "E08000009" if role is Role.COMMISSIONER else None
            sign_in(accounts.person(session, name="Looker", role=role, council=council).id)
        response = client.get(f"/pools/{pool.id}")
        assert response.status_code == 200
        assert "Fewer than 3 people" in response.text
        for secret in (*NAMES, sam.email, quentin.email, str(sam.id), str(quentin.id)):
            assert secret not in response.text

    def test_members_do_not_see_each_other(self, client, session, sign_in, sam, quentin):
        pool = pooling.pool_open_now(session, people=[sam, quentin])
        sign_in(sam.id)
        response = client.get(f"/pools/{pool.id}")
        assert "You are in this pool" in response.text
        assert "2 of 3 people" in response.text
        assert quentin.name not in response.text

    @pytest.mark.parametrize(
        ("differences", "words"),
        [
            ({"status": PoolStatus.CONFIRMED, "closed_at": datetime.now(UTC)}, "It is going ahead"),
            ({"status": PoolStatus.EXPIRED, "closed_at": datetime.now(UTC)}, "It did not go ahead"),
            ({"status": PoolStatus.WITHDRAWN, "closed_at": datetime.now(UTC)}, "has closed it"),
            ({"closes_at": datetime.now(UTC) - timedelta(minutes=1)}, "It did not go ahead"),
        ],
    )
    def test_a_pool_that_is_over_says_so_and_cannot_be_joined(self, client, session, differences, words):
        pool = pooling.pool_open_now(session, **differences)
        session.commit()
        response = client.get(f"/pools/{pool.id}")
        assert words in response.text
        assert "Join this pool" not in response.text

    def test_what_people_write_is_shown_as_words(self, client, session):
        pool = pooling.pool_open_now(session, title="<b>Bold</b>", purpose="<script>alert(1)</script>")
        session.commit()
        response = client.get(f"/pools/{pool.id}")
        assert "&lt;b&gt;Bold&lt;/b&gt;" in response.text
        assert "<script>alert" not in response.text

    def test_a_missing_pool_is_not_found(self, client):
        assert client.get(f"/pools/{uuid.uuid4()}").status_code == 404


class TestJoining:
    def test_somebody_who_has_not_signed_in_is_asked_to(self, client, session):
        pool = pooling.pool_open_now(session)
        session.commit()
        response = client.get(f"/pools/{pool.id}/pledge")
        assert response.status_code == 302
        assert "sign-in" in response.location

    def test_joining_says_the_money_first_and_saves(self, client, session, sign_in, sam, quentin):
        pool = pooling.pool_open_now(session, people=[quentin])
        sign_in(sam.id)
        response = client.fill_in(f"/pools/{pool.id}/pledge", least="4", most_price="12")
        assert "£44" in client.get(response.location).text
        response = client.fill_in(response.location, pay_by="bank_transfer", called="Sam")
        assert "You are in." in client.get(response.location).text
        session.expire_all()
        pledge = session.scalars(select(Pledge).where(Pledge.person_id == sam.id)).one()
        assert (pledge.least, pledge.most_price, pledge.at_worst) == (4, Money(12_00), Money(44_00))

    def test_the_last_one_hears_that_it_closes(self, client, session, sign_in, sam, quentin):
        pool = pooling.pool_open_now(session, people=[quentin, accounts.person(session)])
        sign_in(sam.id)
        response = client.fill_in(client.fill_in(f"/pools/{pool.id}/pledge", **USUAL).location, pay_by="bank_transfer")
        assert "the pool is going ahead" in client.get(response.location).text
        session.expire_all()
        assert session.get_one(Pool, pool.id).status in {PoolStatus.TIPPING, PoolStatus.CONFIRMED}

    def test_what_one_pledged_is_filled_in_and_can_be_changed(self, client, session, sign_in, sam, quentin):
        pool = pooling.pool_open_now(session, people=[quentin, sam])
        sign_in(sam.id)
        assert "Change what you pledged" in client.get(f"/pools/{pool.id}/pledge").text
        response = client.fill_in(
            client.fill_in(f"/pools/{pool.id}/pledge", **USUAL | {"least": "2"}).location, pay_by="bank_transfer"
        )
        assert "Your pledge is changed." in client.get(response.location).text
        session.expire_all()
        assert session.scalars(select(Pledge.least).where(Pledge.person_id == sam.id)).all() == [2]

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"least": "0"}, "Choose an amount from 1 to 1,000."),
            ({"least": ""}, "Enter a whole number, such as 6."),
            ({"most_price": "10.99"}, "The lowest price this pool can reach is £11."),
            ({"most_price": "lots"}, "Enter pounds and pence"),
        ],
    )
    def test_what_cannot_be_pledged_is_said_beside_its_question(
        self, client, session, sign_in, sam, quentin, wrong, words
    ):
        pool = pooling.pool_open_now(session, people=[quentin])
        sign_in(sam.id)
        response = client.fill_in(f"/pools/{pool.id}/pledge", **USUAL | wrong)
        assert response.status_code == 422
        assert words in response.text

    @pytest.mark.parametrize(
        "said", ["", "least=0&most=1&pence=1100", "least=x&most=6&pence=1", "least=6&most=6&pence=1"]
    )
    def test_nothing_is_priced_that_nobody_could_pledge(self, client, session, sign_in, sam, quentin, said):
        pool = pooling.pool_open_now(session, people=[quentin])
        sign_in(sam.id)
        response = client.get(f"/pools/{pool.id}/pledge/check?{said}")
        assert response.location == f"/pools/{pool.id}/pledge"

    def test_a_budget_promises_it_at_once_and_too_little_money_is_said(self, client, session, sign_in, sam, quentin):
        pool = pooling.pool_open_now(session, people=[quentin])
        budget = budgets.budget(session, sam, social_care=50_00)
        stream = str(budgets.streams(session, budget)[Stream.SOCIAL_CARE])
        sign_in(sam.id)
        check = client.fill_in(f"/pools/{pool.id}/pledge", **USUAL).location
        response = client.fill_in(check, pay_by="bank_transfer", first=stream, called="Sam the Swimmer")
        assert response.status_code == 422
        assert "£50.00 is left" in response.text
        assert "Sam the Swimmer" in response.text
        assert session.scalars(select(Pledge.id).where(Pledge.person_id == sam.id)).all() == []
        check = client.fill_in(f"/pools/{pool.id}/pledge", **USUAL | {"least": "4"}).location
        client.fill_in(check, pay_by="bank_transfer", first=stream)
        session.expire_all()
        assert budgets.standing(session, budget)["promised"] == 44_00

    def test_a_pledge_after_the_last_day_is_refused_in_words(self, client, session, sign_in, sam, quentin):
        pool = pooling.pool_open_now(session, people=[quentin])
        sign_in(sam.id)
        check = client.fill_in(f"/pools/{pool.id}/pledge", **USUAL).location
        token = client.get(check).text.split('name="csrf_token" type="hidden" value="')[1]
        session.execute(update(Pool).where(Pool.id == pool.id).values(closes_at=pool.opened_at + timedelta(hours=1)))
        session.commit()
        response = client.post(check, data={"csrf_token": token.split('"')[0], "pay_by": "bank_transfer"})
        assert response.status_code == 422
        assert "The last day to join was" in response.text
        assert sam.id not in session.scalars(select(Pledge.person_id).where(Pledge.pool_id == pool.id)).all()

    @pytest.mark.parametrize("role", [Role.MODERATOR, Role.COMMISSIONER, Role.OPERATOR])
    def test_only_people_who_buy_can_join(self, client, session, sign_in, role):
        pool = pooling.pool_open_now(session)
        council = "E08000009" if role is Role.COMMISSIONER else None
        sign_in(accounts.person(session, role=role, council=council).id)
        assert client.get(f"/pools/{pool.id}/pledge").status_code == 403

    def test_leaving_is_one_press(self, client, session, sign_in, sam, quentin):
        pool = pooling.pool_open_now(session, people=[quentin, sam])
        sign_in(sam.id)
        response = client.press(f"/pools/{pool.id}", "Leave this pool")
        assert response.status_code == 302
        assert "It costs you nothing." in client.get(response.location).text
        assert "Join this pool" in client.get(response.location).text


class TestOpening:
    def test_opening_a_pool_saves_it_and_shows_it(self, client, session, sign_in, sam):
        offer = pooling.offer_for_groups(session)
        sign_in(sam.id)
        assert "The group price starts at 3" in client.get(f"/pools/open/{offer.id}").text
        response = client.fill_in(f"/pools/open/{offer.id}", **ANSWERS)
        assert response.status_code == 302
        assert "Join this pool" in client.get(response.location).text

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"title": ""}, "Give your pool a name."),
            ({"purpose": ""}, "Say what you would like to do together."),
            ({"minimum_people": "2"}, "The group price starts at 3 people."),
            ({"minimum_people": "many"}, "Enter a whole number"),
            ({"minimum_people": ""}, "Enter a number of people"),
            ({"quantity": "0"}, "Choose an amount for each person"),
            ({"days": "91"}, "1 to 90 days"),
            ({"days": "9" * 30}, "1 to 90 days"),
            ({"starts_on": day_in(14)}, "choose a start date after that"),
            ({"starts_on": ["31", "2", "2026"]}, "in the calendar"),
            ({"starts_on": ["", "", ""]}, "Enter the day it should start"),
        ],
    )
    def test_what_will_not_do_is_said_beside_its_question_and_nothing_typed_is_lost(
        self, client, session, sign_in, wrong, words
    ):
        offer = pooling.offer_for_groups(session)
        sign_in(accounts.person(session).id)
        response = client.fill_in(f"/pools/open/{offer.id}", **ANSWERS | wrong)
        assert response.status_code == 422
        assert words in response.text
        assert "We like the water." in response.text or "purpose" in wrong
        assert session.scalars(select(Pool.id)).all() == []

    def test_an_offer_without_a_group_price_says_so_instead_of_asking(self, client, session, sign_in, sam):
        offer = pooling.offer_for_groups(session, together=None)
        sign_in(sam.id)
        assert "no price for groups" in client.get(f"/pools/open/{offer.id}").text

    def test_a_missing_offer_is_not_found(self, client, sign_in, sam):
        sign_in(sam.id)
        assert client.get(f"/pools/open/{uuid.uuid4()}").status_code == 404


class TestClosing:
    def test_whoever_opened_it_closes_it(self, client, session, sign_in, sam, quentin):
        pool = pooling.pool_open_now(session, people=[sam, quentin])
        sign_in(sam.id)
        response = client.fill_in(f"/pools/{pool.id}/withdraw")
        assert response.status_code == 302
        assert "we have told everybody" in client.get(response.location).text

    def test_to_anybody_else_there_is_no_such_page(self, client, session, sign_in, sam, quentin):
        pool = pooling.pool_open_now(session, people=[sam, quentin])
        sign_in(quentin.id)
        assert client.get(f"/pools/{pool.id}/withdraw").status_code == 404


class TestHolding:
    def test_a_moderator_keeps_a_pool_from_view_and_the_opener_reads_why(self, client, app, session, sign_in, sam):
        pool = pooling.pool_open_now(session, people=[sam])
        sign_in(accounts.person(session, role=Role.MODERATOR).id)
        response = client.fill_in(f"/pools/{pool.id}/hold", reason="It names somebody’s school.")
        assert response.status_code == 302
        # Whoever decides still reads it, though there is nothing in it that they could pledge.
        assert "It names somebody’s school." in client.get(f"/pools/{pool.id}").text
        assert app.test_client().get(f"/pools/{pool.id}").status_code == 404
        assert "Swimming on Saturdays" not in app.test_client().get("/pools").text
        as_opener = sign_in(sam.id, into=app.test_client())
        assert "It names somebody’s school." in as_opener.get(f"/pools/{pool.id}").text
        # Pressed twice, it stays held: to show it again is another page.
        again = client.fill_in(f"/pools/{pool.id}/hold", reason="It names somebody’s school.")
        assert again.status_code == 422
        assert app.test_client().get(f"/pools/{pool.id}").status_code == 404
        client.fill_in(f"/pools/{pool.id}/release", reason="The name is gone.")
        assert app.test_client().get(f"/pools/{pool.id}").status_code == 200

    def test_others_cannot(self, client, session, sign_in, sam):
        pool = pooling.pool_open_now(session)
        sign_in(sam.id)
        assert client.get(f"/pools/{pool.id}/hold").status_code == 403
