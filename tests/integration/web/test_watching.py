"""What whoever watches the site is told: figures for who may read them, what is wrong in sentences, nobody's words."""

import io
import json
import logging
import smtplib
import sys
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from prometheus_client.parser import text_string_to_metric_families

from marketplace.accounts import services
from marketplace.kit import logs, outbox
from marketplace.kit.tries import CountError, TryCounter
from marketplace.search.models import IndexedDocument
from marketplace.web.commands.working import Worker
from marketplace.web.jobs import Periodic, send_letters
from marketplace.web.models import JobRun
from marketplace.web.views import monitoring
from tests.factories import catalogue

TOKEN = "for the monitor alone"
PASSWORD = "kettle garden bus"
PLANTED = {
    "name": "Hippolyta Quagmire",
    "email": "hippolyta@quagmire.example",
    "postcode": "M33 7ZF",
    "telephone": "0161 496 0123",
    "message": "My knees are purple since Whitsun.",
}
TELLING = (
    "hippolyta",
    "quagmire",
    "m33",
    "7zf",
    "0161 496",
    "496 0123",
    "0161+496",
    "0161%20496",
    "purple",
    "whitsun",
    PASSWORD,
)


@pytest.fixture
def watched(new_app):
    """An application that a monitor reads, on a database of its own."""
    app = new_app(metrics_token=TOKEN)
    yield app
    app.extensions["engine"].dispose()


def told(app, said=f"Bearer {TOKEN}"):
    return app.test_client().get("/metrics", headers={"Authorization": said} if said else {})


def answered(app, route, status):
    """Return how often an application says that it answered with a page and a status, and that it timed the page."""
    found = {"clubtogether_requests_total": 0.0, "clubtogether_request_seconds_count": 0.0}
    for family in text_string_to_metric_families(told(app).text):
        for one in family.samples:
            if one.labels.get("route") == route and one.labels.get("status", status) == status and one.name in found:
                found[one.name] += one.value
    return tuple(found.values())


@pytest.mark.parametrize(
    "said", ["", "Bearer", "Bearer ", "Bearer for the monitor alon", f"Basic {TOKEN}", TOKEN, "Bearer é"]
)
def test_figures_are_not_there_without_the_token(watched, said):
    page = told(watched, said)
    assert page.status_code == 404
    assert "clubtogether_" not in page.text


def test_nobody_reads_figures_where_no_token_is_set(app, connection):
    assert told(app, "Bearer ").status_code == 404


def test_every_answer_is_counted_by_its_page_and_status(watched):
    page = told(watched)
    assert page.status_code == 200
    assert page.mimetype == "text/plain"
    assert page.headers["Cache-Control"] == "no-store"
    for address, route, status in (
        ("/how-it-works", "web.how_it_works", "200"),
        ("/no-such-page", "none", "404"),
        ("/accounts/me", "accounts.me", "302"),
    ):
        before = answered(watched, route, status)
        for _ in range(3):
            watched.test_client().get(address)
        assert answered(watched, route, status) == tuple(count + 3 for count in before)


def test_what_waits_is_among_the_figures(watched, now):
    with sa.orm.Session(watched.extensions["engine"]) as session:
        session.connection(execution_options={"writing": True})
        outbox.send(session, to="ada@example.org", subject="Hello", body="It is done.", now=now)
        session.add(JobRun(name="send-letters", began_at=now, failed_at=now, failed_with="OSError"))
        session.commit()
    page = told(watched).text
    assert "clubtogether_letters_waiting 1.0\n" in page
    assert 'clubtogether_job_failed{job="send-letters"} 1.0\n' in page
    assert "ada" not in page


@pytest.fixture(params=["json", "plain"])
def lines(request, monkeypatch):
    """What is written down meanwhile, in either way, as a process of the site sets it up."""
    root, ours = logging.getLogger(), logging.getLogger("marketplace")
    before, levels = root.handlers, (root.level, ours.level)
    written = io.StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", written)
        logs.set_up(as_json=request.param == "json")
    yield written
    root.handlers = before
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


def about_number(lines, number):
    """Return the lines about one request: by its number in JSON, and otherwise every one."""
    said = lines.getvalue().splitlines()
    return [one for one in map(json.loads, said) if one["request_id"] == number] if said[0].startswith("{") else said


def broken(new_app, words):
    """An application with a page that fails, in words that quote people."""
    app = new_app(env="development", trusted_proxies=1)

    def fail():
        try:
            return {}[words]
        except KeyError as error:
            raise ValueError(words) from error

    app.view_functions["web.how_it_works"] = fail
    return app


@pytest.mark.parametrize("given", [None, "0123456789abcdef"])
def test_a_fault_has_one_number_on_its_page_in_its_answer_and_in_the_log(new_app, lines, given):
    browser = broken(new_app, "x").test_client()
    page = browser.get("/how-it-works", headers={"X-Request-ID": given} if given else {})
    number = page.headers["X-Request-ID"]
    assert page.status_code == 500
    assert number == (given or number)
    assert number in page.text
    assert number != browser.get("/how-it-works").headers["X-Request-ID"]
    if not lines.getvalue().startswith("{"):
        assert "ERROR marketplace" in lines.getvalue()
        assert "test_watching.py" in lines.getvalue()
        return
    fault, answer = about_number(lines, number)
    assert (fault["level"], answer["status"], answer["route"]) == ("ERROR", 500, "web.how_it_works")
    assert "ValueError" in fault["exc_info"]


