"""Somebody says what it was like by picture tiles, on a small phone, with a supporter beside them."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from marketplace.accounts import services as accounts
from marketplace.accounts.models import Person
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings.models import Review
from marketplace.ratings.rules.nouns import Help, ReviewStatus, Telling
from tests.factories import catalogue, purchasing

PASSWORD = "kettle garden bus"


@pytest.fixture
def done(town):
    with town.session() as session:
        offer, speaker = catalogue.live(session, title="Gardening with a cup of tea", by=catalogue.somebody(session))
        person_id = accounts.add_person(
            session,
            email="nadine@example.org",
            name="Nadine",
            password=PASSWORD,
            confirmed=True,
            now=datetime.now(UTC),
        )
        it = purchasing.arrangement(
            session,
            person=session.get_one(Person, person_id),
            organisation_id=next(iter(speaker.organisations)),
            about=offer,
            status=ArrangementStatus.DONE,
        )
        session.commit()
        return it


def test_with_a_supporter_and_a_name_that_slipped_in(visitor, town, done):
    nadine = visitor(width=320)
    page = nadine.page
    nadine.sign_in("nadine@example.org", PASSWORD)
    nadine.go("/reviews/mine")
    nadine.press("Gardening with a cup of tea")
    nadine.press("Tell it with pictures instead")
    main = page.get_by_role("main")

    # Nothing is lost when the face was forgotten.
    listens = page.get_by_role("group", name="They listen to me")
    listens.get_by_label("Good").check()
    page.get_by_role("group", name="Worth the money").get_by_label("Could be better").check()
    page.get_by_label("Yes, a peer supporter").check()
    page.get_by_role("group", name="Do you have any link").get_by_label("No", exact=True).check()
    nadine.press("Send my review")
    expect(main).to_contain_text("Choose a face.")
    expect(listens.get_by_label("Good")).to_be_checked()

    page.get_by_role("group", name="How was it, all in all?").get_by_label("Very good").check()
    page.get_by_label("Do you want to say more?").fill("Stacey laughs at my jokes.")
    nadine.press("Send my review")
    expect(main).to_contain_text("These look like names")
    expect(main.get_by_role("listitem").filter(has_text="Stacey")).to_be_visible()
    page.get_by_label("Do you want to say more?").fill("They laugh at my jokes.")
    nadine.press("Send my review")

    expect(page.get_by_text("Your review is shown now.")).to_be_visible()
    expect(main).to_contain_text("They laugh at my jokes.")
    expect(main).to_contain_text("A peer supporter helped to write this.")
    expect(main).to_contain_text("Told with picture tiles.")
    with town.session() as session:
        it = session.scalars(select(Review)).one()
        assert (it.stars, it.told, it.help) == (5, Telling.PICTURES, Help.PEER_SUPPORTER)
        assert it.status is ReviewStatus.SHOWN

    nadine.press("Add to it")
    page.get_by_label("What do you want to add?").fill("Since then they brought a chair for me.")
    nadine.press("Add this")
    expect(main).to_contain_text("Since then they brought a chair for me.")
    nadine.press("Change your review")
    nadine.press("Tell it in words instead")
    page.get_by_role("group", name="How was it for you?").get_by_label("4 –").check()
    nadine.press("Change my review")
    expect(page.get_by_text("Your review is changed.")).to_be_visible()
    somebody = visitor()
    somebody.go(f"/reviews/about/{done.offer_id}")
    said = somebody.page.get_by_role("main")
    expect(said).to_contain_text("They laugh at my jokes.")
    expect(said).not_to_contain_text("Nadine")
