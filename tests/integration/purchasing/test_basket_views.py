"""The pages of a basket, as a person goes through them, and those about employing somebody."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from marketplace.accounts.models import RoleGrant
from marketplace.accounts.rules import Role
from marketplace.budgets.rules import Stream
from marketplace.catalogue.models import OfferPrice
from marketplace.catalogue.rules import OfferStatus, Unit
from marketplace.kit.money import Money
from marketplace.kit.said import day
from marketplace.purchasing.models import Arrangement, BasketLine
from marketplace.purchasing.rules.employing import READ_ON
from marketplace.purchasing.rules.nouns import ArrangementKind, PayBy
from tests.factories import accounts, budgets, payments, purchasing


@pytest.fixture
def ada(session, sign_in):
    person = accounts.person(session, name="Ada")
    sign_in(person.id)
    return person


@pytest.fixture
def offer(session):
    organisation, _speaker = accounts.organisation(session)
    return purchasing.offer(session, organisation_id=organisation.id)


@pytest.fixture
def of(session, ada):
    """Ada's funding streams, of a year around today."""
    today = datetime.now(UTC).date()
    period = {"begins_on": today - timedelta(days=30), "ends_on": today + timedelta(days=335)}
    return budgets.streams(
        session, budgets.budget(session, ada, period=period, social_care=100_000, nhs=50_00, now=datetime.now(UTC))
    )


def answers(**differences):
    day = datetime.now(UTC).date() + timedelta(days=9)
    boxes = [str(day.day), str(day.month), str(day.year)]
    plain = {"what": "The hedge, please.", "kind": "one_off", "quantity": "3", "weeks": "", "starts_on": boxes}
    return plain | {"trial_weeks": ""} | differences


def put(client, offer, **differences):
    response = client.fill_in(f"/basket/add/{offer.id}", **answers(**differences))
    assert response.status_code == 302
    return response


def lines(session, person):
    return session.scalars(select(BasketLine).where(BasketLine.person_id == person.id)).all()


def asked_for(session, person):
    return session.scalar(select(func.count()).where(Arrangement.person_id == person.id))


def press_ask(client, page=None):
    """Send the check page as it was drawn, with every line it named."""
    page = page or client.get("/basket/check")
    form = BeautifulSoup(page.text, "html.parser").select_one("main form[method=post]")
    sent = {}
    for hidden in form.select("input[type=hidden]"):
        sent.setdefault(hidden["name"], []).append(hidden["value"])
    return client.post(form["action"], data=sent)


class TestBasket:
    def test_an_empty_one_says_what_it_is_for(self, client, ada):
        page = client.get("/basket")
        assert "Your basket is empty" in page.text
        assert client.get("/basket/check").location == "/basket"

    def test_the_page_of_an_offer_leads_to_it(self, client, ada, offer):
        assert f"/basket/add/{offer.id}" in client.get(f"/offers/{offer.id}").text

    def test_something_is_put_in_and_who_pays_is_asked_next(self, session, client, ada, offer, of):
        there = put(client, offer, kind="weekly", quantity="2", weeks="12", trial_weeks="2").location
        [line] = lines(session, ada)
        assert there == f"/basket/{line.id}/paying?new=yes"
        assert (line.kind, line.quantity, line.weeks, line.trial_weeks) == (ArrangementKind.WEEKLY, 2, 12, 2)
        page = client.get(there)
        assert "2 hours a week for 12 weeks" in page.text
        assert "£1,000.00 left" in page.text
        # Nobody is led to pay from nowhere by not looking.
        assert not BeautifulSoup(page.text, "html.parser").select("input[name=first][checked]")
        assert client.fill_in(there, pay_by="bank_transfer").status_code == 422

    def test_what_is_free_goes_straight_into_the_basket(self, session, client, ada):
        organisation, _speaker = accounts.organisation(session)
        walk = purchasing.offer(session, organisation_id=organisation.id, title="A walk", price=None)
        page = client.get(put(client, walk).location, follow_redirects=True)
        assert page.request.path == "/basket"
        assert "Free" in page.text
        assert press_ask(client).status_code == 302

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"what": ""}, "Say what you would like."),
            ({"quantity": "0"}, "Choose a whole number from 1 to 10,000."),
            ({"kind": "weekly"}, "Choose a whole number of weeks from 1 to 104."),
            ({"kind": "weekly", "weeks": "3", "trial_weeks": "4"}, "A trial cannot be longer than the support itself."),
            ({"trial_weeks": "99"}, "A trial is at most 12 weeks long."),
            ({"trial_weeks": "a few"}, "Enter a whole number, like 3."),
            ({"starts_on": ["1", "1", "2020"]}, "Choose a day that is today or later."),
        ],
    )
    def test_what_will_not_do_is_said_and_nothing_typed_is_lost(self, session, client, ada, offer, wrong, sentence):
        page = client.fill_in(f"/basket/add/{offer.id}", **answers(**{"what": "My own words"} | wrong))
        assert page.status_code == 422
        assert sentence in page.text
        assert wrong.get("what", "My own words") in page.text
        assert not lines(session, ada)

    def test_problems_are_listed_in_the_order_of_the_page(self, client, ada, offer):
        page = client.fill_in(f"/basket/add/{offer.id}", what="", kind="", quantity="", starts_on=["", "", ""])
        asked = [link["href"] for link in BeautifulSoup(page.text, "html.parser").select(".govuk-error-summary a")]
        assert asked == ["#what", "#kind", "#quantity", "#starts_on-day"]

    def test_what_is_in_it_already_is_changed_there(self, session, client, ada, offer):
        put(client, offer)
        [line] = lines(session, ada)
        assert client.get(f"/basket/add/{offer.id}").location == f"/basket/{line.id}/change"
        page = client.get(f"/basket/{line.id}/change")
        assert "The hedge, please." in page.text
        assert client.fill_in(f"/basket/{line.id}/change", **answers(quantity="5")).location == "/basket"
        session.refresh(line)
        assert line.quantity == 5
        assert client.fill_in(f"/basket/{line.id}/change", **answers(quantity="0")).status_code == 422

    def test_it_is_taken_out_by_a_button(self, session, client, ada, offer):
        put(client, offer)
        assert client.press("/basket", "Take out Gardening").location == "/basket"
        assert not lines(session, ada)

    def test_an_offer_of_ones_own_cannot_be_put_in(self, session, client, sign_in):
        organisation, speaker = accounts.organisation(session)
        sign_in(speaker.id)
        own = purchasing.offer(session, organisation_id=organisation.id)
        assert client.get(f"/basket/add/{own.id}").status_code == 403

    def test_councils_have_none(self, session, client, sign_in):
        sign_in(accounts.person(session, role=Role.COMMISSIONER, council="E08000009").id)
        assert client.get("/basket").status_code == 403
        assert "/basket" not in client.get("/").text


