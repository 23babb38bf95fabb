"""Listing, reading, changing and checking offers in the browser."""

import uuid
from datetime import date

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from marketplace.catalogue import services
from marketplace.catalogue.models import Offer, OfferPrice, Provider
from marketplace.catalogue.rules import AccessFact, OfferStatus
from marketplace.kit.money import Money
from marketplace.kit.outbox import Message
from tests.factories import accounts, moderation
from tests.factories import catalogue as make

PROVIDER = {
    "kind": "micro_provider",
    "name": "Marigold",
    "about": "Two sisters and a van.",
    "place": "m337zf",
    "website": "www.example.org",
    "staff_fte": "2.5",
    "is_independent": "y",
}


def read(response):
    return BeautifulSoup(response.text, "html.parser")


@pytest.fixture
def pat(session, sign_in):
    return sign_in(accounts.person(session, name="Pat").id)


def test_somebody_becomes_a_provider_and_begins_an_offer(pat, session):
    assert pat.get("/listings/new").headers["Location"] == "/providers/new"
    arrived = pat.fill_in("/providers/new", **PROVIDER)
    body = session.scalars(select(Provider)).one()
    assert arrived.headers["Location"] == f"/listings/new?provider={body.id}"
    assert (body.name, body.postcode, body.website) == ("Marigold", "M33 7ZF", "https://www.example.org")
    assert body.is_independent
    begun = pat.fill_in(arrived.headers["Location"])
    assert begun.headers["Location"].endswith("/title")


@pytest.mark.parametrize(
    ("answers", "kept"),
    [
        (
            {
                "kind": "user_led_organisation",
                "board_share": "80",
                "board_share_source": "our annual report",
                "board_share_on": ["3", "3", "2026"],
            },
            ("user_led_organisation", 80, "our annual report", date(2026, 3, 3), None, False),
        ),
        ({"kind": "other_provider", "trade": "equipment"}, ("other_provider", None, "", None, "equipment", False)),
    ],
    ids=["user-led", "other"],
)
def test_each_kind_of_provider_says_what_makes_it_one(pat, session, answers, kept):
    assert pat.fill_in("/providers/new", **PROVIDER | answers).status_code == 302
    body = session.scalars(select(Provider)).one()
    said = (body.kind, body.board_share, body.board_share_source, body.board_share_on, body.trade, body.is_independent)
    assert said == kept


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Tell us the name people know you by."),
        ({"place": "M33 9ZZ"}, "We do not know"),
        ({"place": "EH1 1AA"}, "England"),
        ({"staff_fte": "6"}, "A micro-provider has at most 5 full-time staff"),
        ({"staff_fte": "two"}, "Enter a number, like 2 or 2.5."),
        ({"staff_fte": "2.55"}, "at most one decimal"),
        ({"is_independent": ""}, "A micro-provider is independent of any larger organisation."),
        ({"kind": "user_led_organisation", "board_share": "50"}, "more than half"),
        ({"kind": "user_led_organisation", "board_share": "80"}, "Say where people can read that."),
        (
            {"kind": "user_led_organisation", "board_share": "80", "board_share_source": "our report"},
            "Enter the day on which it was so",
        ),
        (
            {
                "kind": "user_led_organisation",
                "board_share": "80",
                "board_share_source": "our report",
                "board_share_on": ["1", "1", "2999"],
            },
            "Enter a day that has been",
        ),
        ({"kind": "other_provider"}, "Choose what you do."),
        ({"kind": "other_provider", "trade": "piracy"}, "Choose what you do."),
        ({"kind": "universal_service"}, "Not a valid choice"),
        ({"website": "javascript:alert(1)"}, "Enter a web address"),
    ],
)
def test_a_provider_that_will_not_do_is_refused_and_keeps_what_was_typed(pat, session, wrong, sentence):
    page = pat.fill_in("/providers/new", **PROVIDER | wrong)
    assert page.status_code == 422
    assert sentence in page.text
    assert "Two sisters and a van." in page.text
    assert session.scalars(select(Provider)).all() == []


@pytest.fixture
def own(session, sign_in):
    offer, speaker = make.draft(session, price=make.asking(20, group_amount=Money(1500), group_from=3))
    sign_in(speaker.person_id)
    return offer


