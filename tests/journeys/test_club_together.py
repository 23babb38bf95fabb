"""Four people with different budgets club together, from the first idea to the first visit. Another pool fails."""

import re
import uuid
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from marketplace.accounts import services as accounts
from marketplace.accounts.models import Person
from marketplace.budgets import services as budgets
from marketplace.budgets.models import Budget, FundingStream
from marketplace.budgets.rules import Holding, Stream
from marketplace.budgets.services.budgets import HeldBy
from marketplace.catalogue.models import OfferPrice
from marketplace.catalogue.rules import Unit
from marketplace.kit.days import day_of
from marketplace.kit.mail import plain_words
from marketplace.kit.money import Money
from marketplace.payments.queries.checking import broken_promises
from marketplace.pooling.models import Pledge, Pool
from marketplace.pooling.rules import PoolStatus
from marketplace.purchasing.models import Arrangement, ArrangementTerms
from marketplace.web.queries import broken_books
from tests.factories import pooling
from tests.factories.accounts import organisation
from tests.journeys.conftest import served
from tests.stripe_fake import StripeFake

PASSWORD = "kettle garden bus"
HELD_BY = HeldBy(Holding.COUNCIL_MANAGED, "Trafford Council", email="pay@council.example")
BUDGETS = {
    "Ada": (Holding.DIRECT_PAYMENT, {Stream.SOCIAL_CARE: Money(900_00), Stream.NHS: Money(100_00)}),
    "Ben": (Holding.COUNCIL_MANAGED, {Stream.SOCIAL_CARE: Money(700_00)}),
    "Dan": (Holding.OWN_MONEY, {Stream.OWN_MONEY: Money(500_00)}),
}


@pytest.fixture
def stripe():
    with StripeFake() as fake:
        yield fake


@pytest.fixture
def town(new_app, stripe):
    """A site that takes cards, and is told by Stripe what happens."""
    app = new_app(
        stripe_secret_key=stripe.secret_key,
        stripe_webhook_secret=stripe.webhook_secret,
        stripe_api_base=stripe.url,
        fee_pence_per_pound="1.5",
    )
    with served(app) as town:
        stripe.webhooks.url, stripe.webhooks.is_prompt = f"{town.address}/payments/events", True
        yield town
        stripe.webhooks.settle()


def now():
    return datetime.now(UTC)


def somebody(session, name):
    return accounts.add_person(
        session, email=f"{name.lower()}@example.org", name=name, password=PASSWORD, confirmed=True, now=now()
    )


@pytest.fixture
def offer(town):
    """Maggie's offer: £14.50 an hour alone, £11 for three, £9 for six. And four people, three with money of a kind."""
    with town.session() as session:
        body, _ = organisation(
            session, name="Maggie", spoken_for_by=session.get_one(Person, somebody(session, "Maggie"))
        )
        it = pooling.offer_for_groups(session, organisation_id=body.id, confirmed_at=now())
        session.add(
            OfferPrice(
                id=uuid.uuid4(), offer_id=it.id, amount=Money(9_00), unit=Unit.HOUR, people_from=6, edition=1,
                begins_on=date(2024, 1, 1),
            )
        )  # fmt: skip
        for name in ("Ada", "Ben", "Cleo", "Dan"):
            person_id = somebody(session, name)
            if name in BUDGETS:
                holding, amounts = BUDGETS[name]
                budgets.set_up_budget(
                    session,
                    by=person_id,
                    name=f"{name}’s money",
                    holding=holding,
                    held_by=HELD_BY if holding is Holding.COUNCIL_MANAGED else None,
                    begins_on=now().date() - timedelta(days=60),
                    ends_on=now().date() + timedelta(days=300),
                    amounts=amounts,
                    now=now(),
                )
        session.commit()
    return it.id


def take_cards(stripe, maggie):
    """Go to Stripe and back, and be told that cards can pay."""
    maggie.go("/payments/for-my-organisation")
    maggie.press("Begin to take cards")
    maggie.press("Go to Stripe’s page")
    maggie.press("Finish")
    stripe.webhooks.settle()
    expect(maggie.go("/payments/for-my-organisation").get_by_role("main")).to_contain_text("You can take cards")


