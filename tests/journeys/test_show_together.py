"""Three people fear that a tiny provider would know them: their reviews wait for each other, and come out together."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from marketplace.accounts import services
from marketplace.accounts.models import Person
from marketplace.purchasing.rules import ArrangementStatus
from tests.factories import accounts, purchasing

PASSWORD = "kettle garden bus"
SAID = {"nadine": "2 – It let me down", "ben": "5 – I would choose it", "cat": "4 – Good"}


@pytest.fixture
def things(town):
    """Return what each of three people got done by the same provider, and for whom it speaks."""
    now, found = datetime.now(UTC), {}

    def somebody(session, name):
        person_id = services.add_person(
            session, email=f"{name}@example.org", name=name.title(), password=PASSWORD, confirmed=True, now=now
        )
        return session.get_one(Person, person_id)

    with town.session() as session:
        body, _ = accounts.organisation(session, name="One Van", spoken_for_by=somebody(session, "vera"))
        offer = purchasing.offer(session, organisation_id=body.id, title="A lift to town")
        for name in SAID:
            found[name] = purchasing.arrangement(
                session, person=somebody(session, name), organisation_id=body.id, about=offer,
                status=ArrangementStatus.DONE,
            ).id  # fmt: skip
        session.commit()
        return offer.id, found


def write(visitor, name, arrangement_id, *, width):
    writer = visitor(width=width)
    writer.sign_in(f"{name}@example.org", PASSWORD)
    page = writer.go(f"/reviews/for/{arrangement_id}")
    page.get_by_label(SAID[name]).check()
    page.get_by_label("What would you tell a friend about it?").fill(
        f"This is how it was, says writer number {len(name)}."
    )
    page.get_by_role("group", name="Do you have any link").get_by_label("No", exact=True).check()
    page.get_by_label("Show it together with others").check()
    writer.press("Send my review")
    return writer


def test_two_wait_unseen_and_the_third_brings_all_three_out(town, visitor, things):
    width = 320
    offer_id, done = things
    vera, passer_by = visitor(width=width), visitor(width=width)
    vera.sign_in("vera@example.org", PASSWORD)

    nadine = write(visitor, "nadine", done["nadine"], width=width)
    expect(nadine.page.get_by_text("waits to be shown together with others").first).to_be_visible()
    hers = nadine.page.url
    write(visitor, "ben", done["ben"], width=width)

    expect(vera.go("/reviews/for-my-organisation").get_by_text("Nobody has reviewed you yet")).to_be_visible()
    assert vera.page.goto(hers).status == 404
    page = passer_by.go(f"/reviews/about/{offer_id}")
    expect(page.get_by_text("Nobody has reviewed this yet")).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text("wait")

    write(visitor, "cat", done["cat"], width=width)

    page = passer_by.go(f"/reviews/about/{offer_id}")
    expect(page.get_by_role("article")).to_have_count(3)
    expect(page.get_by_role("main")).to_contain_text("from 3 people")
    months = [text.split(", ")[-1] for text in page.locator(".review > .review__who").all_inner_texts()]
    assert set(months) == {f"{datetime.now(UTC):%B %Y}"}
    expect(vera.go("/reviews/for-my-organisation").get_by_role("article")).to_have_count(3)
    assert hers == town.link_sent_to("nadine@example.org")
    expect(nadine.go("/reviews/mine").get_by_role("main")).not_to_contain_text("Waits for others")
