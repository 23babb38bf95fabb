import re
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from icalendar import Calendar
from sqlalchemy import select

from marketplace.accounts.rules import Scope
from marketplace.kit.days import day_of
from marketplace.kit.money import Money
from marketplace.kit.said import day as said_day
from marketplace.purchasing.models import Invoice, Visit
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.nouns import VisitStatus
from marketplace.purchasing.rules.visits import TookPlace
from marketplace.purchasing.services import confirming, invoicing, visits
from tests.factories import accounts, purchasing

BEGAN = day_of(datetime.now(UTC)) - timedelta(days=30)


def link(arrangement_id):
    return f"https://example.org/arrangements/{arrangement_id}"


def yes(visit):
    """What the button says that confirms a visit."""
    return f"Yes, this is right on {said_day(visit.held_on)}"


def when(day):
    return {"first_on": [str(day.day), str(day.month), str(day.year)]}


@pytest.fixture
def today():
    return day_of(datetime.now(UTC))


@pytest.fixture
def sides(session):
    return purchasing.two_sides(session)


@pytest.fixture
def weekly(session, sides):
    return purchasing.weekly(session, person=sides[0], organisation_id=sides[1].id, starts_on=BEGAN)


@pytest.fixture
def url(weekly):
    return f"/arrangements/{weekly.id}"


@pytest.fixture
def claimed(session, sides, weekly, today):
    def claimed(days_ago=1, **differences):
        said = TookPlace(held_on=today - timedelta(days=days_ago), starts_at=time(10), minutes=60, **differences)
        visit_id = visits.write_down_visit(
            session, arrangement_id=weekly.id, by=sides[2].id, said=said, link=link, now=datetime.now(UTC)
        )
        return session.get_one(Visit, visit_id)

    return claimed


@pytest.fixture
def planned(session, sides, weekly, today):
    def planned(days=1, **differences):
        plain = {"first_on": today + timedelta(days=days), "starts_at": time(10), "minutes": 60}
        [visit_id] = visits.plan_visits(
            session, arrangement_id=weekly.id, by=sides[2].id, link=link, now=datetime.now(UTC), **plain | differences
        )
        return session.get_one(Visit, visit_id)

    return planned


class TestPlanning:
    def test_the_provider_plans_a_row(self, client, sign_in, session, sides, url, today):
        sign_in(sides[2].id)
        day = today + timedelta(days=2)
        answer = client.fill_in(f"{url}/visits/plan", **when(day), starts_at="2pm", minutes="90", weeks="3")
        assert answer.location.endswith("/visits")
        found = session.scalars(select(Visit)).all()
        assert {(visit.starts_at, visit.minutes) for visit in found} == {(time(14), 90)}
        assert len(found) == 3
        assert "Coming up" in client.get("/arrangements/visits/for-my-organisation").text

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"starts_at": "25:00"}, "Enter a time like 10:30 or 2pm."),
            ({"minutes": "2"}, "A visit is from 5 minutes to 24 hours long."),
            ({"weeks": "99"}, "Choose from 1 to 52 weeks."),
            ({"minutes": ""}, "Say how many minutes, like 90."),
        ],
    )
    def test_what_will_not_do_is_said_and_nothing_typed_is_lost(
        self, client, sign_in, session, sides, url, today, wrong, sentence
    ):
        sign_in(sides[2].id)
        plain = {"starts_at": "10.30", "minutes": "75", "weeks": "2"} | wrong
        page = client.fill_in(f"{url}/visits/plan", **when(today + timedelta(days=2)), **plain)
        assert page.status_code == 422
        assert sentence in page.text
        for typed in plain.values():
            assert f'value="{typed}"' in page.text or not typed
        assert session.scalars(select(Visit)).all() == []

    def test_the_person_is_refused(self, client, sign_in, sides, url):
        sign_in(sides[0].id)
        assert client.get(f"{url}/visits/plan").status_code == 404
        assert client.get(f"{url}/visits/write-down").status_code == 404