def fill_day(page, day):
    for box, figure in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        page.get_by_label(box, exact=True).fill(str(figure))


def have_an_idea(ada):
    """Start a pool from something one likes. Return the link that invites others."""
    page = ada.go("/pools/begin")
    page.get_by_label("Something we like doing").check()
    page.get_by_label("Give your pool a name").fill("Swimming on Saturdays")
    page.get_by_label("What would you like to do together?").fill("We like the water, and a laugh.")
    page.get_by_label("Which of these is nearest to it?").select_option("Swimming")
    page.get_by_label("Where would you meet?").fill("M33")
    page.get_by_label("Only people who are given its link or a card").check()
    page.get_by_label("What shall the others call you?").fill("Captain")
    ada.press("Start this pool")
    expect(page.get_by_role("main")).to_contain_text("You are in this pool.")
    ada.press("Invite people")
    return page.get_by_role("main").locator(".address a").get_attribute("href")


def join(friend, link, called):
    """Follow a link, and join under a name of one's own choice."""
    page = friend.go(link)
    page.get_by_label("What shall the others call you?").fill(called)
    friend.press("Join this pool")
    expect(page.get_by_role("main")).to_contain_text("You are in this pool.")


def talk(ada, ben, space):
    """Say something to the others in the pool's own room, and be heard."""
    page = ada.go(space)
    page.get_by_label("Write to the others").fill("Is Saturday at ten too early?")
    ada.press("Send to the others")
    main = ben.go(space).get_by_role("main")
    expect(main).to_contain_text("Is Saturday at ten too early?")
    expect(main).to_contain_text("Captain")
    assert "Ada" not in main.inner_text(), "members know each other by what they chose to be called"


def open_it(ada, pool, offer):
    """Open the pool on Maggie's offer: every week for four weeks, for three people or more."""
    page = ada.go(f"/pools/open/{offer}?draft={pool.rpartition('/')[2]}")
    page.get_by_label("How many people does it take?").fill("3")
    page.get_by_label("How many can take part at most?").fill("6")
    page.get_by_label("Every week", exact=True).check()
    page.get_by_label("For how many weeks?").fill("4")
    page.get_by_label("How much does each person get?").fill("2")
    page.get_by_label("For how many days can people join?").fill("10")
    fill_day(page, day_of(now()) + timedelta(days=14))
    ada.press("Open this pool")


def pledge(friend, pool, *, pay_by, at_worst="£88", first=None, second=None):
    """See the worst case, say which money pays and how, and pledge. £88: two hours a week at £11 for four weeks."""
    page = friend.go(f"{pool}/pledge")
    friend.press("Go on")
    main = page.get_by_role("main")
    expect(main).to_contain_text(at_worst)
    expect(main).to_contain_text("Now you pay nothing.")
    if first:
        page.get_by_role("group", name="Which money pays for this?").get_by_label(first).check()
    if second:
        page.get_by_role("group", name="Does other money pay a part of it?").get_by_label(second).check()
        page.get_by_label("How much does the other money pay?").fill("8")
    page.get_by_label(pay_by, exact=True).check()
    friend.press("Join this pool")
    expect(main).to_contain_text("You are in this pool.")


def save_card(stripe, friend, *, card="Visa that pays"):
    """Go on from the page of one's cards to Stripe's, and choose one there."""
    friend.page.get_by_role("button", name="Save a card").click()
    friend.look()
    friend.press("Go to Stripe’s page")
    friend.page.get_by_label(card).check()
    friend.press("Save card")
    stripe.webhooks.settle()


def go_ahead(town, ada, pool):
    """Close the pool now, as its champion may, and let the worker come by."""
    ada.go(f"{pool}/go-ahead")
    expect(ada.page.get_by_role("main")).to_contain_text("Nobody pays now")
    ada.press("Go ahead now")
    town.run_jobs()


def put_it_right(town, stripe, cleo, pool):
    """Save a card after all: the pool waited for it."""
    page = cleo.go(pool)
    cleo.press("Put it right")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your way to pay is not ready")
    cleo.press("Save a card")
    save_card(stripe, cleo)
    town.run_jobs()


