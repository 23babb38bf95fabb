"""Buy from two providers out of one budget: basket, saved card, visit, invoice, charge, statement, money back."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from marketplace.accounts import services as accounts
from marketplace.accounts.models import Person
from marketplace.budgets import services as budgets
from marketplace.budgets.queries.checking import broken_rows
from marketplace.budgets.rules import Holding, Stream
from marketplace.kit.days import day_of
from marketplace.kit.money import Money
from marketplace.payments.queries.checking import broken_promises
from tests.factories import purchasing
from tests.factories.accounts import organisation
from tests.journeys.conftest import served
from tests.stripe_fake import StripeFake

PASSWORD = "kettle garden bus"


@pytest.fixture
def stripe():
    with StripeFake() as fake:
        yield fake


@pytest.fixture
def town(new_app, stripe):
    """A site that takes cards, and is told by Stripe what happens."""
    app = new_app(
        stripe_secret_key=stripe.secret_key,
        stripe_webhook_secret=stripe.webhook_secret,
        stripe_api_base=stripe.url,
        fee_pence_per_pound="1.5",
    )
    with served(app) as town:
        stripe.webhooks.url, stripe.webhooks.is_prompt = f"{town.address}/payments/events", True
        yield town
        stripe.webhooks.settle()


def somebody(session, name):
    return accounts.add_person(
        session, email=f"{name.lower()}@example.org", name=name, password=PASSWORD, confirmed=True, now=now()
    )


def now():
    return datetime.now(UTC)


@pytest.fixture
def shop(town):
    """Two providers with an offer each, and Ada with money of two kinds. Returns where the offers are."""
    with town.session() as session:
        offers = {}
        for name, title in (("Anna", "Help in the garden"), ("Bob", "Art on Fridays")):
            body, _ = organisation(session, name=name, spoken_for_by=session.get_one(Person, somebody(session, name)))
            offer = purchasing.offer(session, organisation_id=body.id, title=title, confirmed_at=now())
            offers[title] = f"/offers/{offer.id}"
        budgets.set_up_budget(
            session,
            by=somebody(session, "Ada"),
            name="My direct payment",
            holding=Holding.DIRECT_PAYMENT,
            begins_on=now().date() - timedelta(days=60),
            ends_on=now().date() + timedelta(days=300),
            amounts={Stream.SOCIAL_CARE: Money(1_000_00), Stream.NHS: Money(200_00)},
            now=now(),
        )
        session.commit()
    return offers


def fill_day(page, day):
    for box, figure in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        page.get_by_label(box, exact=True).fill(str(figure))


def take_cards(stripe, anna):
    """Go to Stripe and back, and be told that cards can pay."""
    page = anna.go("/payments/for-my-organisation")
    anna.press("Begin to take cards")
    anna.press("Go to Stripe’s page")
    anna.press("Finish")
    stripe.webhooks.settle()
    anna.go("/payments/for-my-organisation")
    expect(page.get_by_role("main")).to_contain_text("You can take cards")


def put_in_basket(ada, offer, *, weeks=0):
    page = ada.go(offer)
    ada.press("Add to basket")
    page.get_by_label("What would you like?").fill("On Tuesdays, please. I like to be asked first.")
    page.get_by_label("Every week" if weeks else "Once", exact=True).check()
    page.get_by_role("textbox", name="How much would you like?").fill("2")
    if weeks:
        page.get_by_label("For how many weeks?", exact=True).fill(str(weeks))
    fill_day(page, day_of(now()))
    ada.press("Go on")
    expect(page.get_by_role("heading", level=1)).to_have_text("Who pays for this?")
    return page


def save_card(stripe, ada):
    """Leave the basket for the page that Stripe hosts, and come back to where one was."""
    ada.press("Save a card")
    expect(ada.page.get_by_role("main")).to_contain_text("By saving a card you allow this, and nothing else")
    ada.page.get_by_role("button", name="Save a card").click()
    ada.look()
    ada.press("Go to Stripe’s page")
    ada.press("Save card")
    stripe.webhooks.settle()
    ada.page.reload()
    expect(ada.page.get_by_role("heading", level=1)).to_have_text("Your card is saved")
    ada.press("Go on")


def left(page):
    """Return how each funding stream stands, as the budget's page says it: promised, spent, left."""
    table = page.get_by_role("table", name="Each funding stream")
    return {
        row.get_by_role("rowheader").inner_text(): row.get_by_role("cell").all_inner_texts()[1:]
        for row in table.get_by_role("row").all()[1:]
    }


