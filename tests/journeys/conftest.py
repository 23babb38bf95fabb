"""A real browser on a real server: what a person's whole errand needs."""

import os
import re
import shutil
import threading
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from marketplace.accounts.models import Person
from marketplace.kit import codes
from marketplace.kit.mail import plain_words
from marketplace.web.jobs import PERIODIC
from tests.factories.accounts import code_of

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # to write down all that is well takes as long as to look
}


# What a page is made of, as axe sees it: each kind of element in each kind of place, and the headings in their order;
# at this width and in these colours, but without words and numbers.
PIECES_OF_PAGE = """() => {
    const kind = element => [
        element.localName,
        ...element.getAttributeNames().map(name =>
            /^(class|type|role|rel|scope|style|tabindex|aria-(?!label$|.*by$|controls$))/.test(name)
                ? `${name}=${element.getAttribute(name).replace(/\\d+/g, "0")}` : name),
        !element.childElementCount && element.textContent.trim() ? "words" : "",
    ].join(" ");
    const seen = [innerWidth, ...["(prefers-color-scheme: dark)", "(forced-colors: active)"]
        .map(query => matchMedia(query).matches)].join(" ");
    const pieces = new Set([...document.querySelectorAll("*")]
        .map(element => `${element.parentElement ? kind(element.parentElement) : ""} > ${kind(element)}`));
    pieces.add([...document.querySelectorAll("h1, h2, h3, h4")].map(heading => heading.localName).join(" "));
    return [...pieces].map(piece => `${seen}: ${piece}`);
}"""


def pytest_collection_modifyitems(items):
    if CHROMIUM is None and os.environ.get("CI") != "true":
        for item in items:
            if "journeys" in str(item.path):
                item.add_marker(pytest.mark.skip(reason="SKIPPED LOUDLY: there is no Chromium on this machine"))


class Quiet(WSGIRequestHandler):
    """Serve without a line for each request."""

    def log_request(self, *_args):
        pass


class Town:
    """A running site: its address, its data, its clock of jobs and its post."""

    def __init__(self, app, address):
        self.app, self.address = app, address

    def session(self):
        return Session(self.app.extensions["engine"], info={"writing": True}, expire_on_commit=False)

    def run_jobs(self):
        """Run everything that runs by itself, now."""
        with self.app.app_context():
            for job in PERIODIC:
                job.run(datetime.now(UTC))

    def link_sent_to(self, email):
        """Return the first link in the newest letter to an address."""
        self.run_jobs()
        folder = self.app.config["MAIL_READABLE_AT"]
        letters = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in letters:
            letter = message_from_bytes(path.read_bytes(), policy=policy.default)
            if letter["To"] == email:
                return re.search(r"https?://\S+", plain_words(letter)).group()
        raise AssertionError(f"no letter to {email}")


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


def closed_in_any_case(app):
    """Werkzeug leaves a file open when the browser hangs up while it is sent; a generator ends with its reader."""

    def answer(environ, start_response):
        with closing(app(environ, start_response)) as body:
            yield from body

    return answer


@contextmanager
def served(app):
    """Serve a site on a free port."""
    server = make_server("127.0.0.1", 0, closed_in_any_case(app), threaded=True, request_handler=Quiet)
    address = f"http://127.0.0.1:{server.server_port}"
    app.config["SITE_URL"] = address
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Town(app, address)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def town(new_app):
    """A site of this test's own."""
    with served(new_app()) as town:
        yield town


class Sound:
    """The pieces of pages that axe has found sound, in this test process and in the one beside it."""

    def __init__(self, path):
        self.path, self.read, self.pieces = path, 0, set()

    def lacks(self, pieces):
        """Return whether one of these has not been looked at yet."""
        if self.path.exists():
            with self.path.open(encoding="utf-8") as told:
                told.seek(self.read)
                self.pieces.update(told.read().splitlines())
                self.read = told.tell()
        return not pieces <= self.pieces

    def add(self, pieces):
        """Keep that these are sound: whole lines at once, since the other process writes too."""
        new = "".join(f"{piece}\n" for piece in sorted(pieces - self.pieces))
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            os.write(file, new.encode())
        finally:
            os.close(file)
        self.pieces.update(pieces)


class Visitor:
    """Somebody with a browser of their own. Axe looks at every page they pass that has a piece it has not seen yet."""

    def __init__(self, browser, town, sound, **context):
        self.town, self.sound = town, sound
        self.context = browser.new_context(base_url=town.address, locale="en-GB", **context)
        self.page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.seen = []

    def go(self, path):
        response = self.page.goto(path)
        assert response.status < 500, f"{path} answered {response.status}"
        self.look()
        return self.page

    def look(self):
        """Scan this page; fail on any violation, or when it needs scrolling sideways."""
        self.page.wait_for_load_state("load")
        pieces = {" ".join(piece.split()) for piece in self.page.evaluate(PIECES_OF_PAGE)}
        if self.sound.lacks(pieces):
            found = Axe().run(self.page, options=RULES)
            assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"
            self.sound.add(pieces)
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 1, f"{self.page.url} needs scrolling sideways by {wide} px"
        self.seen.append(self.page.url)

    def press(self, name):
        """Press a button or follow a link by its words, and look at the page it leads to."""
        control = self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name)).first
        control.click()
        self.look()

    def sign_in(self, email, password):
        """Sign in; set up a phone, or give a code from it, if the page asks."""
        self.go("/accounts/sign-in")
        self.page.get_by_label("Your email address").fill(email)
        self.page.get_by_label("Your password").fill(password)
        self.page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
        self.look()
        if "/accounts/phone/set-up" in self.page.url:
            secret = self.page.locator(".code-key").inner_text().replace(" ", "")
            self._give(codes.code_for(secret, step=codes.step_at(datetime.now(UTC))))
            self.press("I have kept them: go on")
        elif "/accounts/code" in self.page.url:
            with self.town.session() as session:
                person_id = session.scalars(select(Person.id).where(Person.email == email)).one()
                code = code_of(session, person_id, self.town.app.config["SECRET_KEY"])
            self._give(code)

    def _give(self, code):
        self.page.get_by_label("The code your phone shows").fill(code)
        self.press("Go on")


@pytest.fixture(scope="session")
def sound(shared_folder):
    return Sound(shared_folder / "sound.txt")


@pytest.fixture
def visitor(browser, town, sound):
    """Return a function that gives one more person a browser; `width` in pixels."""
    made = []

    def arrive(width=1280, **context):
        made.append(Visitor(browser, town, sound, viewport={"width": width, "height": 900}, **context))
        return made[-1]

    yield arrive
    for somebody in made:
        somebody.context.close()