class TestConfirming:
    def test_one_press_on_the_list_is_enough(self, client, sign_in, session, sides, claimed):
        visit = claimed()
        sign_in(sides[0].id)
        assert client.press("/arrangements/visits", yes(visit)).location.endswith("/arrangements/visits")
        session.refresh(visit)
        assert visit.status is VisitStatus.CONFIRMED
        assert "Nothing waits for you" in client.get("/arrangements/visits").text

    def test_one_press_on_the_page_of_the_arrangement_too(self, client, sign_in, session, sides, url, claimed):
        visit = claimed()
        sign_in(sides[0].id)
        client.press(url, yes(visit))
        session.refresh(visit)
        assert visit.status is VisitStatus.CONFIRMED

    def test_all_at_once(self, client, sign_in, session, sides, url, claimed):
        claimed(), claimed(2)
        sign_in(sides[0].id)
        client.press(f"{url}/visits", "Confirm all 2")
        assert set(session.scalars(select(Visit.status))) == {VisitStatus.CONFIRMED}

    def test_a_query_goes_to_the_provider_who_puts_it_right(self, client, sign_in, session, sides, url, claimed):
        visit = claimed()
        sign_in(sides[0].id)
        query = f"/arrangements/visits/{visit.id}/query"
        assert client.fill_in(query, words="").status_code == 422
        client.fill_in(query, words="It was half an hour.")
        sign_in(sides[2].id)
        assert "It was half an hour." in client.get("/arrangements/visits/for-my-organisation").text
        claim = f"/arrangements/visits/{visit.id}/claim"
        assert "It was half an hour." in client.get(claim).text
        day = [str(visit.held_on.day), str(visit.held_on.month), str(visit.held_on.year)]
        said = {"held_on": day, "starts_at": "10am", "minutes": "30", "note": ""}
        assert "Enter the miles as a number" in client.fill_in(claim, **said, miles="some", rate="").text
        assert client.fill_in(claim, **said, miles="2.5", rate="").status_code == 302
        session.refresh(visit)
        assert (visit.status, visit.minutes, visit.travel) == (VisitStatus.CLAIMED, 30, Money(1_13))

    def test_a_friend_with_consent_sees_what_waits_and_no_more(self, client, sign_in, session, sides, url, claimed):
        visit = claimed()
        friend = accounts.friend(session, of=sides[0], scopes={Scope.CONFIRM_VISITS})[0]
        sign_in(friend.id)
        page = client.get("/arrangements/visits").text
        assert "for Ada" in page
        assert client.get(f"{url}/visits").status_code == 404
        assert client.get(f"/arrangements/visits/{visit.id}/call-off").status_code == 404
        assert client.get(f"/arrangements/visits/{visit.id}/claim").status_code == 404
        client.press("/arrangements/visits", yes(visit))
        session.refresh(visit)
        assert visit.confirmed_by == friend.id


class TestCallingOff:
    def test_what_it_costs_is_said_first(self, client, sign_in, session, sides, planned):
        visit = planned(days=1)
        sign_in(sides[0].id)
        url = f"/arrangements/visits/{visit.id}/call-off"
        assert "You pay £14.50 all the same" in client.get(url).text
        client.fill_in(url)
        session.refresh(visit)
        assert (visit.status, visit.amount) == (VisitStatus.CANCELLED, Money(14_50))

    def test_what_has_become_dearer_meanwhile_is_said_again(self, client, sign_in, sides, planned):
        visit = planned(days=1)
        sign_in(sides[0].id)
        page = client.fill_in(f"/arrangements/visits/{visit.id}/call-off", agreed_pence="0")
        assert page.status_code == 422
        assert "It now costs £14.50." in page.text

    def test_hours_are_banked_unless_one_would_rather_not(self, client, sign_in, session, sides, url, weekly, planned):
        sign_in(sides[0].id)
        client.fill_in(f"/arrangements/visits/{planned(days=5).id}/call-off", bank="y")
        assert "1 hour left" in client.get(f"{url}/visits").text
        client.fill_in(f"/arrangements/visits/{planned(days=6).id}/call-off", bank=None)
        session.refresh(weekly)
        assert weekly.minutes_left == 60

    def test_what_is_over_leads_back(self, client, sign_in, session, sides, claimed):
        visit = claimed()
        confirming.confirm_visit(session, visit_id=visit.id, by=sides[0].id, link=link, now=datetime.now(UTC))
        sign_in(sides[0].id)
        assert client.get(f"/arrangements/visits/{visit.id}/call-off").status_code == 302


