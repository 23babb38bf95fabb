import uuid
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from marketplace.accounts.rules import Role
from marketplace.kit.days import day_of
from marketplace.kit.money import Money
from marketplace.kit.reading import COOKIE
from marketplace.purchasing.models import Arrangement, Invoice
from marketplace.purchasing.rules import ArrangementStatus
from tests.factories import accounts, purchasing

STRANGE = ["nonsense", "-1", "0", "9999", "1e9", "\uff11"]


@pytest.fixture
def today():
    return day_of(datetime.now(UTC))


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session)


@pytest.fixture
def offer(session, sides):
    return purchasing.offer(session, organisation_id=sides[1].id)


@pytest.fixture
def made(session, sides, today):
    """Return a function that makes an arrangement in some status, starting today."""

    def make(status=ArrangementStatus.ASKED, **differences):
        plain = {"starts_on": today}
        return purchasing.arrangement(
            session, person=sides[0], organisation_id=sides[1].id, status=status, **plain | differences
        )

    return make


def answers(today, **differences):
    boxes = [str(today.day), str(today.month), str(today.year)]
    return {"what": "The hedge, please.", "quantity": "3", "starts_on": boxes} | differences


def send_shown_form(client, response, **extra):
    """Send the form that a page has come back with."""
    form = BeautifulSoup(response.text, "html.parser").select_one("main form[method=post]")
    sent = {}
    for hidden in form.select("input[type=hidden]"):
        sent.setdefault(hidden["name"], []).append(hidden["value"])
    return client.post(form["action"], data=sent | extra)


