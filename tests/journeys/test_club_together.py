"""Two people club together: sign up, pledge, until the pool is met, done, rate."""

from datetime import UTC, date, datetime, timedelta

from playwright.sync_api import expect
from sqlalchemy import select, update

from marketplace.accounts import services as accounts
from marketplace.accounts.models import Person
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.rules import ArrangementStatus
from tests.factories import pooling
from tests.factories.accounts import organisation

PASSWORD = "kettle garden bus"


def an_offer_for_groups(town):
    """Add Maggie, and an offer of hers that costs less for two."""
    with town.session() as session:
        speaker = accounts.add_person(
            session, email="maggie@example.org", name="Maggie", password=PASSWORD, confirmed=True, now=datetime.now(UTC)
        )
        body, _ = organisation(session, spoken_for_by=session.get_one(Person, speaker))
        # Confirmed just now: the jobs run for real here, and hide what nobody has confirmed for months.
        now = datetime.now(UTC)
        offer_id = pooling.offer_for_groups(session, organisation_id=body.id, people_from=2, confirmed_at=now).id
        session.commit()
    return offer_id


def sign_up(town, somebody, name, email):
    page = somebody.go("/accounts/sign-up")
    page.get_by_label("What should we call you?").fill(name)
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_label("Choose a password", exact=True).fill(PASSWORD)
    somebody.press("Open my account")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your e-mail")
    somebody.go(town.link_sent_to(email))
    somebody.press("Yes, this is my e-mail address")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Hello, {name}")


def open_a_pool(somebody, offer_id):
    """Open a pool for two, and return its address."""
    page = somebody.go(f"/pools/open/{offer_id}")
    page.get_by_label("Give your pool a name").fill("Swimming on Saturdays")
    page.get_by_label("What would you like to do together?").fill("We both like the water, and a laugh.")
    page.get_by_label("How many people does it take?").fill("2")
    page.get_by_label("How much does each person get?").fill("6")
    page.get_by_label("For how many days can people join?").fill("14")
    starts = datetime.now(UTC).date() + timedelta(days=30)
    for box, figure in (("Day", starts.day), ("Month", starts.month), ("Year", starts.year)):
        page.get_by_label(box, exact=True).fill(str(figure))
    somebody.press("Open this pool")
    expect(page.get_by_role("main")).to_contain_text("1 of 2 people")
    return page.url


def let_time_pass(town):
    """Make what was to start in a month start today."""
    with town.session() as session:
        session.execute(update(Arrangement).values(starts_on=date.today()))  # noqa: DTZ011
        session.commit()


def whose_is_done(town):
    """Return the one arrangement that is done, and the name of its person."""
    with town.session() as session:
        return session.execute(
            select(Arrangement.id, Person.name)
            .join(Person, Arrangement.person_id == Person.id)
            .where(Arrangement.status == ArrangementStatus.DONE)
        ).one()


def test_two_people_sign_up_club_together_and_rate(town, visitor):
    offer_id = an_offer_for_groups(town)
    ada, bob, maggie = visitor(), visitor(width=320), visitor()

    sign_up(town, ada, "Ada", "ada@example.org")
    address = open_a_pool(ada, offer_id)
    sign_up(town, bob, "Bob", "bob@example.org")
    bob.go(address)
    bob.press("Join this pool")
    bob.press("Join this pool")
    expect(bob.page.get_by_role("main")).to_contain_text("2 of 2 people")

    page = ada.go("/arrangements")
    expect(page.get_by_role("main")).to_contain_text("Swimming with support")
    let_time_pass(town)
    maggie.sign_in("maggie@example.org", PASSWORD)
    page = maggie.go("/arrangements/for-my-organisation")
    page.get_by_role("main").get_by_role("link", name="Swimming with support").first.click()
    maggie.look()
    maggie.press("Mark as done")

    arrangement_id, name = whose_is_done(town)
    rater = {"Ada": ada, "Bob": bob}[name]
    rater.go(f"/arrangements/{arrangement_id}")
    rater.press("Review this")
    rater.page.get_by_label("5 – I would choose it again gladly").check()
    rater.page.get_by_label("What would you tell a friend about it?").fill("Warm water, kind people, on time.")
    rater.page.get_by_role("group", name="Do you have any link").get_by_label("No", exact=True).check()
    rater.press("Send my review")

    main = visitor().go(f"/offers/{offer_id}").get_by_role("main")
    expect(main).to_contain_text("Warm water, kind people, on time.")
    assert name not in main.inner_text(), "a review shows no name"
