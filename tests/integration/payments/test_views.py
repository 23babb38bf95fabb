"""Can people pay, save cards, give back and say how they are paid, in a browser and without scripts?"""

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from marketplace.payments.rules import ChargeStatus
from marketplace.purchasing import services as purchasing_services
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.purchasing.rules.nouns import PayBy
from tests.careful import CarefulClient
from tests.factories import purchasing
from tests.factories.accounts import browser_of
from tests.integration.payments.shop import OWED


@pytest.fixture
def browser(shop):
    """Return a function that gives somebody's browser."""

    def of(viewer) -> FlaskClient:
        shop.app.test_client_class = CarefulClient
        return browser_of(shop.app, viewer.person_id)

    return of


def link(page, words):
    return BeautifulSoup(page.text, "html.parser").find("a", string=words)["href"]


def test_an_invoice_is_paid_on_stripes_page(shop, browser):
    client, url = browser(shop.person), f"/payments/invoices/{shop.issue()}"
    page = client.get(url)
    assert "Of each pound, 1.5p comes to whoever runs this site" in page.text
    assert page.text.index("By card") < page.text.index("By bank transfer")
    gone = client.press(url, "Pay £43.50 by card")
    charge_url = gone.headers["Location"]
    waiting = client.get(charge_url)
    assert link(waiting, "Go to Stripe’s page").startswith(shop.fake.url)
    shop.fake.use_card(shop.charges()[0].session_id)
    assert "Has it worked?" in client.get(f"{charge_url}?back=1").text
    client.press(f"{charge_url}?back=1", "Look now")
    assert "Your card has paid £43.50" in client.get(charge_url).text
    assert "All £43.50 has been paid." in client.get(url).text
    assert shop.moved() == (OWED, 1)


def test_stripe_that_does_not_answer_is_said_and_tried_again(shop, browser):
    client, url = browser(shop.person), f"/payments/invoices/{shop.issue()}"
    shop.fake.fail("drop_before", "/v1/checkout/sessions")
    charge_url = client.press(url, "Pay £43.50 by card").headers["Location"]
    assert "does not answer at the moment" in client.get(charge_url).text
    again = client.press(charge_url, "Try again").headers["Location"]
    assert shop.charges()[0].status is ChargeStatus.ASKED
    assert "Look now" in client.get(again).text


def test_a_card_is_saved_and_taken_away(shop, browser):
    client = browser(shop.person)
    assert "You have no saved card" in client.get("/payments/cards").text
    setup_url = client.press("/payments/cards?next=/basket", "Save a card").headers["Location"]
    assert link(client.get(setup_url), "Go to Stripe’s page").startswith(shop.fake.url)
    shop.fake.use_card(shop.ask("SELECT session_id FROM card_setup")[0])
    client.press(setup_url, "I have saved my card")
    assert link(client.get(setup_url), "Go on") == "/basket"
    page = client.get("/payments/cards").text
    assert "Visa that ends in 4242" in page
    assert "take the card away on this page at any time" in page
    client.press("/payments/cards", "Take this card away that ends in 4242")
    assert "You have no saved card" in client.get("/payments/cards").text
    assert shop.ask("SELECT count(*) FROM saved_card WHERE forgotten_at IS NOT NULL") == [1]
    shop.issue()
    assert shop.charge_invoices() == 0


def test_a_way_back_leads_only_to_pages_of_ours(shop, browser):
    client = browser(shop.person)
    page = client.get("/payments/cards?next=https://elsewhere.example")
    assert 'name="next" value="/payments/cards"' in page.text


def test_a_provider_gives_back_and_says_why(shop, browser):
    shop.save_card()
    url = f"/payments/invoices/{shop.issue()}"
    shop.charge_invoices()
    client = browser(shop.speaker)
    refund_url = f"/payments/{shop.payment_id()}/refund"
    assert "5 to 10 days" in client.get(refund_url).text
    refused = client.fill_in(refund_url, amount="44", reason="Nobody came")
    assert refused.status_code == 422
    assert "Enter an amount from one penny to £43.50." in refused.text
    assert 'value="Nobody came"' in refused.text
    assert client.fill_in(refund_url, amount="43.50", reason="Nobody came").status_code == 302
    assert "Given back: Nobody came" in client.get(url).text
    assert "has been given back" in client.get(refund_url).text
    assert shop.moved() == (0, 1)


def test_a_provider_says_where_transfers_go_and_payers_see_it(shop, browser):
    client = browser(shop.speaker)
    url = f"/payments/for-my-organisation/{shop.organisation_id}/bank-details"
    refused = client.fill_in(url, account_name="Boring Help", sort_code="12-34", account_number="1234567")
    assert refused.status_code == 422
    assert "six figures" in refused.text
    said = client.fill_in(url, account_name="Boring Help", sort_code="12-34-56", account_number="1234567")
    assert said.status_code == 302
    assert "01234567" in client.get("/payments/for-my-organisation").text
    paying = browser(shop.person).get(f"/payments/invoices/{shop.issue()}").text
    assert "12-34-56" in paying
    assert "01234567" in paying
    assert "Your bank details were changed" in shop.letters(to=shop.speaker)


def test_a_provider_goes_to_stripe_and_comes_back(shop, browser):
    client = browser(shop.speaker)
    home = "/payments/for-my-organisation"
    assert "You can take cards" in client.get(home).text
    page = client.press(home, "See or change what you told Stripe")
    assert link(page, "Go to Stripe’s page").startswith(shop.fake.url)
    shop.fake.fail("drop_before", "/v1/account_links")
    assert "does not answer" in client.press(home, "See or change what you told Stripe").text
    assert client.press(home, "Look how it stands now").status_code == 302


def test_without_a_key_no_page_offers_cards(client, session, sign_in, now):
    person, organisation, speaker = purchasing.two_sides(session)
    it = purchasing.arrangement(
        session, person=person, organisation_id=organisation.id, status=ArrangementStatus.ACCEPTED, pay_by=PayBy.CARD
    )
    invoice_id = purchasing_services.issue_invoice(session, arrangement_id=it.id, by=speaker.id, link=str, now=now)
    sign_in(person.id)
    page = client.get(f"/payments/invoices/{invoice_id}").text
    assert "cannot take cards at the moment" in page
    assert "Pay £43.50 by card" not in page
    assert "This site takes no cards" in client.get("/payments/cards").text
