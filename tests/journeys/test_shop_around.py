"""Somebody shops around: a shortlist without an account, side by side, then kept with one, and a saved search."""

import pytest
from playwright.sync_api import expect

from marketplace.accounts.services import add_person
from tests.factories import catalogue

PASSWORD = "a long and plain sentence"
EMAIL = "shopper@example.org"


@pytest.fixture
def gardeners(town):
    with town.session() as session:
        for title, pounds in (("Weeding and digging", 18), ("Lawns and hedges", 24), ("Garden company", 15)):
            catalogue.live(
                session,
                title=title,
                by=catalogue.somebody(session),
                price=catalogue.asking(pounds),
                description="A hand in the garden.",
            )
        add_person(session, email=EMAIL, name="Shopper", password=PASSWORD, confirmed=True, now=catalogue.LISTED)
        session.commit()


@pytest.mark.parametrize("width", [320, 1280])
def test_from_a_search_to_a_choice(visitor, gardeners, town, width):
    somebody = visitor(width=width)
    page = somebody.go("/offers?q=garden&near=M33")
    somebody.press("Add to shortlist Weeding and digging")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Begin your shortlist")
    for title in ("Weeding and digging", "Lawns and hedges"):
        somebody.press(f"Add to shortlist {title}")
        expect(page.get_by_text("Added to your shortlist.")).to_be_visible()
        assert "/offers?" in page.url, "one is back where one was"
    somebody.go("/shortlist")
    somebody.press("Put them side by side")
    table = page.get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_count(2)
    expect(table).to_contain_text("£18")
    expect(table).to_contain_text("£24")

    somebody.sign_in(EMAIL, PASSWORD)
    somebody.go("/shortlist")
    expect(page.get_by_role("main")).to_contain_text("Lawns and hedges")
    link = page.locator(".address a").get_attribute("href")

    helper = visitor(width=width)
    helper.go(link.removeprefix(town.address))
    expect(helper.page.get_by_role("main")).to_contain_text("Lawns and hedges")
    helper.press("Add them to your shortlist")
    expect(helper.page.get_by_role("main")).to_contain_text("Weeding and digging")

    somebody.go("/offers?q=garden&near=M33")
    somebody.press("Save this search")
    page.get_by_label("Every day").check()
    somebody.press("Save this search")
    expect(page.get_by_role("main")).to_contain_text("garden near M33")
