from __future__ import annotations

from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup

from marketplace.accounts.rules import Role
from marketplace.catalogue.models import Provider
from marketplace.kit.days import day_of
from marketplace.ratings.rules.nouns import Finding
from tests.factories import accounts, catalogue
from tests.factories import quality as made

ITEMS = "\n".join(made.ITEMS)


@pytest.fixture
def place(session):
    """A provider, with somebody who speaks for it and a checker of a user-led organisation."""
    offer, speaker = catalogue.live(session)
    provider = session.get_one(Provider, offer.provider_id)
    peer, _organisation = made.checker(session)
    session.commit()
    return provider, offer, speaker.person_id, peer


def words(response):
    return " ".join(BeautifulSoup(response.text, "html.parser").select_one("main").get_text(" ").split())


def today():
    """Return today as its three boxes."""
    on = day_of(datetime.now(UTC))
    return [str(on.day), str(on.month), str(on.year)]


def test_peers_write_a_checklist_visit_publish_and_hear_the_answer(client, session, sign_in, place):
    provider, offer, speaker_id, peer = place
    sign_in(peer.person_id)
    assert "Begin with a checklist" in words(client.get("/reviews/quality-checks/mine"))
    client.fill_in("/reviews/checklists/new", title="A visit", items=ITEMS)
    found = client.get("/reviews/quality-checks/begin", query_string={"q": provider.name[:4]})
    assert provider.name in words(found)
    begin = f"/reviews/quality-checks/begin/{provider.id}"
    checklist = BeautifulSoup(client.get(begin).text, "html.parser").select_one("[name=checklist]")["value"]
    sent = client.fill_in(begin, checklist=checklist, visited_on=today())
    write = sent.headers["Location"]
    answers = {f"found_{n}": Finding.MET.value for n in range(2)} | {"report": made.REPORT}
    saved = client.fill_in(write, visited_on=today(), **answers)
    draft = saved.headers["Location"]
    assert "Something is missing" in words(client.get(draft))
    saved = client.fill_in(
        write, visited_on=today(), found_2=Finding.NOT_SEEN.value, words_2="It was locked.", **answers
    )
    assert "It was locked." in words(client.get(draft))
    client.press(draft, "Publish this report")
    client.get("/accounts/me")
    sign_in(speaker_id)
    assert "They have not answered yet." in words(client.get(draft))
    client.fill_in(f"{draft}/answer", words="The quiet room is upstairs.")
    page = words(client.get(draft))
    assert "The quiet room is upstairs." in page
    assert "3 things to look at: 2 as it should be, 1 not seen." in page
    for listed in (
        "/reviews/quality-checks",
        f"/reviews/quality-checks/of/{provider.id}",
        f"/providers/{provider.id}",
        f"/offers/{offer.id}",
    ):
        assert "by peers from Meadowbridge Peer Network" in words(client.get(listed)), listed


def test_what_is_missing_is_said_beside_its_question_and_nothing_is_lost(client, session, sign_in, place):
    provider, _offer, _speaker, peer = place
    organisation = made.organisation_of(session, peer)
    checklist_id = made.checklist(session, by=peer, organisation=organisation)
    check_id = made.begun(session, provider=provider, by=peer, checklist_id=checklist_id)
    session.commit()
    sign_in(peer.person_id)
    write = f"/reviews/quality-checks/{check_id}/write"
    refused = client.fill_in(write, visited_on=today(), words_1="They knocked.", report="It was")
    assert refused.status_code == 422
    page = BeautifulSoup(refused.text, "html.parser")
    assert page.select_one("#words_1").get_text(strip=True) == "They knocked."
    assert page.select_one("#report").get_text(strip=True) == "It was"
    assert "Say what you found, too" in page.select_one(".govuk-error-summary").get_text()
    published = client.post(
        f"/reviews/quality-checks/{check_id}/publish",
        data={"csrf_token": page.select_one("[name=csrf_token]")["value"]},
    )
    assert published.status_code == 422
    assert "3 things on the checklist still have no answer" in words(published)


