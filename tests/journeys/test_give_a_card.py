"""A provider makes cards, somebody tells it aloud with the code of one, a moderator writes it down, others read it."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from marketplace.accounts import services
from marketplace.accounts.models import Person, RoleGrant
from marketplace.accounts.rules import Role
from tests.factories import accounts, purchasing, sounds

PASSWORD = "kettle garden bus"
WORDS = "They listen to me, and the same people come each week."


@pytest.fixture
def offer_id(town):
    now = datetime.now(UTC)
    with town.session() as session:
        people = {
            name: session.get_one(
                Person,
                services.add_person(
                    session, email=f"{name}@example.org", name=name.title(), password=PASSWORD, confirmed=True, now=now
                ),
            )
            for name in ("nadine", "maggie", "moses")
        }
        session.add(RoleGrant(person_id=people["moses"].id, role=Role.MODERATOR))
        organisation, _maggie = accounts.organisation(session, name="Good Company", spoken_for_by=people["maggie"])
        offer = purchasing.offer(session, organisation_id=organisation.id, title="An afternoon together")
        session.commit()
        return offer.id


@pytest.fixture
def arrive(visitor):
    def arriving(name, width):
        somebody = visitor(width=width)
        somebody.sign_in(f"{name}@example.org", PASSWORD)
        return somebody

    return arriving


def test_what_is_said_with_a_card_is_read_by_all(arrive, visitor, offer_id):
    maggie = arrive("maggie", 1280)
    page = maggie.go("/reviews/cards")
    maggie.press("Make cards for An afternoon together")
    page.get_by_label("How many cards do you need?").fill("2")
    maggie.press("Make the cards")
    code = page.locator(".codes li").first.inner_text()
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="Small cards").press("Enter")
    assert downloaded.value.suggested_filename == "review-cards.pdf"

    nadine = arrive("nadine", 320)
    page = nadine.go(f"/reviews/card?code={code.replace(' ', '')}")
    nadine.press("Go on")
    nadine.press("Say it aloud instead")
    page.get_by_label("Choose your recording").set_input_files(
        {"name": "it.wav", "mimeType": "audio/wav", "buffer": sounds.wav()}
    )
    nadine.press("Send it and go on")
    page.get_by_label("4 – Good").check()
    page.get_by_role("group", name="Do you have any link").get_by_label("No", exact=True).check()
    nadine.press("Send my review")
    expect(page.get_by_role("heading", name="What you said")).to_be_visible()

    passer_by = visitor(width=320)
    page = passer_by.go(f"/reviews/about/{offer_id}")
    expect(page.get_by_text("Nobody has reviewed this yet")).to_be_visible()

    moses = arrive("moses", 1280)
    page = moses.go("/moderation")
    moses.press("Voice notes to write down")
    moses.press("An afternoon together")
    page.get_by_label("What is said, word for word").fill(WORDS)
    moses.press("Save it and delete the recording")
    expect(page.get_by_text("Nothing waits")).to_be_visible()

    page = passer_by.go(f"/reviews/about/{offer_id}")
    expect(page.get_by_text(WORDS)).to_be_visible()
    page = maggie.go("/reviews/cards")
    expect(page.get_by_text("Fewer than 3 reviews written with these cards are shown.")).to_be_visible()
