"""How somebody reads: one cookie, set from our own pages alone, that every page and every kept page obeys."""

from http.cookies import SimpleCookie

import pytest
from lxml.html import fromstring

from marketplace.kit.kept import Shelf
from marketplace.kit.reading import COOKIE

pytestmark = pytest.mark.once

OURS = {"Origin": "http://localhost"}
CHOSEN = {"size": "large", "spacing": "wide", "ground": "contrast", "motion": "still", "words": "easy"}


def choose(client, headers=OURS, **sent):
    return client.post("/reading", data=sent, headers=headers)


def cookie_of(response):
    return SimpleCookie(response.headers.get("Set-Cookie", "")).get(COOKIE)


def marks(page):
    return {
        name.removeprefix("data-"): value for name, value in fromstring(page.text).attrib.items() if "data-" in name
    }


def test_who_has_not_chosen_gets_the_page_as_it_comes(client):
    page = client.get("/how-it-works")
    usual = {"size": "normal", "spacing": "normal", "ground": "device", "motion": "device", "words": "usual"}
    assert marks(page) == usual
    assert cookie_of(page) is None


def test_what_is_chosen_is_remembered_for_a_year_and_every_page_obeys(client):
    answer = choose(client, **CHOSEN, back="/pools?near=M33", submit="yes")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/pools?near=M33")
    cookie = cookie_of(answer)
    assert cookie.value == "large.wide.contrast.still.easy"
    assert (cookie["max-age"], cookie["samesite"], cookie["path"]) == (str(365 * 24 * 3600), "Lax", "/")
    assert cookie["httponly"]
    assert not cookie["secure"]  # there is no https in a test
    assert marks(client.get("/how-it-works")) == CHOSEN
    # A page of a mistake too.
    assert marks(client.get("/no-such-page")) == CHOSEN
    assert '<meta name="theme-color" content="#000000">' in client.get("/").text


def test_where_the_public_can_reach_us_the_cookie_travels_by_https_alone(client, app, monkeypatch):
    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)
    assert cookie_of(choose(client, words="easy"))["secure"]


def test_one_press_changes_the_words_and_leaves_the_rest(client):
    choose(client, size="largest")
    page = fromstring(client.get("/how-it-works").text)
    (switch,) = page.xpath("//form[@class='words-switch']")
    assert switch.xpath(".//button/@value") == ["easy"]
    answer = choose(client, words="easy", back=switch.xpath(".//input/@value")[0])
    assert answer.headers["Location"] == "/how-it-works"
    assert cookie_of(answer).value == "largest.normal.device.device.easy"
    again = fromstring(client.get("/how-it-works").text)
    assert again.xpath("//form[@class='words-switch']//button/@value") == ["usual"]


def test_starting_again_forgets_everything(client):
    choose(client, **CHOSEN)
    answer = choose(client, **CHOSEN, reset="yes")
    assert cookie_of(answer)["max-age"] == "0"
    assert marks(client.get("/how-it-works"))["size"] == "normal"


@pytest.mark.parametrize(
    "back",
    ["https://evil.test/", "//evil.test", "/\\evil.test", "/\t/evil.test", "javascript:alert(1)", "evil.test", ""],
)
def test_nobody_is_led_to_another_site(client, back):
    answer = choose(client, words="easy", back=back)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


@pytest.mark.parametrize(
    ("referrer", "back"),
    [
        ("http://localhost/offers?q=tea&near=M33", "/offers?q=tea&near=M33"),
        ("http://localhost/reading", "/"),
        ("https://evil.test/offers", "/"),
        ("http://localhost//evil.test", "/"),
        (None, "/"),
    ],
)
def test_one_goes_back_to_the_page_one_came_from(client, referrer, back):
    page = fromstring(client.get("/reading", headers={"Referer": referrer} if referrer else {}).text)
    assert page.xpath("//main//input[@name='back']/@value") == [back]


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "https://evil.test"}, {"Origin": "null"}, OURS | {"Sec-Fetch-Site": "cross-site"}],
)
def test_another_site_cannot_choose_for_somebody(client, headers):
    answer = choose(client, headers=headers, words="easy")
    assert answer.status_code == 422
    assert "Nothing was changed." in answer.text
    assert cookie_of(answer) is None


@pytest.mark.parametrize(("name", "said"), [
    ("size", "Choose how large the letters should be."),
    ("spacing", "Choose how much space there should be."),
    ("ground", "Choose which colours you want."),
    ("motion", "Choose whether things may move."),
    ("words", "Choose which words you want."),
])  # fmt: skip
def test_what_cannot_be_chosen_is_refused_beside_its_question(client, name, said):
    answer = choose(client, **CHOSEN | {name: "upside-down"}, back="/pools")
    assert answer.status_code == 422
    assert cookie_of(answer) is None
    page = fromstring(answer.text)
    assert said in page.xpath(f"string(//p[@id='{name}-error'])")
    assert page.xpath("//main//input[@name='back']/@value") == ["/pools"]


@pytest.mark.parametrize("told", ["", "garbage", "large.large.large", "'; DROP TABLE offer", "a" * 3000])
def test_garbage_in_the_cookie_reads_as_usual(client, told):
    client.set_cookie(COOKIE, told)
    page = client.get("/reading")
    assert page.status_code == 200
    assert marks(page)["words"] == "usual"


def test_the_question_is_asked_once_whatever_the_answer(app, client, connection):
    asked = "Would you like Easy Read?"
    assert asked in client.get("/").text
    assert asked not in client.get("/how-it-works").text
    for answer in ("easy", "usual"):
        browser = app.test_client()
        choose(browser, words=answer, back="/")
        assert asked not in browser.get("/").text
    larger = app.test_client()
    choose(larger, size="large", words="usual")
    assert asked not in larger.get("/").text


def test_a_page_is_kept_for_each_way_of_reading_and_for_no_other(new_app, monkeypatch):
    app = new_app(keep_pages_mb=4)
    put, keep = [], Shelf.put
    monkeypatch.setattr(Shelf, "put", lambda shelf, key, page: (put.append(key), keep(shelf, key, page)))

    def read(told=None, address="/how-it-works"):
        browser = app.test_client()
        if told is not None:
            browser.set_cookie(COOKIE, told)
        return browser.get(address).text

    usual, easy = read(), read("normal.normal.device.device.easy")
    assert 'data-words="usual"' in usual
    assert 'data-words="easy"' in easy
    assert len(put) == 2
    # What is no way of reading fills no shelf.
    for told in ("x", "large!", "normal.normal.device.device.unasked", *(f"{number}.a.b" for number in range(20))):
        assert read(told) == usual
    assert len(put) == 2
    assert read("normal.normal.device.device.easy.more") == easy
    # The page of choices says where one came from, so it is nobody else's.
    read(address="/reading")
    assert len(put) == 2


def test_monitors_and_programs_are_told_the_same_however_they_read(client):
    for address in ("/health/live", "/.well-known/security.txt", "/offers/new.atom"):
        usual = client.get(address)
        client.set_cookie(COOKIE, "largest.wide.dark.still.easy")
        assert client.get(address).data == usual.data
        client.delete_cookie(COOKIE)
    assert client.get("/cookies").text.count(f">{COOKIE}<") == 1
