"""Asking other websites: what is waited for, what is left, and where we do not let ourselves be led."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from marketplace.catalogue.gateways import web
from marketplace.catalogue.gateways.web import NoAnswerError, WebReader, _check_redirect

pytestmark = pytest.mark.once


@pytest.fixture
def site():
    """A website on this machine that answers as it is told."""
    answers, asked = {}, []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            known = answers.get(self.path, (404, {}, b""))
            status, headers, body = known.pop(0) if isinstance(known, list) else known
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    server.answers, server.asked, server.url = answers, asked, f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def slept():
    return []


@pytest.fixture
def reader(slept):
    return WebReader(inside=True, sleep=slept.append)


def test_an_answer_is_read(site, reader):
    site.answers["/a"] = (200, {}, b"{}")
    assert reader.fetch(f"{site.url}/a") == b"{}"


def test_who_asks_us_to_wait_is_waited_for(site, reader, slept):
    site.answers["/a"] = [(429, {"Retry-After": "7"}, b""), (503, {}, b""), (200, {}, b"ok")]
    assert reader.fetch(f"{site.url}/a") == b"ok"
    assert slept == [7.0, 4.0]


def test_who_asks_for_too_long_is_asked_another_day(site, reader, slept):
    site.answers["/a"] = (429, {"Retry-After": "86400"}, b"")
    with pytest.raises(NoAnswerError, match="429"):
        reader.fetch(f"{site.url}/a")
    assert slept == []


def test_what_stays_broken_is_given_up(site, reader, slept):
    site.answers["/a"] = (500, {}, b"")
    with pytest.raises(NoAnswerError, match="500"):
        reader.fetch(f"{site.url}/a")
    assert len(site.asked) == web.MOST_TRIES


def test_what_is_not_there_is_not_asked_for_again(site, reader, slept):
    with pytest.raises(NoAnswerError, match="404"):
        reader.fetch(f"{site.url}/nothing")
    assert site.asked == ["/nothing"]


def test_nobody_there_is_said_in_words(reader, slept):
    with pytest.raises(NoAnswerError, match="does not answer"):
        reader.fetch("http://127.0.0.1:1/")


def test_a_redirect_within_the_site_is_followed_but_not_for_ever(site, reader):
    site.answers |= {"/a": (301, {"Location": "/b"}, b""), "/b": (200, {}, b"ok")}
    assert reader.fetch(f"{site.url}/a") == b"ok"
    site.answers["/b"] = (302, {"Location": "/a"}, b"")
    with pytest.raises(NoAnswerError, match="leads on and on"):
        reader.fetch(f"{site.url}/a")


@pytest.mark.parametrize(
    "inside", ["http://localhost/", "http://10.0.0.1/", "http://169.254.169.254/latest", "http://[::1]/"]
)
def test_nobody_leads_us_into_a_private_place(site, reader, inside):
    site.answers["/a"] = (302, {"Location": inside}, b"")
    with pytest.raises(NoAnswerError, match="not a public place"):
        reader.fetch(f"{site.url}/a")
    assert site.asked == ["/a"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "localhost",
        "10.0.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "[::1]",
        "[::ffff:10.0.0.1]",
        "0",
        "2130706433",
    ],
)
def test_our_own_rooms_are_read_only_on_an_operators_word(site, slept, address):
    port = site.server_port
    with pytest.raises(NoAnswerError, match="not a public place"):
        WebReader(sleep=slept.append).fetch(f"http://{address}:{port}/a")
    with pytest.raises(NoAnswerError, match="not a public place"):
        WebReader(sleep=slept.append).fetch(f"https://{address}:{port}/a")
    assert site.asked == slept == []


def test_nobody_leads_us_from_a_safe_way_to_an_open_one():
    with pytest.raises(NoAnswerError, match="anybody on the way"):
        _check_redirect("https://example.org/a", "http://example.org/a")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/", "example.org", "http://", "javascript:1"])
def test_only_web_addresses_are_asked(reader, url):
    with pytest.raises(NoAnswerError, match="not a web address"):
        reader.fetch(url)


def test_what_is_too_much_is_left(site, reader, monkeypatch):
    monkeypatch.setattr(web, "MOST_BYTES", 100_000)
    site.answers["/a"] = (200, {}, b"x" * 200_000)
    with pytest.raises(NoAnswerError, match="at once"):
        reader.fetch(f"{site.url}/a")


def test_a_redirect_to_a_file_is_not_followed(site, reader):
    site.answers["/a"] = (302, {"Location": "file:///etc/passwd"}, b"")
    with pytest.raises(NoAnswerError):
        reader.fetch(f"{site.url}/a")
