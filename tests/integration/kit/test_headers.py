from base64 import b64encode
from hashlib import sha256

import pytest
from bs4 import BeautifulSoup

pytestmark = pytest.mark.once


def test_every_answer_tells_the_browser_to_be_careful(client):
    headers = client.get("/").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert {"camera=()", "microphone=()", "geolocation=()"} <= set(headers["Permissions-Policy"].split(", "))
    assert not {"Server", "X-Powered-By", "Access-Control-Allow-Origin"} & set(headers.keys())
    policy = headers["Content-Security-Policy"]
    for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe-inline" not in policy


def test_the_policy_lets_the_one_script_run_that_stands_in_pages(client):
    page = client.get("/")
    (script,) = BeautifulSoup(page.text, "html.parser").select("script:not([src])")
    sum_of_it = b64encode(sha256(script.string.encode()).digest()).decode()
    assert f"script-src 'self' 'sha256-{sum_of_it}';" in page.headers["Content-Security-Policy"]


def test_what_says_nothing_of_itself_is_not_kept(client):
    assert client.get("/robots.txt", headers={"Origin": "https://evil.example"}).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("in_production", [True, False])
def test_only_a_site_on_https_asks_for_it_for_good(new_app, in_production):
    changes = {
        "env": "production",
        "site_url": "https://example.com",
        "mail_route": "smtp",
        "contact_email": "hello@example.com",
    }
    app = new_app(**changes if in_production else {})
    response = app.test_client().get("/health/live")
    called_otherwise = app.test_client().get("/how-it-works", headers={"Host": "evil.example"})
    assert called_otherwise.status_code == (421 if in_production else 200)
    assert ("Strict-Transport-Security" in response.headers) is in_production
    assert (app.config["SESSION_COOKIE_NAME"] == "__Host-session") is in_production
    assert app.config["SESSION_COOKIE_SECURE"] is in_production
