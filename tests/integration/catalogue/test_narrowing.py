"""Filters on the results page: each finds what has it, alone and together, and says how many there are."""

from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup

from marketplace.catalogue.rules import AccessFact, Capacity, CheckKind, Day, PartOfDay, Setting, Unit, WayToPay
from marketplace.catalogue.services.checking import Told, record_check
from marketplace.catalogue.views.shown import today
from marketplace.kit.money import Money
from marketplace.search import services as search
from marketplace.search.rules import DocumentId
from tests.factories import catalogue as make
from tests.factories import moderation

TUESDAY_MORNING = (Day.TUESDAY, PartOfDay.MORNING)
FRIDAY_EVENING = (Day.FRIDAY, PartOfDay.EVENING)
NOW = datetime.now(UTC)


def priced(pounds, **differences):
    return make.asking(pounds, begins_on=today(), **differences)


@pytest.fixture
def three(session):
    """Three clubs: one with everything, one with some of it, one with none."""
    body, speaker = make.provider(session, name="Everything Ltd")
    everything, _ = make.live(
        session,
        of=body,
        by=speaker,
        title="Club with everything",
        category="arts-and-music",
        price=priced(12, group_amount=Money(9_00), group_from=3),
        access=frozenset({AccessFact.STEP_FREE, AccessFact.HOIST}),
        times=frozenset({TUESDAY_MORNING, FRIDAY_EVENING}),
        ways_to_pay=frozenset({WayToPay.DIRECT_PAYMENT, WayToPay.OWN_MONEY}),
        capacity=Capacity.SPACE_NOW,
        now=NOW,
    )
    some, _ = make.live(
        session,
        title="Club with some",
        category="food-and-meals",
        price=priced(30),
        access=frozenset({AccessFact.STEP_FREE}),
        times=frozenset({TUESDAY_MORNING}),
        ways_to_pay=frozenset({WayToPay.OWN_MONEY}),
        now=NOW,
    )
    nothing, _ = make.live(session, title="Club with nothing", price=priced(40, unit=Unit.ITEM), now=NOW)
    session.commit()
    return everything, some, nothing


def read(response):
    return BeautifulSoup(response.text, "html.parser")


def found(client, query):
    page = client.get(f"/offers?q=club&{query}")
    assert page.status_code == 200
    titles = [title.text.strip() for title in read(page).select(".results__list .card__title")]
    return {title.removeprefix("Club with ") for title in titles}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("access=step_free", {"everything", "some"}),
        ("access=step_free&access=hoist", {"everything"}),
        ("day=tuesday", {"everything", "some"}),
        ("day=friday", {"everything"}),
        ("day=tuesday&day=friday", {"everything"}),
        ("part=evening", {"everything"}),
        ("day=tuesday&part=morning", {"everything", "some"}),
        ("day=tuesday&part=evening", set()),
        ("pay=own_money", {"everything", "some"}),
        ("pay=direct_payment", {"everything"}),
        ("space=now", {"everything"}),
        ("group=yes", {"everything"}),
        ("price=12", {"everything"}),
        ("price=30", {"everything", "some"}),
        ("price=11.99", set()),
        ("category=out-and-about", {"everything"}),
        ("category=at-home", {"some", "nothing"}),
        ("category=at-home&category=food-and-meals", {"some"}),
        ("access=step_free&day=tuesday&price=20&space=now&group=yes&category=arts-and-music", {"everything"}),
        ("access=hoist&category=food-and-meals", set()),
    ],
)
def test_a_filter_finds_what_has_it(client, three, query, names):
    assert found(client, query) == names


def counts(page):
    return {
        label.select_one("span").text: int(label.select_one(".choice__count").contents[1])
        for label in page.select(".choice")
        if label.select_one(".choice__count")
    }


def test_every_filter_says_how_many_there_would_be(client, three):
    said = counts(read(client.get("/offers?q=club")))
    wanted = {
        "Has space now": 1,
        "Costs less in a group": 1,
        "Step-free way in": 2,
        "Hoist": 1,
        "Hearing loop": 0,
        "Tuesday": 2,
        "Friday": 1,
        "Evening": 1,
        "Direct payment": 1,
        "Your own money": 2,
        "Company, going out and things to do": 1,
        "Help at home": 2,
        "Micro-provider": 3,
    }
    assert {name: said[name] for name in wanted} == wanted
    said = counts(read(client.get("/offers?q=club&access=hoist&part=evening")))
    assert (said["Step-free way in"], said["Friday"], said["Tuesday"]) == (1, 1, 0)


def test_what_was_checked_can_be_asked_for(client, session, three):
    everything, *_ = three
    record_check(
        session,
        provider_id=everything.provider_id,
        kind=CheckKind.DBS,
        told=Told(level="enhanced"),
        checked_by="Trafford Council",
        checked_on=today(),
        by=moderation.moderator(session),
        now=NOW,
    )
    session.commit()
    assert found(client, "check=dbs") == {"everything"}
    assert found(client, "check=insurance") == set()


def test_what_people_rated_can_be_asked_for(client, session, three):
    _everything, some, nothing = three
    search.rate_document(session, DocumentId(some.id), score=466, ratings=3, worth=4_000_000)
    search.rate_document(session, DocumentId(nothing.id), score=166, ratings=3, worth=1_600_000)
    session.commit()
    assert found(client, "rated=4") == {"some"}
    assert found(client, "rated=4&by=5") == set()
    assert order(client, "sort=rating") == ["some", "nothing", "everything"]


def order(client, query):
    page = read(client.get(f"/offers?q=club&{query}"))
    return [title.text.strip().removeprefix("Club with ") for title in page.select(".card__title")]


def test_results_can_be_put_in_order_of_price(client, three):
    assert order(client, "sort=price") == ["everything", "some", "nothing"]


def test_nearest_first_needs_a_place(client, three):
    page = read(client.get("/offers?q=club"))
    assert [option["value"] for option in page.select("#filter-sort option")] == ["fit", "price", "rating"]
    page = read(client.get("/offers?q=club&near=M33"))
    assert [option["value"] for option in page.select("#filter-sort option")] == ["fit", "distance", "price", "rating"]
    assert client.get("/offers?q=club&sort=distance").status_code == 200


def test_what_serves_a_council_is_found_there(client, session):
    make.live(
        session,
        title="Club for Salford",
        setting=Setting.AT_HOME,
        travels_metres=1_000,
        councils=frozenset({"E08000006"}),
        price=priced(20),
        now=NOW,
    )
    session.commit()
    assert found(client, "near=Salford&within=1") == {"Club for Salford"}


def test_each_result_says_why_it_stands_where_it_stands(client, three):
    page = read(client.get("/offers?q=everything&near=M33+7ZF"))
    why = [line.get_text(" ", strip=True) for line in page.select_one(".why__reasons").select("li")]
    assert why[0] == "“everything” is in its title."
    assert "It is less than a tenth of a mile from M33 7ZF." in why
    assert "Its provider confirmed today that it is right." in why