class TestPaying:
    @pytest.fixture
    def page(self, session, client, ada, offer, of):
        put(client, offer)
        [line] = lines(session, ada)
        return f"/basket/{line.id}/paying"

    def test_two_streams_share_it(self, session, client, ada, of, page):
        sent = {"first": str(of[Stream.SOCIAL_CARE]), "second": str(of[Stream.NHS]), "second_pays": "20"}
        assert client.fill_in(page, **sent, pay_by="prepaid_card").location == "/basket"
        [line] = lines(session, ada)
        assert line.shares == {str(of[Stream.SOCIAL_CARE]): 23_50, str(of[Stream.NHS]): 20_00}
        assert line.pay_by is PayBy.PREPAID_CARD
        shown = client.get("/basket").text
        assert "£23.50 from “My direct payment”: Council (social care)" in shown
        assert "With my council’s prepaid card" in shown
        again = BeautifulSoup(client.get(page).text, "html.parser")
        assert {it["value"] for it in again.select("input[checked]")} == {*line.shares, "prepaid_card"}
        assert again.select_one("input[name=second_pays]")["value"] == "20"

    @pytest.mark.parametrize("second_pays", ["", "43.50", "many"])
    def test_a_part_that_will_not_do_is_said_beside_it(self, client, of, page, second_pays):
        sent = {"first": str(of[Stream.SOCIAL_CARE]), "second": str(of[Stream.NHS]), "second_pays": second_pays}
        refused = client.fill_in(page, **sent, pay_by="bank_transfer")
        assert refused.status_code == 422
        assert BeautifulSoup(refused.text, "html.parser").select_one("#second_pays-error")

    def test_money_of_nobody_known_is_no_choice(self, client, page):
        sent = {"first": str(uuid.uuid4()), "second": "none", "second_pays": ""}
        assert client.fill_in(page, **sent, pay_by="bank_transfer").status_code == 422

    def test_cards_are_not_offered_where_they_cannot_be_taken(self, client, page):
        assert "By card" not in client.get(page).text

    def test_somebody_without_a_budget_only_says_how_they_pay(self, session, client, sign_in, offer):
        bob = accounts.person(session, name="Bob")
        sign_in(bob.id)
        there = put(client, offer).location
        page = client.get(there)
        assert "You have no budget written down here" in page.text
        assert client.fill_in(there, pay_by="bank_transfer").location == "/basket"


