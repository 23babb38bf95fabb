"""Somebody reads Easy Read and goes the whole way by keyboard: finds, asks, joins a pool, says what it was like."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from marketplace.accounts import services as accounts
from marketplace.accounts.models import Person
from marketplace.pooling.models import Pledge
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.ratings.models import Review
from tests.factories import catalogue, pooling, purchasing
from tests.factories.accounts import person

PASSWORD = "kettle garden bus"
# What can be reached with the key that goes on, as it is called there.
FOCUSED = """() => {
    const it = document.activeElement;
    return ((it.labels && it.labels[0]) || it).innerText.replace(/\\s+/g, " ").trim();
}"""
MOST_STEPS = 150


@pytest.fixture
def nadine_is_there(town):
    with town.session() as session:
        nadine = session.get_one(
            Person,
            accounts.add_person(
                session,
                email="nadine@example.org",
                name="Nadine",
                password=PASSWORD,
                confirmed=True,
                now=datetime.now(UTC),
            ),
        )
        speaker = catalogue.somebody(session)
        catalogue.live(session, title="Gardening with a cup of tea", by=speaker)
        walks, speaker = catalogue.live(session, title="Walks by the canal", by=speaker)
        done = purchasing.arrangement(
            session,
            person=nadine,
            organisation_id=next(iter(speaker.organisations)),
            about=walks,
            status=ArrangementStatus.DONE,
        )
        others = [person(session, name=name) for name in ("Ben", "Cleo", "Dan")]
        pool = pooling.pool_open_now(session, people=others, minimum_people=4)
        session.commit()
        return done.id, pool.id


class ByKeyboard:
    """Somebody who has no mouse, and axe looks over their shoulder."""

    def __init__(self, visitor):
        self.visitor, self.page, self.keys = visitor, visitor.page, visitor.page.keyboard

    def reach(self, name, *, is_on_top=False):
        """Go on, control by control, to the one of this name; from a new page's top straight to what it is about."""
        for _step in range(MOST_STEPS):
            self.keys.press("Tab")
            here = self.page.evaluate(FOCUSED)
            if here == name:
                return
            if here == "Skip to main content" and not is_on_top:
                self.keys.press("Enter")
        raise AssertionError(f"{self.page.url}: the keyboard does not reach “{name}”")

    def press(self, name, *, is_on_top=False):
        self.reach(name, is_on_top=is_on_top)
        self.enter()

    def enter(self):
        with self.page.expect_navigation():
            self.keys.press("Enter")
        self.visitor.look()

    def fill(self, name, words):
        self.reach(name)
        self.keys.type(words)


def test_the_whole_way_in_easy_read(visitor, town, nadine_is_there):
    done_id, pool_id = nadine_is_there
    somebody = visitor()
    page, nadine = somebody.go("/"), ByKeyboard(somebody)
    drawn = page.locator("main .easy-row svg")

    # Find: one press, and everything from here on is in easy words.
    nadine.press("Easy Read", is_on_top=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome to Clubtogether")
    nadine.fill("What are you looking for?", "gardening")
    nadine.keys.press("Escape")
    nadine.enter()
    assert drawn.count() >= 3
    nadine.press("Gardening with a cup of tea")
    expect(page.get_by_role("main")).to_contain_text("It costs nothing to ask.")

    # Ask, and sign in on the way.
    nadine.press("Ask for this")
    nadine.fill("Your email address", "nadine@example.org")
    nadine.fill("Your password", PASSWORD)
    nadine.enter()
    expect(page.get_by_role("main")).to_contain_text("You can change your mind.")
    nadine.fill("What would you like?", "Somebody to dig with.")
    nadine.fill("How much would you like?", "2")
    for name, number in (("Day", "3"), ("Month", "3"), ("Year", "2027")):
        nadine.fill(name, number)
    nadine.press("See what it costs")
    nadine.press("Ask for this")
    expect(page.get_by_role("main")).to_contain_text("Now you wait for their answer.")

    # Club together.
    nadine.press("Pools", is_on_top=True)
    nadine.press("Swimming on Saturdays")
    expect(page.get_by_role("main")).to_contain_text("3 people are in it now. It needs 4.")
    nadine.press("Join this pool")
    nadine.press("Go on")
    expect(page.get_by_role("main")).to_contain_text("Now you pay nothing.")
    nadine.reach(page.locator("input[name=pay_by]").first.evaluate("it => it.labels[0].innerText.trim()"))
    nadine.keys.press("Space")
    nadine.press("Join this pool")
    expect(page.get_by_role("main")).to_contain_text("You are in this pool.")

    # Say what the walks were like.
    nadine.press("Arrangements", is_on_top=True)
    nadine.press("Walks by the canal")
    nadine.press("Review this")
    assert drawn.count() >= 4
    nadine.reach("5 – I would choose it again gladly")
    nadine.keys.press("Space")
    nadine.fill("What would you tell a friend about it?", "We saw two herons.")
    page.get_by_role("group", name="Do you know the people there").get_by_label("No", exact=True).focus()
    nadine.keys.press("Space")
    nadine.press("Send my review")
    expect(page.get_by_text("Your review is shown now.")).to_be_visible()

    with town.session() as session:
        asked = session.scalars(select(Arrangement).where(Arrangement.what == "Somebody to dig with.")).one()
        assert asked.status is ArrangementStatus.ASKED
        assert (
            session.scalars(select(Pledge.person_id).where(Pledge.pool_id == pool_id)).all().count(asked.person_id) == 1
        )
        assert session.scalars(select(Review.stars).where(Review.arrangement_id == done_id)).one() == 5
