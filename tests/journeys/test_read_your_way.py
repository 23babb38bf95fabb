"""Somebody reads larger, wider apart and on another ground, with scripts or without; and somebody leaves in a hurry."""

from playwright.sync_api import expect

GROUNDS = {
    "Light": "rgb(255, 250, 242)",
    "Dark": "rgb(20, 25, 31)",
    "High contrast: white and yellow on black": "rgb(0, 0, 0)",
}
WEATHER = "https://www.bbc.co.uk/weather"


def ground_of(page, what):
    return page.evaluate("what => getComputedStyle(document.querySelector(what)).backgroundColor", what)


def test_reading_it_another_way(visitor):
    somebody = visitor(width=320, color_scheme="dark")
    page = somebody.go("/how-it-works")
    usual = page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)")
    for words, colour in GROUNDS.items():
        page.get_by_role("link", name="Read it your way").first.click()
        page.get_by_label("Largest").check()
        page.get_by_label("More space between lines, words and letters").check()
        page.get_by_label(words, exact=True).check()
        # What is chosen is seen before it is sent.
        assert ground_of(page, ".sample") == colour
        somebody.press("Read it this way")
        expect(page).to_have_url(f"{somebody.town.address}/how-it-works")
        assert ground_of(page, "body") == colour
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)") > usual * 1.5
    somebody.go("/reading")


def test_reading_it_another_way_without_scripts(visitor):
    somebody = visitor(width=320, java_script_enabled=False)
    page = somebody.page
    page.goto("/contact")
    page.get_by_role("link", name="Read it your way").first.click()
    page.get_by_label("High contrast: white and yellow on black").check()
    page.get_by_role("button", name="Read it this way").click()
    expect(page).to_have_url(f"{somebody.town.address}/contact")
    expect(page.locator("html")).to_have_attribute("data-ground", "contrast")
    page.get_by_role("button", name="Easy Read").first.click()
    expect(page.locator("html")).to_have_attribute("data-words", "easy")
    expect(page.get_by_role("button", name="Usual words").first).to_be_visible()
    expect(page.get_by_role("link", name="Leave this page quickly")).to_have_attribute("href", WEATHER)


def test_leaving_in_a_hurry(visitor):
    somebody = visitor(width=1280)
    page, told = somebody.page, []
    page.route(f"{WEATHER}**", lambda route: (told.append(route.request.all_headers()), route.fulfill(body="Sunny.")))
    for leave in (
        lambda: [page.keyboard.press("Shift") for _ in range(3)],
        lambda: page.get_by_role("link", name="Leave this page quickly").click(),
    ):
        somebody.go("/pools")
        somebody.go("/contact")
        leave()
        page.wait_for_url(f"{WEATHER}**")
        page.go_back()
        # Where they were in a hurry to leave is not one step behind them.
        assert page.url.endswith("/pools")
    assert len(told) == 2
    assert not any("referer" in headers for headers in told)
