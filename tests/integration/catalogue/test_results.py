"""The results page."""

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import func, select

from marketplace.catalogue import services
from marketplace.catalogue.rules import ProviderKind, Setting
from marketplace.kit.facts import ANY_CATEGORY, Fact, FactKind
from marketplace.kit.money import Money
from tests.factories import catalogue as make

TRAFFORD = "E08000009"


@pytest.fixture
def garden(session):
    offer, _ = make.live(session, price=make.asking(20, group_amount=Money(1500), group_from=3))
    session.commit()
    return offer


def read(response):
    return BeautifulSoup(response.text, "html.parser")


def titles(response):
    return [title.get_text(strip=True) for title in read(response).select(".results__list .card__title")]


def test_what_may_be_shown_only_is_one_list_of_choices(client, garden):
    legend = read(client.get("/offers")).find("legend", string="Show only what")
    lists = legend.find_parent("fieldset").find_all("ul")
    assert len(lists) == 1
    assert len(lists[0].find_all("input", type="checkbox")) > 1


def test_a_search_finds_an_offer_with_its_price_and_marks_the_words(client, garden):
    page = client.get("/offers?q=garden")
    assert page.status_code == 200
    assert titles(page) == ["Gardening, an hour"]
    assert "<mark>Gardening</mark>" in page.text
    words = read(page).select_one(".card").get_text(" ", strip=True)
    assert "£20 an hour" in words
    assert "£15 an hour each when 3 or more club together" in words
    assert "No ratings yet" in words


def test_a_search_near_a_place_says_how_far(client, garden):
    page = client.get("/offers?q=gardening&near=M33+7ZF")
    assert "miles away" in page.text
    assert "“gardening” near M33 7ZF" in read(page).h1.text
    assert titles(client.get("/offers?q=gardening&near=M33&within=1&sort=distance")) == ["Gardening, an hour"]


def test_nothing_asked_is_everything_and_says_so(client, garden):
    page = client.get("/offers?q=")
    assert titles(page) == ["Gardening, an hour"]
    assert "here is everything" in page.text


def test_filters_are_counted_and_each_is_removed_with_one_click(client, session, garden):
    make.live(session, is_free=True, title="Free gardening club")
    session.commit()
    page = read(client.get("/offers?q=gardening&kind=micro_provider&cost=free"))
    counts = {label.select_one("span").text: label.get_text(" ", strip=True) for label in page.select(".choice")}
    assert counts["Is free"] == "Is free , 1 found"
    assert counts["Micro-provider"] == "Micro-provider , 1 found"
    removing = {link.get_text(" ", strip=True): link["href"] for link in page.select(".results .tags a")}
    assert removing["✕ Remove the filter Free"] == "/offers?q=gardening&kind=micro_provider"
    assert removing["✕ Remove the filter Micro-provider"] == "/offers?q=gardening&cost=free"


def test_an_unknown_place_is_said_beside_its_box_and_nothing_typed_is_lost(client, garden):
    page = client.get("/offers?q=gardening&near=M33+9ZZZ&category=food-and-meals")
    assert page.status_code == 422
    html = read(page)
    assert html.select_one("#near")["value"] == "M33 9ZZZ"
    assert html.select_one("#q")["value"] == "gardening"
    assert html.select_one("input[value=food-and-meals]").has_attr("checked")
    assert "We do not know" in html.select_one("#near-error").text
    assert html.select_one(".govuk-error-summary a")["href"] == "#near"


@pytest.mark.parametrize(
    "address",
    [
        "kind=robot",
        "within=-1",
        "within=1e9",
        "cost=cheap",
        "sort=luck",
        "category=%00",
        "page=-3",
        "page=two",
        "page=" + "9" * 30,
    ],
)
def test_a_malformed_filter_is_left_out_and_said(client, garden, address):
    page = client.get(f"/offers?q=gardening&near=M33&{address}")
    assert page.status_code == 422
    assert "so we left it out" in page.text
    assert titles(page) == ["Gardening, an hour"]


def test_a_page_that_is_not_there_leads_to_the_last_one(client, garden):
    page = client.get("/offers?q=gardening&page=9999")
    assert page.status_code == 404
    assert "There is no page 9999" in page.text
    assert read(page).select_one(".empty a.button")["href"] == "/offers?q=gardening&page=1"