class TestCalendar:
    def test_the_address_is_shown_once_and_says_no_more_than_when(self, client, sign_in, sides, planned, session):
        visit = planned(days=3)
        sign_in(sides[0].id)
        assert "You have no address yet" in client.get("/arrangements/calendar").text
        page = client.press("/arrangements/calendar", "Make an address").text
        [address] = set(re.findall(r"/arrangements/calendar/[\w-]+\.ics", page))
        assert address not in client.get("/arrangements/calendar").text
        client.post("/accounts/sign-out")
        plain = client.get(address)
        assert plain.mimetype == "text/calendar"
        [event] = Calendar.from_ical(plain.data).walk("VEVENT")
        assert (str(event["SUMMARY"]), event["DTEND"].dt - event["DTSTART"].dt) == ("Visit", timedelta(hours=1))
        assert b"Gardening" not in plain.data
        assert b"Gardening\\, Boring Help" in client.get(f"{address}?names=yes").data
        assert str(event["UID"]).startswith(str(visit.id))

    def test_one_visit_is_a_file_for_its_two_sides_alone(self, client, sign_in, sides, planned):
        visit = planned(days=3)
        address = f"/arrangements/visits/{visit.id}/calendar.ics"
        for side, whom in ((0, "Boring Help"), (2, "Ada")):
            sign_in(sides[side].id)
            answer = client.get(address)
            assert answer.headers["Content-Disposition"] == f"attachment; filename=visit-{visit.held_on}.ics"
            [event] = Calendar.from_ical(answer.data).walk("VEVENT")
            assert whom in str(event["SUMMARY"])
            assert str(event["UID"]).startswith(str(visit.id))

    def test_made_anew_or_stopped_the_old_one_is_gone(self, client, sign_in, sides):
        sign_in(sides[2].id)

        def make(button):
            page = client.press("/arrangements/calendar", button).text
            return re.findall(r"/arrangements/calendar/[\w-]+\.ics", page)[0]

        old = make("Make an address")
        new = make("Make a new address")
        assert client.get(old).status_code == 404
        assert client.get(new).status_code == 200
        client.press("/arrangements/calendar", "Stop it")
        assert client.get(new).status_code == 404

    def test_the_provider_reads_theirs_by_the_persons_name_only_if_asked(self, client, sign_in, sides, planned):
        planned(days=3, starts_at=None)
        sign_in(sides[2].id)
        page = client.press("/arrangements/calendar", "Make an address").text
        address = re.findall(r"/arrangements/calendar/[\w-]+\.ics", page)[0]
        [event] = Calendar.from_ical(client.get(address).data).walk("VEVENT")
        assert not isinstance(event["DTSTART"].dt, datetime)
        assert b"Ada" in client.get(f"{address}?names=yes").data
        assert b"Ada" not in client.get(address).data


