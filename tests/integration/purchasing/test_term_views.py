from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from marketplace.accounts.rules import Role
from marketplace.kit.days import day_of
from marketplace.kit.money import Money
from marketplace.purchasing.models import Arrangement, Dispute
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.nouns import ArrangementKind, DisputeOutcome
from tests.factories import accounts, purchasing


@pytest.fixture
def today():
    return day_of(datetime.now(UTC))


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session)


@pytest.fixture
def it(session, sides, today):
    return purchasing.arrangement(
        session, person=sides[0], organisation_id=sides[1].id, status=ArrangementStatus.ACCEPTED, starts_on=today,
        kind=ArrangementKind.WEEKLY, weeks=12, notice_hours=24,
    )  # fmt: skip


@pytest.fixture
def as_person(sign_in, sides):
    return lambda: sign_in(sides[0].id)


@pytest.fixture
def as_provider(sign_in, sides):
    return lambda: sign_in(sides[2].id)


def send_shown_form(client, response, **extra):
    """Send the form that a page has come back with, as its first button does."""
    form = BeautifulSoup(response.text, "html.parser").select_one("main form[method=post]")
    sent = {}
    for hidden in form.select("input[type=hidden]"):
        sent.setdefault(hidden["name"], []).append(hidden["value"])
    return client.post(form["action"], data=sent | extra)


def change(client, url, **answers):
    """Open the form, change some answers and leave the rest as they stand."""
    form = BeautifulSoup(client.get(url).text, "html.parser").select_one("main form[method=post]")
    stands = {}
    for box in form.select("input[type=text]"):
        stands.setdefault(box["name"], []).append(box.get("value", ""))
    for area in form.select("textarea"):
        stands[area["name"]] = area.get_text().strip()
    return client.fill_in(url, **stands | answers)


def page_of(it, rest=""):
    return f"/arrangements/{it.id}{rest}"


class TestChanging:
    def test_from_proposing_to_agreeing_by_buttons_alone(self, client, session, it, as_person, as_provider, today):
        as_person()
        checked = change(client, page_of(it, "/terms/change"), quantity="4", reason="I need more.", who="Rosa")
        assert checked.status_code == 200
        for words in ("4 hours a week for 11 weeks", "Changed", "£522.00", "£681.50", "I need more."):
            assert words in checked.text
        assert session.get_one(Arrangement, it.id, populate_existing=True).quantity == 3
        sent = send_shown_form(client, checked)
        assert sent.location == page_of(it, "/terms")
        assert "Take it back" in client.get(sent.location).text
        assert "A change waits for an answer" in client.get(page_of(it)).text

        as_provider()
        assert "£681.50" in client.get(page_of(it, "/terms")).text
        client.press(page_of(it, "/terms"), "Agree to the change")
        shown = client.get(page_of(it)).text
        assert "4 hours a week for 11 weeks" in shown
        assert "Rosa" in shown
        assert "Version 2" in client.get(page_of(it, "/terms")).text

    @pytest.mark.parametrize(("who", "button"), [(0, "Take it back"), (2, "Keep everything as it is")])
    def test_what_is_not_agreed_changes_nothing(self, client, it, sign_in, sides, as_person, who, button):
        as_person()
        send_shown_form(client, change(client, page_of(it, "/terms/change"), quantity="4"))
        sign_in(sides[who].id)
        client.press(page_of(it, "/terms"), button)
        shown = client.get(page_of(it)).text
        assert "3 hours a week" in shown
        assert "A change waits" not in shown

    def test_an_answer_that_will_not_do_is_refused_beside_it_and_nothing_typed_is_lost(self, client, it, as_provider):
        as_provider()
        refused = change(client, page_of(it, "/terms/change"), quantity="0", who="Rosa Maria")
        assert refused.status_code == 422
        assert "Choose a whole number from 1" in refused.text
        assert "Rosa Maria" in refused.text

    def test_nothing_different_is_said(self, client, it, as_person):
        as_person()
        refused = change(client, page_of(it, "/terms/change"))
        assert refused.status_code == 422
        assert "Nothing is different yet" in refused.text

    def test_one_can_go_back_and_change_something(self, client, it, as_person):
        as_person()
        checked = change(client, page_of(it, "/terms/change"), quantity="4")
        again = send_shown_form(client, checked, change="yes")
        assert again.status_code == 200
        assert 'value="4"' in again.text

    def test_while_one_waits_there_is_no_form_for_another(self, client, it, as_person, as_provider):
        as_person()
        send_shown_form(client, change(client, page_of(it, "/terms/change"), quantity="4"))
        as_provider()
        assert client.get(page_of(it, "/terms/change")).location == page_of(it, "/terms")

    def test_something_free_has_no_price_to_change(self, client, session, sides, as_person, today):
        free = purchasing.arrangement(
            session, person=sides[0], organisation_id=sides[1].id, status=ArrangementStatus.ACCEPTED, starts_on=today,
            unit=None, unit_price=Money(0),
        )  # fmt: skip
        as_person()
        assert 'name="unit_price"' not in client.get(page_of(free, "/terms/change")).text
        checked = change(client, page_of(free, "/terms/change"), quantity="2")
        assert "2 times" in checked.text

    def test_nobody_else_sees_what_was_agreed(self, client, session, it, sign_in):
        sign_in(accounts.person(session).id)
        for rest in ("/terms", "/terms/change", "/cancel", "/dispute"):
            assert client.get(page_of(it, rest)).status_code == 404


