"""Somebody draws a plan with a friend, asks for quotes on her own terms, tries one, chooses it, and ends consent."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from marketplace.accounts import queries as people
from marketplace.accounts import services as accounts
from marketplace.accounts.models import Person
from marketplace.brokerage.models import Brief, BriefNeed
from marketplace.brokerage.rules.nouns import BriefId, Fit, TrialOffer
from marketplace.brokerage.rules.quoting import NewAnswer, NewQuote
from marketplace.brokerage.services import quoting
from marketplace.budgets import services as budgets
from marketplace.budgets.rules import Holding, Stream
from marketplace.catalogue.models import Provider
from marketplace.kit.days import day_of
from marketplace.kit.money import Money
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.rules import ArrangementStatus
from marketplace.web.queries import broken_books
from tests.factories import pictures, purchasing
from tests.factories.accounts import organisation

PASSWORD = "kettle garden bus"
PROVIDERS = {"maggie": "Maggie’s Gardens", "pat": "Pat and Spade", "ned": "Ned’s Beds"}
# The questions of a form that a provider must still answer: nothing chosen, or no amount of money, day or number.
OPEN_QUESTIONS = """() => [...new Set([...document.querySelectorAll("main form [name]")]
    .filter(one => one.type === "radio"
        ? ![...document.getElementsByName(one.name)].some(other => other.checked)
        : one.inputMode && !one.value)
    .map(one => one.name))]"""
BY_HAND = {"pat": Money(21_00), "ned": Money(18_50)}
"""Who quotes without a browser here, and what an hour of them costs."""


def now():
    return datetime.now(UTC)


@pytest.fixture
def offers(town):
    """Ada with £500 of her own, Asha who will help her, and three gardeners with an offer each, by their names."""
    found = {}
    with town.session() as session:
        for name in ("ada", "asha", *PROVIDERS):
            found[name] = accounts.add_person(
                session, email=f"{name}@example.org", name=name.title(), password=PASSWORD, confirmed=True, now=now()
            )
        budgets.set_up_budget(
            session, by=found["ada"], name="Ada’s money", holding=Holding.OWN_MONEY,
            begins_on=now().date() - timedelta(days=30), ends_on=now().date() + timedelta(days=300),
            amounts={Stream.OWN_MONEY: Money(500_00)}, now=now(),
        )  # fmt: skip
        offers = {}
        for name, called in PROVIDERS.items():
            body, _ = organisation(session, name=called, spoken_for_by=session.get_one(Person, found[name]))
            offer = purchasing.offer(session, organisation_id=body.id, council="E08000009", confirmed_at=now())
            session.get_one(Provider, offer.provider_id).name = called
            offers[name] = offer.id
        session.commit()
    return offers


def draw_a_plan(ada):
    """Begin a plan with a picture and a week, on a small screen. Returns its address."""
    page = ada.go("/plans/mine")
    ada.press("Begin my plan")
    plan = re.match(r".*/plans/[0-9a-f-]{36}", page.url).group()
    ada.go(f"{plan}/tell/about_me")
    sent = {"name": "garden.jpg", "mimeType": "image/jpeg", "buffer": pictures.sent()}
    page.get_by_label("Or a picture, a recording, a film or a document").set_input_files(sent)
    page.get_by_label("What does it show or say?").fill("My garden, with a gate that sticks.")
    ada.press("Save and go on")
    ada.go(f"{plan}/week/new")
    page.get_by_label("Garden", exact=True).check()
    page.get_by_label("Thursday").check()
    page.get_by_label("Morning").check()
    ada.press("Put it in the week")
    main = ada.go(plan).get_by_role("main")
    expect(main.get_by_role("img", name="My garden, with a gate that sticks.").first).to_be_visible()
    return plan


def let_help(ada, asha):
    """Invite a friend, who says yes."""
    page = ada.go("/help/invite")
    page.get_by_label("What is their email address?").fill("asha@example.org")
    page.get_by_label("Write in my plan, and help me ask for quotes and score them").check()
    ada.press("Invite them")
    asha.go("/accounts/consent")
    asha.press(re.compile("Say yes"))


def write_with_her(asha, plan):
    page = asha.go("/help/people")
    asha.press(re.compile("Open the plan"))
    assert page.url == plan
    asha.go(f"{plan}/write")
    page.get_by_label("What matters to me").fill("Things that grow, and nobody in a hurry.")
    asha.press("Save")


def write_a_brief(asha):
    """Write a brief for her, page by page, and be told that somebody could guess. Returns its address."""
    page = asha.go("/help/people")
    asha.press(re.compile("Ask for quotes"))
    brief = re.match(r".*/briefs/[0-9a-f-]{36}", page.url).group()
    asha.go(f"{brief}/what")
    page.get_by_label("What are you looking for, in a few words?").fill("Two hours a week in a garden")
    page.get_by_label("What should providers know?").fill("Ada grows beans. Ring 0161 496 0123 when you are late.")
    page.get_by_label("What kind of support is it?").select_option("home-and-garden")
    asha.press("Save")
    asha.go(f"{brief}/needs")
    page.get_by_label("First").fill("Does what I point at")
    page.get_by_label("Second").fill("No sprays")
    asha.press("Save")
    page = asha.go(f"{brief}/matters")
    page.get_by_label("What it costs").fill("60")
    page.get_by_label("Second thing").fill("Knows about beans")
    page.get_by_label("How much it counts").first.fill("40")
    asha.press("Save")
    asha.go(f"{brief}/where")
    page.get_by_label("Roughly where?").fill("M33 7ZF")
    asha.press("Save")
    asha.go(f"{brief}/when")
    page.get_by_label("Every week").check()
    page.get_by_label("How many?").fill("2")
    page.get_by_label("For how many weeks?").fill("4")
    page.get_by_label("When would suit you?").fill("Thursdays")
    page.get_by_label("7 days").check()
    asha.press("Save")
    main = asha.go(f"{brief}/check").get_by_role("main")
    expect(main).to_contain_text("It leads straight to somebody, so the brief cannot open with it.")
    expect(main).to_contain_text("Ada")
    expect(main).to_contain_text("0161 496 0123")
    return brief


def open_it(ada, brief):
    """Change the words that would give her away, and open it."""
    page = ada.go(f"{brief}/what")
    page.get_by_label("What should providers know?").fill("I grow beans and cannot bend. Somebody calm, please.")
    ada.press("Save")
    ada.go(f"{brief}/check")
    expect(page.get_by_role("main")).to_contain_text("Probably not")
    ada.press("Open for quotes")


def quote(maggie, brief_id):
    """Quote on a phone, where the provider’s own offer has answered everything but how each need is met."""
    main = maggie.go("/calls").get_by_role("main")
    assert "Ada" not in main.inner_text()
    maggie.press("Two hours a week in a garden")
    maggie.press("Quote for this")
    page = maggie.page
    assert page.url.endswith(f"/calls/{brief_id}/quote")
    # The notice may stay empty, which means none.
    assert page.evaluate(OPEN_QUESTIONS) == ["fit_1", "fit_2", "notice_hours"]
    for label, figure in (("The support itself", "16"), ("Admin", "1"), ("Overheads", "2"), ("Travel", "1")):
        page.get_by_label(label, exact=True).fill(figure)
    for need in ("Does what I point at", "No sprays"):
        page.get_by_role("group", name=need).get_by_label("Yes", exact=True).check()
    page.get_by_role("group", name="Can they try it out first?").get_by_label("Yes, free").check()
    page.get_by_label("If they can: how?").fill("The first hour")
    expect(page.get_by_role("main")).to_contain_text("£160")
    maggie.press("Send this quote")


def quote_by_hand(town, offers, brief_id, name):
    with town.session() as session:
        person = session.scalars(select(Person).where(Person.email == f"{name}@example.org")).one()
        viewer = people.viewer_with_id(session, person_id=person.id, stamp=person.session_stamp)
        needs = session.scalars(select(BriefNeed.id).where(BriefNeed.brief_id == brief_id)).all()
        quoting.send_quote(
            session, brief_id=brief_id, by=viewer, link=str, now=now(),
            wanted=NewQuote(
                offer_id=offers[name], support=BY_HAND[name], can_start_on=day_of(now()) + timedelta(days=9),
                times="Thursdays", trial=TrialOffer.NONE, answers={it: NewAnswer(Fit.YES) for it in needs},
            ),
        )  # fmt: skip
        session.commit()


def let_it_close(town, brief_id):
    """Let the days for quotes be over."""
    with town.session() as session:
        session.execute(update(Brief).where(Brief.id == brief_id).values(closes_at=now() - timedelta(minutes=1)))
        session.commit()
    town.run_jobs()


def try_it_out(ada, maggie, brief):
    """Ask to try it out, be answered, and write down how it was: for herself alone."""
    page = ada.go(f"{brief}/quotes")
    page.get_by_role("link", name=re.compile("Meet, try out or ask.*Maggie")).first.click()
    ada.look()
    page.get_by_label("Try it out", exact=True).check()
    page.get_by_label("What would you like to say to them?").fill("Could you come for an hour on Thursday?")
    ada.press("Ask them")
    main = maggie.go("/quotes").get_by_role("main")
    maggie.press(re.compile("Two hours a week in a garden"))
    maggie.press(re.compile("^Answer"))
    maggie.page.get_by_label("Your answer").fill("Thursday at ten.")
    maggie.press("Send this answer")
    expect(main).not_to_contain_text("18.50")
    ada.page.reload()
    ada.press(re.compile("Write down how it was"))
    ada.page.get_by_label("How was it?").fill("She asked before she cut.")
    ada.press("Keep this")


def choose(ada, brief):
    """Give points, and choose with the money that pays."""
    page = ada.go(f"{brief}/quotes")
    page.get_by_role("link", name=re.compile("Give points.*Maggie")).first.click()
    ada.look()
    page.get_by_role("group", name="Knows about beans").get_by_label("4: All of it").check()
    ada.press("Keep this")
    ada.go(f"{brief}/quotes")
    page.get_by_role("link", name=re.compile("Choose this quote.*Maggie")).first.click()
    ada.look()
    expect(page.get_by_role("main")).to_contain_text("£160")
    page.get_by_role("group", name="Which money pays for this?").get_by_label("Ada’s money").check()
    page.get_by_label("By bank transfer", exact=True).check()
    page.get_by_label("Why do you choose this one? You need not say.").fill("She asked before she cut.")
    ada.press("Choose this quote")
    main = page.get_by_role("main")
    expect(main).to_contain_text("It is agreed, and we have told everybody.")
    ada.press("Go to the arrangement")
    expect(main).to_contain_text("Maggie’s Gardens")


def test_a_plan_in_pictures_three_quotes_one_choice_and_an_end_to_consent(town, offers, visitor):
    ada, asha, maggie, ned = visitor(width=320), visitor(), visitor(width=320), visitor()
    for one, name in ((ada, "ada"), (asha, "asha"), (maggie, "maggie"), (ned, "ned")):
        one.sign_in(f"{name}@example.org", PASSWORD)

    plan = draw_a_plan(ada)
    let_help(ada, asha)
    write_with_her(asha, plan)
    expect(ada.go("/help/acts").get_by_role("main")).to_contain_text("wrote “What matters to me” in your plan")

    brief = write_a_brief(asha)
    brief_id = BriefId(uuid.UUID(brief.rpartition("/")[2]))
    open_it(ada, brief)
    town.run_jobs()
    quote(maggie, brief_id)
    for name in BY_HAND:
        quote_by_hand(town, offers, brief_id, name)
    assert "Quotes can still come in" in ada.go(f"{brief}/quotes").get_by_role("main").inner_text()

    let_it_close(town, brief_id)
    try_it_out(ada, maggie, brief)
    # Whoever helps sees and scores; the choice is not theirs.
    main = asha.go(f"{brief}/quotes").get_by_role("main")
    expect(main).to_contain_text("£148")
    assert asha.page.get_by_role("link", name=re.compile("Choose this")).count() == 0
    choose(ada, brief)

    main = ned.go("/quotes").get_by_role("main")
    ned.press(re.compile("Two hours a week in a garden"))
    said = main.inner_text()
    assert not [word for word in ("Ada", "160", "Maggie", "Pat") if word in said], "nothing of anybody else’s"
    with town.session() as session:
        made = session.scalars(select(Arrangement)).one()
        assert (made.status, made.total) == (ArrangementStatus.ACCEPTED, Money(160_00))
        assert not broken_books(session, today=day_of(now()))

    asha.go(f"{plan}/write")
    ada.go("/help")
    ada.press(re.compile("End this now"))
    asha.page.get_by_label("What matters to me").fill("What I was typing meanwhile.")
    asha.press("Save")
    expect(asha.page.get_by_role("main")).to_contain_text("What I was typing meanwhile.")
    for gone in (plan, f"{plan}/write", brief, f"{brief}/quotes"):
        assert asha.page.goto(gone).status == 404, gone
    assert "typing meanwhile" not in ada.go(plan).get_by_role("main").inner_text()
