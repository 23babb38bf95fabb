"""A provider answers a review and says what it changed. Whoever asked for it says whether it did."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from marketplace.accounts import services
from marketplace.accounts.models import Person
from tests.factories import accounts, purchasing, ratings

PASSWORD = "kettle garden bus"


@pytest.fixture
def review(town):
    """Return the review of somebody who waited outside a locked door on a Saturday."""

    def somebody(session, name):
        person_id = services.add_person(
            session, email=f"{name}@example.org", name=name.title(), password=PASSWORD, confirmed=True,
            now=datetime.now(UTC),
        )  # fmt: skip
        return session.get_one(Person, person_id)

    with town.session() as session:
        body, _ = accounts.organisation(session, name="Boring Help", spoken_for_by=somebody(session, "gita"))
        offer = purchasing.offer(session, organisation_id=body.id, title="Gardening together")
        nadine = somebody(session, "nadine")
        somebody(session, "ben")
        it = ratings.review_of_done(
            session, offer=offer, organisation_id=body.id, stars=3, person=nadine, pseudonym="Kind Otter",
            words="Lovely on weekdays. On Saturday I stood before a locked door.",
        )  # fmt: skip
        ratings.point(session, of=it, words="Open on Saturdays.")
        session.commit()
        return it


def test_answer_change_and_be_believed_only_by_who_asked(town, visitor, review):
    ben, gita, nadine, anybody = visitor(width=320), visitor(width=1280), visitor(width=320), visitor(width=768)
    ben.sign_in("ben@example.org", PASSWORD)
    ben.go(f"/reviews/{review.id}")
    ben.press("I say the same")
    expect(ben.page.get_by_text("1 other person says the same")).to_be_visible()

    # The reply goes out under a name, and must not give anybody else's away.
    gita.sign_in("gita@example.org", PASSWORD)
    page = gita.go("/reviews/for-my-organisation")
    gita.press("Reply to this")
    page.get_by_label("Your reply").fill("Sorry! Stacey had the key. Regards, Gita")
    gita.press("Show this reply")
    expect(page.get_by_role("main")).to_contain_text("This looks like a name, or a way to reach somebody: “Stacey”.")
    page.get_by_label("Your reply").fill("Sorry! One of us had the key. Regards, Gita")
    gita.press("Show this reply")
    expect(page.get_by_text("Your reply is shown now.")).to_be_visible()
    expect(page.get_by_text("Gita replied for Boring Help")).to_be_visible()

    gita.press("Say what you plan or have done")
    page.get_by_label("We have done something about it").check()
    page.get_by_label("What will you do, or what have you done?").fill("Since June we open on Saturdays, ten to two.")
    gita.press("Show this")
    expect(page.get_by_text("Whoever asked for it has not said yet.")).to_be_visible()

    nadine.sign_in("nadine@example.org", PASSWORD)
    page = nadine.go(town.link_sent_to("nadine@example.org").removeprefix(town.address))
    expect(page.get_by_text("They say that something you asked for is done")).to_be_visible()
    nadine.press("Did it change?")
    page.get_by_label("Partly").check()
    nadine.press("Show my answer")
    expect(page.get_by_text("“Partly”, says whoever asked for it.")).to_be_visible()

    # The provider cannot make a new promise of it: what the writer says stays.
    page = gita.go(f"/reviews/{review.id}")
    gita.press("Change what you say about this")
    page.get_by_label("We plan to do something about it").check()
    gita.press("Show this")
    expect(page.get_by_role("main")).to_contain_text("so it stays marked as done")

    page = anybody.go(f"/you-told-us/providers/{review.provider_id}")
    main = page.get_by_role("main")
    expect(main).to_contain_text("Since June we open on Saturdays, ten to two.")
    expect(main).to_contain_text("“Partly”, says whoever asked for it.")
    expect(main).not_to_contain_text("Nadine")
