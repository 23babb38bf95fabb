"""What each result tells: why it is here, where it is, whether there is space, how sure anybody can be."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from marketplace.catalogue import services
from marketplace.catalogue.queries import Branch, CategoryLine
from marketplace.catalogue.rules import Capacity, CheckKind, Setting
from marketplace.catalogue.services.checking import Told, record_check
from marketplace.catalogue.views import results as results_view
from marketplace.catalogue.views import results_panel
from marketplace.catalogue.views.results_panel import Shelving
from marketplace.catalogue.views.shown import today
from marketplace.kit.places import Place, Point, Precision
from marketplace.search.rules import Found, Freshness, Hit, Part, Why
from tests.factories import catalogue as make
from tests.factories import moderation

ALTRINCHAM = Place("WA14 1AA", Point(376_700, 387_900), "E08000009", Precision.POSTCODE)


def read(response):
    return BeautifulSoup(response.text, "html.parser")


def card(page):
    return page.select_one(".card").get_text(" ", strip=True)


@pytest.fixture
def garden(session):
    """An offer that was confirmed today."""
    offer, _ = make.live(session)
    offer.confirmed_at = datetime.now(UTC)
    session.commit()
    return offer


@pytest.fixture
def find(monkeypatch):
    """Return a function that makes the search answer something of its own about an offer."""

    def answer(offer, why=Why(), **found):  # noqa: B008  (it never changes)
        plain = {"hits": (Hit(offer.id, why.distance_metres, why),), "total": 1, "page": 1, "pages": 1}
        monkeypatch.setattr(results_view.search, "find", lambda session, question: Found(**plain | found))

    return answer


# ---------------------------------------------------------------- why is this here?


def test_every_result_says_why_it_is_here(client, garden, find):
    why = Why(
        words=(("gardening", Part.TITLE), ("dig", Part.BODY), ("tidy", Part.BODY)),
        distance_metres=3_219,
        freshness=Freshness.MONTH,
        is_new=True,
        is_shuffled=True,
    )
    find(garden, why)
    page = read(client.get("/offers?q=gardening+dig+tidy&near=M33&sort=price"))
    assert [line.get_text(" ", strip=True) for line in page.select(".why__reasons li")] == [
        "You asked for the lowest price an hour first. What has no such price comes last.",
        "“gardening” is in its title.",
        "“dig” and “tidy” are in its description.",
        "It is 2.0 miles from M33.",
        "Its provider confirmed today that it is right.",
        "It is new on the site, so we show it here, in the place that each page keeps for something new.",
        "It and its neighbours fit equally well. Chance decides between them, anew every day.",
        "Nobody can pay to be higher. How we put results in order",
    ]
    assert "New on the site" in card(page)


def test_what_comes_to_people_or_is_online_says_so(client, session, find):
    home, _ = make.live(session, setting=Setting.AT_HOME, travels_metres=9_000)
    online, _ = make.live(session, setting=Setting.ONLINE)
    session.commit()
    find(home, Why(distance_metres=100))
    assert "It comes to people, and starts less than a tenth of a mile from M33." in client.get("/offers?near=M33").text
    find(online)
    assert "It is online or by phone, so it is as near as you are." in client.get("/offers?near=M33").text


def test_a_published_list_is_not_said_to_be_confirmed_by_its_provider(client, session, now):
    make.source(session)
    services.add_universal_service(session, service=make.universal_service(), now=now)
    session.commit()
    assert "We read it in a published list" in client.get("/offers").text


# ---------------------------------------------------------------- space, freshness, checks


def test_space_is_said_with_its_day_until_that_is_long_ago(client, session, garden):
    garden.capacity, garden.capacity_on = Capacity.SPACE_NOW, today()
    session.commit()
    assert "Has space now said today" in card(read(client.get("/offers")))
    garden.capacity_on = today() - timedelta(days=3)
    session.commit()
    assert f"Has space now said on {garden.capacity_on.day} " in card(read(client.get("/offers")))
    garden.capacity_on = today() - timedelta(days=40)
    session.commit()
    assert "Has space" not in card(read(client.get("/offers")))


def test_what_nobody_confirmed_for_ninety_days_says_since_when(client, session, garden):
    assert "Not confirmed" not in card(read(client.get("/offers")))
    garden.confirmed_at = datetime.now(UTC) - timedelta(days=95)
    session.commit()
    assert "Not confirmed since" in card(read(client.get("/offers")))


def test_what_was_checked_is_named(client, session, garden):
    assert "Checked" not in card(read(client.get("/offers")))
    plain = {"provider_id": garden.provider_id, "told": Told(level="enhanced"), "now": datetime.now(UTC)}
    record_check(
        session,
        kind=CheckKind.DBS,
        checked_by="Trafford Council",
        checked_on=today(),
        by=moderation.moderator(session),
        **plain,
    )
    session.commit()
    assert "Checked: DBS" in card(read(client.get("/offers")))


# ---------------------------------------------------------------- the map


def picture(page):
    return [text.text for text in page.select(".map__pin text")]


def test_results_near_a_place_are_on_a_map_with_the_numbers_of_the_list(client, session, garden):
    make.live(session, place=ALTRINCHAM, title="Gardening in Altrincham")
    session.commit()
    page = read(client.get("/offers?q=gardening&near=M33+7ZF"))
    assert sorted(picture(page)) == ["1", "2"]
    assert [number.contents[-1] for number in page.select(".card__number")] == ["1", "2"]
    svg = page.select_one(".map svg")
    assert svg["role"] == "img"
    assert svg["aria-label"] == "A map of Trafford around M33 7ZF, with 2 results of this page on it."
    assert page.select_one(".map__area--asked")["d"].startswith("M")


def test_without_a_place_there_is_no_map_and_no_number(client, garden):
    page = read(client.get("/offers?q=gardening"))
    assert not page.select(".map")
    assert not page.select(".card__number")


def test_what_comes_to_people_stands_in_the_middle_of_its_postcode_area(client, session, gazetteer):
    offer, _ = make.live(session, setting=Setting.AT_HOME, travels_metres=9_000)
    session.commit()
    first = read(client.get("/offers?near=M33")).select_one(".map__pin")["transform"]
    # Its own point may be anywhere: the picture does not change.
    offer.easting, offer.northing = 380_000, 393_000
    session.commit()
    page = read(client.get("/offers?near=M33"))
    assert page.select_one(".map__pin")["transform"] == first
    assert "never at a home" in page.select_one("figcaption").text


def test_what_is_online_is_not_on_the_map(client, session, garden):
    make.live(session, setting=Setting.ONLINE, title="Gardening by telephone")
    session.commit()
    page = read(client.get("/offers?q=gardening&near=M33"))
    assert len(page.select(".card")) == 2
    assert "1 result is not on the map" in page.select_one("figcaption").text
    make_only_online = read(client.get("/offers?q=telephone&near=M33"))
    assert not make_only_online.select(".map")


# ---------------------------------------------------------------- nothing near enough


def test_the_nearest_beyond_the_distance_are_shown_when_nothing_is_within(client, garden):
    page = read(client.get("/offers?q=gardening&near=Leeds"))
    assert "0 offers found" in page.text
    assert re.search(r"The nearest we know is (3\d|4\d) miles away", page.text)
    assert [title.get_text(strip=True) for title in page.select(".card__title")] == ["Gardening, an hour"]
    assert not read(client.get("/offers?q=submarines&near=Leeds")).select(".card")


def test_nothing_found_leads_to_telling_us(client, garden):
    page = read(client.get("/offers?q=submarines&near=M33&category=equipment"))
    links = {link.get_text(): link["href"] for link in page.select(".empty a")}
    assert links["Tell us what you need"] == "/offers/need?near=M33&category=equipment"


# ---------------------------------------------------------------- many, and the panel


def test_so_much_that_only_a_part_was_counted_is_said(client, garden, find):
    counts = {"kind": {"micro_provider": 1_200}, "cost": {"free": 7}, "mark": {}}
    find(garden, total=2_000, pages=100, is_counted=False, counts=counts, at_least=frozenset({"kind"}))
    page = read(client.get("/offers?q=gardening"))
    assert page.select_one(".results__count").text == "More than 2,000 offers found"
    counts = {label.select_one("span").text: label.get_text(" ", strip=True) for label in page.select(".choice")}
    assert counts["Is free"] == "Is free , 7 found"
    assert counts["Micro-provider"] == "Micro-provider , 1,200+ found"
    assert counts["Other provider"] == "Other provider , 0 found"


def test_a_folded_group_opens_when_something_in_it_is_on_or_wrong(client, garden):
    page = read(client.get("/offers?q=gardening&access=hoist&price=lots"))
    assert page.select_one(".filter-panel__toggle").get_text(" ", strip=True) == "Filters (1 on)"
    is_open = {
        fold.select_one("summary span").text: fold.has_attr("open") for fold in page.select(".filter-panel__fold")
    }
    assert {name for name, on in is_open.items() if on} == {"Price and paying", "Getting in and taking part"}
    assert len(is_open) == 8
    box = page.select_one("#filter-price")
    assert box["value"] == "lots"
    assert "like 20 or 14.50" in page.find(id=box["aria-describedby"]).text
    assert page.select_one(".govuk-error-summary a")["href"] == "#filter-price"


def test_few_controls_are_open_at_first(client, garden):
    page = read(client.get("/offers?q=gardening&near=M33"))
    controls = page.select(".filter-panel input, .filter-panel select")
    folded = page.select(".filter-panel__fold input, .filter-panel__fold select")
    assert len(controls) - len(folded) == 5
    assert len(controls) < 60


TREE = Shelving(
    shelves=[CategoryLine("meals", "Meals"), CategoryLine("garden", "Garden"), CategoryLine("swimming", "Swimming")],
    branches=[
        Branch("home", "At home", (CategoryLine("meals", "Meals"), CategoryLine("garden", "Garden"))),
        Branch("out", "Out and about", (CategoryLine("swimming", "Swimming"),)),
    ],
)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ((), set()),
        (("home",), {"meals", "garden"}),
        (("home", "garden"), {"garden"}),
        (("home", "swimming"), {"meals", "garden", "swimming"}),
        (("swimming",), {"swimming"}),
    ],
)
def test_a_broad_kind_means_all_of_its_own_unless_some_are_named(asked, meant):
    assert TREE.meant(asked) == meant


def test_a_broad_kind_counts_what_is_under_it(app, client):
    asked = results_view.looking.Looking(categories=("home",))
    found = Found((), 5, 1, 1, counts={"category": {"meals": 2, "garden": 3}, "kind": {}, "cost": {}, "mark": {}})
    groups = results_panel.groups(asked, TREE, found, has_place=False)
    [kinds] = [group for group in groups if group.legend == "Kind of support"]
    assert [(option.text, option.count, option.is_under) for option in kinds.filters[0].options] == [
        ("At home", 5, False),
        ("Meals", 2, True),
        ("Garden", 3, True),
    ]


def test_days_are_counted_together_with_the_part_of_the_day(app):
    asked = results_view.looking.Looking(parts=(results_view.looking.PartOfDay.MORNING,))
    marks = {"time:monday:morning": 4, "time:monday": 9, "time:evening": 2}
    found = Found((), 5, 1, 1, counts={"mark": marks})
    [when] = [
        group for group in results_panel.groups(asked, TREE, found, has_place=False) if group.legend == "Days and times"
    ]
    days, parts = when.filters
    assert {option.text: option.count for option in days.options}["Monday"] == 4
    assert {option.text: option.count for option in parts.options}["Evening"] == 2
    assert when.on == 1


def test_it_takes_no_more_queries_however_many_filters_are_on(client, session, count_queries):
    body, speaker = make.provider(session)
    for n in range(21):
        make.live(session, of=body, by=speaker, title=f"Gardening {n}")
    session.commit()
    count_queries.clear()
    client.get("/offers?q=gardening&near=M33&category=home-and-garden&kind=micro_provider&price=100&sort=price")
    assert len(count_queries) <= 9, count_queries
