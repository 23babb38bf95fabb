"""The feed: every endpoint, every parameter, and what must never be in it."""

from __future__ import annotations

import json
import uuid
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker

from marketplace.catalogue import services
from marketplace.catalogue.models import AgeRange, Offer, OfferCouncil, OfferLanguage, OfferPayment, OfferTime
from marketplace.catalogue.rules import AccessFact, Capacity, Day, PartOfDay, Setting, WayToPay
from marketplace.catalogue.rules.sharing import id_at_place
from marketplace.catalogue.rules.taxonomies import Taxonomy, term_id
from marketplace.kit.limits import limiter
from marketplace.kit.money import Money
from tests.factories import catalogue, ratings

FEED = "/open-referral"
OFFICIAL = Path(__file__).parents[4] / "shared" / "oruk"
WRAPPER = {
    "total_items": int, "total_pages": int, "page_number": int, "size": int, "first_page": bool, "last_page": bool,
    "empty": bool, "contents": list,
}  # fmt: skip
LISTS = ("services", "service_at_locations", "taxonomies", "taxonomy_terms")
DETAILS = ("schedules", "service_areas", "cost_options", "attributes", "languages", "service_at_locations")


@pytest.fixture
def get(client):
    """Return a function that asks the feed, and checks what holds of every answer."""

    def ask(path, status=200, **asked):
        response = client.get(f"{FEED}/{path}", query_string=asked)
        assert response.status_code == status, response.text
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.mimetype == "application/json"
        assert not nulls(response.json), response.json
        return response.json

    return ask


@pytest.fixture
def town(session):
    """One of everything: at a place, at home, online, free, rated, and taken from a list."""
    hall, _speaker = catalogue.live(
        session,
        title="Cooking together",
        description="We cook & eat, then wash up.",
        category="food-and-meals",
        access=frozenset({AccessFact.STEP_FREE, AccessFact.HEARING_LOOP}),
        price=catalogue.asking(22, group_amount=Money(1200), group_from=3),
    )
    home, _ = catalogue.live(
        session,
        title="Gardening at yours",
        setting=Setting.AT_HOME,
        travels_metres=8047,
        place=None,
        address="1 Secret Road",
        now=catalogue.LISTED + timedelta(hours=1),
    )
    online, _ = catalogue.live(
        session,
        title="Talk by video",
        category="peer-support",
        setting=Setting.ONLINE,
        place=None,
        address="",
        is_free=True,
        now=catalogue.LISTED + timedelta(hours=2),
    )
    catalogue.source(session)
    services.add_universal_service(
        session, service=catalogue.universal_service(), now=catalogue.LISTED + timedelta(hours=3)
    )
    library = session.query(Offer).filter_by(title="Sale Library").one()
    draft, _ = catalogue.draft(session, title="Nobody sees this")
    hall.capacity, hall.capacity_on, hall.suits = Capacity.WAITING_LIST, date(2026, 5, 1), "People who like food."
    hall.travel_per_mile, hall.notice_hours = Money(45), 48
    session.add_all(
        [
            OfferTime(offer_id=hall.id, day=Day.TUESDAY, part=PartOfDay.MORNING),
            OfferTime(offer_id=hall.id, day=Day.THURSDAY, part=PartOfDay.MORNING),
            OfferTime(offer_id=hall.id, day=Day.FRIDAY, part=PartOfDay.NIGHT),
            OfferPayment(offer_id=hall.id, way=WayToPay.DIRECT_PAYMENT),
            OfferLanguage(offer_id=hall.id, language="Polish"),
            OfferCouncil(offer_id=home.id, council="E08000003"),
            AgeRange(offer_id=library.id, youngest=18, oldest=65),
        ]
    )
    for stars in (5, 4, 3):
        ratings.review(session, offer=hall, stars=stars)
    ratings.review(session, offer=online, stars=2)
    session.commit()
    return {"hall": hall, "home": home, "online": online, "library": library, "draft": draft}


def nulls(said):
    if isinstance(said, dict):
        return any(nulls(value) for value in said.values())
    return any(map(nulls, said)) if isinstance(said, list) else said is None


def names(page):
    return [one.get("name") or one["service"]["name"] for one in page["contents"]]


# ---------------------------------------------------------------- what is there


def test_the_root_says_which_version(get, client):
    assert get("")["version"] == "HSDS-UK-3.0"
    assert client.get(FEED).json["version"] == "HSDS-UK-3.0", "with and without a slash, and without a redirect"


