"""Somebody looks for support: with a mouse, on a small phone, and with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.factories import catalogue, ratings


@pytest.fixture
def gardening(town):
    with town.session() as session:
        offer, speaker = catalogue.live(session, title="Gardening with a cup of tea", by=catalogue.somebody(session))
        for stars in (5, 4, 3):
            ratings.review_of_done(session, offer=offer, organisation_id=next(iter(speaker.organisations)), stars=stars)
        catalogue.live(session, title="Portrait photographs", category="arts-and-music")
        session.commit()


@pytest.mark.parametrize("width", [320, 1280])
def test_from_the_front_page_to_an_offer(visitor, gardening, width):
    somebody = visitor(width=width)
    page = somebody.go("/")
    page.get_by_label("What are you looking for?").fill("gardener")
    page.get_by_label("Where? Postcode or council").fill("M33")
    somebody.press("Search")
    expect(page.get_by_role("heading", name="Gardening with a cup of tea")).to_be_visible()
    expect(page.get_by_text("Portrait photographs")).to_have_count(0)
    page.get_by_role("link", name="Gardening with a cup of tea", exact=True).click()
    somebody.look()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gardening with a cup of tea")
    main = page.get_by_role("main")
    expect(main).to_contain_text("£20")
    expect(main).to_contain_text("3 people rated this")
    for path in ("/how-it-works", "/accessibility", "/privacy", "/cookies", "/contact", "/reviews/policy", "/pools"):
        somebody.go(path)


def test_with_the_keyboard_alone(visitor, gardening):
    somebody = visitor()
    page = somebody.go("/")

    def tab_to(name, most=40):
        for _ in range(most):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                "(() => { const e = document.activeElement;"
                " return ((e.labels && e.labels[0] && e.labels[0].innerText) || e.innerText || '').trim() })()"
            )
            if focused.startswith(name):
                return
        raise AssertionError(f"{name} cannot be reached with the Tab key")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.url.endswith("#main"), "the first stop skips to the main part"
    tab_to("What are you looking for?")
    page.keyboard.type("gardening")
    page.keyboard.press("Tab")
    page.keyboard.type("M33 7ZF")
    page.keyboard.press("Enter")
    page.wait_for_url("**/offers?**")
    tab_to("Gardening with a cup of tea", most=120)
    page.keyboard.press("Enter")
    page.wait_for_url("**/offers/*-*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Gardening with a cup of tea")


def test_a_place_we_do_not_know_loses_nothing(visitor, gardening):
    somebody = visitor()
    page = somebody.go("/offers?q=gardening&near=CF10+1AA")
    expect(page.get_by_role("main")).to_contain_text("Wales")
    expect(page.get_by_label("What are you looking for?")).to_have_value("gardening")


def test_it_all_works_without_scripts(visitor, gardening):
    somebody = visitor(java_script_enabled=False)
    page = somebody.page
    page.goto("/")
    page.get_by_label("What are you looking for?").fill("gardening")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Gardening with a cup of tea", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Gardening with a cup of tea")