def begin_today(town):
    """Make what was to begin in two weeks begin today."""
    with town.session() as session:
        for column in (Pool.starts_on, Arrangement.starts_on, ArrangementTerms.starts_on):
            session.execute(update(column.class_).values(starts_on=day_of(now())))
        session.commit()
    town.run_jobs()


def visit_together(maggie, pool, *, absent):
    """Plan a visit for all of them, and say who was there. Returns what the page says of each share."""
    page = maggie.go(f"{pool}/visits")
    maggie.press("Plan visits")
    fill_day(page, day_of(now()))
    page.get_by_label("How many minutes?").fill("120")
    page.get_by_label("For how many weeks?").fill("1")
    maggie.press("Plan this")
    maggie.press(re.compile("See (who comes|this visit)"))
    maggie.press("Say who was there")
    for name in ("Ada", "Ben", "Cleo", "Dan"):
        page.get_by_label(name, exact=True).set_checked(name != absent)
    maggie.press("Write this down")
    return page.get_by_role("main").inner_text()


def say_yes(friend):
    friend.go("/arrangements/visits")
    friend.press("Yes, this is right")


def leave(dan, pool):
    """Read what it costs, and leave."""
    page = dan.go(f"{pool}/get-out")
    expect(page.get_by_role("main")).to_contain_text("Nothing happens until you press the button below.")
    page.get_by_role("main").get_by_role("button", name="Leave this pool").click()
    dan.look()


def standing(town, name):
    """Return how many pence of somebody's money are promised, and spent."""
    with town.session() as session:
        rows = session.execute(
            select(FundingStream.promised, FundingStream.spent)
            .join(Budget, Budget.id == FundingStream.budget_id)
            .join(Person, Person.id == Budget.person_id)
            .where(Person.name == name)
        ).all()
    return sum(row.promised.pence for row in rows), sum(row.spent.pence for row in rows)


def status_of(town, pool):
    with town.session() as session:
        return session.scalars(select(Pool.status).where(Pool.id == uuid.UUID(pool.rpartition("/")[2]))).one()


def letters_that_say_too_much(town):
    """Return every letter to a member that names another one. The provider's, of a pool that goes ahead, may."""
    told = []
    for path in town.app.config["MAIL_READABLE_AT"].glob("*.eml"):
        letter = message_from_bytes(path.read_bytes(), policy=policy.default)
        reader, said = letter["To"].partition("@")[0].capitalize(), f"{letter['Subject']} {plain_words(letter)}"
        others = {"Ada", "Ben", "Cleo", "Dan", "Captain", "Otter"} - {reader}
        if reader in BUDGETS or reader == "Cleo":
            told += [f"{reader} reads of {name}: {said}" for name in sorted(others) if name in said]
    return told


def test_four_people_from_the_first_idea_to_the_first_visit(town, stripe, offer, visitor):
    ada, ben, cleo, dan, maggie = visitor(width=320), visitor(), visitor(), visitor(), visitor()
    for one, name in ((ada, "ada"), (ben, "ben"), (cleo, "cleo"), (dan, "dan"), (maggie, "maggie")):
        one.sign_in(f"{name}@example.org", PASSWORD)
    take_cards(stripe, maggie)

    link = have_an_idea(ada)
    for friend, called in ((ben, "Otter"), (cleo, "Seal"), (dan, "")):
        join(friend, link, called)
    pool = ben.page.url.partition("?")[0]
    assert visitor().page.goto(pool).status == 404, "only those who were given the link can find it"
    talk(ada, ben, f"{pool}/space")

    open_it(ada, pool, offer)
    pledge(ada, pool, pay_by="By bank transfer", first="Council", second="NHS")
    pledge(ben, pool, pay_by="Whoever holds my budget pays", first="Ben’s money")
    pledge(cleo, pool, pay_by="By card")
    pledge(dan, pool, pay_by="By bank transfer", first="Dan’s money")
    assert [standing(town, name) for name in BUDGETS] == [(88_00, 0)] * 3
    main = maggie.go(pool).get_by_role("main").inner_text()
    assert not {"Ada", "Ben", "Cleo", "Dan", "Captain", "Otter", "Seal"} & set(main.split()), "numbers only"

    go_ahead(town, ada, pool)
    assert status_of(town, pool) is PoolStatus.REPAIRING
    put_it_right(town, stripe, cleo, pool)
    assert status_of(town, pool) is PoolStatus.CONFIRMED

    begin_today(town)
    assert "£88" in visit_together(maggie, pool, absent=None)
    for friend in (ada, ben, cleo, dan):
        say_yes(friend)
    leave(dan, pool)
    town.run_jobs()
    # Dan owes the visit he was at, and nothing else. The others go on: three are enough.
    assert standing(town, "Dan")[0] == 22_00
    assert status_of(town, pool) is PoolStatus.RUNNING
    assert not letters_that_say_too_much(town)
    with town.session() as session:
        assert not [*broken_promises(session), *broken_books(session, today=day_of(now()))]


