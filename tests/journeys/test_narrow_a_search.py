"""Somebody narrows a search until it fits them: with the keyboard, on a small phone, and on paper."""

import pytest
from playwright.sync_api import expect

from marketplace.catalogue.rules import Capacity, Setting
from marketplace.catalogue.views.shown import today
from tests.factories import catalogue


@pytest.fixture
def town_with_clubs(town):
    with town.session() as session:
        gardening, _ = catalogue.live(session, title="Gardening together", by=catalogue.somebody(session))
        gardening.capacity, gardening.capacity_on = Capacity.SPACE_NOW, today()
        catalogue.live(session, title="Painting together", category="arts-and-music")
        catalogue.live(session, title="Cooking together", category="food-and-meals", is_free=True)
        catalogue.live(session, title="Company together", setting=Setting.AT_HOME, travels_metres=8_000)
        session.commit()


@pytest.fixture
def keys(visitor, town_with_clubs):
    """Somebody with a keyboard and no mouse."""

    class Keys:
        def __init__(self, **browser):
            self.visitor = visitor(**browser)
            self.page = self.visitor.page

        def focused(self):
            return self.page.evaluate(
                "(() => { const e = document.activeElement;"
                " const said = (e.labels && e.labels[0] && e.labels[0].innerText) || e.innerText || '';"
                " return said.replace(/\\s+/g, ' ').trim() })()"
            )

        def tab_to(self, name, most=80):
            for _ in range(most):
                self.page.keyboard.press("Tab")
                if self.focused().startswith(name):
                    return
            raise AssertionError(f"{name} cannot be reached with the Tab key")

        def press(self, key):
            self.page.keyboard.press(key)

    return Keys


def found(page):
    return page.locator(".results__list .card__title")


@pytest.mark.parametrize("width", [320, 1280])
def test_filters_are_put_on_and_taken_off_with_the_keyboard_alone(keys, width):
    somebody = keys(width=width)
    page = somebody.visitor.go("/offers?q=together&near=M33")
    expect(found(page)).to_have_count(4)
    if width < 900:
        somebody.tab_to("Filters")
        somebody.press("Enter")
    somebody.tab_to("Is free")
    somebody.press("Space")
    somebody.tab_to("Kind of support")
    somebody.press("Enter")
    somebody.tab_to("Food and meals")
    somebody.press("Space")
    somebody.visitor.look()
    somebody.tab_to("Show results")
    somebody.press("Enter")
    page.wait_for_url("**category=food-and-meals**")
    assert "cost=free" in page.url
    expect(found(page)).to_have_text(["Cooking together"])
    somebody.visitor.look()
    somebody.tab_to("✕ Remove the filter Food and meals")
    somebody.press("Enter")
    page.wait_for_url(lambda url: "food-and-meals" not in url)
    expect(page.get_by_role("heading", name="1 offer found")).to_be_visible()
    somebody.tab_to("✕ Remove the filter Free")
    somebody.press("Enter")
    page.wait_for_url(lambda url: "cost=free" not in url)
    expect(found(page)).to_have_count(4)


def test_each_result_says_why_it_is_here(keys):
    somebody = keys()
    page = somebody.visitor.go("/offers?q=gardening&near=M33")
    somebody.tab_to("Why is this here?")
    somebody.press("Enter")
    expect(page.get_by_text("Nobody can pay to be higher.").first).to_be_visible()
    somebody.visitor.look()
    somebody.tab_to("How we put results in order")
    somebody.press("Enter")
    page.wait_for_url("**/offers/order")
    somebody.visitor.look()


def test_a_price_that_cannot_be_read_leads_back_to_its_box(keys):
    somebody = keys(width=320)
    page = somebody.visitor.go("/offers?q=together&price=lots&cost=free")
    page.get_by_role("alert").get_by_role("link", name="Enter the most you would pay").click()
    box = page.get_by_label("The most you would pay for an hour")
    expect(box).to_be_focused()
    expect(box).to_have_value("lots")
    box.fill("25")
    somebody.press("Enter")
    page.wait_for_url("**price=25**")
    assert "cost=free" in page.url
    somebody.visitor.look()


def test_what_is_missing_can_be_told(keys):
    somebody = keys(width=320)
    page = somebody.visitor.go("/offers?q=submarines&near=M33")
    page.get_by_role("link", name="Tell us what you need").click()
    somebody.visitor.look()
    page.get_by_label("What kind of support do you need?").select_option("Equipment and technology")
    expect(page.get_by_label("Where? Postcode or council")).to_have_value("M33")
    page.get_by_role("button", name="Tell us").click()
    somebody.visitor.look()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for telling us")
    expect(page.get_by_role("main")).to_contain_text("Trafford")


def test_it_all_works_without_scripts_in_the_dark_and_in_forced_colours(keys):
    somebody = keys(width=320, java_script_enabled=False)
    page = somebody.page
    page.goto("/offers?q=together&near=M33")
    page.locator(".filter-panel__toggle").click()
    page.get_by_label("Is free").check()
    page.get_by_role("button", name="Show results").click()
    expect(found(page)).to_have_text(["Cooking together"])
    for look in ({"color_scheme": "dark"}, {"forced_colors": "active"}):
        keys(**look).visitor.go("/offers?q=together&near=M33")