def test_there_are_twenty_on_a_page(client, session, count_queries):
    body, speaker = make.provider(session)
    for n in range(21):
        make.live(session, of=body, by=speaker, title=f"Gardening {n}")
    session.commit()
    count_queries.clear()
    first = client.get("/offers?q=gardening&near=M33")
    assert len(titles(first)) == 20
    assert len(count_queries) <= 8, count_queries
    assert len(titles(client.get("/offers?q=gardening&near=M33&page=2"))) == 1


def test_a_misspelt_word_is_put_right(client, garden):
    page = client.get("/offers?q=gardning")
    assert "so we looked for" in page.text
    assert "gardening" in read(page).select_one('a[href="/offers?q=gardening"]').text
    assert read(page).select_one(".results__list mark").text == "Gardening"


def test_nothing_found_suggests_what_else_to_try(client, garden):
    page = client.get("/offers?q=submarines&near=M33&within=5&kind=universal_service")
    assert page.status_code == 200
    links = {link.text: link["href"] for link in read(page).select(".empty a")}
    assert links["Look within 25 miles"] == "/offers?q=submarines&near=M33&within=25&kind=universal_service"
    assert links["Leave out “Open to everyone”"] == "/offers?q=submarines&near=M33&within=5"
    assert "See everything, whatever its words" in links


def searched(session):
    facts = select(Fact.council, Fact.category).where(Fact.kind == FactKind.SEARCHED_IN_VAIN).order_by(Fact.id)
    return [tuple(fact) for fact in session.execute(facts)]


def test_a_fruitless_search_near_a_place_is_counted_once_for_a_visitor(client, app, session, garden):
    for _ in range(2):
        client.get("/offers?q=submarines&near=M33")
    assert searched(session) == [(TRAFFORD, ANY_CATEGORY)]
    client.get("/offers?q=submarines&near=M33&category=equipment")
    assert searched(session) == [(TRAFFORD, ANY_CATEGORY), (TRAFFORD, "equipment")]
    app.test_client().get("/offers?q=submarines&near=M33")
    assert session.scalar(select(func.count(Fact.who.distinct()))) == 1, "one connection is one visitor"


@pytest.mark.parametrize("address", ["q=submarines", "q=submarines&near=nowhere", "q=gardening&near=M33"])
def test_nothing_is_counted_without_a_place_or_when_something_was_found(client, session, garden, address):
    client.get(f"/offers?{address}")
    assert not searched(session)


def test_looking_only_at_the_head_counts_nothing(app, session, garden):
    FlaskClient(app).head("/offers?q=submarines&near=M33")
    assert not searched(session)


def test_markup_in_a_question_or_an_offer_is_shown_and_not_run(client, session):
    make.live(session, title="Gardening <b>bold</b>", description="<script>alert(1)</script> gardening")
    session.commit()
    page = client.get("/offers?q=gardening+<i>")
    assert "<script>alert" not in page.text
    assert "<b>bold" not in page.text
    assert read(page).select_one("#q")["value"] == "gardening <i>"


@pytest.mark.parametrize("q", ["%00", "'", '"', "(", "AND OR NOT", "*", "-", "a" * 5000, "%F0%9F%8C%B1", "~!@#$^"])
def test_no_question_breaks_the_page(client, garden, q):
    assert client.get(f"/offers?q={q}&near=M33").status_code == 200


def test_every_kind_says_what_it_is_and_where(client, session, now):
    make.source(session)
    services.add_universal_service(session, service=make.universal_service(), now=now)
    led = make.provider(session, kind=ProviderKind.USER_LED_ORGANISATION)
    make.live(session, of=led[0], by=led[1], setting=Setting.AT_HOME, place=None, travels_metres=6437)
    make.live(session, setting=Setting.ONLINE, description="word " * 200 + "gardening marigolds")
    session.commit()
    words = [card.get_text(" ", strip=True) for card in read(client.get("/offers")).select(".card")]
    assert any("Open to everyone" in card and "M33, Trafford" in card and "Free" in card for card in words)
    assert any("User-led organisation" in card and "Comes to you, up to 4 miles from M33" in card for card in words)
    assert any("Online or by phone" in card and "word\u00a0…" in card for card in words)
    marked = [card.get_text(" ", strip=True) for card in read(client.get("/offers?q=marigolds")).select(".card__text")]
    assert any(card.startswith("…") and card.endswith("gardening marigolds") for card in marked)