def test_forms_that_are_empty_say_what_they_need(client, session, sign_in, place):
    provider, _offer, speaker_id, _peer = place
    check_id, by = made.published(session, provider=provider)
    session.commit()
    sign_in(by.person_id)
    checklist_id = made.checklist(session, by=by, organisation=made.organisation_of(session, by), title="B")
    session.commit()
    for url, said in (
        ("/reviews/checklists/new", "Enter a title"),
        (f"/reviews/checklists/{checklist_id}/follow", None),
        (f"/reviews/quality-checks/begin/{provider.id}", "Enter the day of the visit."),
        (f"/reviews/quality-checks/{check_id}/correct", "Say what was wrong"),
        (f"/reviews/quality-checks/{check_id}/withdraw", "Say why."),
    ):
        sent = client.fill_in(url)
        assert sent.status_code == 422, url
        if said:
            assert said in words(sent)
    sign_in(speaker_id)
    assert "Write your answer." in words(client.fill_in(f"/reviews/quality-checks/{check_id}/answer"))


def test_a_correction_and_a_withdrawal_are_there_to_be_read(client, session, sign_in, place):
    provider, *_rest = place
    check_id, by = made.published(session, provider=provider)
    session.commit()
    sign_in(by.person_id)
    url = f"/reviews/quality-checks/{check_id}"
    client.fill_in(f"{url}/correct", words="The ramp is new.")
    assert "Correction," in words(client.get(url))
    client.fill_in(f"{url}/withdraw", reason="It was another house.")
    page = words(client.get(url))
    assert "This report was taken back" in page
    assert "It was another house." in page
    assert "The ramp is new." not in page
    assert provider.name not in words(client.get("/reviews/quality-checks"))


def test_a_moderator_who_belongs_nowhere_is_told_why_there_is_nothing_to_do(client, session, sign_in, place):
    moderator = accounts.person(session, role=Role.MODERATOR)
    session.commit()
    sign_in(moderator.id)
    assert "You do not belong to a user-led organisation here" in words(client.get("/reviews/quality-checks/mine"))
    assert "You do not belong to a user-led organisation here" in words(client.get("/reviews/checklists/new"))


def test_a_checklist_is_followed_and_taken_out_of_use(client, session, sign_in, place):
    *_rest, peer = place
    checklist_id = made.checklist(session, by=peer, organisation=made.organisation_of(session, peer))
    session.commit()
    sign_in(peer.person_id)
    sent = client.fill_in(f"/reviews/checklists/{checklist_id}/follow", items=ITEMS + "\nDoors are wide.")
    after = sent.headers["Location"]
    assert "edition 2" in words(client.get(after))
    assert "This edition is out of use." in words(client.get(f"/reviews/checklists/{checklist_id}"))
    client.press(after, "Take it out of use")
    assert "This edition is out of use." in words(client.get(after))
    assert "out of use" in words(client.get(f"/reviews/checklists/{checklist_id}/follow"))


def test_a_name_in_an_answer_is_asked_about_once(client, session, sign_in, place):
    provider, _offer, speaker_id, _peer = place
    check_id, _by = made.published(session, provider=provider)
    session.commit()
    sign_in(speaker_id)
    url = f"/reviews/quality-checks/{check_id}"
    asked = client.fill_in(f"{url}/answer", words="Ask for Margaret on 0161 496 0000.")
    assert asked.status_code == 422
    assert "This looks like a name, or a way to reach somebody" in words(asked)
    client.post(
        f"{url}/answer",
        data={
            "csrf_token": BeautifulSoup(asked.text, "html.parser").select_one("main [name=csrf_token]")["value"],
            "words": "Ask for Margaret on 0161 496 0000.",
            "is_sure": "y",
        },
    )
    assert "Ask for Margaret" in words(client.get(url))
