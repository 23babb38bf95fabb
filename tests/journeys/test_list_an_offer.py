"""A provider lists an offer, a moderator approves it, and somebody finds it."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import Role

PASSWORD = "kettle garden bus"


@pytest.mark.parametrize("width", [320, 1280])
def test_list_it_approve_it_find_it(town, visitor, width):
    now = datetime.now(UTC)
    with town.session() as session:
        for email, name, role in (
            ("maggie@example.org", "Maggie", Role.PERSON),
            ("moses@example.org", "Moses", Role.MODERATOR),
        ):
            accounts.add_person(session, email=email, name=name, password=PASSWORD, confirmed=True, role=role, now=now)
        session.commit()
    maggie, moses = visitor(width=width), visitor(width=width)
    maggie.sign_in("maggie@example.org", PASSWORD)
    page = maggie.go("/providers/new")
    page.get_by_label("A micro-provider").check()
    page.get_by_label("The name people know you by").fill("Maggie’s Good Company")
    page.get_by_label("About you").fill("I keep people company and make good soup.")
    page.get_by_label("Your postcode").fill("M33 7ZF")
    page.get_by_label("How many full-time staff, counting yourself?").fill("1")
    maggie.press("Save and go on")
    page.get_by_label("What do you offer?").fill("Chess and a chat")
    page.get_by_label("What kind of support is it?").select_option(label="Company and befriending")
    page.get_by_label("Tell people about it").fill(
        "I come round, we play chess, we put the world to rights. Beginners too."
    )
    page.get_by_label("You go to people", exact=True).check()
    page.get_by_label("If you go to people: how many miles do you travel?").fill("5")
    page.get_by_label("Yes, it has a price").check()
    page.get_by_label("The price for one person").fill("14.50")
    page.get_by_label("What that price buys").select_option("hour")
    maggie.press("Save")
    page = maggie.go("/offers/mine")
    maggie.press("Send it to be checked")

    moses.sign_in("moses@example.org", PASSWORD)
    page = moses.go("/moderation")
    page.get_by_role("main").get_by_role("link", name="Chess and a chat").click()
    moses.look()
    page.get_by_label("Show it on the site").check()
    moses.press("Decide")

    page = visitor(width=width).go("/offers?q=chess&near=M33")
    expect(page.get_by_role("heading", name="Chess and a chat")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("£14.50")
