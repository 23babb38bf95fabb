import pytest

pytestmark = pytest.mark.once


def test_every_answer_tells_the_browser_to_be_careful(client):
    headers = client.get("/").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cache-Control"] == "no-store"
    policy = headers["Content-Security-Policy"]
    for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe-inline" not in policy


def test_a_nonce_is_good_for_one_page(client):
    first, second = (client.get("/").headers["Content-Security-Policy"] for _ in range(2))
    assert first != second


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
    assert ("Strict-Transport-Security" in response.headers) is in_production
    assert (app.config["SESSION_COOKIE_NAME"] == "__Host-session") is in_production
    assert app.config["SESSION_COOKIE_SECURE"] is in_production
