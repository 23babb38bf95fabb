"""Does each key page say the same in Easy Read: with its drawings, its main action, all it had, and nothing private?"""

import re

import pytest

from tests.integration.routes.test_every_route import MOST_QUESTIONS
from tests.pages import read, words

# Both databases make the same pages.
pytestmark = pytest.mark.once

EASY = "normal.normal.device.device.easy"

KEY_PAGES = [
    # Who opens it, which page, and what it is for: an address that is left outside of the fold.
    ("anyone", "web.home", "/offers"),
    ("anyone", "web.how_it_works", "/offers"),
    ("anyone", "web.contact", "mailto:"),
    ("anyone", "catalogue.results", "/offers"),
    ("anyone", "catalogue.offer", "/arrangements/ask/"),
    ("anyone", "pooling.index", "/pools"),
    ("stranger", "pooling.show", "/pledge"),
    ("anyone", "accounts.sign_in", ""),
    ("anyone", "accounts.sign_up", ""),
    ("stranger", "purchasing.ask", "/arrangements/ask/"),
    ("stranger", "pooling.pledge", ""),
    ("ada", "purchasing.index", "/arrangements/"),
    ("ada", "purchasing.show", "/arrangements/"),
    ("ada", "basket.show", "/basket"),
    ("ada", "basket.check", "/basket"),
    ("stranger", "basket.add", "/basket/add/"),
    ("ada", "basket.change", "/change"),
    ("ada", "basket.pay_for", "/paying"),
    ("anyone", "brokerage.who_helps", "/help/directory"),
    ("ada", "brokerage.who_helps", "/help/invite"),
    ("ada", "budgets.index", "/budgets/"),
    ("ada", "budgets.show", "/top-up"),
    ("ada", "payments.show", "/invoices/"),
    ("ada", "ratings.of_arrangement", "/reviews/for/"),
]
OURS = re.compile(r"^/(easy-read|offers|pools|basket|contact|help/free|arrangements|reviews|invoices|budgets)")
"""Pages that easy words may lead to, besides those that the usual page leads to."""


@pytest.fixture
def open_page(app, world, visit, count_queries):
    """Return a function that opens a page as somebody, in the usual words or in easy ones."""

    def opened(name, endpoint, *, is_easy):
        client, _viewer = visit(name)
        if is_easy:
            client.set_cookie("reading", EASY)
        rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
        url = world.url(app, rule)
        count_queries.clear()
        response = client.get(url, follow_redirects=endpoint == "basket.check")
        assert response.status_code == 200, f"{url} answered {response.status_code}"
        assert len(count_queries) <= MOST_QUESTIONS or response.history, f"{url} asked {len(count_queries)} questions"
        return read(response.text)

    return opened


def main_of(page):
    return page.xpath("//main")[0]


def addresses(part):
    """Return where a part of a page leads, and to where it sends."""
    found = {
        *part.xpath(".//a/@href"),
        *part.xpath(".//form[not(@action='/reading')]/@action"),
    }
    return {address for address in found if not address.startswith("#")}


def fields(part):
    return {
        name
        for name in part.xpath(".//input/@name | .//select/@name | .//textarea/@name")
        if name not in {"words", "back"}
    }


def private(part):
    """Return what could be about somebody: email addresses and amounts of money."""
    return set(re.findall(r"[\w.+-]+@[\w.-]*\w|£[\d,]+(?:\.\d\d)?", words(part)))


@pytest.mark.parametrize(("name", "endpoint", "leads_to"), KEY_PAGES, ids=lambda it: it if "." in str(it) else "")
def test_a_key_page_says_the_same_easily(open_page, name, endpoint, leads_to):
    usual, easy = (main_of(open_page(name, endpoint, is_easy=is_easy)) for is_easy in (False, True))
    assert not usual.find_class("easy-row")
    rows = easy.find_class("easy-row")
    assert rows
    assert all(row.xpath("./svg") and words(row.find_class("easy-row__words")[0]) for row in rows)
    # What it is for stands in the open.
    folded = {address for fold in easy.find_class("more-about") for address in addresses(fold)}
    in_the_open = [
        *easy.xpath(".//a[not(ancestor::details)]/@href"),
        *easy.xpath(".//form[not(ancestor::details)][not(@action='/reading')]/@action"),
    ]
    assert not leads_to or any(leads_to in address for address in in_the_open)
    # Nothing is taken away, and nothing is shown or asked that the usual page does not show or ask.
    assert addresses(usual) <= addresses(easy) | folded
    strays = {address for address in addresses(easy) - addresses(usual) if not OURS.match(address)}
    assert not strays
    assert fields(easy) == fields(usual)
    assert {it.removesuffix(".00") for it in private(easy)} <= {it.removesuffix(".00") for it in private(usual)}


@pytest.mark.parametrize(("name", "endpoint", "_leads_to"), KEY_PAGES, ids=lambda it: it if "." in str(it) else "")
def test_a_key_page_says_that_it_is_there_both_ways(open_page, name, endpoint, _leads_to):
    if endpoint != "web.home":  # Its usual form asks on top, until somebody has said.
        usual = main_of(open_page(name, endpoint, is_easy=False))
        assert [words(button) for button in usual.xpath(".//button[@name='words'][@value='easy']")] == [
            "This page in Easy Read"
        ]
    easy = main_of(open_page(name, endpoint, is_easy=True))
    assert [words(button) for button in easy.xpath(".//button[@name='words'][@value='usual']")] == [
        "This page in usual words"
    ]


def test_a_provider_has_an_arrangement_in_the_usual_words(open_page):
    """They did not ask for it: what is said to who asked would not be true of them."""
    easy = main_of(open_page("provider", "purchasing.show", is_easy=True))
    assert not easy.find_class("easy-row")
    assert easy.xpath(".//details[contains(@class, 'more-about')][@open]")


def test_each_guide_stands_alone(app, visit, count_queries):
    client, _viewer = visit("anyone")
    index = read(client.get("/easy-read").text)
    guides = index.xpath("//main//ul[contains(@class, 'easy-guides')]//a/@href")
    assert len(guides) == 8
    for number, address in enumerate(guides):
        count_queries.clear()
        page = main_of(read(client.get(address).text))
        assert len(page.find_class("easy-row")) >= 10
        assert not page.xpath(".//form")
        following = page.xpath(".//nav[@aria-label='More guides']//a/@href")
        assert following == [*guides[number + 1 : number + 2], "/easy-read"]
        assert not count_queries


def test_a_guide_that_we_have_not_written_is_not_there(visit):
    client, _viewer = visit("anyone")
    assert client.get("/easy-read/nothing").status_code == 404


def test_everybody_finds_the_guides(visit):
    client, _viewer = visit("anyone")
    page = read(client.get("/how-it-works").text)
    assert page.xpath("//main//a[@href='/easy-read']")
    assert page.xpath("//footer//a[@href='/easy-read']")


def test_somebody_switches_on_the_page_and_stays_there(visit):
    client, _viewer = visit("anyone")
    here = "/pools?about=music.singing"
    page = read(client.get(here).text)
    (button,) = page.xpath("//main//button[@name='words']")
    form = page.get_element_by_id(button.get("form"))
    assert form.xpath(".//input[@name='back']/@value") == [here]
    sent = {"back": here, "words": "easy"}
    answer = client.post(form.get("action"), data=sent, headers={"Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer.location) == (303, here)
    assert main_of(read(client.get(here).text)).find_class("easy-row")
