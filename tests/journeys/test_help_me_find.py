"""Somebody who does not know what to look for answers three questions, by keyboard alone and without scripts."""

import pytest
from playwright.sync_api import expect

from marketplace.catalogue.rules import AccessFact
from tests.factories import catalogue


@pytest.fixture
def shelf(town):
    with town.session() as session:
        speaker = catalogue.somebody(session)
        steps = frozenset({AccessFact.STEP_FREE})
        catalogue.live(session, title="Choir by the canal", category="arts-and-music", access=steps, by=speaker)
        catalogue.live(session, title="Bowls on the green", category="sport-and-leisure", by=speaker)
        session.commit()


def test_three_questions_by_keyboard_alone_and_without_scripts(visitor, shelf):
    somebody = visitor(width=320, java_script_enabled=False)
    page = somebody.page
    page.goto("/")
    page.get_by_role("link", name="Help me find", exact=False).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/find")
    page.get_by_role("checkbox", name="Make things and enjoy music").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/find/how?**")
    page.get_by_role("checkbox", name="Step-free way in").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/find/where?**")
    page.get_by_label("Where? Postcode or council").focus()
    page.keyboard.type("M33 7ZF")
    page.keyboard.press("Enter")
    page.wait_for_url("**/offers?**")
    expect(page.get_by_role("heading", name="Choir by the canal")).to_be_visible()
    expect(page.get_by_role("heading", name="Bowls on the green")).to_have_count(0)
    told = page.get_by_role("region", name="What you told us")
    expect(told).to_contain_text("Step-free way in")
    # Back in the browser, and back by the link: what was answered stands there still.
    page.go_back()
    page.wait_for_url("**/find/where?**")
    page.go_forward()
    told.get_by_role("link", name="Change what you would like to be able to do").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox", name="Make things and enjoy music")).to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_questions_are_sound_on_a_small_phone(visitor, shelf):
    somebody = visitor(width=320)
    for address in ("/find", "/find/how", "/find/where", "/offers?find=yes&aim=make&space=now"):
        somebody.go(address)
