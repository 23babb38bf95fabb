"""What stands around every page: who one is here, whom one can ask, the way out, and what other sites show of it."""

import pytest
from lxml.html import fromstring

from marketplace.accounts.rules import PERMISSIONS, Role
from tests import pages
from tests.factories import accounts
from tests.factories import catalogue as make

pytestmark = pytest.mark.once


def told_above(page):
    """What the strip at the top of a page says of who somebody is."""
    found = fromstring(page.text).xpath("//section[contains(@class, 'strip')]//p[@class='strip__who']")
    return pages.words(found[0]) if found else ""


def metas(page):
    """What a page tells search engines and other sites of itself."""
    return {
        tag.get("property") or tag.get("name"): tag.get("content")
        for tag in fromstring(page.text).xpath("//head/meta[@property or @name]")
    }


def test_a_visitor_is_told_nothing_about_themselves(client):
    assert told_above(client.get("/how-it-works")) == ""


def test_whoever_signed_in_is_told_as_whom_and_for_which_organisation(session, sign_in, count_queries):
    person = accounts.person(session, name="Nadine")
    assert told_above(sign_in(person.id).get("/how-it-works")) == "Signed in as Nadine"
    _body, speaker = make.provider(session, name="Hedges and Sons")
    browser = sign_in(speaker.person_id)
    count_queries.clear()
    page = browser.get("/how-it-works")
    # Who it is and what they speak for is one question.
    assert len(count_queries) == 1
    assert told_above(page).endswith(", for Hedges and Sons")


@pytest.mark.parametrize("role", Role)
def test_the_menu_stays_short_whatever_somebody_is(session, sign_in, role):
    if role in {Role.PROVIDER, Role.USER_LED_ORGANISATION}:
        person = accounts.person(session, name="Pat")
        accounts.organisation(session, role=role, spoken_for_by=person)
    else:
        council = "E08000009" if role is Role.COMMISSIONER else None
        person = accounts.person(session, role=role, council=council, name="Pat")
    menu = fromstring(sign_in(person.id).get("/pools").text).xpath("//nav[@id='menu']")[0]
    links = [pages.words(link) for link in menu.xpath(".//a")]
    assert links[:2] == ["Find support", "Pools"]
    assert len(links) <= 7, f"{role} may {PERMISSIONS[role]}"
    assert [pages.words(link) for link in menu.xpath(".//a[@aria-current]")] == ["Pools"]


def test_a_narrow_screen_says_where_one_is_while_the_menu_is_folded(client):
    toggle = fromstring(client.get("/pools").text).xpath("//button[@data-menu-toggle]")[0]
    assert pages.words(toggle) == "Menu . You are in Pools"
    assert pages.words(fromstring(client.get("/privacy").text).xpath("//button[@data-menu-toggle]")[0]) == "Menu"


def test_a_person_can_be_asked_from_every_page(client):
    for address in ("/", "/pools", "/accounts/sign-in", "/no-such-page"):
        footer = fromstring(client.get(address).text).xpath("//footer")[0]
        assert footer.xpath(".//div[@class='ask-a-person']//a/@href")[:1] == ["mailto:hello@example.org"], address
        assert "answers within 5 working days" in pages.words(footer)


def test_an_operator_says_how_people_can_be_asked_and_when(new_app):
    app = new_app(
        contact_phone="0161 496 0000",
        contact_text="07700 900123",
        contact_hours="Monday to Friday",
        contact_answer_days=1,
    )
    page = fromstring(app.test_client().get("/contact").text)
    ways = page.xpath("//main//div[@class='ask-a-person']//a/@href")
    assert ways == ["tel:01614960000", "tel:1800101614960000", "sms:07700900123", "mailto:hello@example.org"]
    said = pages.words(page.find(".//main"))
    assert "Somebody is there Monday to Friday." in said
    assert "answers within 1 working day." in said
    # There it stands above already.
    assert not page.xpath("//footer//div[@class='ask-a-person']")
    # Letters end with the same.
    assert "Phone: 0161 496 0000" in app.extensions["postman"].head.foot


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/no-such-page", 404, "We cannot find that page"),
        ("/health/live", 405, "That cannot be done here"),
        ("/reading", 413, "That is too big to send"),
    ],
)
def test_a_page_of_a_mistake_says_what_happened_and_what_one_can_do(client, address, status, said):
    sent = {404: client.get, 405: client.put, 413: client.post}[status]
    answer = sent(address) if status != 413 else sent(address, data={"back": "a" * 6_000_000})
    assert answer.status_code == status
    page = fromstring(answer.text)
    main = page.find(".//main")
    assert pages.words(main.find(".//h1")) == said
    assert len(main.xpath(".//h2[text()='What you can do']/following-sibling::ul[1]/li")) >= 1
    assert page.xpath("//footer//div[@class='ask-a-person']")
    assert bool(main.xpath(".//form[@role='search']")) is (status == 404)


@pytest.mark.parametrize("address", ["/contact", "/help/free"])
def test_a_page_that_speaks_of_abuse_can_be_left_at_once(client, address):
    page = fromstring(client.get(address).text)
    (way,) = page.xpath("//a[@data-leave]")
    assert way.get("href") == "https://www.bbc.co.uk/weather"
    assert "noreferrer" in way.get("rel")
    # The weather is not told where somebody comes from, by the script either.
    assert metas(client.get(address))["referrer"] == "same-origin"
    assert "does not delete that you were here" in pages.words(page)
    # It comes before all else but the link that skips.
    assert page.xpath("//body//a")[1] is way


def test_a_page_that_does_not_is_left_as_any_other(client):
    assert "data-leave" not in client.get("/pools").text


def test_other_sites_show_a_card_of_what_anybody_may_read(client):
    told = metas(client.get("/how-it-works?from=elsewhere"))
    assert told["og:title"] == "How it works"
    assert told["description"] == told["og:description"]
    assert told["og:url"] == "http://127.0.0.1:8000/how-it-works"
    assert told["twitter:card"] == "summary_large_image"
    picture = told["og:image"].removeprefix("http://127.0.0.1:8000")
    drawn = client.get(picture, buffered=True)
    assert drawn.status_code == 200
    assert (drawn.data[16:20], drawn.data[20:24]) == ((1200).to_bytes(4), (630).to_bytes(4))


def test_an_offer_tells_of_itself_only_once_anybody_may_read_it(client, session, sign_in):
    offer, _speaker = make.live(session, title="Gardening")
    session.commit()
    assert metas(client.get(f"/offers/{offer.id}"))["og:title"] == "Gardening"


def test_nothing_of_somebodys_own_pages_is_told(session, sign_in):
    browser = sign_in(accounts.person(session, name="Nadine").id)
    for address in ("/accounts/me", "/arrangements", "/budgets", "/accounts/consent"):
        told = metas(browser.get(address))
        assert not [name for name in told if name == "description" or name.startswith(("og:", "twitter:"))], address


def test_browsers_find_our_mark_and_what_a_phone_asks_for(client):
    icon = client.get("/favicon.ico")
    assert icon.status_code == 302
    assert client.get(icon.headers["Location"], buffered=True).mimetype == "image/png"
    asked = client.get("/site.webmanifest")
    assert asked.mimetype == "application/manifest+json"
    assert asked.json["name"] == "Clubtogether"
    assert all(client.get(one["src"], buffered=True).status_code == 200 for one in asked.json["icons"])
    head = fromstring(client.get("/").text).find("head")
    assert head.xpath(".//link[@rel='manifest']/@href") == ["/site.webmanifest"]