class TestAsking:
    def test_one_sees_what_it_costs_then_asks(self, client, sign_in, session, sides, offer, today):
        sign_in(sides[0].id)
        shown = client.fill_in(f"/arrangements/ask/{offer.id}", **answers(today))
        assert shown.status_code == 200
        assert "£43.50" in shown.text
        assert session.scalars(select(Arrangement)).all() == []
        asked = send_shown_form(client, shown)
        assert asked.status_code == 302
        [it] = session.scalars(select(Arrangement))
        assert it.what == "The hedge, please."
        page = client.get(asked.location)
        assert "You have asked for this." in page.text
        assert "What happens next" in page.text

    def test_one_chooses_when_it_would_be_and_sees_what_that_costs(self, client, sign_in, session, sides, offer, today):
        purchasing.rates(session, offer, evening=Money(16_00), bank_holiday=Money(22_50))
        offer.travel_per_mile, offer.notice_hours = Money(45), 48
        session.flush()
        sign_in(sides[0].id)
        asking = client.get(f"/arrangements/ask/{offer.id}").text
        assert "£22.50 an hour" in asking
        shown = client.fill_in(f"/arrangements/ask/{offer.id}", **answers(today, rate="bank_holiday"))
        assert "£67.50" in shown.text
        assert "3 hours on bank holidays, at £22.50 each" in shown.text
        assert "Travel is 45p a mile on top." in shown.text
        assert "Cancel up to 2 days before and pay nothing." in shown.text
        assert "usual rate £14.50; evenings and nights £16." in shown.text
        arrived = send_shown_form(client, shown)
        [it] = session.scalars(select(Arrangement))
        assert it.rate == "bank_holiday"
        assert "3 hours on bank holidays, at £22.50 an hour" in client.get(arrived.location).text

    @pytest.mark.parametrize("rate", [None, "weekend", "nonsense"])
    def test_a_time_that_has_no_price_is_refused_beside_the_question(
        self, client, sign_in, session, sides, offer, today, rate
    ):
        purchasing.rates(session, offer, bank_holiday=Money(22_50))
        sign_in(sides[0].id)
        chosen = {"rate": rate} if rate else {}
        response = client.fill_in(f"/arrangements/ask/{offer.id}", **answers(today, **chosen))
        assert response.status_code == 422
        assert BeautifulSoup(response.text, "html.parser").select_one("#rate-error")
        assert session.scalars(select(Arrangement)).all() == []

    def test_one_can_go_back_and_change_it_with_nothing_lost(self, client, sign_in, sides, offer, today):
        sign_in(sides[0].id)
        shown = client.fill_in(f"/arrangements/ask/{offer.id}", **answers(today))
        again = send_shown_form(client, shown, change="yes")
        assert again.status_code == 200
        assert "The hedge, please." in again.text
        assert BeautifulSoup(again.text, "html.parser").select_one("#quantity")["value"] == "3"

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"what": ""}, "Say what you would like."),
            ({"what": "x" * 2001}, "Use at most 2,000 characters."),
            ({"quantity": "some"}, "Enter a whole number, like 3."),
            ({"quantity": "0"}, "Choose a whole number from 1 to 10,000."),
            ({"starts_on": ["31", "2", "2027"]}, "Enter a day that is in the calendar, like 3 3 2027."),
            ({"starts_on": ["1", "1", "2020"]}, "Choose a day that is today or later."),
            ({"starts_on": "now"}, "Enter a day that is in the calendar, like 3 3 2027."),
        ],
    )
    def test_what_cannot_be_read_is_said_in_words_and_nothing_is_lost(
        self, client, sign_in, session, sides, offer, today, wrong, said
    ):
        sign_in(sides[0].id)
        response = client.fill_in(f"/arrangements/ask/{offer.id}", **answers(today, **wrong))
        assert response.status_code == 422
        assert said in response.text
        if "what" not in wrong:
            assert "The hedge, please." in response.text
        assert session.scalars(select(Arrangement)).all() == []

    def test_a_form_sent_with_no_boxes_at_all_is_no_crash(self, client, sign_in, sides, offer):
        sign_in(sides[0].id)
        response = client.fill_in(f"/arrangements/ask/{offer.id}", what="The hedge.")
        assert response.status_code == 422
        assert "Say from which day" in response.text

    def test_an_expired_form_comes_back_with_what_was_typed(self, client, sign_in, sides, offer, today):
        sign_in(sides[0].id)
        response = client.post(f"/arrangements/ask/{offer.id}", data=answers(today) | {"csrf_token": "old"})
        assert response.status_code == 422
        assert "This page was open for a long time" in response.text
        assert "The hedge, please." in response.text

    def test_a_price_that_has_changed_is_shown_again(self, client, sign_in, session, sides, offer, today):
        sign_in(sides[0].id)
        shown = client.fill_in(f"/arrangements/ask/{offer.id}", **answers(today))
        response = send_shown_form(client, shown, agreed_pence="100")
        assert response.status_code == 422
        assert "It now costs £43.50 altogether." in response.text
        assert session.scalars(select(Arrangement)).all() == []

    def test_a_second_question_is_refused_while_the_first_waits(self, client, sign_in, made, sides, today):
        it = made()
        sign_in(sides[0].id)
        shown = client.fill_in(f"/arrangements/ask/{it.offer_id}", **answers(today))
        response = send_shown_form(client, shown)
        assert response.status_code == 422
        assert "You have asked for this already" in response.text

    def test_what_cannot_be_asked_for_says_why(self, client, sign_in, session, sides, offer):
        library = purchasing.offer(session, organisation_id=None)
        sign_in(sides[0].id)
        page = client.get(f"/arrangements/ask/{library.id}")
        assert (page.status_code, "open to everyone" in page.text) == (409, True)
        assert client.get(f"/arrangements/ask/{uuid.uuid4()}").status_code == 404
        sign_in(sides[2].id)
        page = client.get(f"/arrangements/ask/{offer.id}")
        assert (page.status_code, "your own organisation" in page.text) == (403, True)

    def test_only_those_who_buy_may_ask(self, client, sign_in, session, offer):
        assert "/accounts/sign-in" in client.get(f"/arrangements/ask/{offer.id}").location
        sign_in(accounts.person(session, role=Role.COMMISSIONER, council="E08000009").id)
        assert client.get(f"/arrangements/ask/{offer.id}").status_code == 403


