"""Somebody searches with the keyboard alone, and takes what the box suggests, or does not."""

import pytest
from playwright.sync_api import expect

from tests.factories import catalogue


@pytest.fixture
def garden(town):
    with town.session() as session:
        speaker = catalogue.somebody(session)
        for title in ("Gardening with a cup of tea", "Raised garden beds", "Chair yoga"):
            catalogue.live(session, title=title, by=speaker)
        session.commit()


@pytest.fixture
def typing(visitor, garden):
    """Somebody who has typed the beginning of a word on the front page, and sees what is suggested."""
    somebody = visitor()
    page = somebody.go("/")
    box = page.get_by_role("combobox", name="What are you looking for?")
    box.focus()
    page.keyboard.type("gard")
    expect(page.get_by_role("listbox", name="Suggestions")).to_be_visible()
    return somebody, page, box


def test_the_list_is_told_and_can_be_gone_through(typing):
    somebody, page, box = typing
    options = page.get_by_role("option")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".suggest [role=status]")).to_contain_text(f"{options.count()} suggestions")
    somebody.look()
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    expect(box).to_be_focused()
    expect(box).to_have_value("gard")
    somebody.look()
    page.keyboard.press("ArrowUp")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    assert all(option.bounding_box()["height"] >= 44 for option in options.all())


def test_enter_takes_a_suggestion_and_enter_again_searches(typing):
    somebody, page, box = typing
    page.keyboard.press("ArrowDown")
    chosen = page.get_by_role("option").first.inner_text()
    page.keyboard.press("Enter")
    expect(box).to_have_value(chosen)
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    page.wait_for_url("**/offers?**")
    somebody.look()
    expect(page.get_by_role("heading", name="Gardening with a cup of tea")).to_be_visible()


def test_enter_without_a_choice_searches_for_what_was_typed(typing):
    _somebody, page, _box = typing
    page.keyboard.press("Enter")
    page.wait_for_url("**/offers?q=gard&**")


def test_escape_closes_the_list_and_keeps_what_was_typed(typing):
    _somebody, page, box = typing
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(box).to_have_value("gard")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_have_count(0)


def test_a_suggestion_can_be_pressed(typing):
    _somebody, page, box = typing
    option = page.get_by_role("option", name="Raised garden beds")
    option.click()
    expect(box).to_have_value("Raised garden beds")
    expect(box).to_be_focused()


def test_on_a_small_phone_in_forced_colours(visitor, garden):
    somebody = visitor(width=320, forced_colors="active")
    page = somebody.go("/offers")
    page.get_by_role("combobox", name="What are you looking for?").press_sequentially("gard")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("ArrowDown")
    somebody.look()


def test_without_suggestions_the_box_is_a_box(visitor, garden):
    somebody = visitor()
    page = somebody.go("/")
    page.route("**/offers/suggest**", lambda route: route.abort())
    page.get_by_label("What are you looking for?").fill("chair yoga")
    page.keyboard.press("Enter")
    page.wait_for_url("**/offers?**")
    expect(page.get_by_role("heading", name="Chair yoga", exact=True)).to_be_visible()
