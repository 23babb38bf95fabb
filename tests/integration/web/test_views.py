from datetime import UTC, datetime, timedelta

import pytest

from marketplace.web.views.designing import PARTS

PAGES = ["/", "/how-it-works", "/accessibility", "/privacy", "/cookies", "/contact", "/design"]


@pytest.mark.parametrize("address", PAGES)
def test_anyone_may_read_the_standing_pages(client, address):
    assert client.get(address).status_code == 200


def test_the_front_page_puts_the_search_first(client):
    page = client.get("/").text
    assert page.index('action="/offers"') < page.index("How it works</h2>")
    assert 'name="q"' in page
    assert 'name="near"' in page


def test_the_gallery_is_not_there_in_production(client, app, monkeypatch):
    monkeypatch.setitem(app.config, "IS_PRODUCTION", True)
    assert client.get("/design").status_code == 404


@pytest.mark.parametrize("part", sorted(PARTS))
def test_each_part_of_the_gallery_is_shown_in_development_alone(client, app, monkeypatch, part):
    page = client.get(f"/design/{part}")
    assert page.status_code == 200
    assert PARTS[part] in page.text
    monkeypatch.setitem(app.config, "IS_PRODUCTION", True)
    assert client.get(f"/design/{part}").status_code == 404


def test_the_gallery_says_how_each_piece_is_written(client):
    page = client.get("/design/figures").text
    assert "{% from &#34;components/way_along.html&#34; import way_along %}" in page
    assert "{{ way_along(gone, begins, ends, words) }}" in page
    assert client.get("/design/nothing").status_code == 404


def test_the_cookies_page_names_the_cookie_we_set(client, app):
    assert app.config["SESSION_COOKIE_NAME"] in client.get("/cookies").text


def test_a_missing_page_says_so_kindly(client):
    response = client.get("/no-such-page")
    assert response.status_code == 404
    assert "We cannot find that page" in response.text


def test_a_monitor_learns_that_we_live_and_are_ready(client, app, monkeypatch, tmp_path):
    places = tmp_path / "places.sqlite"
    places.touch()
    monkeypatch.setitem(app.config, "PLACES_PATH", places)
    assert client.get("/health/live").text == "ok\n"
    assert client.get("/health/ready").text == "ok\n"


def test_a_monitor_learns_what_is_missing(client, app, monkeypatch, tmp_path):
    monkeypatch.setitem(app.config, "PLACES_PATH", tmp_path / "not-there.sqlite")
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.text == "The postcode file is not there.\n"


def test_whoever_found_a_way_in_reads_whom_to_write_to(client):
    page = client.get("/.well-known/security.txt")
    assert page.mimetype == "text/plain"
    said = dict(line.split(": ", 1) for line in page.text.splitlines())
    assert said["Contact"] == "mailto:hello@example.org"
    assert said["Canonical"].endswith("/.well-known/security.txt")
    left = datetime.fromisoformat(said["Expires"]) - datetime.now(UTC)
    assert timedelta(days=170) < left < timedelta(days=365)
