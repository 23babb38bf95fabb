"""A provider lists an offer by keyboard alone, a moderator approves it, and somebody finds it."""

import logging
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import Role
from marketplace.catalogue.rules.questions import MOST_QUESTIONS

log = logging.getLogger(__name__)

PASSWORD = "kettle garden bus"

TYPED = {
    "title": "Chess and a chat",
    "description": "I come round, we play chess, we put the world to rights. Beginners too.",
    "suits": "Anybody who likes to win, and anybody who does not mind losing.",
    "travels_miles": "5",
    "amount": "14.50",
    "evening": "16",
    "group_from_1": "2",
    "group_amount_1": "9",
    "included": "The board and the biscuits.",
    "travel_per_mile": "0.45",
}
CHOSEN = {
    "category": ["companionship"],
    "setting": ["at_home"],
    "times": ["2 afternoon", "4 evening"],
    "languages": ["Polish"],
    "personal_care": ["no"],
    "capacity": ["space_now"],
    "cost": ["priced"],
    "unit": ["hour"],
    "notice_hours": ["24"],
    "ways_to_pay": ["own_money", "direct_payment"],
}
KEYS_A_SECOND, SECONDS_TO_READ_A_PAGE = 3, 8
"""What somebody who is new to it needs: slow typing, and time to read each question twice."""

FOCUSED = """() => {
  const box = document.activeElement;
  const others = box.type === "radio" ? [...document.getElementsByName(box.name)] : [];
  return {name: box.name || "", type: box.type || "", value: box.value || "", place: others.indexOf(box),
    values: others.map((one) => one.value), words: (box.innerText || "").trim(), isButton: box.tagName === "BUTTON"};
}"""


class Hands:
    """Somebody with a keyboard and no mouse, whose keys are counted."""

    def __init__(self, page):
        self.page, self.keys = page, 0

    def press(self, key, times=1):
        for _ in range(times):
            self.page.keyboard.press(key)
            self.keys += 1

    def write(self, words):
        self.press("Control+a")
        self.page.keyboard.insert_text(words)
        self.keys += len(words)

    def answer(self):
        """Go through a page from its top, answer what is known, and press the button that goes on."""
        for _ in range(120):
            self.press("Tab")
            here = self.page.evaluate(FOCUSED)
            if here["isButton"] and here["words"].startswith(("Save and go on", "Start now", "Send it")):
                with self.page.expect_navigation():
                    self.press("Enter")
                return
            if here["type"] == "radio" and here["name"] in CHOSEN:
                self.choose(here, CHOSEN[here["name"]][0])
            elif here["type"] == "checkbox" and here["value"] in CHOSEN.get(here["name"], ()):
                self.press("Space")
            elif here["name"] in TYPED:
                self.write(TYPED[here["name"]])
        raise AssertionError(f"no button to go on with on {self.page.url}")

    def choose(self, here, value):
        steps = here["values"].index(value) - max(here["place"], 0)
        self.press("Space")
        self.press("ArrowDown" if steps >= 0 else "ArrowUp", abs(steps))


@pytest.fixture
def people(town):
    now = datetime.now(UTC)
    with town.session() as session:
        for email, name, role in (
            ("maggie@example.org", "Maggie", Role.PERSON),
            ("moses@example.org", "Moses", Role.MODERATOR),
        ):
            accounts.add_person(session, email=email, name=name, password=PASSWORD, confirmed=True, role=role, now=now)
        session.commit()


def found_a_provider(visitor):
    page = visitor.go("/providers/new")
    page.get_by_label("The name people know you by").fill("Maggie’s Good Company")
    page.get_by_label("About you").fill("I keep people company and make good soup.")
    page.get_by_label("Your postcode").fill("M33 7ZF")
    page.get_by_label("A micro-provider").check()
    page.get_by_label("How many full-time staff, counting yourself?").fill("1")
    page.get_by_label("We are independent").check()
    visitor.press("Save and go on")


def test_list_it_by_keyboard_approve_it_find_it(town, visitor, people):
    maggie, moses = visitor(width=320), visitor(width=1280)
    maggie.sign_in("maggie@example.org", PASSWORD)
    found_a_provider(maggie)
    page, hands, pages = maggie.page, Hands(maggie.page), 0
    hands.answer()
    while page.get_by_text("Question ").count():
        pages += 1
        assert pages <= MOST_QUESTIONS
        maggie.look()
        hands.answer()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check what you say")
    maggie.look()
    seconds = hands.keys / KEYS_A_SECOND + pages * SECONDS_TO_READ_A_PAGE
    taken = f"{pages} pages, {hands.keys} keys: {seconds / 60:.1f} minutes for somebody slow"
    assert seconds < 10 * 60, f"listing an offer takes longer than ten minutes: {taken}"
    log.info(taken)

    maggie.press("See it as others will")
    expect(page.get_by_role("main")).to_contain_text("£14.50")
    maggie.press("Go back, change it or send it")
    hands.answer()
    expect(page.get_by_role("main")).to_contain_text("We read it and write to you")

    moses.sign_in("moses@example.org", PASSWORD)
    page = moses.go("/moderation")
    page.get_by_role("main").get_by_role("link", name="Chess and a chat").click()
    moses.look()
    page.get_by_label("Show it on the site").check()
    moses.press("Decide")

    page = visitor(width=320).go("/offers?q=chess&near=M33")
    expect(page.get_by_role("heading", name="Chess and a chat")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("£14.50")


def test_stop_half_way_without_scripts_and_go_on(town, visitor, people):
    maggie = visitor(java_script_enabled=False)
    page = maggie.page
    page.goto("/accounts/sign-in")
    page.get_by_label("Your email address").fill("maggie@example.org")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.goto("/providers/new")
    page.get_by_label("The name people know you by").fill("Maggie’s Good Company")
    page.get_by_label("About you").fill("I keep people company.")
    page.get_by_label("Your postcode").fill("M33 7ZF")
    page.get_by_label("Another provider").check()
    page.get_by_label("Home care agency").check()
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("button", name="Start now").click()
    page.get_by_label("What do you offer?").fill("Chess and a chat")
    page.get_by_role("button", name="Save and come back later").click()
    page.get_by_role("link", name="Go on with Chess and a chat").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What kind of support is it?")
