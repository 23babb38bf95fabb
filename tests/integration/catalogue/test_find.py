"""Help me find: three questions whose answers are filters and nothing else; and what is left out when little fits."""

from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from werkzeug.datastructures import MultiDict

from marketplace.catalogue import queries
from marketplace.catalogue.forms import looking
from marketplace.catalogue.rules import AccessFact, Capacity, Setting, WayToPay
from marketplace.catalogue.rules.aims import Aim, categories_for
from tests.factories import catalogue as make

STEPS = ("/find", "/find/how", "/find/where")
ALL = (
    "aim=people&aim=learn&setting=at_home&access=step_free&access=hoist&space=now&group=yes&check=dbs&rated=4"
    "&q=urdu&near=M33&cost=free&pay=direct_payment"
)


def read(response):
    return BeautifulSoup(response.text, "html.parser")


def sent_by(page):
    """What the page's form would send as it stands: hidden, ticked and typed."""
    [form] = page.select("main form")
    kept = [
        (box["name"], box.get("value", ""))
        for box in form.select("input")
        if box.get("type") not in {"checkbox", "radio"} or box.has_attr("checked")
    ]
    return form["action"], [(name, value) for name, value in kept if value]


def titles(page, among=".results__list"):
    return [title.text.strip() for title in page.select(f"{among} .card__title")]


def asked_in(address):
    return {name: sorted(values) for name, values in parse_qs(urlsplit(address).query).items()}


def test_every_category_helps_with_some_aim_and_no_aim_names_one_that_is_not_there(session):
    assert {shelf.slug for shelf in queries.categories(session)} == categories_for(Aim)


@pytest.mark.parametrize("step", STEPS)
def test_each_question_keeps_what_was_answered_before_it_and_on_it(client, step):
    page = read(client.get(f"{step}?{ALL}"))
    _action, sent = sent_by(page)
    expected = sorted([*[(n, v) for n, vs in parse_qs(ALL).items() for v in vs], ("find", "yes")])
    assert sorted(sent) == expected


def test_the_questions_lead_to_one_another_and_back(client):
    actions = []
    for step in STEPS:
        page = read(client.get(f"{step}?{ALL}"))
        actions.append(sent_by(page)[0])
    assert actions == ["/find/how", "/find/where", "/offers"]
    back = read(client.get(f"/find/where?{ALL}")).select_one(".govuk-back-link")["href"]
    assert urlsplit(back).path == "/find/how"
    assert asked_in(back) == asked_in(f"?{ALL}") | {"find": ["yes"]}


@pytest.mark.parametrize(
    ("step", "gone"),
    [
        ("/find", {"aim"}),
        ("/find/how", {"setting", "access", "space", "group", "check", "rated", "q"}),
        ("/find/where", {"near", "cost", "pay"}),
    ],
)
def test_a_question_that_is_skipped_asks_for_nothing(client, step, gone):
    skip = read(client.get(f"{step}?{ALL}")).find("a", string="I am not sure: skip this")["href"]
    assert set(parse_qs(ALL)) - set(asked_in(skip)) == gone


def test_what_we_do_not_know_is_said_and_left_out(client):
    page = client.get("/find?aim=fly")
    assert page.status_code == 422
    assert "We do not know the thing to be able to do “fly”" in page.text
    assert 'value="fly"' not in page.text


@pytest.fixture
def three(session):
    """One that comes, one to go to, one by phone: each for another aim."""
    make.live(
        session,
        title="Cooking at yours",
        category="food-and-meals",
        setting=Setting.AT_HOME,
        travels_metres=8_000,
        access=frozenset({AccessFact.STEP_FREE}),
        ways_to_pay=frozenset({WayToPay.DIRECT_PAYMENT}),
    )
    make.live(session, title="Choir at the hall", category="arts-and-music", access=frozenset({AccessFact.STEP_FREE}))
    make.live(
        session,
        title="Somebody to ring",
        category="companionship",
        setting=Setting.ONLINE,
        place=None,
        is_free=True,
        capacity=Capacity.SPACE_NOW,
    )
    session.commit()


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ("aim=daily", {"Cooking at yours"}),
        ("aim=make&aim=people", {"Choir at the hall", "Somebody to ring"}),
        ("aim=make&category=arts-and-music", {"Choir at the hall"}),
        ("aim=people&category=day-opportunities", set()),
        ("setting=at_home", {"Cooking at yours"}),
        ("setting=at_place", {"Choir at the hall"}),
        ("setting=online", {"Somebody to ring"}),
        ("access=step_free", {"Cooking at yours", "Choir at the hall"}),
        ("cost=free", {"Somebody to ring"}),
        ("pay=direct_payment", {"Cooking at yours"}),
        ("", {"Cooking at yours", "Choir at the hall", "Somebody to ring"}),
    ],
)
def test_each_answer_finds_what_it_says(client, three, answers, found):
    page = client.get(f"/offers?{answers}")
    assert page.status_code == 200
    assert set(titles(read(page))) == found