@pytest.mark.parametrize("path", LISTS)
def test_every_list_is_wrapped_in_a_page(get, town, path):
    for asked in ({}, {"per_page": 2}, {"per_page": 2, "page": 2}, {"page": 999}):
        page = get(path, **asked)
        assert {name: type(value) for name, value in page.items()} == WRAPPER
        assert page["size"] == len(page["contents"])
        assert page["empty"] is (not page["contents"])
        assert page["page_number"] == asked.get("page", 1)
        assert page["total_pages"] == -(-page["total_items"] // asked.get("per_page", 50))
        assert page["first_page"] is (page["page_number"] == 1)
        assert page["last_page"] is (page["page_number"] >= page["total_pages"])


@pytest.mark.parametrize("path", LISTS)
def test_walking_from_page_to_page_gives_each_once(get, town, path):
    whole = [one["id"] for one in get(path, per_page=200)["contents"]]
    pages = get(path, per_page=2)["total_pages"]
    walked = [one["id"] for n in range(pages) for one in get(path, per_page=2, page=n + 1)["contents"]]
    assert walked == whole
    assert len(set(walked)) == len(walked)


def test_lists_show_what_is_live_in_the_order_it_came(get, town):
    assert names(get("services")) == ["Cooking together", "Gardening at yours", "Talk by video", "Sale Library"]
    assert names(get("service_at_locations")) == ["Cooking together", "Talk by video", "Sale Library"]
    get(f"services/{town['draft'].id}", status=404)


def test_an_empty_site_has_an_empty_feed(get, session):
    assert get("services") == {
        "total_items": 0, "total_pages": 0, "page_number": 1, "size": 0, "first_page": True, "last_page": True,
        "empty": True, "contents": [],
    }  # fmt: skip


def test_a_service_says_all_we_know(get, town):
    hall = town["hall"]
    said = get(f"services/{hall.id}")
    assert (said["id"], said["name"], said["status"]) == (str(hall.id), "Cooking together", "active")
    assert said["organization_id"] == said["organization"]["id"] == str(hall.provider_id)
    assert said["url"] == f"http://127.0.0.1:8000/offers/{hall.id}"
    assert said["fees"].startswith("£22 an hour (One person); £12 an hour (Each of 3 people or more)")
    assert said["eligibility_description"] == "People who like food."
    assert said["assured_date"] == hall.confirmed_at.date().isoformat()
    assert said["x_ratings"] == {
        "count": 3,
        "average": 4.0,
        "spread": {"1": 0, "2": 0, "3": 1, "4": 1, "5": 1},
        "worst": 1,
        "best": 5,
        "url": f"http://127.0.0.1:8000/offers/{hall.id}#reviews",
    }
    assert said["x_capacity"] == {"status": "waiting_list", "words": "Has a waiting list", "as_of": "2026-05-01"}
    assert said["alert"] == "Has a waiting list, as the provider said on 2026-05-01."
    morning, night = said["schedules"]
    assert (morning["freq"], morning["byday"], morning["opens_at"]) == ("WEEKLY", "TU,TH", "08:00")
    assert (night["byday"], night["x_part_of_day"]) == ("FR", "night")
    costs = [(c["amount"], c.get("x_people_from"), c["x_unit"], c["x_rate"]) for c in said["cost_options"]]
    assert costs == [
        (22.0, 1, "hour", "standard"), (12.0, 3, "hour", "standard"), (0.45, None, "mile", "travel")
    ]  # fmt: skip
    assert [one["name"] for one in said["languages"]] == ["Polish"]
    assert {one["taxonomy_term"]["code"] for one in said["attributes"]} == {
        "food-and-meals", "at_place", "micro_provider", "step_free", "hearing_loop", "direct_payment"
    }  # fmt: skip
    (area,) = said["service_areas"]
    assert (area["extent"], area["extent_type"], area["name"]) == ("E08000009", "text", "Trafford")
    assert area["uri"].endswith("/E08000009")
    (place,) = said["service_at_locations"]
    assert place["id"] == str(id_at_place(hall.id))
    assert place["location"]["addresses"][0]["postal_code"] == "M33 7ZF"
    assert place["location"]["addresses"][0]["state_province"] == "Trafford"
    assert [one["x_fact"] for one in place["location"]["accessibility"]] == ["step_free", "hearing_loop"]
    assert place["location"]["latitude"] == pytest.approx(53.42, abs=0.01)
    assert get(f"services/{hall.id}") == said, "ids do not change from one day to the next"


def test_an_average_is_told_only_from_three(get, town):
    said = get(f"services/{town['online'].id}")["x_ratings"]
    assert (said["count"], said["spread"]["2"]) == (1, 1)
    assert "average" not in said
    assert "x_ratings" not in get(f"services/{town['library'].id}")


def test_whoever_comes_to_your_home_has_an_area_and_no_address(get, town):
    home = town["home"]
    assert home.postcode, "it is known here"
    said = get(f"services/{home.id}")
    everything = json.dumps([said, get("services"), get("services", full="true")])
    assert "Secret Road" not in everything
    assert [area["extent"] for area in said["service_areas"]] == ["E08000009", "E08000003", "M33"]
    assert said["service_areas"][-1]["name"] == "Up to 5 miles from M33"
    assert said["x_travels_metres"] == 8047
    assert "service_at_locations" not in said
    assert "latitude" not in json.dumps(said)
    assert "7ZF" not in json.dumps(said)
    get(f"service_at_locations/{id_at_place(home.id)}", status=404)


def test_what_is_online_is_everywhere_and_virtual(get, town):
    said = get(f"services/{town['online'].id}")
    assert said["service_at_locations"][0]["location"]["location_type"] == "virtual"
    assert said["fees"] == "Free"
    assert "cost_options" not in said


def test_what_came_from_a_list_names_it_and_is_assured_by_nobody(get, town):
    said = get(f"services/{town['library'].id}")
    assert said["x_source"]["publisher"] == "Trafford Council"
    assert said["x_source"]["licence"] == "Open Government Licence v3.0"
    assert not {"assured_date", "assurer_email"} & said.keys()
    assert (said["minimum_age"], said["maximum_age"]) == (18, 65)


def test_lists_hold_one_of_each_unless_asked_for_all(get, town):
    for service in get("services")["contents"]:
        assert not set(DETAILS) & service.keys()
    full = get("services", full="true")["contents"]
    assert full == [get(f"services/{service['id']}") for service in full]
    for place in get("service_at_locations")["contents"]:
        assert not {"addresses", "accessibility"} & place["location"].keys()
        assert not set(DETAILS) & place["service"].keys()
    full = get("service_at_locations", full="true")["contents"]
    assert full == [get(f"service_at_locations/{place['id']}") for place in full]


def test_taxonomies_and_their_terms_lead_to_each_other(get, town):
    taxonomies = {one["id"]: one for one in get("taxonomies")["contents"]}
    assert len(taxonomies) == len(Taxonomy)
    terms = get("taxonomy_terms", per_page=200)["contents"]
    assert {term["taxonomy_id"] for term in terms} == set(taxonomies)
    for one in taxonomies.values():
        assert get(f"taxonomies/{one['id']}") == one
    for term in terms:
        assert get(f"taxonomy_terms/{term['id']}") == term
        assert term["term_uri"].endswith(term["id"])
    used = {one["taxonomy_term"]["id"] for one in get(f"services/{town['hall'].id}")["attributes"]}
    assert used <= {term["id"] for term in terms}
    parents = {term["parent_id"] for term in terms if "parent_id" in term}
    assert parents <= {term["id"] for term in terms}


# ---------------------------------------------------------------- what can be asked


def found(get, **asked):
    return set(names(get("services", **asked)))


def test_search_looks_for_all_the_words(get, town):
    assert found(get, search="cook") == {"Cooking together"}
    assert found(get, search="cooking garden") == set()
    assert found(get, search="library") == {"Sale Library"}
    assert len(found(get, search="!!")) == 4


def test_terms_and_taxonomies_are_filters(get, town):
    food, loop = term_id(Taxonomy.CATEGORY, "food-and-meals"), term_id(Taxonomy.ACCESS, "hearing_loop")
    home, kind = term_id(Taxonomy.SETTING, "at_home"), term_id(Taxonomy.PROVIDER_KIND, "universal_service")
    pay = term_id(Taxonomy.WAY_TO_PAY, "direct_payment")
    assert found(get, taxonomy_term_id=food) == {"Cooking together"}
    assert found(get, taxonomy_term_id=[food, loop, pay]) == {"Cooking together"}
    assert found(get, taxonomy_term_id=[food, home]) == set(), "all of them must hold"
    assert found(get, taxonomy_term_id=home) == {"Gardening at yours"}
    assert found(get, taxonomy_term_id=kind) == {"Sale Library"}
    assert found(get, taxonomy_term_id=uuid.uuid4()) == set()
    assert found(get, taxonomy_id=Taxonomy.ACCESS.id) == found(get, taxonomy_id=Taxonomy.WAY_TO_PAY.id)
    assert len(found(get, taxonomy_id=Taxonomy.CATEGORY.id)) == 4
    assert found(get, taxonomy_id=uuid.uuid4()) == set()


def test_days_and_times_must_be_of_one_and_the_same_time(get, town):
    assert found(get, day="TU") == found(get, day="tuesday") == {"Cooking together"}
    assert found(get, day="WE") == set()
    assert found(get, day="TU", start_time="08:00", end_time="12:00") == {"Cooking together"}
    assert found(get, day="TU", start_time="13:00") == set()
    assert found(get, day="FR", start_time="13:00") == {"Cooking together"}
    assert found(get, day="FR", end_time="23:59") == set(), "the night ends on the next day"


def test_ages_are_those_that_are_said(get, town):
    assert found(get, minimum_age=18) == found(get, maximum_age=65) == {"Sale Library"}
    assert found(get, minimum_age=19) == set()


def test_a_place_can_be_asked_for_by_postcode_and_distance(get, town):
    at_place = {"Cooking together", "Sale Library"}
    assert set(names(get("service_at_locations", postcode="M33 7ZF", proximity=500))) == at_place
    assert set(names(get("service_at_locations", postcode="WA14 1EZ", proximity=500))) == set()
    assert set(names(get("service_at_locations", postcode="WA14 1EZ", proximity=20_000))) == at_place
    assert set(names(get("service_at_locations", postcode="M33 7ZF"))) == {*at_place, "Talk by video"}
    assert set(names(get("service_at_locations", postcode="SE13 6TL"))) == {"Talk by video"}


def test_what_changed_since_is_found_to_the_second(get, town, session):
    changed = town["home"].updated_at
    assert "Gardening at yours" in found(get, modified_after=changed.isoformat())
    assert "Gardening at yours" not in found(get, modified_after=(changed + timedelta(seconds=1)).isoformat())
    assert "Gardening at yours" in found(get, modified_after=changed.isoformat().replace("+00:00", "Z"))
    assert found(get, modified_after="2030-01-01") == set()
    assert len(found(get, modified_after="2020-01-01")) == 4


def test_one_provider_can_be_asked_for(get, town):
    assert found(get, organization_id=town["hall"].provider_id) == {"Cooking together"}


def test_filters_all_hold_together(get, town):
    asked = {"search": "cook", "day": "TU", "taxonomy_term_id": term_id(Taxonomy.ACCESS, "step_free")}
    assert found(get, **asked) == {"Cooking together"}
    assert found(get, **asked | {"organization_id": town["home"].provider_id}) == set()


@pytest.mark.parametrize(
    ("parameter", "said"),
    [
        ("page", "0"), ("page", "-1"), ("page", "two"), ("page", "9" * 30), ("per_page", "0"), ("per_page", "201"),
        ("minimum_age", "x"), ("maximum_age", "999"), ("day", "someday"), ("start_time", "25:00"),
        ("end_time", "noon"), ("modified_after", "yesterday"), ("modified_after", "2026-13-01"),
        ("taxonomy_term_id", "food"), ("taxonomy_id", "1"), ("organization_id", "x"), ("search", "a" * 201),
        ("full", "perhaps"), ("postcode", "nowhere"), ("postcode", "Trafford"), ("proximity", "near"),
        ("proximity", "100"), ("modified_after", "0001-01-01T00:00:00+23:59"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_and_named(get, parameter, said):
    refused = get("service_at_locations", status=422, **{parameter: said})
    assert refused["parameter"] == parameter
    assert refused["message"].endswith(".")
    assert len(refused["message"]) < 200


def test_what_the_standard_does_not_name_is_passed_by(get, town):
    assert len(found(get, cache="1", format="json", postcode="nowhere")) == 4


# ---------------------------------------------------------------- how it answers


# Written out: two workers must name their tests alike.
@pytest.mark.parametrize(
    "path", ["nothing", "services/nothing", "services/00000000-0000-4000-8000-000000000000", "services/1/2"]
)
def test_what_is_not_there_is_refused_in_json(get, path):
    assert get(path, status=404)["message"].endswith(".")
    for kind in ("service_at_locations", "taxonomies", "taxonomy_terms"):
        get(f"{kind}/{uuid.uuid4()}", status=404)


def test_it_is_only_read(client):
    response = client.post(f"{FEED}/services")
    assert response.status_code in {400, 405}
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.json["message"] == "This feed is only read. Use GET."


@pytest.mark.parametrize(("method", "path", "status"), [("TRACE", "services/1", 405), ("GET", "services/a%0Ab", 404)])
def test_what_no_page_was_found_for_is_refused_in_json_too(client, method, path, status):
    response = client.open(f"{FEED}/{path}", method=method)
    assert response.status_code == status
    assert response.mimetype == "application/json"
    assert response.json["message"].endswith(".")


@pytest.mark.parametrize("path", ["", "/", "/services", "/nothing", "/about"])
def test_any_site_may_ask_first(app, connection, path):
    response = FlaskClient(app).options(FEED + path)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in response.headers["Access-Control-Allow-Methods"]


def test_other_pages_are_not_open_to_every_site(client):
    assert "Access-Control-Allow-Origin" not in client.get("/").headers


@pytest.fixture
def limited(new_app):
    """An application that counts: rate limits are off in other tests."""
    yield new_app(env="development")
    limiter.reset()


def test_who_asks_too_often_is_told_how_long_to_wait(limited):
    client = limited.test_client()
    answers = [client.get(f"{FEED}/taxonomies") for _ in range(301)]
    assert {response.status_code for response in answers[:300]} == {200}
    refused = answers[-1]
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert refused.json["message"].startswith("You have asked very often.")


def test_a_page_costs_as_many_queries_for_one_as_for_many(get, town, session, count_queries):
    def cost(**asked):
        session.rollback()
        count_queries.clear()
        get("services", **asked)
        return len(count_queries)

    assert cost(per_page=1) == cost(per_page=100) <= 5
    assert cost(per_page=1, full="true") == cost(per_page=100, full="true") <= 11


def test_the_page_about_it_explains_every_addition(client, get, town):
    words = client.get(f"{FEED}/about").text
    said = json.dumps([get("services", full="true"), get("service_at_locations", full="true")])
    for addition in {part.split('"')[0] for part in said.split('"x_')[1:]}:
        assert f"x_{addition}" in words
    for parameter in ("page", "per_page", "full", "search", "modified_after", "proximity", "day", "start_time"):
        assert parameter in words


# ---------------------------------------------------------------- the official schemas

official = pytest.mark.skipif(not OFFICIAL.is_dir(), reason="the official schemas are not beside the project")


def schema(name):
    return Draft202012Validator(json.loads((OFFICIAL / f"{name}.json").read_text()), format_checker=FormatChecker())


@official
def test_every_answer_passes_the_official_schema(get, town):
    service, place = schema("service"), schema("service_at_location")
    for one in [*get("services")["contents"], *get("services", full="true")["contents"]]:
        service.validate(one)
        schema("organization").validate(one["organization"])
    for one in [
        *get("service_at_locations")["contents"], *get("service_at_locations", full="true")["contents"]
    ]:  # fmt: skip
        place.validate(one)
        service.validate(one["service"])


@official
def test_the_official_schema_would_notice(get, town):
    said = get(f"services/{town['hall'].id}")
    assert list(schema("service").iter_errors(said | {"description": None}))
    del said["service_at_locations"][0]["location"]["addresses"][0]["state_province"]
    assert list(schema("service").iter_errors(said))


@official
def test_every_endpoint_and_parameter_of_the_official_description_is_there(app, get, town):
    described = json.loads((OFFICIAL / "openapi.json").read_text())
    ids = {"services": town["hall"].id, "service_at_locations": id_at_place(town["hall"].id)}
    ids |= {"taxonomies": Taxonomy.CATEGORY.id, "taxonomy_terms": term_id(Taxonomy.ACCESS, "bsl")}
    assert len(described["paths"]) == 9
    for path, kinds in described["paths"].items():
        get(path.strip("/").replace("{id}", str(ids.get(path.split("/")[1]))))
        for parameter in kinds["get"].get("parameters", ()):
            name = parameter["$ref"].rpartition("/")[2]
            if name != "search":
                get(path.strip("/"), status=422, **{name: "\N{SNOWMAN}"})