class TestCheck:
    def test_one_press_asks_for_all_of_it(self, session, client, ada, offer, of):
        other, _speaker = accounts.organisation(session, name="Shop")
        shopping = purchasing.offer(session, organisation_id=other.id, title="Shopping")
        for it in (offer, shopping):
            there = put(client, it).location
            sent = {"first": str(of[Stream.SOCIAL_CARE]), "second": "none", "second_pays": ""}
            client.fill_in(there, **sent, pay_by="bank_transfer")
        page = client.get("/basket/check")
        for words in ("£87 altogether", "£913.00", "Ask for all of this", "Nearly always there the same day"):
            assert words in " ".join(BeautifulSoup(page.text, "html.parser").get_text(" ").split())
        there = press_ask(client, page)
        assert there.status_code == 302
        # Pressed twice, or gone back to: the same place.
        assert press_ask(client, page).location == there.location
        done = client.get(there.location)
        assert "You have asked" in done.text
        assert "Shopping" in done.text
        assert asked_for(session, ada) == 2
        assert "Your basket is empty" in client.get("/basket").text

    def test_a_price_that_changed_is_said_and_the_next_press_agrees_to_it(self, session, client, ada, offer):
        client.fill_in(put(client, offer).location, pay_by="bank_transfer")
        page = client.get("/basket/check")
        session.add(
            OfferPrice(
                id=uuid.uuid4(), offer_id=offer.id, amount=Money(16_00), unit=Unit.HOUR, people_from=1,
                begins_on=date(2025, 1, 1), edition=2,
            )
        )  # fmt: skip
        session.commit()
        refused = press_ask(client, page)
        assert refused.status_code == 422
        assert "The price has changed since you opened this page, from £43.50 to £48.00." in refused.text
        assert asked_for(session, ada) == 0
        assert press_ask(client, refused).status_code == 302
        assert asked_for(session, ada) == 1

    def test_what_cannot_be_asked_for_has_no_button(self, session, client, ada, offer):
        put(client, offer)
        offer.status = OfferStatus.UNLISTED
        session.commit()
        page = client.get("/basket/check")
        assert "We could not find that offer. It may have been taken down." in page.text
        assert "You cannot ask yet." in page.text
        assert not BeautifulSoup(page.text, "html.parser").select("main form")
        assert "We could not find that offer." in client.get("/basket").text

    @pytest.mark.parametrize("agreed", ["", "nonsense", "x:1", f"{uuid.UUID(int=1)}:-1", f"{uuid.UUID(int=1)}:1"])
    def test_whatever_else_is_sent_asks_for_nothing(self, session, client, ada, offer, agreed):
        put(client, offer)
        page = BeautifulSoup(client.get("/basket/check").text, "html.parser")
        token = page.select_one("main input[name=csrf_token]")["value"]
        refused = client.post("/basket/check", data={"csrf_token": token, "agreed": agreed})
        assert refused.status_code == 422
        assert "Your basket has changed since you opened this page." in refused.text
        assert asked_for(session, ada) == 0

    def test_nobody_else_reads_what_was_asked_for(self, session, client, ada, offer, sign_in):
        put(client, offer)
        there = press_ask(client).location
        sign_in(accounts.person(session).id)
        assert client.get(there).status_code == 404


class TestCards:
    @pytest.fixture
    def check(self, session, app, client, monkeypatch, ada, offer):
        """The check page of a basket that is paid by card."""
        organisation_id, speaker_id = session.execute(
            select(RoleGrant.organisation_id, RoleGrant.person_id).where(RoleGrant.organisation_id.is_not(None))
        ).one()
        payments.account(session, organisation_id=organisation_id, by=speaker_id)
        session.commit()
        monkeypatch.setitem(app.config, "TAKES_CARDS", True)
        there = put(client, offer).location
        assert "Your bank may want you to approve one" in client.get(there).text
        client.fill_in(there, pay_by="card")
        return lambda: client.get("/basket/check")

    def test_the_way_to_the_checkout_leads_through_saving_a_card_and_back(self, session, client, ada, check):
        page = BeautifulSoup(check().text, "html.parser")
        assert not page.select("main form")
        [way] = [link["href"] for link in page.select("main a.button") if link.text == "Save a card"]
        assert way == "/payments/cards?next=/basket/check"
        hidden = BeautifulSoup(client.get(way).text, "html.parser").select_one("main input[name=next]")
        assert hidden["value"] == "/basket/check"

    def test_with_a_card_that_is_saved_one_asks_at_once(self, session, client, ada, check):
        payments.card(session, person_id=ada.id)
        session.commit()
        done = client.get(press_ask(client, check()).location)
        assert "your saved card pays it" in done.text

    def test_when_cards_stop_being_taken_another_way_is_asked_for(self, app, client, ada, check, monkeypatch):
        monkeypatch.setitem(app.config, "TAKES_CARDS", False)
        page = check()
        assert "Boring Help cannot be paid by card here now. Choose another way to pay." in page.text
        assert not BeautifulSoup(page.text, "html.parser").select("main form")


class TestEmploying:
    @pytest.mark.parametrize("page", ["", "/contract"])
    def test_anybody_reads_that_it_is_no_legal_advice_and_how_old_it_is(self, client, page):
        shown = client.get(f"/employing-a-personal-assistant{page}").text
        assert "This is not legal advice" in shown
        assert day(READ_ON) in shown
