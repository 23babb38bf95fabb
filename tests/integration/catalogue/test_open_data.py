"""The catalogue to take away: as a table, as news, as a map, and as search engines read it."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup

from marketplace.catalogue import services
from marketplace.catalogue.models import Offer, OfferCouncil
from marketplace.catalogue.queries import sharing
from marketplace.catalogue.rules import AccessFact, Setting
from marketplace.catalogue.rules.table import COLUMNS
from tests.factories import catalogue, ratings

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
BREAKOUT = "</script><script>alert(1)</script><!-- & \u2028"


def parsed(response):
    return ET.fromstring(response.data)  # noqa: S314  (our own words)


@pytest.fixture
def town(session):
    hall, _ = catalogue.live(
        session, title="=Cooking, together", description='Cook "well".', access=frozenset({AccessFact.STEP_FREE})
    )
    home, _ = catalogue.live(
        session,
        title="Gardening",
        setting=Setting.AT_HOME,
        place=None,
        address="1 Secret Road",
        travels_metres=8047,
        now=catalogue.LISTED + timedelta(hours=1),
    )
    catalogue.source(session)
    services.add_universal_service(
        session, service=catalogue.universal_service(), now=catalogue.LISTED + timedelta(hours=2)
    )
    catalogue.draft(session, title="Nobody sees this")
    for stars in (5, 4, 3):
        ratings.review(session, offer=hall, stars=stars)
    session.add(OfferCouncil(offer_id=home.id, council="E08000003"))
    session.commit()
    return {"hall": hall, "home": home, "library": session.query(Offer).filter_by(title="Sale Library").one()}


# ---------------------------------------------------------------- the table


def table(client):
    response = client.get("/open-data/catalogue.csv")
    assert response.mimetype == "text/csv"
    assert "attachment" in response.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(response.text, newline="")))


def test_the_table_has_everything_that_is_live_and_nothing_else(client, town):
    rows = {row["title"]: row for row in table(client)}
    assert set(rows) == {"'=Cooking, together", "Gardening", "Sale Library"}
    hall, home, library = rows["'=Cooking, together"], rows["Gardening"], rows["Sale Library"]
    assert (hall["id"], hall["access"], hall["prices"]) == (
        str(town["hall"].id),
        "step_free",
        "20.00 per hour from 2026-05-01",
    )
    assert (hall["people_who_rated"], hall["average_rating"]) == ("3", "4.0")
    assert (hall["licence"], hall["publisher"]) == ("Open Government Licence v3.0", "")
    assert hall["longitude"].startswith("-2."), "a number stays a number"
    assert (home["address"], home["postcode"], home["latitude"]) == ("", "M33", "")
    assert home["also_serves"] == "E08000003"
    assert (library["publisher"], library["is_free"], library["confirmed_on"]) == ("Trafford Council", "yes", "")
    assert "Secret" not in client.get("/open-data/catalogue.csv").text


def test_a_spreadsheet_runs_nothing_of_the_table(client, session):
    for n, sign in enumerate("=+-@"):
        catalogue.live(session, title=f"{sign}cmd|' /C calc'!A{n}", description=f"{sign}1+1")
    session.commit()
    for row in table(client):
        assert not any(cell.startswith(("=", "+", "@")) for cell in row.values())
        assert row["title"].startswith("'")
        assert row["description"].startswith("'")


def test_an_empty_catalogue_is_a_table_with_a_header(client, session):
    assert client.get("/open-data/catalogue.csv").text.strip().split(",") == [column.name for column in COLUMNS]


def test_the_table_is_read_in_batches(client, session, count_queries, monkeypatch):
    monkeypatch.setattr(sharing, "BATCH", 2)
    for n in range(5):
        catalogue.live(session, title=f"Offer {n}")
    session.commit()
    count_queries.clear()
    assert len(table(client)) == 5
    assert len(count_queries) <= 1 + 3 * 9


def test_the_page_explains_every_column_and_names_every_list(client, town):
    page = client.get("/open-data")
    assert page.status_code == 200
    for column in COLUMNS:
        assert f"<code>{column.name}</code>" in page.text
    assert "Trafford Council" in page.text
    assert "/open-data" in BeautifulSoup(client.get("/").text, "html.parser").select_one("footer").decode()


# ---------------------------------------------------------------- news


def news(client, **asked):
    response = client.get("/offers/new.atom", query_string=asked)
    assert response.status_code == 200
    assert response.mimetype == "application/atom+xml"
    feed = parsed(response)
    assert feed.tag == f"{ATOM}feed"
    for one in [feed, *feed.findall(f"{ATOM}entry")]:
        assert one.findtext(f"{ATOM}id").startswith("urn:uuid:")
        assert one.findtext(f"{ATOM}title")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one.findtext(f"{ATOM}updated"))
        assert one.find(f"{ATOM}link[@rel='alternate']").get("href").startswith("http")
        assert one.find(f"{ATOM}author/{ATOM}name").text
    assert feed.find(f"{ATOM}link[@rel='self']").get("href").startswith("http")
    return feed


def titles(feed):
    return [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]


def test_what_came_last_comes_first(client, town):
    feed = news(client)
    assert titles(feed) == ["Sale Library", "Gardening", "=Cooking, together"]
    assert feed.find(f"{ATOM}entry/{ATOM}id").text == f"urn:uuid:{town['library'].id}"
    assert "Secret" not in client.get("/offers/new.atom").text


def test_news_is_for_one_area_as_well(client, town):
    assert len(titles(news(client, council="E08000009"))) == 3
    assert titles(news(client, council="E08000003")) == ["Gardening"], "it serves all of that area"
    assert titles(news(client, council="E09000023")) == []
    ids = {news(client, **asked).findtext(f"{ATOM}id") for asked in ({}, {"council": "E08000009"})}
    assert len(ids) == 2
    assert client.get("/offers/new.atom?council=E99999999").status_code == 404


def test_readers_find_the_news_by_themselves(client):
    link = BeautifulSoup(client.get("/offers").text, "html.parser").select_one("link[type='application/atom+xml']")
    assert link["href"] == "/offers/new.atom"


# ---------------------------------------------------------------- the map


def test_the_map_leads_to_every_live_offer(client, town):
    index = parsed(client.get("/sitemap.xml"))
    parts = [part.text for part in index.iter(f"{MAP}loc")]
    assert [part.rpartition("/")[2] for part in parts] == ["pages.xml", "offers-1.xml"]
    assert index.find(f".//{MAP}lastmod") is not None
    found = parsed(client.get("/sitemaps/offers-1.xml"))
    assert [one.text.rpartition("/")[2] for one in found.iter(f"{MAP}loc")] == [
        str(town[name].id) for name in ("hall", "home", "library")
    ]
    assert len(list(found.iter(f"{MAP}lastmod"))) == 3
    pages = parsed(client.get("/sitemaps/pages.xml"))
    for one in pages.iter(f"{MAP}loc"):
        assert client.get(one.text.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_the_map_is_in_parts(session, town):
    parts = sharing.sitemap_parts(session, size=2)
    assert [part.number for part in parts] == [1, 2]
    assert all(part.changed_at for part in parts)
    assert [len(sharing.sitemap_part(session, number=n, size=2)) for n in (1, 2, 3)] == [2, 1, 0]


@pytest.mark.parametrize("number", [0, 2, 10**9, 10**30])
def test_a_part_that_is_not_there_is_not_found(client, session, number):
    assert client.get(f"/sitemaps/offers-{number}.xml").status_code == 404


def test_an_empty_site_has_an_empty_map(client, session):
    assert client.get("/sitemaps/offers-1.xml").status_code == 200
    assert client.get("/sitemap.xml").status_code == 200


def test_robots_are_let_in_only_where_real_people_are(client, new_app):
    assert "Disallow: /\n" in client.get("/robots.txt").text
    real = new_app(
        env="production",
        secret_key="a" * 40,
        site_url="https://example.net",
        mail_route="smtp",
        contact_email="us@example.net",
        ratelimit_storage_uri="memory://",
    )
    words = real.test_client().get("/robots.txt").text
    assert "Sitemap: https://example.net/sitemap.xml" in words
    assert "Disallow: /\n" not in words


# ---------------------------------------------------------------- what search engines read


def json_ld(client, offer):
    page = BeautifulSoup(client.get(f"/offers/{offer.id}").text, "html.parser")
    (script,) = page.select("script[type='application/ld+json']")
    return json.loads(script.string)


def test_an_offer_is_a_service_with_its_price_and_its_average(client, town):
    said = json_ld(client, town["hall"])
    assert (said["@type"], said["name"]) == ("Service", "=Cooking, together")
    assert said["offers"]["price"] == "20.00"
    assert said["offers"]["priceSpecification"]["unitText"] == "hour"
    assert said["aggregateRating"]["ratingValue"] == 4.0
    assert said["aggregateRating"]["ratingCount"] == 3
    assert said["availableChannel"]["serviceLocation"]["address"]["postalCode"] == "M33 7ZF"
    assert said["url"] == f"http://127.0.0.1:8000/offers/{town['hall'].id}"


def test_a_place_open_to_everyone_is_a_local_business_without_a_rating_it_has_not(client, town):
    said = json_ld(client, town["library"])
    assert said["@type"] == "LocalBusiness"
    assert said["isAccessibleForFree"] is True
    assert said["address"]["addressCountry"] == "GB"
    assert "aggregateRating" not in said


def test_whoever_comes_to_your_home_has_no_address(client, town):
    said = json.dumps(json_ld(client, town["home"]))
    assert "PostalAddress" not in said
    assert "7ZF" not in said
    assert "Secret" not in said


def test_two_ratings_make_no_average(client, session):
    offer, _ = catalogue.live(session)
    for stars in (5, 5):
        ratings.review(session, offer=offer, stars=stars)
    session.commit()
    assert "aggregateRating" not in json_ld(client, offer)


def test_nothing_somebody_wrote_can_end_the_script(client, session):
    offer, _ = catalogue.live(session, title="A </script> B", description=BREAKOUT)
    session.commit()
    page = client.get(f"/offers/{offer.id}").text
    script = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)[1]
    assert json.loads(script)["name"] == "A </script> B"
    assert not set("<>&\u2028") & set(script)
    assert "alert(1)</script>" not in page