def open_for_three(ada, offer):
    """Open a pool that is bought once, for exactly three, and return its address."""
    page = ada.go(f"/pools/open/{offer}")
    page.get_by_label("Give your pool a name").fill("A day at the lake")
    page.get_by_label("What would you like to do together?").fill("Cold water, hot tea.")
    page.get_by_label("How many people does it take?").fill("3")
    page.get_by_label("How many can take part at most?").fill("3")
    page.get_by_label("Once", exact=True).check()
    page.get_by_label("How much does each person get?").fill("2")
    page.get_by_label("For how many days can people join?").fill("10")
    fill_day(page, day_of(now()) + timedelta(days=14))
    ada.press("Open this pool")
    return re.match(r".*/pools/[0-9a-f-]{36}", page.url).group()


def let_a_week_pass(town):
    """Let the time be over in which a way to pay can be put right."""
    with town.session() as session:
        long_ago = now() - timedelta(days=8)
        session.execute(update(Pledge).where(Pledge.failed_at.is_not(None)).values(failed_at=long_ago))
        session.commit()
    town.run_jobs()


def test_a_pool_that_fails_costs_nobody_a_penny(town, stripe, offer, visitor):
    ada, cleo, dan, maggie = visitor(), visitor(width=320), visitor(), visitor()
    for one, name in ((ada, "ada"), (cleo, "cleo"), (dan, "dan"), (maggie, "maggie")):
        one.sign_in(f"{name}@example.org", PASSWORD)
    take_cards(stripe, maggie)
    for friend, card in ((ada, "Visa that pays"), (cleo, "Card that is refused later"), (dan, "Visa that pays")):
        friend.go("/payments/cards")
        save_card(stripe, friend, card=card)

    pool = open_for_three(ada, offer)
    pledge(ada, pool, pay_by="By card", at_worst="£22", first="Council")
    pledge(dan, pool, pay_by="By card", at_worst="£22", first="Dan’s money")
    pledge(cleo, pool, pay_by="By card", at_worst="£22")
    town.run_jobs()
    stripe.webhooks.settle()
    town.run_jobs()
    # Two have paid, the third card was refused: nothing is certain, and Cleo alone is told whose it was.
    assert status_of(town, pool) is PoolStatus.REPAIRING
    assert standing(town, "Dan") == (0, 22_00)
    main = cleo.go(f"{pool}/way-to-pay").get_by_role("main")
    expect(main).to_contain_text("Your card could not be charged.")

    let_a_week_pass(town)
    stripe.webhooks.settle()
    town.run_jobs()
    assert status_of(town, pool) is PoolStatus.EXPIRED
    assert [standing(town, name) for name in ("Ada", "Dan")] == [(0, 0), (0, 0)]
    [account] = [it for it in stripe.books().values() if it["charged"]]
    assert (account["charged"], account["refunded"]) == (44_00, 44_00)
    for friend in (ada, cleo, dan, maggie):
        friend.go(pool)
    assert not letters_that_say_too_much(town)
    with town.session() as session:
        assert not [*broken_promises(session), *broken_books(session, today=day_of(now()))]
