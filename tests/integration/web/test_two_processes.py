"""Two processes with one database, on ports of their own, are one site: nobody can tell which of them answers."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families

from benchmarks.serving.servers import serving
from marketplace.accounts import services
from marketplace.accounts.rules import Role
from marketplace.kit.db import open_engine, transaction
from tests import pages
from tests.careful import CarefulClient
from tests.factories import accounts
from tests.visitor import Visitor

PASSWORD = "kettle garden bus"
ADA = {"email": "ada@example.org", "password": PASSWORD}
ASKED_TO_SIGN_IN = "/accounts/sign-in"


class Browser(CarefulClient):
    """A browser whose next request goes to either process."""

    def at(self, process):
        self.application = process
        return self


@pytest.fixture
def processes(new_app, new_database):
    """Two processes, as far as a page can tell: two applications that share a database and nothing else."""
    url = new_database()
    made = [new_app(database_url=url) for _ in range(2)]
    yield made
    for process in made:
        process.extensions["engine"].dispose()


@pytest.fixture
def here(processes):
    return processes[0]


@pytest.fixture
def there(processes):
    return processes[1]


@pytest.fixture
def ada(here):
    with here.app_context(), transaction() as session:
        return services.add_person(session, name="Ada", confirmed=True, now=datetime.now(UTC), **ADA)


@pytest.fixture
def new_browser(here):
    """Return a function that opens one more browser."""
    return lambda: Browser(here, here.response_class)


def sign_in(browser, password=PASSWORD):
    return browser.fill_in("/accounts/sign-in", email=ADA["email"], password=password)


def is_in(browser):
    answer = browser.get("/accounts/me")
    assert answer.status_code == 200 or answer.headers["Location"].startswith(ASKED_TO_SIGN_IN)
    return answer.status_code == 200


def test_a_sign_in_at_one_holds_at_the_other_until_it_ends_at_either(ada, here, there, new_browser):
    browser, copy = new_browser(), new_browser()
    assert sign_in(browser.at(here)).headers["Location"] == "/accounts/me"
    assert is_in(browser.at(there))
    assert "Ada" in browser.get("/accounts/me").text
    copy.at(there).set_cookie("session", browser.get_cookie("session").value)
    assert is_in(copy)
    browser.at(here).press("/accounts/me", "Sign out")
    assert not is_in(browser.at(there))
    assert not is_in(copy)


def test_a_browser_that_is_ended_at_one_is_out_at_the_other(ada, here, there, new_browser):
    own, lost, forgotten = new_browser(), new_browser(), new_browser()
    lost.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0; rv:150.0) Gecko/20100101 Firefox/150.0"
    for browser, process in ((own, here), (lost, there), (forgotten, there)):
        sign_in(browser.at(process))
    assert [is_in(browser.at(there)) for browser in (own, lost, forgotten)] == [True, True, True]
    own.at(here).press("/accounts/browsers", "Sign out of Firefox on Windows")
    assert [is_in(browser.at(there)) for browser in (own, lost, forgotten)] == [True, False, True]
    own.at(here).press("/accounts/browsers", "Sign out of all other browsers")
    assert [is_in(browser.at(there)) for browser in (own, lost, forgotten)] == [True, False, False]


def test_what_one_has_to_say_the_other_says_once(ada, here, there, new_browser):
    browser, words = new_browser(), "All your other browsers are signed out."
    for other in (new_browser(), browser):
        sign_in(other)
    leads_to = browser.at(here).press("/accounts/browsers", "Sign out of all other browsers").headers["Location"]
    assert words in browser.at(there).get(leads_to).text
    assert words not in browser.at(here).get(leads_to).text


def test_a_role_taken_away_at_one_is_gone_at_the_other_with_the_next_request(here, there, new_browser):
    with here.app_context(), transaction() as session:
        operator = accounts.person(session, role=Role.OPERATOR, name="Olu").id
        moderator = accounts.person(session, name="Mo").id
        services.grant_role(session, person_id=moderator, role=Role.MODERATOR, by=operator, now=datetime.now(UTC))
    trusted = accounts.browser_of(there, moderator, new_browser().at(there))
    assert trusted.get("/moderation").status_code == 200
    at_work = accounts.browser_of(here, operator, new_browser())
    [button] = [
        words
        for words in map(pages.words, pages.read(at_work.get("/accounts/roles").text).iter("button"))
        if words.startswith("Take away") and words.endswith("from Mo")
    ]
    assert at_work.press("/accounts/roles", button).status_code == 302
    assert trusted.get("/moderation").status_code == 403


def test_guesses_at_a_password_count_together(ada, here, there, new_browser):
    guesser = new_browser()
    for process in (here, there) * 5:
        assert "do not go together" in sign_in(guesser.at(process), "not this one").text
    for process in (here, there):
        refused = sign_in(new_browser().at(process))
        assert refused.status_code == 422
        assert "Wait 60 minutes" in refused.text


def test_a_form_opened_at_one_is_taken_by_the_other_and_still_only_from_its_own_browser(ada, here, there, new_browser):
    browser = new_browser()
    form = pages.form(pages.read(browser.at(here).get("/accounts/sign-in").text))
    filled_in = pages.hidden(form) | ADA
    assert "open for a long time" in new_browser().at(there).post("/accounts/sign-in", data=filled_in).text
    assert browser.at(there).post("/accounts/sign-in", data=filled_in).headers["Location"] == "/accounts/me"


@pytest.fixture(scope="module")
def servers(new_database, tmp_path_factory):
    """Two servers, each with two processes, on ports of their own; and the one database of both."""
    url, folder = new_database(), tmp_path_factory.mktemp("servers")
    engine = open_engine(url)
    with sa.orm.Session(engine) as session:
        session.connection(execution_options={"writing": True})
        services.add_person(session, name="Ada", confirmed=True, now=datetime.now(UTC), **ADA)
        session.commit()
    settings = {
        "ENV": "development",
        "DATABASE_URL": url,
        "DEMO": "false",
        "MAIL_ROUTE": "file",
        "MAIL_FOLDER": str(folder / "mail"),
        "ERASED_LIST": str(folder / "erased.txt"),
        "RATELIMIT_STORAGE_URI": "database://",
        "METRICS_TOKEN": "for the monitor alone",
        "TRUSTED_PROXIES": "0",
    }

    def serve(name):
        counts = folder / name
        counts.mkdir()
        own = settings | {"PROMETHEUS_MULTIPROC_DIR": str(counts)}
        server = both.enter_context(serving("wsgi:app", ready="/health/live", settings=own))
        # To end in peace takes it seconds, and nothing is asked of it any more.
        both.callback(os.killpg, server.process, signal.SIGKILL)
        return f"http://127.0.0.1:{server.port}"

    with ExitStack() as both, ThreadPoolExecutor(2) as threads:
        yield list(threads.map(serve, ("a", "b"))), engine
    engine.dispose()


@pytest.mark.once
def test_on_two_ports_somebody_signs_in_at_one_and_out_at_the_other(servers):
    (a, b), engine = servers
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    visitor, stranger = Visitor(a), Visitor(b)
    status, page = visitor.fill_in("/accounts/sign-in", **ADA)
    assert (status, heading(page)) == (200, "Hello, Ada")
    visitor.url = b
    assert heading(visitor.ask("/accounts/me")[1]) == "Hello, Ada"
    assert heading(stranger.ask("/accounts/me")[1]) == "Sign in"
    visitor.url = a
    assert "You have signed out." in visitor.press("/accounts/me", "/accounts/sign-out")[1]
    visitor.url = b
    assert heading(visitor.ask("/accounts/me")[1]) == "Sign in"


@pytest.mark.once
def test_on_two_ports_what_one_visitor_sends_is_counted_together(servers):
    (a, b), _engine = servers
    visitor, said = Visitor(a), []
    for url in (a, b, a, b, a, b, a):
        visitor.url = url
        said.append(visitor.fill_in("/suggest-a-place", name="", place="Sale", words="Cards.")[0])
    assert said == [422] * 5 + [429] * 2


@pytest.mark.once
def test_what_a_server_answers_is_counted_of_all_its_processes(servers):
    visitor = Visitor(servers[0][0])
    for _ in range(12):
        assert visitor.ask("/accessibility")[0] == 200
    # Whichever process is asked.
    assert [answers(visitor, "web.accessibility") for _ in range(8)] == [12] * 8


def answers(visitor, route):
    """Return how often a server says that it has answered with a page."""
    status, said = visitor.ask("/metrics", headers={"Authorization": "Bearer for the monitor alone"})
    assert status == 200
    samples = [one for family in text_string_to_metric_families(said) for one in family.samples]
    wanted = {"route": route, "method": "GET", "status": "200"}
    return sum(one.value for one in samples if (one.name, one.labels) == ("clubtogether_requests_total", wanted))


def heading(page):
    return pages.words(pages.read(page).find(".//h1"))
