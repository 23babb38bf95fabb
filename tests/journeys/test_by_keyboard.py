"""Ten whole errands with keys alone and without scripts: nobody here has a mouse, and nothing on a page runs."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from marketplace.accounts import services as accounts
from marketplace.accounts.models import Person
from marketplace.accounts.rules import Role
from marketplace.budgets import services as budgets
from marketplace.budgets.rules import Holding, Stream
from marketplace.catalogue.models import Provider
from marketplace.kit.days import day_of
from marketplace.kit.money import Money
from marketplace.kit.quarters import Quarter
from tests.factories import briefs, catalogue, flags, frozen, payments, pooling, purchasing, quotes
from tests.factories.accounts import as_viewer, organisation
from tests.journeys.conftest import served
from tests.journeys.keyboard import Keyboard
from tests.stripe_fake import StripeFake

PASSWORD = "kettle garden bus"
ROLES = {"moses": Role.MODERATOR, "catrin": Role.COMMISSIONER}
TRAFFORD = "E08000009"


def now():
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def stripe():
    with StripeFake() as fake:
        yield fake


@pytest.fixture(scope="module")
def town(new_app, stripe):
    """One site for all of these errands."""
    app = new_app(
        stripe_secret_key=stripe.secret_key,
        stripe_webhook_secret=stripe.webhook_secret,
        stripe_api_base=stripe.url,
    )
    with served(app) as town:
        stripe.webhooks.url, stripe.webhooks.is_prompt = f"{town.address}/payments/events", True
        yield town
        stripe.webhooks.settle()


@pytest.fixture(scope="module")
def somebody(town):
    """Return a function that opens an account, and gives the person."""

    def add(session, name, *, pounds=0):
        role = ROLES.get(name, Role.PERSON)
        person_id = accounts.add_person(
            session, email=f"{name}@example.org", name=name.title(), password=PASSWORD, confirmed=True, now=now(),
            role=role, council=TRAFFORD if role is Role.COMMISSIONER else None,
        )  # fmt: skip
        if pounds:
            budgets.set_up_budget(
                session, by=person_id, name="My own money", holding=Holding.OWN_MONEY, now=now(),
                begins_on=now().date() - timedelta(days=60), ends_on=now().date() + timedelta(days=300),
                amounts={Stream.OWN_MONEY: Money(pounds * 100)},
            )  # fmt: skip
        return session.get_one(Person, person_id)

    return add


@pytest.fixture(scope="module")
def maggie(town, somebody):
    """Maggie, who speaks for Maggie’s Gardens: her organisation, and its offer, which groups can have for less."""
    with town.session() as session:
        speaker = somebody(session, "maggie")
        body, _ = organisation(session, name="Maggie’s Gardens", spoken_for_by=speaker)
        offer = pooling.offer_for_groups(session, organisation_id=body.id, council=TRAFFORD, confirmed_at=now())
        session.get_one(Provider, offer.provider_id).name = "Maggie’s Gardens"
        session.commit()
        return speaker, body, offer


@pytest.fixture
def keyboard(browser, town):
    """Return a function that gives somebody a browser and a keyboard."""
    made = []

    def sit_down(name="", *, width=1280):
        made.append(Keyboard(browser, town, width=width))
        if name:
            made[-1].sign_in(f"{name}@example.org", PASSWORD)
        return made[-1]

    yield sit_down
    for one in made:
        one.context.close()


def heading(keys, words):
    expect(keys.page.get_by_role("heading", level=1)).to_have_text(words)


def test_find_it_ask_for_it_have_it_and_say_what_it_was_like(town, keyboard, somebody):
    with town.session() as session:
        somebody(session, "nadine", pounds=500)
        catalogue.live(session, title="Gardening with a cup of tea", by=as_viewer(somebody(session, "tess")))
        session.commit()
    nadine, tess = keyboard("nadine", width=320), keyboard("tess")
    nadine.open("/")
    nadine.write("What are you looking for?", "gardening")
    nadine.write("Where? Postcode or council", "M33")
    nadine.press("Search")
    nadine.press("Gardening with a cup of tea", part=nadine.main)
    nadine.press("Add to basket")
    nadine.write("What would you like?", "On Tuesdays, please.")
    nadine.choose("Once")
    nadine.write("How much would you like?", "2")
    nadine.write_day(day_of(now()))
    nadine.press("Go on")
    nadine.choose("My own money", part=nadine.page.get_by_role("group", name="Which money pays for this?"))
    nadine.choose("By bank transfer")
    nadine.press("Save")
    nadine.press("Check it all")
    nadine.press("Ask for this")
    heading(nadine, "You have asked")

    tess.open("/arrangements/for-my-organisation")
    tess.press("Gardening with a cup of tea", part=tess.main)
    there = tess.page.url
    tess.press("Accept this")
    tess.open(f"{there}/visits/write-down")
    tess.write_day(day_of(now()))
    tess.write("How many minutes did it take?", "120")
    tess.press("Write this down")
    tess.reads("is asked whether it is right")

    nadine.open("/arrangements/visits")
    nadine.press(re.compile("^Yes, this is right"))
    nadine.open(there)
    nadine.press("Mark as done")
    nadine.open(there.replace("/arrangements/", "/reviews/for/"))
    nadine.choose(re.compile("^5"))
    nadine.write("What would you tell a friend about it?", "They know their beans.")
    nadine.choose("No", part=nadine.page.get_by_role("group", name="Do you have any link"))
    nadine.press("Send my review")
    nadine.reads("They know their beans.")


def test_join_a_pool_and_leave_it(town, keyboard, somebody, maggie):
    with town.session() as session:
        somebody(session, "ben", pounds=500)
        pool = pooling.pool_open_now(session, offer=maggie[2], people=[somebody(session, "opal")]).id
        session.commit()
    ben = keyboard("ben")
    ben.open("/pools")
    ben.press("Swimming on Saturdays", part=ben.main)
    ben.press("Join this pool")
    ben.press("Go on")
    ben.reads("Now you pay nothing.")
    ben.choose("My own money", part=ben.page.get_by_role("group", name="Which money pays for this?"))
    ben.choose("By bank transfer")
    ben.press("Join this pool")
    ben.reads("You are in this pool.")
    ben.open(f"/pools/{pool}")
    ben.press("Leave this pool")
    expect(ben.main).not_to_contain_text("You are in this pool.")


@pytest.mark.once
def test_sign_up_and_write_down_what_money_there_is(town, keyboard):
    rose = keyboard(width=320)
    rose.open("/accounts/sign-up")
    rose.write("What should we call you?", "Rose")
    rose.write("Your email address", "rose@example.org")
    rose.write("Choose a password", PASSWORD)
    rose.press("Open my account")
    rose.open(town.link_sent_to("rose@example.org"))
    rose.press("Yes, this is my email address")
    if "/sign-in" in rose.page.url:
        rose.sign_in("rose@example.org", PASSWORD)
    rose.open("/accounts/where-you-live")
    rose.write(rose.page.locator("main label").first.inner_text(), "M33 7ZF")
    rose.press("Save")
    rose.open("/budgets/new")
    rose.write("What do you call this budget?", "My direct payment")
    rose.choose(re.compile("direct payment"))
    rose.write("The council (social care)", "900")
    rose.write_day(now().date(), part=rose.page.get_by_role("group", name="First day"))
    rose.write_day(now().date() + timedelta(days=364), part=rose.page.get_by_role("group", name="Last day"))
    rose.press("Save this budget")
    rose.reads("£900")


@pytest.mark.once
def test_help_somebody_who_has_said_yes(town, keyboard, somebody):
    with town.session() as session:
        somebody(session, "ada")
        somebody(session, "asha")
        session.commit()
    ada, asha = keyboard("ada"), keyboard("asha", width=320)
    ada.open("/plans/mine")
    ada.press("Begin my plan")
    ada.open("/help/invite")
    ada.write("What is their email address?", "asha@example.org")
    ada.choose("Write in my plan, and help me ask for quotes and score them")
    ada.press("Invite them")
    asha.open("/accounts/consent")
    asha.press(re.compile("Say yes"))
    asha.open("/help/people")
    asha.press(re.compile("Open the plan"))
    asha.open(f"{asha.page.url}/write")
    asha.write("What matters to me", "Things that grow, and nobody in a hurry.")
    asha.press("Save")
    ada.open("/help/acts")
    ada.reads("wrote “What matters to me” in your plan")
    ada.open("/help")
    ada.press(re.compile("End this now"))
    assert asha.page.goto("/help/people").ok
    expect(asha.main).not_to_contain_text("Open the plan")


@pytest.mark.once
def test_offer_something_and_answer_who_asks(town, keyboard, somebody):
    with town.session() as session:
        body, _ = organisation(session, name="Olu’s Lifts", spoken_for_by=somebody(session, "olu"))
        offer = purchasing.offer(session, organisation_id=body.id, title="Lifts to town", confirmed_at=now())
        purchasing.arrangement(session, person=somebody(session, "zed"), organisation_id=body.id, about=offer)
        session.commit()
    olu = keyboard("olu", width=320)
    olu.open("/offers/mine")
    olu.press(re.compile("List (an|another) offer|List something"))
    olu.press("Start now")
    olu.write("What do you offer?", "Chess and a chat")
    olu.press("Save and come back later")
    olu.reads("Chess and a chat")
    olu.open("/arrangements/for-my-organisation")
    olu.press("Lifts to town", part=olu.main)
    olu.press(re.compile("^Decline, and say why"))
    olu.write("Why can you not do this?", "I am full until the summer.")
    olu.press("Decline this")
    olu.reads("I am full until the summer.")


@pytest.mark.once
def test_start_a_pool_invite_somebody_and_talk(town, keyboard, somebody):
    with town.session() as session:
        for name in ("yasmin", "finn"):
            somebody(session, name)
        session.commit()
    yasmin, finn = keyboard("yasmin"), keyboard("finn", width=320)
    yasmin.open("/pools/begin")
    yasmin.choose("Something we like doing")
    yasmin.write("Give your pool a name", "Walks by the canal")
    yasmin.write("What would you like to do together?", "We like the water, and a laugh.")
    yasmin.pick("Which of these is nearest to it?", "Swimming")
    yasmin.write("Where would you meet?", "M33")
    yasmin.choose("Only people who are given its link or a card")
    yasmin.write("What shall the others call you?", "Captain")
    yasmin.press("Start this pool")
    yasmin.reads("You are in this pool.")
    pool = yasmin.page.url.partition("?")[0]
    yasmin.press("Invite people")
    finn.open(yasmin.main.locator(".address a").get_attribute("href"))
    finn.write("What shall the others call you?", "Otter")
    finn.press("Join this pool")
    finn.open(f"{pool}/space")
    finn.write("Write to the others", "Is Saturday at ten too early?")
    finn.press("Send to the others")
    yasmin.open(f"{pool}/space")
    yasmin.reads("Is Saturday at ten too early?")


def test_choose_between_quotes(town, keyboard, somebody, maggie):
    speaker, body, offer = maggie
    began = now() - timedelta(days=20)
    with town.session() as session:
        quinn = somebody(session, "quinn", pounds=900)
        brief = briefs.open_brief(
            session, person=quinn, now=began, category=offer.category, starts_on=day_of(now()) + timedelta(days=20)
        )
        quotes.sent(
            session,
            brief=brief,
            by=as_viewer(speaker, body),
            about=offer,
            can_start_on=day_of(now()) + timedelta(days=9),
        )
        session.commit()
        there = f"/briefs/{brief.id}/quotes"
    town.run_jobs()
    quinn = keyboard("quinn")
    quinn.open(there)
    quinn.press(re.compile("Choose this quote.*Maggie"))
    quinn.choose("My own money", part=quinn.page.get_by_role("group", name="Which money pays for this?"))
    quinn.choose("By bank transfer")
    quinn.press("Choose this quote")
    quinn.reads("It is agreed, and we have told everybody.")


@pytest.mark.once
def test_save_a_card_on_the_page_that_takes_it(town, stripe, keyboard, somebody, maggie):
    with town.session() as session:
        somebody(session, "carl")
        payments.account(session, organisation_id=maggie[1].id, by=maggie[0].id)
        session.commit()
    carl = keyboard("carl", width=320)
    carl.open("/payments/cards")
    carl.press("Save a card")
    carl.press("Go to Stripe’s page")
    carl.press("Save card")
    stripe.webhooks.settle()
    carl.open("/payments/cards")
    carl.reads("Visa")


def test_decide_whether_reviews_are_genuine(town, keyboard, somebody):
    with town.session() as session:
        somebody(session, "moses")
        body, _ = organisation(session, name="Shiny Help")
        offer = purchasing.offer(session, organisation_id=body.id, title="Shining shoes")
        flag = flags.flag(session, offer=offer, now=now()).id
        session.commit()
    moses = keyboard("moses")
    moses.open(f"/reviews/flags/{flag}")
    moses.choose("All of them")
    moses.write("Why?", "They came in one night, from nobody who had used it.")
    moses.press("Save this decision")
    moses.reads("No reviews look arranged.")


def test_read_what_a_council_is_told_and_take_it_away(town, keyboard, somebody):
    quarter = Quarter.of(now()).previous
    with town.session() as session:
        missed = {("unmet", "searched", "getting-about"): 40, ("support", "asked", "companionship"): 60}
        frozen.release(session, {TRAFFORD: missed}, quarter=quarter)
        somebody(session, "catrin")
        session.commit()
    catrin = keyboard("catrin")
    catrin.press("Demand")
    heading(catrin, re.compile("Demand in Trafford"))
    catrin.press(re.compile("Missing|found nothing|What is missing"))
    catrin.reads("40")
    catrin.open("/demand/downloads")
    table = catrin.main.locator("a[href$='.csv'], a[href$='.ods']")
    catrin.reach(table)
    with catrin.page.expect_download() as taking:
        catrin.key("Enter")
    assert taking.value.path().stat().st_size > 0


@pytest.mark.once
def test_close_an_account(town, keyboard, somebody):
    with town.session() as session:
        somebody(session, "gus")
        session.commit()
    gus = keyboard("gus")
    gus.open("/accounts/me")
    gus.press(re.compile("^Your data"))
    gus.press(re.compile("[Cc]lose your account|Close my account"))
    gus.tick("I want to close my account for good")
    gus.press("Close my account")
    gus.reads("You are signed out, and what named you is gone.")