def test_the_results_say_what_was_asked_and_how_to_change_each_answer(client, three):
    answers = "find=yes&aim=make&access=step_free&near=M33&cost="
    told = read(client.get(f"/offers?{answers}")).select_one(".told-us")
    words = " ".join(told.text.split())
    assert "What you would like to be able to do: Make things and enjoy music." in words
    assert "What matters about how: Step-free way in." in words
    assert "within 10 miles of M33" in words
    links = [link["href"] for link in told.select("a")]
    assert [urlsplit(link).path for link in links] == list(STEPS)
    kept = {"aim": ["make"], "access": ["step_free"], "near": ["M33"], "find": ["yes"]}
    assert all(asked_in(link) == kept for link in links)


def test_nothing_answered_is_said_too_and_nobody_else_reads_it(client, three):
    words = " ".join(read(client.get("/offers?find=yes")).select_one(".told-us").text.split())
    assert "to be able to do: anything." in words
    assert "anywhere, and paid in any way" in words
    assert read(client.get("/offers?aim=make")).select_one(".told-us") is None


def test_a_search_from_the_results_still_knows_the_answers(client, three):
    page = read(client.get("/offers?find=yes&aim=make"))
    assert page.select_one("#search input[name=find]")["value"] == "yes"
    [ticked] = page.select("input[name=aim][checked]")
    assert ticked["value"] == "make"
    assert ticked["form"] == "search"


def test_when_little_fits_one_thing_is_left_out_and_said(client, three):
    page = read(client.get("/offers?find=yes&aim=make&aim=daily&setting=at_home&space=now"))
    assert page.find("h2", string="Nothing found yet")
    assert page.find("h2", string="There is something if you leave out “has space now”")
    assert titles(page) == ["Cooking at yours"]
    whole = asked_in(page.find("a", string="See all of these")["href"])
    assert whole == {"find": ["yes"], "aim": ["daily", "make"], "setting": ["at_home"]}


def test_what_is_shown_already_is_not_shown_again(client, three):
    page = read(client.get("/offers?find=yes&aim=make&aim=people&setting=at_place"))
    assert titles(page) == ["Choir at the hall", "Somebody to ring"]
    assert page.find("h2", string="There is more if you leave out “You go there”")


def test_what_somebody_needs_to_get_in_and_that_it_is_free_are_never_left_out_for_them(client, three):
    page = read(client.get("/offers?find=yes&access=hoist&cost=free"))
    assert titles(page) == []
    ways = [link.text for link in page.select(".results li a")]
    assert "Ask providers for quotes, on your own terms" in ways
    assert "Talk to somebody who helps free of charge" in ways
    assert "Hear by email of what is new" in ways
    # Whoever wants to may leave them out themselves.
    assert "Leave out “Hoist”" in ways


def test_enough_is_left_as_it_is(client, session, three):
    for number in range(3):
        make.live(session, title=f"Painting {number}", category="arts-and-music")
    session.commit()
    page = read(client.get("/offers?find=yes&aim=make"))
    assert len(titles(page)) == 4
    assert "What else you can do" not in page.text


def test_a_helped_search_asks_few_questions_even_when_it_looks_again(client, three, count_queries):
    count_queries.clear()
    page = client.get("/offers?find=yes&space=now&aim=people&aim=make&near=M33")
    assert page.status_code == 200
    assert read(page).find("h2", string="There is more if you leave out “has space now”")
    assert len(count_queries) <= 12


def test_an_address_says_of_each_answer_what_it_read():
    asked = looking.read(MultiDict(parse_qs(f"{ALL}&find=yes")), categories=())
    assert asked.left_out == ()
    assert looking.read(MultiDict(asked.address()), categories=()) == asked
