"""A commissioner reads demand, and takes it away."""

from datetime import UTC, datetime

from playwright.sync_api import expect

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import Role
from marketplace.kit.quarters import Quarter
from tests.factories import demand as make
from tests.factories import purchasing
from tests.factories.accounts import organisation

PASSWORD = "kettle garden bus"


def test_a_commissioner_downloads_the_last_quarter(town, visitor):
    now = datetime.now(UTC)
    quarter = Quarter.of(now).previous
    asked_at = datetime(quarter.starts_on.year, quarter.starts_on.month, 15, 12, tzinfo=UTC)
    with town.session() as session:
        body, _speaker = organisation(session)
        offer = purchasing.offer(session, organisation_id=body.id)
        make.asked_by(session, make.crowd(session, 23), offer=offer, asked_at=asked_at)
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
        expect(main).to_contain_text("not shown")
        catrin.go("/demand/method")
        catrin.go("/demand")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download these figures (CSV)").click()
    lines = downloading.value.path().read_text().splitlines()
    [garden] = [line for line in lines if "home-and-garden" in line or "Home, garden" in line]
    assert "25" in garden.split(",") or "25" in garden, "23 people are shown as 25"
    assert "23" not in garden.split(",")
    assert catrin.page.request.get("/demand/E08000003/" + quarter.slug + ".csv").status == 404
