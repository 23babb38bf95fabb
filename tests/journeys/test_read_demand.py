"""A commissioner reads demand, and takes it away."""

from datetime import UTC, datetime

from playwright.sync_api import expect

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import Role
from marketplace.kit.facts import FactKind
from marketplace.kit.quarters import Quarter
from tests.factories import demand as make

PASSWORD = "kettle garden bus"


def test_a_commissioner_downloads_the_last_quarter(town, visitor):
    now = datetime.now(UTC)
    quarter = Quarter.of(now).previous
    with town.session() as session:
        make.facts(session, FactKind.ASKED, people=23, quarter=quarter, category="home-and-garden")
        accounts.add_person(
            session, email="catrin@example.org", name="Catrin", password=PASSWORD, confirmed=True,
            role=Role.COMMISSIONER, council="E08000009", now=now,
        )  # fmt: skip
        session.commit()
    town.run_jobs()
    for width in (320, 1280):
        catrin = visitor(width=width)
        catrin.sign_in("catrin@example.org", PASSWORD)
        page = catrin.go("/demand")
        main = page.get_by_role("main")
        expect(main).to_contain_text("Demand in Trafford")
        catrin.go("/demand/method")
        catrin.go("/demand")
    answer = catrin.page.request.get(f"/demand/E08000009/{quarter.slug}.csv")
    [asked] = [line for line in answer.text().splitlines() if ",home-and-garden," in line and ",asked," in line]
    assert asked.endswith(",people,25"), "23 people are shown as 25"
    assert catrin.page.request.get("/demand/E08000003/" + quarter.slug + ".csv").status == 404