class TestCancelling:
    def test_the_cost_is_said_before_the_button(self, client, session, sides, as_person, today):
        once = purchasing.arrangement(
            session, person=sides[0], organisation_id=sides[1].id, status=ArrangementStatus.ACCEPTED,
            starts_on=today + timedelta(days=1), notice_hours=72,
        )  # fmt: skip
        as_person()
        shown = client.get(page_of(once, "/cancel")).text
        assert "Cancelled too late" in shown
        assert "72 hours" in shown
        ended = client.press(page_of(once, "/cancel"), "Cancel this, and pay £43.50")
        assert "£43.50 is owed" in client.get(ended.location).text
        assert session.get_one(Arrangement, once.id, populate_existing=True).status is ArrangementStatus.CANCELLED
        assert client.get(page_of(once, "/cancel")).location == page_of(once)

    def test_nothing_is_cancelled_by_who_has_not_seen_the_cost(self, client, session, it, as_person):
        as_person()
        seen = client.fill_in(page_of(it, "/cancel"), shown_pence="")
        assert "Cancelling now costs nothing" in seen.text
        assert session.get_one(Arrangement, it.id, populate_existing=True).status is ArrangementStatus.ACCEPTED

    def test_a_cost_that_has_changed_is_shown_again(self, client, session, it, as_person):
        as_person()
        refused = client.fill_in(page_of(it, "/cancel"), shown_pence="100")
        assert refused.status_code == 422
        assert "What is owed has changed" in refused.text
        assert session.get_one(Arrangement, it.id, populate_existing=True).status is ArrangementStatus.ACCEPTED


class TestDisputes:
    def test_from_saying_so_to_a_decision_by_buttons_alone(self, client, session, it, as_person, as_provider, sign_in):
        as_person()
        opened = client.fill_in(page_of(it, "/dispute"), words="Nobody came.", wanted="An apology.")
        assert "Waiting for an answer" in client.get(opened.location).text
        assert client.get(page_of(it, "/dispute")).location == opened.location
        as_provider()
        assert "What is not right" in client.get(page_of(it)).text
        # Both sides speak for themselves, and so does whoever decides.
        assert "You are acting for" not in client.get(f"{opened.location}/answer").text
        client.fill_in(f"{opened.location}/answer", answer="We were ill.")
        client.press(opened.location, "Ask a moderator to decide")
        moderator = accounts.person(session, role=Role.MODERATOR)
        sign_in(moderator.id)
        assert opened.location in client.get("/arrangements/disputes").text
        assert "You are acting for" not in client.get(opened.location).text
        refused = client.fill_in(f"{opened.location}/decide", outcome="upheld", reason="Fair.", refund="10")
        assert refused.status_code == 422
        assert "Nothing was invoiced" in refused.text
        client.fill_in(f"{opened.location}/decide", outcome="upheld", reason="They should have said so.")
        assert "Nothing is waiting" in client.get("/arrangements/disputes").text
        as_person()
        shown = client.get(opened.location).text
        assert "They should have said so." in shown
        assert session.scalars(select(Dispute)).one().outcome is DisputeOutcome.UPHELD

    @pytest.mark.parametrize("button", ["Yes, it is put right", "Leave it at that"])
    def test_whoever_said_so_can_end_it(self, client, it, as_person, button):
        as_person()
        opened = client.fill_in(page_of(it, "/dispute"), words="Nobody came.", wanted="An apology.").location
        client.press(opened, button)
        assert "What you can do" not in client.get(opened).text

    def test_words_are_asked_for_and_nothing_typed_is_lost(self, client, it, as_person, as_provider):
        as_person()
        refused = client.fill_in(page_of(it, "/dispute"), words="Nobody came.", wanted="")
        assert refused.status_code == 422
        assert "Say what would put it right." in refused.text
        assert "Nobody came." in refused.text
        opened = client.fill_in(page_of(it, "/dispute"), words="Nobody came.", wanted="An apology.").location
        as_provider()
        assert client.fill_in(f"{opened}/answer", answer=" ").status_code == 422

    def test_what_is_over_leads_back_to_its_page(self, client, session, it, as_person, as_provider, sign_in):
        as_person()
        opened = client.fill_in(page_of(it, "/dispute"), words="Nobody came.", wanted="An apology.").location
        assert client.get(f"{opened}/answer").location == opened
        sign_in(accounts.person(session, role=Role.MODERATOR).id)
        assert client.get(f"{opened}/decide").status_code == 404
        assert client.get(opened).status_code == 404
