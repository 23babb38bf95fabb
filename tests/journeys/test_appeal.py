"""A screen stops a review, a moderator keeps it from view, its writer appeals, and the panel shows it after all."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from marketplace.accounts import services
from marketplace.accounts.models import Person, RoleGrant
from marketplace.accounts.rules import Role
from tests.factories import purchasing

PASSWORD = "kettle garden bus"
WORDS = "The café charged me twice, and the till is a thief."
JUDGES = {"moses": Role.MODERATOR, "pru": Role.PANEL_MEMBER, "raj": Role.PANEL_MEMBER, "sue": Role.PANEL_MEMBER}


@pytest.fixture
def library(town):
    now = datetime.now(UTC)
    with town.session() as session:
        for name in ("nadine", *JUDGES):
            person_id = services.add_person(
                session, email=f"{name}@example.org", name=name.title(), password=PASSWORD, confirmed=True, now=now
            )
            if name in JUDGES:
                session.add(RoleGrant(person_id=session.get_one(Person, person_id).id, role=JUDGES[name]))
        offer = purchasing.offer(session, organisation_id=None, title="Sale Library")
        session.commit()
        return offer.id


@pytest.fixture
def arrive(visitor):
    def arriving(name, width):
        somebody = visitor(width=width)
        somebody.sign_in(f"{name}@example.org", PASSWORD)
        return somebody

    return arriving


def test_the_panel_shows_what_a_moderator_kept_from_view(town, visitor, arrive, library):
    nadine = arrive("nadine", 320)
    page = nadine.go(f"/reviews/of/{library}")
    page.get_by_label("I have used this myself").check()
    page.get_by_label("2 – It let me down").check()
    page.get_by_label("What would you tell a friend about it?").fill(WORDS)
    page.get_by_role("group", name="Do you have any link").get_by_label("No", exact=True).check()
    nadine.press("Send my review")
    expect(page.get_by_text("Your review waits for a person to read it")).to_be_visible()
    hers = page.url

    passer_by = visitor(width=320)
    assert passer_by.page.goto(hers).status == 404

    moses = arrive("moses", 1280)
    page = moses.go("/moderation")
    moses.press("Reviews to read")
    moses.press("A review: Sale Library")
    expect(page.get_by_role("main")).to_contain_text(WORDS)
    expect(page.get_by_role("main")).not_to_contain_text("It let me down")
    page.get_by_role("radio", name="Keep it from view").check()
    moses.press("Save")
    expect(page.get_by_role("link", name="Choose on which ground you keep it from view.")).to_be_visible()
    page.get_by_label("It may break the law").check()
    page.get_by_label("If you keep it from view: why?").fill("It calls somebody a thief.")
    moses.press("Save")
    expect(page.get_by_text("Nothing waits to be read. Thank you.")).to_be_visible()

    page = nadine.go(hers)
    expect(page.get_by_text("It calls somebody a thief.")).to_be_visible()
    nadine.press("ask the panel to look again")
    page.get_by_label("Why should it be shown?").fill("A till is no person. It is a joke about a machine.")
    nadine.press("Send this to the panel")
    expect(page.get_by_text("0 of 3 have voted.")).to_be_visible()

    for name, verdict in (("pru", "Show it after all"), ("raj", "Keep it from view"), ("sue", "Show it after all")):
        member = arrive(name, 1280)
        member.press("Panel")
        member.press("A review: Sale Library")
        member.page.get_by_label(verdict).check()
        member.page.get_by_role("textbox", name="Why?").fill("A machine cannot sue.")
        member.press("Save my vote")
    expect(member.page.get_by_text("The panel decided: show it")).to_be_visible()

    page = passer_by.go(hers)
    expect(page.get_by_role("main")).to_contain_text(WORDS)
    page = passer_by.go("/reviews/ledger")
    expect(page.get_by_role("heading", name="What became of 1 review")).to_be_visible()
    expect(page.get_by_role("row", name="1 or 2 stars 1 1 0 0")).to_be_visible()
    assert town.link_sent_to("nadine@example.org") == hers
