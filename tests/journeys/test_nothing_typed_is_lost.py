"""Somebody leaves a form, loses the connection, and is signed out: what they typed is there each time."""

from datetime import UTC, datetime

from playwright.sync_api import expect
from sqlalchemy import update

from marketplace.accounts import services
from marketplace.accounts.models import BrowserSession

PASSWORD = "kettle garden bus"
WORDS = "Money from the council for my week"


def test_back_offline_and_signed_out(town, visitor):
    with town.session() as session:
        services.add_person(
            session,
            email="ada@example.org",
            name="Ada",
            password=PASSWORD,
            confirmed=True,
            now=datetime.now(UTC),
        )
        session.commit()
    ada = visitor()
    ada.sign_in("ada@example.org", PASSWORD)

    page = ada.go("/budgets/new")
    name = page.get_by_label("What do you call this budget?")
    name.fill(WORDS)
    page.get_by_role("link", name="Pools", exact=True).first.click()
    page.go_back()
    expect(name).to_have_value(WORDS)

    ada.context.set_offline(True)
    expect(page.get_by_text("You are offline. What you typed is still here.")).to_be_visible()
    page.locator("main form button[type=submit]").first.click()
    expect(name).to_have_value(WORDS)
    ada.context.set_offline(False)
    expect(page.get_by_text("You are offline.")).to_be_hidden()
    ada.go("/budgets/new")
    expect(name).to_have_value(WORDS)
    expect(page.get_by_text("We put back what you typed here before.")).to_be_visible()

    with town.session() as session:
        session.execute(update(BrowserSession).values(ended_at=datetime.now(UTC)))
        session.commit()
    page.locator("main form button[type=submit]").first.click()
    page.get_by_label("Your email address").fill("ada@example.org")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("Your password").press("Enter")
    expect(page.get_by_role("heading", name="What you typed is still here")).to_be_visible()
    expect(page.get_by_text(WORDS)).to_be_visible()
    ada.look()
    page.get_by_role("button", name="Send it now").click()
    expect(name).to_have_value(WORDS)

    # A form on its way takes no second press. Here the answer is one that leaves the page as it is.
    sent = []

    def answer(route):
        sent.append(route.request.method)
        route.fulfill(status=204)

    page.route("**/budgets/new", answer)
    press = page.locator("main form button[type=submit]").first
    press.click()
    expect(press).to_contain_text("Working…")
    press.click(force=True)
    page.unroute("**/budgets/new")
    assert sent == ["POST"]
    ada.go("/budgets/new")
    expect(press).not_to_contain_text("Working…")

    page.get_by_role("button", name="Sign out").first.click()
    assert page.evaluate("Object.keys(sessionStorage).length") == 0
