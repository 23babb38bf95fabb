"""Somebody opens an account, sees what to do first, takes a step, reads the guide, and hides the list."""

from playwright.sync_api import expect


def test_a_first_day(visitor, town):
    sam = visitor(width=320)
    sam.go("/accounts/sign-up")
    sam.page.get_by_label("What should we call you").fill("Sam")
    sam.page.get_by_label("Your email address").fill("sam@example.org")
    sam.page.locator("input[type=password]").fill("kettle garden bus")
    sam.press("Open my account")
    sam.go(town.link_sent_to("sam@example.org"))
    sam.page.get_by_role("main").get_by_role("button").first.click()
    sam.look()
    steps = sam.page.get_by_role("region", name="Find and buy support")
    expect(steps).to_contain_text("0 of 3 done")
    sam.press("Say where you live")
    sam.page.get_by_role("main").get_by_role("textbox").first.fill("M33")
    sam.page.get_by_role("main").get_by_role("button").first.click()
    sam.look()
    expect(sam.page.get_by_role("region", name="Your first steps")).to_contain_text("1 of 3 done")
    sam.press("Read the guide")
    expect(sam.page.get_by_role("heading", level=1)).to_have_text("Finding and buying support")
    sam.go("/accounts/me")
    sam.press("Hide this")
    expect(sam.page.get_by_role("region", name="Your first steps")).to_have_count(0)
