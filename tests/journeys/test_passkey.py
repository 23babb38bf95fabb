"""Somebody makes a passkey, signs in with it alone, and takes it away: with the keys of a real browser."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from marketplace.accounts import services
from marketplace.accounts.rules import Role

PASSWORD = "kettle garden bus"
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def moses(town):
    # Browsers make passkeys for a name, not for a number.
    town.address = town.address.replace("127.0.0.1", "localhost")
    town.app.config["SITE_URL"] = town.address
    with town.session() as session:
        services.add_person(
            session,
            email="moses@example.org",
            name="Moses",
            password=PASSWORD,
            confirmed=True,
            role=Role.MODERATOR,
            now=datetime.now(UTC),
        )
        session.commit()


def test_a_moderator_signs_in_with_a_finger(town, visitor, moses):
    somebody = visitor(width=320)
    page = somebody.page
    devtools = somebody.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    device = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]

    somebody.sign_in("moses@example.org", PASSWORD)
    somebody.go("/accounts/safety")
    somebody.press("Look at passkeys")
    somebody.press("Make a passkey")
    page.get_by_label("What do you call this device?").fill("My phone")
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url("**/accounts/passkeys")
    somebody.look()
    expect(page.get_by_role("main")).to_contain_text("My phone")
    assert len(devtools.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) == 1

    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Sign out").first.click()
    # The browser offers it where the address is typed, and its owner touches it: nothing else is pressed.
    page.goto("/accounts/sign-in?next=/moderation", wait_until="commit")
    page.wait_for_url(town.address + "/moderation")
    somebody.look()
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    somebody.go("/accounts/passkeys")
    page.get_by_role("button", name="Remove My phone").click()
    expect(page.get_by_role("main")).to_contain_text("That passkey is removed.")
    somebody.go("/accounts/browsers")
    expect(page.get_by_role("main")).to_contain_text("This browser")