def test_nothing_that_people_say_of_themselves_is_written_down(new_app, lines):
    words = " ".join(PLANTED.values())
    app = broken(new_app, words)
    engine = app.extensions["engine"]
    with sa.orm.Session(engine) as session:
        session.connection(execution_options={"writing": True})
        offer, _price = catalogue.live(session)
        report = f"/moderation/report/offer/{offer.id}"
        now = datetime.now(UTC)
        services.add_person(
            session, email=PLANTED["email"], name=PLANTED["name"], password=PASSWORD, confirmed=True, now=now
        )
        outbox.send(session, to=PLANTED["email"], subject=PLANTED["name"], body=PLANTED["message"], now=now)
        session.commit()
    browser = app.test_client()
    browser.environ_base["HTTP_REFERER"] = f"https://elsewhere.example/?q={PLANTED['email']}"
    browser.environ_base["HTTP_USER_AGENT"] = words
    # In queries and in addresses.
    assert (
        browser.get("/offers", query_string={"q": PLANTED["message"], "near": PLANTED["postcode"]}).status_code == 200
    )
    assert browser.get(f"/reviews/{PLANTED['email']}", query_string=PLANTED).status_code == 404
    assert browser.get("/how-it-works", query_string=PLANTED, headers={"X-Request-ID": words}).status_code == 500
    # In forms that are taken, refused, and sent without their token.
    assert browser.fill_in(report, reason="something_else", words=words).status_code == 302
    assert browser.fill_in("/suggest-a-place", name="", place=words, words=words).status_code == 422
    assert browser.fill_in("/accounts/sign-in", email=PLANTED["email"], password="not this one").status_code == 422
    assert browser.fill_in("/accounts/sign-in", email=PLANTED["email"], password=PASSWORD).status_code == 302
    assert browser.post("/accounts/sign-up", data=PLANTED).status_code == 422
    # By jobs that fail, and by a mail server that quotes what it refuses.
    app.extensions["postman"] = Quoting()
    fails = Periodic("fails", 3600, lambda _now: app.view_functions["web.how_it_works"]())
    for job in (fails, Periodic("send-letters", 2, send_letters)):
        Worker(app, (job,)).turn(job)
    # And by a database that quotes the row.
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        connection.execute(sa.text("ALTER TABLE report RENAME TO gone"))
    assert browser.fill_in(report, reason="something_else", words=words).status_code == 500
    written = lines.getvalue().lower()
    for said in ("post 302", "moderation.report failed on post", "job fails failed", "could not be delivered"):
        assert said in written
    assert [word for word in TELLING if word in written] == []


class Quoting:
    def deliver(self, letter):
        raise smtplib.SMTPRecipientsRefused({letter.to: (550, letter.body.encode())})

    def greet(self):
        raise smtplib.SMTPServerDisconnected(PLANTED["email"])


READY = "ok\n"


@pytest.fixture
def ready(client, session):
    """Return a function that asks whether the site is ready, and returns the status and each sentence."""

    def asked():
        session.commit()
        answer = client.get("/health/ready")
        assert answer.headers["Cache-Control"] == "no-store"
        return answer.status_code, answer.text

    assert asked() == (200, READY)
    return asked


def test_an_index_that_misses_what_is_offered_is_said(session, ready):
    catalogue.live(session)
    assert ready() == (200, READY)
    session.execute(sa.delete(IndexedDocument))
    assert ready() == (503, "The newest offers are not in the index.\n")


def test_jobs_that_nobody_runs_are_said(session, ready):
    now = datetime.now(UTC)
    run = JobRun(name="send-letters", began_at=now - timedelta(minutes=4), ended_at=now)
    session.add(run)
    assert ready() == (200, READY)
    run.began_at = now - timedelta(minutes=6)
    assert ready() == (503, f"No worker has run a job since {run.began_at:%H:%M} UTC.\n")


@pytest.mark.once
def test_a_disk_that_is_nearly_full_is_said(ready, monkeypatch):
    monkeypatch.setattr(monitoring.shutil, "disk_usage", lambda _path: Disk(free=199_000_000))
    assert ready() == (503, "There are 199 MB left on the disk of the database.\n")
    monkeypatch.setattr(monitoring.shutil, "disk_usage", lambda _path: Disk(free=300_000_000))
    assert ready() == (200, READY)


class Disk:
    def __init__(self, free):
        self.free = free


def test_all_that_is_wrong_is_said_at_once(session, ready, monkeypatch, app, tmp_path):
    def keep_nothing(*_given, **_more):
        raise CountError

    monkeypatch.setattr(TryCounter, "add", keep_nothing)
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    session.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    status, said = ready()
    wanted = monitoring._HEAD.read_text().strip()  # noqa: SLF001
    assert status == 503
    assert said.splitlines() == [
        f"The tables are at 0001, and this version needs {wanted}.",
        "The database keeps nothing.",
        "The style sheet is not built.",
    ]