class TestOneArrangement:
    @pytest.mark.parametrize("status", ArrangementStatus)
    def test_both_sides_can_open_it_in_every_status(self, client, sign_in, sides, made, status):
        it = made(status)
        for who in (sides[0], sides[2]):
            sign_in(who.id)
            assert client.get(f"/arrangements/{it.id}").status_code == 200

    @pytest.mark.parametrize(
        ("status", "said"),
        [
            (ArrangementStatus.ASKED, {"You would like it from", "If they say yes, it costs"}),
            (ArrangementStatus.ACCEPTED, {"It starts on", "It costs"}),
            (ArrangementStatus.DONE, {"It was from", "It costs"}),
            (ArrangementStatus.CANCELLED, {"It was from"}),
            (ArrangementStatus.DECLINED, set()),
            (ArrangementStatus.WITHDRAWN, set()),
        ],
    )
    def test_in_easy_words_what_never_came_about_has_no_day_and_no_price(
        self, client, sign_in, sides, made, status, said
    ):
        sign_in(sides[0].id)
        client.set_cookie(COOKIE, "normal.normal.device.device.easy")
        rows = BeautifulSoup(client.get(f"/arrangements/{made(status).id}").text, "html.parser").select(".easy-row p")
        begins = {"You would like it from", "It starts on", "It was from", "If they say yes, it costs", "It costs"}
        words = [" ".join(row.get_text().split()) for row in rows]
        assert words
        assert {one for one in begins if any(sentence.startswith(one) for sentence in words)} == said

    @pytest.mark.parametrize("status", [ArrangementStatus.ASKED, ArrangementStatus.ACCEPTED])
    def test_to_anybody_else_there_is_no_such_page(self, client, sign_in, session, made, status):
        it = made(status)
        assert "/accounts/sign-in" in client.get(f"/arrangements/{it.id}").location
        _, stranger = accounts.organisation(session)
        moderator = accounts.person(session, role=Role.MODERATOR)
        for who in (accounts.person(session), stranger, moderator):
            sign_in(who.id)
            for page in ("", "/decline", "/invoice"):
                assert client.get(f"/arrangements/{it.id}{page}").status_code == 404
            # The page that says so has a token, in its button to sign out.
            page = BeautifulSoup(client.get(f"/arrangements/{it.id}").text, "html.parser")
            sent = {"reason": "No.", "csrf_token": page.select_one("[name=csrf_token]")["value"]}
            for act in ("accept", "decline", "withdraw", "cancel", "done", "invoice"):
                assert client.post(f"/arrangements/{it.id}/{act}", data=sent).status_code == 404
        session.refresh(it)
        assert it.status is status

    def test_from_asking_to_review_by_buttons_alone(self, client, sign_in, session, sides, made):
        it = made()
        url = f"/arrangements/{it.id}"
        sign_in(sides[2].id)
        assert client.press(url, "Accept this").status_code == 302
        assert "We have written to the person." in client.get(url).text
        sign_in(sides[0].id)
        assert sides[2].email in client.get(url).text
        assert client.press(url, "Mark as done").status_code == 302
        page = client.get(url).text
        assert "Review this" in page
        session.refresh(it)
        assert it.status is ArrangementStatus.DONE

    def test_a_no_is_said_with_its_reason(self, client, sign_in, sides, made):
        url = f"/arrangements/{made().id}"
        sign_in(sides[2].id)
        empty = client.fill_in(f"{url}/decline", reason=" ")
        assert (empty.status_code, "Say why." in empty.text or "Write a few words" in empty.text) == (422, True)
        assert client.fill_in(f"{url}/decline", reason="I am full until June.").status_code == 302
        sign_in(sides[0].id)
        assert "I am full until June." in client.get(url).text
        assert client.get(f"{url}/decline").location.endswith(url)

    def test_a_button_pressed_too_late_says_where_it_stands(self, client, sign_in, sides, made, session):
        it = made()
        sign_in(sides[2].id)
        url = f"/arrangements/{it.id}"
        token = BeautifulSoup(client.get(url).text, "html.parser").select_one("[name=csrf_token]")["value"]
        client.post(f"{url}/accept", data={"csrf_token": token})
        late = client.post(f"{url}/accept", data={"csrf_token": token})
        assert (late.status_code, "has accepted this already" in late.text) == (409, True)
        response = client.post(f"{url}/decline", data={"csrf_token": token, "reason": "Too late."})
        assert response.status_code == 422
        assert "has accepted this already" in response.text
        assert "Too late." in response.text

    def test_a_button_without_its_token_does_nothing(self, client, sign_in, sides, made, session):
        it = made()
        sign_in(sides[2].id)
        assert client.post(f"/arrangements/{it.id}/accept").status_code == 400
        session.refresh(it)
        assert it.status is ArrangementStatus.ASKED

    def test_what_starts_later_has_no_done_button(self, client, sign_in, sides, made, today):
        it = made(ArrangementStatus.ACCEPTED, starts_on=today + timedelta(days=2))
        sign_in(sides[0].id)
        page = client.get(f"/arrangements/{it.id}").text
        assert "Mark as done" not in page
        assert "either of you can mark it as done" in page