def as_typed(page):
    """Return what a form holds, as a browser would send it."""
    form = read(page).select_one("main form[method=post]:has(textarea)")
    typed = {}
    for control in form.select("input[name]:not([type=submit]), textarea, select"):
        if control.get("type") in {"radio", "checkbox"} and not control.has_attr("checked"):
            continue
        chosen = control.select_one("option[selected]") if control.name == "select" else None
        value = control.text.lstrip("\n") if control.name == "textarea" else control.get("value", "")
        typed.setdefault(control["name"], []).append(chosen["value"] if chosen else value)
    return typed


def test_a_provider_takes_down_and_puts_back(client, session, sign_in):
    offer, speaker = make.live(session)
    sign_in(speaker.person_id)
    client.press(f"/offers/{offer.id}", "Take it down")
    assert client.application.test_client().get(f"/offers/{offer.id}").status_code == 404
    client.press(f"/offers/{offer.id}", "Put it back")
    assert client.application.test_client().get(f"/offers/{offer.id}").status_code == 200


def test_an_offer_without_a_price_is_led_to_the_form_that_can_mend_it(own, client, session):
    own.is_free = True
    session.commit()
    session.execute(OfferPrice.__table__.delete())
    own.is_free = False
    session.commit()
    sent = client.press(f"/offers/{own.id}", "Send it to be checked")
    assert sent.headers["Location"] == f"/offers/{own.id}/edit"
    assert "Enter a price, or say that it is free." in client.get(sent.headers["Location"]).text


@pytest.mark.parametrize("path", ["", "/edit", "/decide"])
def test_a_draft_does_not_exist_for_anybody_else(own, session, sign_in, path):
    _, other = make.provider(session)
    stranger = sign_in(other.person_id)
    assert stranger.get(f"/offers/{own.id}{path}").status_code in {403, 404}


@pytest.mark.parametrize("act", ["submit", "unlist", "relist"])
def test_nobody_moves_another_providers_offer(own, client, session, sign_in, act):
    _, other = make.provider(session)
    stranger = sign_in(other.person_id)
    token = read(stranger.get("/listings/new")).select_one("input[name=csrf_token]")["value"]
    assert stranger.post(f"/offers/{own.id}/{act}", data={"csrf_token": token}).status_code == 404


def test_a_step_that_cannot_be_taken_now_is_said_in_a_sentence(own, client):
    token = read(client.get(f"/offers/{own.id}")).select_one("input[name=csrf_token]")["value"]
    page = client.post(f"/offers/{own.id}/unlist", data={"csrf_token": token})
    assert page.status_code == 409
    assert "nothing to take down" in page.text


def test_ones_own_offers_are_listed_with_why_they_need_a_change(client, session, sign_in):
    offer, speaker = make.submitted(session)
    services.refuse_offer(
        session,
        offer_id=offer.id,
        reason="Say what an hour costs.",
        by=moderation.moderator(session),
        seen=None,
        address="",
        now=make.LISTED,
    )
    page = sign_in(speaker.person_id).get("/offers/mine")
    assert "Needs a change" in page.text
    assert "Say what an hour costs." in page.text


def test_a_moderator_reads_and_approves(client, session, sign_in):
    offer, _ = make.submitted(session)
    moderator = sign_in(moderation.moderator(session).person_id)
    assert f'href="/offers/{offer.id}/decide"' in moderator.get("/moderation").text
    done = moderator.fill_in(f"/offers/{offer.id}/decide", outcome="approve", reason="")
    assert done.headers["Location"] == "/moderation"
    assert client.application.test_client().get(f"/offers/{offer.id}").status_code == 200
    assert f"http://127.0.0.1:8000/offers/{offer.id}" in session.scalars(select(Message.body)).one()


def test_a_refusal_without_a_reason_is_said_beside_its_box(client, session, sign_in):
    offer, _ = make.submitted(session)
    moderator = sign_in(moderation.moderator(session).person_id)
    page = moderator.fill_in(f"/offers/{offer.id}/decide", outcome="refuse", reason="")
    assert page.status_code == 422
    assert "Say why." in read(page).select_one("#reason-error").text
    session.refresh(offer)
    assert offer.status is OfferStatus.SUBMITTED


@pytest.mark.parametrize("seen", ["", "yesterday", "2020-01-01T00:00:00+00:00"])
def test_a_decision_about_words_that_changed_is_not_taken(client, session, sign_in, seen):
    offer, _ = make.submitted(session)
    moderator = sign_in(moderation.moderator(session).person_id)
    page = moderator.fill_in(f"/offers/{offer.id}/decide", outcome="approve", reason="", seen=seen)
    assert page.status_code == 422
    assert "Read it again, then decide." in page.text


