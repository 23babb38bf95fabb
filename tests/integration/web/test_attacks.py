"""What careless sites let through, tried on ours: ways home that lead away, names that are none, tables that run."""

from __future__ import annotations

import gzip
import io
import re
import time
from importlib import import_module
from pkgutil import walk_packages

import pytest
from flask import redirect
from PIL import Image

import marketplace
from marketplace.kit.addresses import own_page
from marketplace.kit.documents import DocumentError, file_name, read_document
from marketplace.kit.pages import as_csv
from marketplace.kit.pictures import PictureError, read_picture
from tests.factories import accounts as make
from tests.integration.routes.world import token_of

pytestmark = pytest.mark.once

AWAY = (
    "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "/\t/evil.example", "/\n/evil.example", "javascript:alert(1)", "data:text/html,x", "evil.example",
    "https:evil.example", "/%0d%0aSet-Cookie:a=b\r\n", " //evil.example", "\x00//evil.example",
)  # fmt: skip


@pytest.mark.parametrize("wanted", AWAY)
def test_no_way_home_leads_away(app, wanted):
    kept = own_page(wanted)
    with app.test_request_context("/"):
        assert kept is None or redirect(kept).location.startswith("/%") or kept == "/"


def test_no_page_on_the_way_leads_away(client, session, sign_in):
    sign_in(make.person(session).id)
    for page in ("/accounts/code", "/payments/cards"):
        for wanted in AWAY:
            assert "evil.example" not in client.get(page, query_string={"next": wanted}).headers.get("Location", "")


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND"])
def test_other_methods_do_nothing(client, method):
    assert client.open("/how-it-works", method=method).status_code == 405


def test_whoever_signs_out_leaves_nothing_behind(client, session, sign_in):
    sign_in(make.person(session).id)
    answer = client.post("/accounts/sign-out", data={"csrf_token": token_of(client, client.get("/accounts/me"))})
    assert answer.status_code == 302
    assert '"storage"' in answer.headers["Clear-Site-Data"]


def test_a_cookie_is_no_business_of_scripts_or_other_sites(client):
    cookie = client.get("/accounts/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain" not in cookie


def test_other_sites_read_open_data_alone(client):
    asks = {"Origin": "https://evil.example"}
    for page in (
        "/",
        "/offers",
        "/accounts/sign-in",
        "/api/demand/openapi.json",
        "/offers/suggest?q=ga",
        "/health/ready",
    ):
        assert "Access-Control-Allow-Origin" not in client.get(page, headers=asks).headers
    answer = client.get("/open-referral/about", headers=asks)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_what_is_for_developers_is_not_there_in_production(new_app):
    settings = {"env": "production", "site_url": "https://localhost", "mail_route": "smtp", "contact_email": "a@b.uk"}
    client = new_app(**settings, demo=True).test_client()
    for page in (
        "/design",
        "/dev/mail",
        "/metrics",
        "/.git/config",
        "/.env",
        "/static/../wsgi.py",
        "/static/%2e%2e/wsgi.py",
    ):
        assert client.get(page).status_code == 404, page
    assert "clubtogether-demo" not in client.get("/accounts/sign-in").text


def test_a_fault_tells_nothing_of_itself(new_app):
    app = new_app(env="development", demo=False)
    app.view_functions["web.how_it_works"] = lambda: 1 / 0
    answer = app.test_client().get("/how-it-works")
    assert answer.status_code == 500
    assert not re.search(r"ZeroDivision|Traceback|\.py|line \d", answer.text)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"])  # noqa: RUF001
def test_no_cell_of_a_table_is_a_formula(cell):
    assert as_csv(("words",), [(cell,)]).splitlines()[1].lstrip('"').startswith("'")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\boot.ini", "a\r\nX-Evil: 1.pdf", 'a".html;x="', "\u202egnp.exe", "." * 300, ""]
)
def test_a_name_of_a_file_leads_nowhere_and_ends_as_its_contents_say(name):
    kept = file_name(name, ending="pdf")
    assert re.fullmatch(r"[\w \-.,()’'&+]{1,115}\.pdf", kept)
    assert ".." not in kept


@pytest.mark.parametrize(
    "sent",
    [
        b"<html><script>alert(1)</script>\0",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>\xff",
        b"MZ" + bytes(200),
        b"PK\x03\x04" + bytes(200),
        gzip.compress(bytes(1_000_000)),
        b"%PDF-1.7 no end",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
    ],
)
def test_a_file_is_what_is_in_it(sent):
    with pytest.raises(DocumentError):
        read_document(sent=sent, name="letter.pdf")


def test_words_that_look_like_a_page_stay_words():
    assert read_document(sent=b"<script>alert(1)</script>", name="page.html").kind == "text/plain"


def test_a_picture_that_unpacks_without_end_is_refused():
    bomb = io.BytesIO()
    Image.new("1", (8_000, 8_000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 20_000
    with pytest.raises(PictureError):
        read_picture(bomb.getvalue())


SLOW = tuple(
    one * (600 // len(one)) + end
    for one, end in (("a", "!"), (" ", "x"), ("a.", "@"), ("1", "x"), ("a ", "\0"), ("(", ""), ("-", ""), ("\n", "x"))
)


def test_no_pattern_takes_for_ever():
    """Every pattern of ours, on words that make a careless one go back and forth."""
    patterns = {
        value.pattern: value
        for module in walk_packages(marketplace.__path__, "marketplace.")
        if "demo" not in module.name
        for value in vars(import_module(module.name)).values()
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str)
    }
    slow = []
    for pattern in patterns.values():
        began = time.process_time()
        for words in SLOW:
            pattern.search(words)
        if (took := time.process_time() - began) > 0.3:
            slow.append(f"{pattern.pattern[:80]}: {took:.1f} s")
    assert len(patterns) > 50
    assert not slow, "write these so that they can go one way alone"
