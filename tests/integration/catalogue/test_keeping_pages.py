"""Answering a letter, saying who has space, and reading every version, in the browser."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from marketplace.catalogue import services
from marketplace.catalogue.rules import Capacity, OfferStatus, Question
from marketplace.catalogue.views.letters import question_address, question_in, token_of
from marketplace.kit.days import day_of
from tests.factories import catalogue as make
from tests.factories import moderation


def now():
    return datetime.now(UTC)


@pytest.fixture
def asked(app, session):
    """An offer confirmed eighty days ago, and the address that answers the letter about it."""
    offer, speaker = make.live(session)
    offer.confirmed_at = now() - timedelta(days=80)
    session.commit()
    with app.app_context():
        token = token_of(Question(offer.id, offer.confirmed_at, now()))
    return offer, speaker, f"/offers/answer/{token}"


def heading(page):
    return BeautifulSoup(page.text, "html.parser").h1.get_text(strip=True)


def test_a_link_says_what_it_asks_and_nobody_can_make_one_up(app, session):
    offer, _ = make.live(session)
    question = Question(offer.id, offer.confirmed_at, datetime(2026, 3, 29, 0, 59, 59, 123_456, tzinfo=UTC))
    with app.app_context():
        token = token_of(question)
        assert question_in(token) == question
        assert question_address(question).endswith(token)
        for bad in (token[:-1], token + "a", token.swapcase(), "", "…", "a.b", token.split(".")[0] + ".", "x" * 5000):
            assert question_in(bad) is None


def test_opening_the_link_changes_nothing_however_often(client, session, asked):
    offer, _, link = asked
    before = offer.confirmed_at
    for _ in range(3):
        page = client.get(link)
        assert heading(page) == "Is this still right?"
    session.refresh(offer)
    assert offer.confirmed_at == before


@pytest.mark.parametrize(
    ("answer", "capacity"),
    [
        ("right", None),
        ("space_now", Capacity.SPACE_NOW),
        ("waiting_list", Capacity.WAITING_LIST),
        ("full", Capacity.FULL),
    ],
)
def test_one_button_confirms_without_signing_in(client, session, asked, answer, capacity):
    offer, _, link = asked
    sent = client.fill_in(link, answer=answer)
    assert sent.status_code == 302
    page = client.get(sent.headers["Location"])
    assert heading(page) == "Thank you. People find it"
    session.refresh(offer)
    assert now() - offer.confirmed_at < timedelta(minutes=1)
    assert offer.capacity is capacity


def test_a_letter_takes_an_offer_down(client, session, asked):
    offer, _, link = asked
    client.fill_in(link, answer="down")
    assert heading(client.get(link)) == "Thank you. It is taken down"
    session.refresh(offer)
    assert offer.status is OfferStatus.UNLISTED


def test_an_answer_that_is_none_is_said_so(client, session, asked):
    offer, _, link = asked
    page = client.fill_in(link, answer="perhaps")
    assert page.status_code == 422
    assert "Press the button that says how it is." in page.text
    session.refresh(offer)
    assert now() - offer.confirmed_at > timedelta(days=79)


def test_a_used_link_is_calm_and_does_nothing(client, session, asked):
    offer, speaker, link = asked
    services.unlist_offer(session, offer_id=offer.id, by=speaker, now=now())
    services.relist_offer(session, offer_id=offer.id, by=speaker, now=now())
    session.commit()
    page = client.get(link)
    assert (page.status_code, heading(page)) == (200, "Thank you. People find it")
    assert "nothing left to do" in page.text
    assert not BeautifulSoup(page.text, "html.parser").select("main form")


def test_an_old_link_and_a_garbled_one_say_what_to_do(app, client, asked):
    offer, _, link = asked
    with app.app_context():
        old = token_of(Question(offer.id, offer.confirmed_at, now() - timedelta(days=60)))
    page = client.get(f"/offers/answer/{old}")
    assert (page.status_code, heading(page)) == (200, "This link is too old")
    garbled = client.get(link[:-3])
    assert (garbled.status_code, heading(garbled)) == (404, "We cannot read this link")
    assert "/offers/mine" in page.text
    assert "/offers/mine" in garbled.text


def test_a_provider_says_who_has_space_with_one_button(client, session, asked, sign_in):
    offer, speaker, _ = asked
    provider = sign_in(speaker.person_id)
    sent = provider.press("/offers/mine", "We are full for Gardening, an hour")
    assert sent.headers["Location"] == "/offers/mine"
    page = provider.get("/offers/mine")
    assert "people now read that you are full" in page.text.lower()
    assert "We are still full" in page.text
    session.refresh(offer)
    assert (offer.capacity, offer.capacity_on) == (Capacity.FULL, now().date())


def test_a_provider_confirms_with_one_button(client, session, asked, sign_in):
    offer, speaker, _ = asked
    provider = sign_in(speaker.person_id)
    assert "Is it still right?" in provider.get("/offers/mine").text
    provider.press("/offers/mine", "It is all still right in Gardening, an hour")
    session.refresh(offer)
    assert now() - offer.confirmed_at < timedelta(minutes=1)
    assert "Is it still right?" not in provider.get("/offers/mine").text


def test_a_provider_reads_every_version_and_what_changed(client, session, sign_in):
    offer, speaker = make.live(session)
    moderator = moderation.moderator(session)
    services.edit_offer(
        session,
        offer_id=offer.id,
        details=make.details(description="I cut, dig and sweep."),
        asking=make.asking(),
        by=speaker,
        now=now(),
    )
    services.refuse_offer(
        session, offer_id=offer.id, reason="Sweep what?", by=moderator, seen=None, address="/", now=now()
    )
    page = sign_in(speaker.person_id).get(f"/offers/{offer.id}/history")
    found = BeautifulSoup(page.text, "html.parser")
    assert [title.get_text() for title in found.select(".versions h2")] == [f"Version {n}" for n in (4, 3, 2, 1)]
    assert "Sweep what?" in found.select_one("#version-4").get_text()
    changed = found.select_one("#version-3 .changes")
    assert "tidy" in changed.find("del").get_text()
    assert "sweep" in changed.find("ins").get_text()
    assert "[taken out:]" in changed.find("del").get_text()


def test_another_provider_s_versions_are_not_there(client, session, sign_in):
    offer, _ = make.live(session)
    _, other = make.draft(session)
    assert client.get(f"/offers/{offer.id}/history").status_code == 302
    assert sign_in(other.person_id).get(f"/offers/{offer.id}/history").status_code == 404


def test_a_moderator_sees_first_what_changed_since_it_was_approved(client, session, sign_in):
    offer, speaker = make.live(session)
    services.edit_offer(
        session,
        offer_id=offer.id,
        details=make.details(title="Gardening, two hours"),
        asking=make.asking(30, begins_on=day_of(now())),
        by=speaker,
        now=now(),
    )
    moderator = sign_in(moderation.moderator(session).person_id)
    page = BeautifulSoup(moderator.get(f"/offers/{offer.id}/decide").text, "html.parser")
    changed = page.select_one("section[aria-labelledby=changed]")
    assert [row.get_text(strip=True) for row in changed.select("dt")] == ["Name", "Price"]
    assert "two" in changed.select("dd")[0].find("ins").get_text()


def test_ready_made_reasons_fill_the_letter_and_can_be_changed(client, session, sign_in):
    offer, _ = make.submitted(session)
    moderator = sign_in(moderation.moderator(session).person_id)
    url = f"/offers/{offer.id}/decide"
    page = moderator.fill_in(url, outcome="refuse", ready=["price", "names"], reason="Hello.", copy="Put")
    assert page.status_code == 200
    letter = BeautifulSoup(page.text, "html.parser").textarea.get_text()
    assert letter.strip().startswith("Hello.")
    assert "Please say what it costs" in letter
    session.refresh(offer)
    assert offer.status is OfferStatus.SUBMITTED
    moderator.fill_in(url, outcome="refuse", ready=["price"], reason="")
    session.refresh(offer)
    assert offer.status is OfferStatus.REFUSED


def test_after_deciding_comes_what_has_waited_longest(client, session, sign_in):
    changed, speaker = make.live(session, title="Changed")
    services.edit_offer(
        session, offer_id=changed.id, details=make.details(title="Changed more"), asking=None, by=speaker, now=now()
    )
    first, _ = make.submitted(session, title="First")
    second, _ = make.submitted(session, title="Second", now=make.LISTED + timedelta(hours=1))
    moderator = sign_in(moderation.moderator(session).person_id)
    new = BeautifulSoup(moderator.get("/moderation?show=new").text, "html.parser")
    assert [title.get_text() for title in new.select("article h3")] == ["First", "Second"]
    assert "Changed more" in moderator.get("/moderation?show=changed").text
    sent = moderator.fill_in(f"/offers/{first.id}/decide?show=new", outcome="approve")
    assert sent.headers["Location"] == f"/offers/{second.id}/decide?show=new"
    sent = moderator.fill_in(sent.headers["Location"], outcome="approve")
    assert sent.headers["Location"] == "/moderation?show=new"


def test_reported_offers_are_a_list_of_their_own(client, session, sign_in):
    offer, _ = make.live(session, title="Reported")
    make.live(session, title="Not reported")
    moderation.report(session, subject_id=offer.id)
    moderator = sign_in(moderation.moderator(session).person_id)
    page = BeautifulSoup(moderator.get("/moderation?show=reported").text, "html.parser")
    offers = page.select_one("section[aria-labelledby=offers]")
    assert [title.get_text() for title in offers.select("h3")] == ["Reported"]
    assert "1 report" in offers.get_text()