def test_a_live_offer_can_only_be_taken_down(client, session, sign_in):
    offer, _ = make.live(session)
    moderator = sign_in(moderation.moderator(session).person_id)
    assert "Take it down until it is changed" in moderator.get(f"/offers/{offer.id}/decide").text
    moderator.fill_in(f"/offers/{offer.id}/decide", outcome="refuse", reason="It moved away.")
    assert client.application.test_client().get(f"/offers/{offer.id}").status_code == 404


def test_the_page_of_an_offer_says_what_matters_and_what_to_do(client, session):
    offer, _ = make.live(
        session, price=make.asking(20, group_amount=Money(1500), group_from=3), access=frozenset({AccessFact.HOIST})
    )
    session.commit()
    page = client.get(f"/offers/{offer.id}")
    for words in (
        "£20",
        "Boring Hall, Sale, M33 7ZF",
        "Hoist",
        "2 full-time people",
        "Nobody has rated this yet",
        "999",
    ):
        assert words in page.text, words
    links = {link.get_text(strip=True): link["href"] for link in read(page).select("main a")}
    assert links["Ask for this"] == f"/arrangements/ask/{offer.id}"
    assert links["Start a pool"] == f"/pools/open/{offer.id}"
    assert links["Boring Help"] == f"/providers/{offer.provider_id}"


def test_a_universal_service_thanks_its_publisher_and_can_be_rated(client, session, now):
    make.source(session)
    services.add_universal_service(
        session, service=make.universal_service(website="https://www.example.org/library"), now=now
    )
    session.commit()
    offer_id = session.scalars(select(Offer.id)).one()
    page = client.get(f"/offers/{offer_id}")
    links = {link.get_text(strip=True): link["href"] for link in read(page).select("main a")}
    assert "Ask for this" not in links
    assert links["I used this: rate it"] == f"/reviews/of/{offer_id}"
    assert links["open data published by Trafford Council"] == "https://www.trafforddatalab.io/"
    assert links["Go to their website"] == "https://www.example.org/library"
    assert "Open Government Licence v3.0" in page.text


def test_the_page_of_a_provider(client, session, sign_in):
    offer, speaker = make.live(session)
    session.commit()
    page = client.get(f"/providers/{offer.provider_id}")
    assert "We help." in page.text
    assert "Gardening, an hour" in page.text
    assert client.get(f"/providers/{offer.provider_id}?page=99").status_code == 404
    assert client.get(f"/providers/{uuid.uuid4()}").status_code == 404
    assert "Change what this page says" in sign_in(speaker.person_id).get(f"/providers/{offer.provider_id}").text


def test_a_provider_changes_what_people_read_about_it(client, session, sign_in):
    offer, speaker = make.live(session)
    sign_in(speaker.person_id)
    address = f"/providers/{offer.provider_id}/edit"
    typed = as_typed(client.get(address))
    assert typed["place"] == ["M33 7ZF"]
    assert client.post(address, data=typed | {"staff_fte": ["9"]}).status_code == 422
    client.post(address, data=typed | {"about": ["We help a lot."], "kind": ["user_led_organisation"]})
    body = session.get_one(Provider, offer.provider_id, populate_existing=True)
    assert (body.about, body.kind) == ("We help a lot.", "micro_provider")


def test_an_expired_form_keeps_what_was_typed(own, client):
    here = client.fill_in("/listings/new").headers["Location"]
    page = client.post(here, data={"title": "An afternoon in your garden", "csrf_token": "old"})
    assert page.status_code == 422
    assert "This page was open for a long time" in page.text
    assert "An afternoon in your garden" in page.text


@pytest.mark.parametrize("path", ["/listings", "/listings/new", "/offers/mine", "/providers/new"])
def test_strangers_are_asked_to_sign_in(client, path):
    assert client.get(path).headers["Location"].startswith("/accounts/sign-in")


def test_a_moderator_is_no_provider(client, session, sign_in):
    moderator = sign_in(moderation.moderator(session).person_id)
    assert moderator.get("/offers/mine").status_code == 403
    assert moderator.get("/providers/new").status_code == 403


def test_a_page_of_reviews_that_is_not_there_is_the_last_one(client, session):
    offer, _ = make.live(session)
    session.commit()
    assert client.get(f"/offers/{offer.id}?page=99").status_code == 200
