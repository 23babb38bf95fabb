"""A council learns what is missing, says so, and a provider hears of it; and somebody would rather not be counted."""

from datetime import UTC, datetime

from playwright.sync_api import expect

from marketplace.accounts import services as accounts
from marketplace.accounts.models import Person
from marketplace.accounts.rules import Role
from marketplace.demand.rules.shapes import STREAMS
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import ENGLAND
from tests.factories import frozen
from tests.factories.accounts import organisation

PASSWORD = "kettle garden bus"
LIFTS = "getting-about"


def some_quarters(session, last):
    """Two released quarters in which people of Trafford bought company, and ever more missed lifts."""
    for quarter, missed in ((last.previous, 25), (last, 40)):
        company = {
            ("support", "asked", "companionship"): 60, ("support", "bought", "companionship"): 55,
            ("support", "spend", "companionship"): 12_300_00, ("funding", "bought", STREAMS[0][0]): 55,
            ("price-of-an-hour", "people", "companionship"): 55, ("price-of-an-hour", "median", "companionship"): 16_50,
            ("price-of-an-hour", "lower_quartile", "companionship"): 15_00,
            ("price-of-an-hour", "upper_quartile", "companionship"): 18_00,
            ("unmet", "searched", LIFTS): missed, ("supply", "providers", "companionship"): 10,
        }  # fmt: skip
        frozen.release(session, dict.fromkeys(("E08000009", "E12000002", ENGLAND), company), quarter=quarter)


def somebody(session, name, *, role=Role.PERSON, council=None):
    return accounts.add_person(
        session, email=f"{name.lower()}@example.org", name=name, password=PASSWORD, confirmed=True, role=role,
        council=council, now=datetime.now(UTC),
    )  # fmt: skip


def test_what_is_missing_is_seen_said_and_heard(town, visitor):
    with town.session() as session:
        some_quarters(session, Quarter.of(datetime.now(UTC)).previous)
        somebody(session, "Catrin", role=Role.COMMISSIONER, council="E08000009")
        organisation(session, name="Maggie’s Lifts", spoken_for_by=session.get_one(Person, somebody(session, "Maggie")))
        somebody(session, "Nadine")
        session.commit()

    # A provider sees on the wall what is missing, and asks to be told of more.
    maggie = visitor(width=320)
    maggie.sign_in("maggie@example.org", PASSWORD)
    page = maggie.go("/wanted?near=Trafford")
    expect(page.get_by_role("main")).to_contain_text("About 40 searched and found nothing")
    maggie.press("Tell me when something new is wanted")
    page.get_by_label("Which kind of support?").select_option(LIFTS)
    maggie.press("Tell us by email")
    expect(page.get_by_role("main")).to_contain_text("Going out and getting about in Trafford")

    # A commissioner signs in with a code, reads the dashboard, and takes a spreadsheet away.
    catrin = visitor()
    catrin.sign_in("catrin@example.org", PASSWORD)
    page = catrin.go("/demand")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Demand in Trafford")
    for link in page.locator(".dashboard__nav a").all()[1:]:
        catrin.go(link.get_attribute("href"))
    page.set_viewport_size({"width": 320, "height": 900})
    for path in ("/demand", "/demand/method", "/demand/releases", "/demand/tokens", "/demand/downloads"):
        catrin.go(path)
    spreadsheet = page.locator("main a[href*='demand-E08000009-'][href$='.ods'], main a[href$='.xlsx']").first
    # It is made when it is first asked for, which takes its time on a busy machine.
    taken = page.request.get(spreadsheet.get_attribute("href"), timeout=60_000)
    assert (taken.status, taken.body()[:2]) == (200, b"PK"), "a spreadsheet is a ZIP file"
    page.set_viewport_size({"width": 1280, "height": 900})

    # They say what they would like to see, with the figure that shows it: looked at first, and then posted.
    catrin.go("/demand/signals")
    catrin.press("Say what you would like to see more of")
    page.get_by_label("What is it about, in a few words?").fill("Lifts home in the evening")
    page.get_by_label("Say it in plain words").fill("We look for somebody who offers lifts home after six.")
    figure = page.get_by_label("Is there a figure that shows it?")
    figure.select_option(label=figure.locator("option", has_text="about 40").first.inner_text())
    page.get_by_label("Which kind of support is it about?").select_option(LIFTS)
    catrin.press("See how it looks")
    expect(page.get_by_role("main")).to_contain_text("It is not posted yet")
    catrin.press("Post it")
    expect(page.get_by_role("main")).to_contain_text(
        "People whose search found nothing, Going out and getting about: about 40"
    )

    # The provider has a letter, which leads to it; somebody who looks in finds it too.
    town.run_jobs()
    page = maggie.go(town.link_sent_to("maggie@example.org"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lifts home in the evening")
    nadine = visitor(width=320)
    page = nadine.go("/")
    nadine.press("what councils say")
    expect(page.get_by_role("main")).to_contain_text("Lifts home in the evening")
    for path in ("/signals?near=Trafford", "/what-others-bought?near=Trafford"):
        nadine.go(path)

    # And somebody would rather not be counted.
    nadine.sign_in("nadine@example.org", PASSWORD)
    page = nadine.go("/accounts/statistics")
    page.get_by_label("No, leave me out").check()
    nadine.press("Save")
    nadine.go("/accounts/statistics")
    expect(page.get_by_label("No, leave me out")).to_be_checked()
