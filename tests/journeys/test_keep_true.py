"""A provider gets our letter, says with one tap that all is right, and readers see that it is."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from marketplace.accounts.models import Person
from tests.factories import catalogue as make


@pytest.mark.parametrize("width", [320, 1280])
def test_answer_the_letter_with_one_tap(town, visitor, width):
    with town.session() as session:
        offer, speaker = make.live(session)
        offer.confirmed_at = datetime.now(UTC) - timedelta(days=95)
        email = session.scalars(select(Person.email).where(Person.id == speaker.person_id)).one()
        offer_id = offer.id
        session.commit()

    reader = visitor(width=width)
    page = reader.go(f"/offers/{offer_id}")
    expect(page.get_by_text("Nobody has confirmed this for 95 days.")).to_be_visible()

    town.run_jobs()
    provider = visitor(width=width)
    page = provider.go(town.link_sent_to(email).removeprefix(town.address))
    expect(page.get_by_role("heading", name="Is this still right?")).to_be_visible()
    page.get_by_role("button", name="Yes, and there is a waiting list").press("Enter")
    expect(page.get_by_role("heading", name="Thank you. People find it")).to_be_visible()
    provider.look()

    page = reader.go(f"/offers/{offer_id}")
    expect(page.get_by_text("Nobody has confirmed this")).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text("waiting list")