class TestInvoices:
    @pytest.fixture
    def invoice_id(self, session, sides, weekly, claimed):
        visit = claimed(miles=Decimal(3))
        confirming.confirm_visit(session, visit_id=visit.id, by=sides[0].id, link=link, now=datetime.now(UTC))
        return invoicing.issue_invoice(
            session, arrangement_id=weekly.id, by=sides[2].id, link=link, now=datetime.now(UTC)
        )

    def test_both_sides_read_it_in_every_form(self, client, sign_in, sides, invoice_id):
        for who in (sides[0], sides[2]):
            sign_in(who.id)
            page = client.get(f"/arrangements/invoices/{invoice_id}").text
            assert "3 miles" in page
            for ending, begins in (("pdf", b"%PDF"), ("xml", b"<?xml"), ("csv", b"invoice,kind")):
                answer = client.get(f"/arrangements/invoices/{invoice_id}/{ending}")
                assert answer.data.startswith(begins)
                assert f"invoice-0001.{ending}" in answer.headers["Content-Disposition"]

    def test_nobody_else_finds_it(self, client, sign_in, session, invoice_id):
        sign_in(accounts.person(session).id)
        for ending in ("", "/pdf", "/xml", "/csv", "/credit"):
            assert client.get(f"/arrangements/invoices/{invoice_id}{ending}").status_code == 404

    def test_each_side_finds_it_in_its_list(self, client, sign_in, sides, invoice_id):
        sign_in(sides[0].id)
        assert str(invoice_id) in client.get("/arrangements/invoices").text
        assert client.get(f"/arrangements/invoices/{invoice_id}/credit").status_code == 404
        sign_in(sides[2].id)
        assert str(invoice_id) in client.get("/arrangements/invoices/for-my-organisation").text
        assert "There are no invoices yet" in client.get("/arrangements/invoices").text

    def test_a_credit_note_takes_something_off(self, client, sign_in, session, sides, invoice_id):
        sign_in(sides[2].id)
        url = f"/arrangements/invoices/{invoice_id}/credit"
        page = client.fill_in(url, amount="99", reason="A slip.")
        assert page.status_code == 422
        assert "Enter an amount from one penny to £15.85." in page.text
        note = client.fill_in(url, amount="5.85", reason="A slip.").location
        assert "Credit note 0002" in client.get(note).text
        assert "£10.00" in client.get(f"/arrangements/invoices/{invoice_id}").text
        assert client.get(f"{note}/pdf").data.startswith(b"%PDF")
        assert b"<cbc:CreditNoteTypeCode>381" in client.get(f"{note}/xml").data

    def test_what_was_credited_whole_leads_back(self, client, sign_in, session, sides, invoice_id):
        amount = session.get_one(Invoice, invoice_id).amount
        invoicing.issue_credit_note(
            session, invoice_id=invoice_id, by=sides[2].id, amount=amount, reason="All.", link=link,
            now=datetime.now(UTC),
        )  # fmt: skip
        sign_in(sides[2].id)
        assert client.get(f"/arrangements/invoices/{invoice_id}/credit").status_code == 302


def test_a_page_of_nothing_says_what_to_do(client, sign_in, session, sides):
    it = purchasing.arrangement(
        session, person=sides[0], organisation_id=sides[1].id, status=ArrangementStatus.ACCEPTED
    )
    sign_in(sides[0].id)
    assert "There are no visits yet" in client.get(f"/arrangements/{it.id}/visits").text
    sign_in(sides[2].id)
    assert "Plan the first" in client.get(f"/arrangements/{it.id}/visits").text
    assert "No visits are planned" in client.get("/arrangements/visits/for-my-organisation").text


def test_ending_weekly_support_is_not_the_first_thing_to_press(client, sign_in, sides, url):
    sign_in(sides[0].id)
    button = BeautifulSoup(client.get(url).text, "html.parser").find("button", string=re.compile("Mark as done"))
    assert "button--secondary" in button["class"]


def test_a_list_looks_four_weeks_ahead(client, sign_in, sides, url, planned, today):
    soon, later = planned(days=28), planned(days=29)
    sign_in(sides[0].id)
    said = client.get("/arrangements/visits").text
    assert said_day(soon.held_on) in said
    assert said_day(later.held_on) not in said
