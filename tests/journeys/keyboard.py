"""Somebody who has a keyboard and no mouse, in a browser without scripts: nothing is done but by pressing keys."""

import re
from datetime import UTC, datetime

from playwright.sync_api import expect

from marketplace.kit import codes

MOST_STOPS = 220

# Where the focus is, seen from what is looked for: on it (or on the same question, for choices of which one counts),
# before or after it; and whether a person can see that it is here.
FOCUS = """wanted => {
  const here = document.activeElement;
  const group = wanted.type === "radio" ? [...document.getElementsByName(wanted.name)]
    .filter(one => one.form === wanted.form) : [];
  const parts = [here, ...(here.labels || []), here.nextElementSibling, here.parentElement].filter(Boolean);
  const isDrawn = parts.some(part => [null, "::before", "::after"].some(pseudo => {
    const style = getComputedStyle(part, pseudo);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  }));
  const box = here.getBoundingClientRect();
  return {
    isOn: here === wanted || group.includes(here),
    isPast: here !== document.body && !!(here.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_PRECEDING),
    isSeen: here.matches(":focus-visible") && isDrawn && box.bottom > 0 && box.top < innerHeight,
    away: group.indexOf(wanted) - group.indexOf(here),
    isChecked: !!wanted.checked,
    stops: here.outerHTML.slice(0, 120),
  };
}"""


class Keyboard:
    """A browser of somebody's own, without scripts, worked with keys alone."""

    def __init__(self, browser, town, *, width=1280):
        self.town = town
        self.context = browser.new_context(
            base_url=town.address,
            locale="en-GB",
            java_script_enabled=False,
            viewport={"width": width, "height": 900},
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.main = self.page.get_by_role("main")
        self.keys = 0

    def key(self, name):
        self.page.keyboard.press(name)
        self.keys += 1

    def open(self, address):
        """Type an address, or take one from a letter."""
        answer = self.page.goto(address)
        assert answer.status == 200, f"{address} answered {answer.status}"

    def reach(self, wanted):
        """Go to a control with the Tab key, from wherever one is, and see that one is there."""
        control = wanted.first.element_handle()
        for _ in range(MOST_STOPS):
            here = control.evaluate(FOCUS)
            if here["isOn"]:
                assert here["isSeen"], f"nobody sees that the focus is on {here['stops']} of {self.page.url}"
                return here
            self.key("Shift+Tab" if here["isPast"] else "Tab")
        raise AssertionError(f"{wanted} cannot be reached with the Tab key on {self.page.url}")

    def press(self, name, *, part=None):
        """Press a button or follow a link by its words, and wait for the page that comes."""
        part = part or self.page
        exactly = {"exact": True} if isinstance(name, str) else {}
        self.reach(part.get_by_role("button", name=name, **exactly).or_(part.get_by_role("link", name=name, **exactly)))
        with self.page.expect_navigation():
            self.key("Enter")

    def write(self, label, words, *, part=None):
        """Write into the box with a label, over what was there."""
        self.reach((part or self.page).get_by_label(label, exact=True))
        self.key("Control+a")
        self.page.keyboard.insert_text(words)

    def tick(self, label, *, part=None):
        """Tick a box."""
        box = (part or self.page).get_by_role("checkbox", name=label)
        if not self.reach(box)["isChecked"]:
            self.key("Space")
        expect(box.first).to_be_checked()

    def choose(self, label, *, part=None):
        """Choose one of several with the arrow keys."""
        choice = (part or self.page).get_by_role("radio", name=label)
        here = self.reach(choice)
        for _ in range(abs(here["away"])):
            self.key("ArrowDown" if here["away"] > 0 else "ArrowUp")
        self.key("Space")
        expect(choice.first).to_be_checked()

    def pick(self, label, option):
        """Pick from a list that drops down, by going down it."""
        box = (self.page).get_by_role("combobox", name=label)
        self.reach(box)
        for _ in range(60):
            if box.evaluate("list => list.selectedOptions[0].label") == option:
                return
            self.key("ArrowDown")
        raise AssertionError(f"{option} is not in {label}")

    def write_day(self, day, *, part=None):
        for box, figure in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            self.write(box, str(figure), part=part)

    def reads(self, words):
        """Find words in the main part of the page."""
        expect(self.main).to_contain_text(words)

    def sign_in(self, email, password):
        """Sign in, and set up a phone if the page asks for one."""
        self.open("/accounts/sign-in")
        self.write("Your email address", email)
        self.write("Your password", password)
        with self.page.expect_navigation():
            self.key("Enter")
        if "/accounts/phone/set-up" in self.page.url:
            secret = self.page.locator(".code-key").inner_text().replace(" ", "")
            code = codes.code_for(secret, step=codes.step_at(datetime.now(UTC)))
            self.write("The code your phone shows", code)
            self.press("Go on")
            self.press("I have kept them: go on")
        assert not re.search("/accounts/(sign-in|code)", self.page.url), f"{email} was not let in"