class TestInvoices:
    def test_the_provider_sends_it_and_both_can_print_it(self, client, sign_in, session, sides, made):
        it = made(ArrangementStatus.ACCEPTED)
        sign_in(sides[2].id)
        url = f"/arrangements/{it.id}"
        assert client.get(f"{url}/invoice").status_code == 404
        sent = client.press(url, "Send an invoice for £43.50").location
        [invoice] = session.scalars(select(Invoice))
        assert sent.endswith(f"/arrangements/invoices/{invoice.id}")
        assert client.get(f"{url}/invoice").location == sent
        assert invoice.number == 1
        for who in (sides[0], sides[2]):
            sign_in(who.id)
            page = client.get(sent).text
            assert "Invoice 0001" in page
            assert "£43.50" in page
            assert "Invoice 0001" in client.get(url).text or "invoice 0001" in client.get(url).text

    def test_a_cancelled_arrangement_says_so_on_its_invoice(self, client, sign_in, sides, made):
        it = made(ArrangementStatus.ACCEPTED)
        sign_in(sides[2].id)
        sent = client.press(f"/arrangements/{it.id}", "Send an invoice for £43.50").location
        client.press(f"/arrangements/{it.id}/cancel", "Cancel this")
        assert "was cancelled after the invoice was sent" in client.get(sent).text


class TestLists:
    def test_each_side_finds_its_own(self, client, sign_in, sides, made):
        it = made()
        sign_in(sides[0].id)
        assert str(it.id) in client.get("/arrangements").text
        assert client.get("/arrangements/for-my-organisation").status_code == 403
        sign_in(sides[2].id)
        assert str(it.id) in client.get("/arrangements/for-my-organisation").text
        assert str(it.id) not in client.get("/arrangements").text

    def test_nothing_yet_says_what_to_do(self, client, sign_in, sides):
        sign_in(sides[0].id)
        assert "You have not asked for anything yet" in client.get("/arrangements").text
        sign_in(sides[2].id)
        assert "Nobody has asked you for anything yet" in client.get("/arrangements/for-my-organisation").text

    @pytest.mark.parametrize("page", STRANGE)
    def test_a_strange_page_is_a_page(self, client, sign_in, sides, made, page):
        it = made()
        sign_in(sides[0].id)
        response = client.get("/arrangements", query_string={"page": page})
        assert (response.status_code, str(it.id) in response.text) == (200, True)