def buy_from_both(ada, shop, stripe):
    """Fill the basket, say who pays for what, save a card on the way, and ask."""
    page = put_in_basket(ada, shop["Help in the garden"], weeks=4)
    page.get_by_role("group", name="Which money pays for this?").get_by_label("Council").check()
    page.get_by_role("group", name="Does other money pay a part of it?").get_by_label("NHS").check()
    page.get_by_label("How much does the other money pay?").fill("16")
    page.get_by_label("By card", exact=True).check()
    ada.press("Save")
    put_in_basket(ada, shop["Art on Fridays"])
    # Bob takes no cards.
    expect(page.get_by_label("By card", exact=True)).to_have_count(0)
    page.get_by_role("group", name="Which money pays for this?").get_by_label("Council").check()
    page.get_by_label("By bank transfer").check()
    ada.press("Save")
    ada.press("Check it all")
    save_card(stripe, ada)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check what you are asking for")
    expect(page.get_by_role("main")).to_contain_text("£145 altogether")
    ada.press("Ask for all of this")
    expect(page.get_by_role("heading", level=1)).to_have_text("You have asked")


def accept(anna):
    """Say yes, for Anna. Return where the arrangement is."""
    page = anna.go("/arrangements/for-my-organisation")
    expect(page.get_by_role("main")).not_to_contain_text("Art on Fridays")
    anna.press("Help in the garden")
    there = page.url
    anna.press("Accept this")
    return there


def decline(bob):
    bob.go("/arrangements/for-my-organisation")
    bob.press("Art on Fridays")
    bob.press("Decline")
    bob.page.get_by_label("Why can you not do this?").fill("I am full until the summer.")
    bob.press("Decline this")


def visit_and_charge(town, stripe, anna, ada, arrangement):
    """Write a visit down, confirm it with one tap, send the invoice, and let the saved card pay it."""
    anna.go(f"{arrangement}/visits/write-down")
    fill_day(anna.page, day_of(now()))
    anna.page.get_by_label("How many minutes did it take?").fill("120")
    anna.press("Write this down")
    expect(anna.page.get_by_role("main")).to_contain_text("Ada is asked whether it is right.")
    ada.go("/arrangements/visits")
    ada.press("Yes, this is right")
    anna.go(arrangement)
    anna.press("Send an invoice for £29.00")
    town.run_jobs()
    stripe.webhooks.settle()
    town.run_jobs()


def give_back(stripe, anna, arrangement):
    """Give half of it back, because half of the visit was not what it should have been."""
    page = anna.go(arrangement)
    anna.press("Your invoice 0001")
    anna.press("Write down what has been paid, or give money back")
    anna.press("Give back some or all of £29")
    page.get_by_label("How much do you give back?").fill("14.50")
    page.get_by_label("Why?").fill("We came an hour late.")
    anna.press("Give it back")
    stripe.webhooks.settle()


def test_from_the_basket_to_a_refund(town, shop, stripe, visitor):
    ada, anna, bob = visitor(width=320), visitor(), visitor()
    for one, email in ((ada, "ada@example.org"), (anna, "anna@example.org"), (bob, "bob@example.org")):
        one.sign_in(email, PASSWORD)
    take_cards(stripe, anna)
    buy_from_both(ada, shop, stripe)
    page = ada.go("/budgets")
    ada.press("My direct payment")
    budget = page.url
    assert left(page) == {
        "Council (social care)": ["£129.00", "£0.00", "£871.00"],
        "NHS": ["£16.00", "£0.00", "£184.00"],
    }

    arrangement = accept(anna)
    decline(bob)
    visit_and_charge(town, stripe, anna, ada, arrangement)
    # What Bob declined is there again. Of Anna's, a quarter is paid, from both in the proportion that was chosen.
    ada.go(budget)
    assert left(page) == {
        "Council (social care)": ["£75.00", "£25.00", "£900.00"],
        "NHS": ["£12.00", "£4.00", "£184.00"],
    }

    give_back(stripe, anna, arrangement)
    ada.go(budget)
    assert left(page) == {
        "Council (social care)": ["£75.00", "£12.50", "£912.50"],
        "NHS": ["£12.00", "£2.00", "£186.00"],
    }

    ada.press("A statement to keep or send")
    page.get_by_role("main").get_by_role("list").get_by_role("link").first.click()
    ada.look()
    expect(page.get_by_role("main")).to_contain_text("Help in the garden")
    papers = page.request.get(page.get_by_role("link", name="PDF to keep or send").get_attribute("href"))
    assert papers.body().startswith(b"%PDF")

    # By Stripe's own books the money moved once, and went to Anna; by ours, every promise is kept.
    [account] = [it for it in stripe.books().values() if it["charged"]]
    assert (account["charged"], account["refunded"]) == (29_00, 14_50)
    with town.session() as session:
        assert not [*broken_promises(session), *broken_rows(session)]
