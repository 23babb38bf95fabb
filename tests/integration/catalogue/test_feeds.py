"""Bringing in a feed from the web: all of it, once, whatever happens on the way."""

from __future__ import annotations

import json
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.catalogue import services
from marketplace.catalogue.gateways.web import NoAnswerError
from marketplace.catalogue.models import (
    AgeRange,
    AlsoListed,
    FeedRun,
    Offer,
    OfferAccess,
    OfferLanguage,
    OfferPayment,
    OfferPrice,
    OfferTime,
    Sighting,
)
from marketplace.catalogue.rules import (
    AccessFact,
    Capacity,
    Day,
    OfferStatus,
    PartOfDay,
    Rate,
    Setting,
    Unit,
    WayToPay,
)
from marketplace.kit.money import Money
from tests.factories import catalogue

URL = "https://feed.example.org/oruk"
TOLD = (
    "--feed", "open-referral", "--source", "example", "--publisher", "Example Council", "--licence", "ogl",
    "--category", "community-places", "--council", "E08000009",
)  # fmt: skip


class Shelf:
    """A feed that answers from memory, and notes what it was asked."""

    def __init__(self, services, *, size=3, is_full=True):
        self.services, self.size, self.is_full = services, size, is_full
        self.asked, self.broken = [], {}

    def fetch(self, url):
        parts = urlsplit(url)
        asked = dict(part.split("=") for part in parts.query.split("&") if part)
        self.asked.append(parts.path.removeprefix("/oruk") + (f"?page={asked['page']}" if asked else ""))
        if self.asked[-1] in self.broken:
            raise NoAnswerError(self.broken[self.asked[-1]])
        if not asked:
            return json.dumps(next(one for one in self.services if parts.path.endswith(f"/{one['id']}"))).encode()
        number, pages = int(asked["page"]), -(-len(self.services) // self.size)
        part = self.services[(number - 1) * self.size : number * self.size]
        shown = part if self.is_full else [{"id": one["id"], "name": one["name"]} for one in part]
        page = {"total_items": len(self.services), "total_pages": pages, "page_number": number, "contents": shown}
        return json.dumps(page).encode()


class Site:
    """A feed that is another site of ours, asked without a network."""

    def __init__(self, app):
        self.client = app.test_client()

    def fetch(self, url):
        parts = urlsplit(url)
        response = self.client.get(f"{parts.path}?{parts.query}")
        assert response.status_code == 200, response.text
        return response.data


def entry(number, **differences):
    place = {
        "id": str(number),
        "location_type": "physical",
        "addresses": [{"address_1": f"{number} High Street", "city": "Sale", "postal_code": "M33 7ZF"}],
    }
    return {
        "id": f"s{number}",
        "name": f"Club {number}",
        "status": "active",
        "description": "We meet.",
        "service_at_locations": [{"id": str(number), "location": place}],
    } | differences


@pytest.fixture
def bring(app, connection):
    """Return a function that runs `flask catalogue import` on a feed, and gives how it ended."""

    def invoke(feed, *arguments, where=URL, told=TOLD):
        app.extensions["web_reader"] = feed
        try:
            result = app.test_cli_runner().invoke(args=["catalogue", "import", where, *told, *arguments])
        finally:
            del app.extensions["web_reader"]
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return invoke


@pytest.fixture
def count(session):
    def rows(kind=Offer):
        session.expire_all()
        return session.scalar(select(func.count()).select_from(kind))

    return rows


# ---------------------------------------------------------------- all of it, once


def test_a_feed_comes_in_page_by_page_and_a_second_time_adds_nothing(bring, count, session):
    feed = Shelf([entry(n) for n in range(7)])
    result = bring(feed)
    assert result.exit_code == 0, result.output
    assert "7 rows read: 7 added, 0 updated, 0 unchanged, 0 refused." in result.output
    assert feed.asked == ["/services?page=1", "/services?page=2", "/services?page=3"]
    again = bring(feed)
    assert "7 rows read: 0 added, 0 updated, 7 unchanged, 0 refused." in again.output
    assert count() == count(Sighting) == 7
    club = session.scalars(select(Offer).order_by(Offer.source_key)).first()
    assert (club.source, club.source_key, club.address) == ("example", "s0", "0 High Street, Sale")


@pytest.mark.parametrize("where", [URL, f"{URL}/", f"{URL}/services", f"{URL}/services?page=2"])
def test_the_root_or_the_list_of_services_will_do(bring, where):
    feed = Shelf([entry(1)])
    assert bring(feed, where=where).exit_code == 0
    assert feed.asked == ["/services?page=1"]


def test_what_a_list_does_not_show_is_asked_for_one_by_one(bring, session):
    feed = Shelf([entry(1), entry(2)], is_full=False)
    assert bring(feed).exit_code == 0
    assert feed.asked == ["/services?page=1", "/services/s1", "/services/s2"]
    assert session.scalars(select(Offer.address).order_by(Offer.address)).first() == "1 High Street, Sale"


def test_a_bad_entry_is_told_with_its_place_and_takes_nothing_with_it(bring, count, tmp_path):
    feed = Shelf([entry(0), "nonsense", entry(2, name=""), entry(3, status="defunct"), entry(4)], is_full=True)
    report = tmp_path / "report.csv"
    result = bring(feed, "--report", report)
    assert result.exit_code == 1
    assert "page 1, entry 2" in result.output
    assert "This is not a service" in result.output
    assert "page 2, entry 1  Club 3" in result.output
    assert "5 rows read: 2 added, 0 updated, 0 unchanged, 3 refused." in result.output
    assert "page 1, entry 3" in report.read_text(encoding="utf-8-sig")
    assert count() == 2


def test_one_service_that_cannot_be_had_is_refused_and_the_others_come(bring, count):
    feed = Shelf([entry(n) for n in range(3)], is_full=False)
    feed.broken["/services/s1"] = "It answered with 500."
    result = bring(feed)
    assert "page 1, entry 2  Club 1" in result.output
    assert "It answered with 500." in result.output
    assert count() == 2


# ---------------------------------------------------------------- interrupted


def test_a_reading_that_breaks_off_goes_on_after_the_last_whole_page(bring, count, session):
    feed = Shelf([entry(n) for n in range(9)])
    feed.broken["/services?page=3"] = "It does not answer."
    stopped = bring(feed)
    assert stopped.exit_code == 2
    assert "It does not answer. The first 6 of 9 rows are done, and kept. Run it again to go on from there." in (
        stopped.output
    )
    assert count() == 6
    feed.broken.clear()
    feed.asked.clear()
    result = bring(feed)
    assert "Going on after page 2, where the last reading stopped." in result.output
    assert feed.asked == ["/services?page=3"]
    assert "3 rows read: 3 added" in result.output
    assert count() == 9
    session.expire_all()
    run = session.get_one(FeedRun, "example")
    assert run.pages_done == 3
    assert run.ended_at is not None


def test_ctrl_c_stops_it_and_it_goes_on(bring, count):
    feed = Shelf([entry(n) for n in range(6)])
    real = feed.fetch

    def stop(url):
        if "page=2" in url:
            raise KeyboardInterrupt
        return real(url)

    feed.fetch = stop
    assert bring(feed).exit_code == 130
    feed.fetch = real
    assert "3 rows read: 3 added" in bring(feed).output
    assert count() == 6


def test_it_can_be_made_to_begin_again(bring):
    feed = Shelf([entry(n) for n in range(6)])
    feed.broken["/services?page=2"] = "No."
    bring(feed)
    feed.broken.clear()
    assert "6 rows read: 3 added, 0 updated, 3 unchanged" in bring(feed, "--from-start").output


def test_a_dry_run_keeps_nothing_not_even_how_far_it_was(bring, count):
    result = bring(Shelf([entry(n) for n in range(4)]), "--dry-run")
    assert "4 rows read: 4 added" in result.output
    assert count() == count(FeedRun) == count(Sighting) == 0


def test_a_feed_that_never_turns_its_page_is_left(bring):
    class Stuck(Shelf):
        def fetch(self, url):
            return super().fetch(url.replace("page=2", "page=1"))

    result = bring(Stuck([entry(n) for n in range(6)]))
    assert result.exit_code == 2
    assert "Page 2 of the feed is page 1 again." in result.output


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (b"<html>", "did not answer with JSON."),
        (b'{"items": []}', "is not a page of Open Referral UK 3.0."),
        (b'{"contents": NaN}', "says NaN"),
        (b"[" * 100_000, "did not answer with JSON."),
    ],
)
def test_what_is_no_feed_is_refused_in_words(bring, count, answer, sentence):
    feed = Shelf([])
    feed.fetch = lambda _url: answer
    result = bring(feed)
    assert result.exit_code == 2
    assert sentence in result.output
    assert count() == 0


def test_an_empty_feed_is_read_to_its_end(bring):
    assert "0 rows read" in bring(Shelf([])).output


# ---------------------------------------------------------------- seen elsewhere, and seen no more


def test_what_we_have_from_somebody_else_is_not_listed_twice(bring, count, session, client):
    catalogue.source(session)
    services.add_universal_service(session, service=catalogue.universal_service(), now=catalogue.LISTED)
    own, _ = catalogue.live(session, title="The Walking Group")
    session.commit()
    feed = Shelf([entry(1, name="SALE LIBRARY"), entry(2, name="Walking group"), entry(3, name="New here")])
    result = bring(feed)
    assert "1 added, 0 updated, 0 unchanged, 0 refused, 2 here already, from somebody else." in result.output
    assert count() == 3
    assert count(AlsoListed) == 2
    page = client.get(f"/offers/{own.id}").text
    assert "Also listed by" in page
    assert "Example Council" in page
    said = client.get(f"/open-referral/services/{own.id}").json
    assert [other["publisher"] for other in said["x_also_listed_by"]] == ["Example Council"]
    feed.services[1]["name"] = "Another name altogether"
    assert "2 here already" in bring(feed).output, "once the same, always the same"


def test_what_was_taken_down_here_does_not_come_back_by_another_list(bring, count, session):
    catalogue.source(session)
    services.add_universal_service(session, service=catalogue.universal_service(), now=catalogue.LISTED)
    session.scalars(select(Offer)).one().status = OfferStatus.REFUSED
    session.commit()
    assert "1 here already" in bring(Shelf([entry(1, name="Sale Library")])).output
    assert count() == 1


@pytest.mark.parametrize("differs", [{"name": "Sale Museum"}, {"service_at_locations": []}])
def test_another_name_or_no_postcode_makes_another_offer(bring, count, session, differs):
    catalogue.source(session)
    services.add_universal_service(session, service=catalogue.universal_service(), now=catalogue.LISTED)
    session.commit()
    bring(Shelf([entry(1, **{"name": "Sale Library"} | differs)]))
    assert count() == 2


def test_what_is_gone_from_a_feed_is_told_and_stays(bring, count, session):
    feed = Shelf([entry(n) for n in range(4)])
    bring(feed)
    for sighting in session.scalars(select(Sighting)):
        sighting.seen_at -= timedelta(days=3)
    session.commit()
    del feed.services[1]
    result = bring(feed)
    assert "Not in the feed any more, and still on the site." in result.output
    assert "Club 1  (last there on" in result.output
    assert "Club 2  (last" not in result.output
    assert count() == 4


def test_only_what_changed_is_asked_for_after_a_whole_reading(bring):
    feed = Shelf([entry(1)])
    real, urls = feed.fetch, []
    feed.fetch = lambda url: urls.append(url) or real(url)
    bring(feed, "--only-changed")
    assert "modified_after" not in urls[-1]
    result = bring(feed, "--only-changed")
    assert "modified_after" in urls[-1]
    assert "any more" not in result.output


# ---------------------------------------------------------------- how it is asked


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ((), "either --mapping, or --feed"),
        (("--feed", "open-referral"), "say --source, --publisher and --licence"),
        ((*TOLD[:6], "--licence", "Something"), "Say where the licence is"),
        ((*TOLD[:2], "--source", "No Spaces", *TOLD[4:]), "use small letters, figures and hyphens"),
        ((*TOLD[:-4], "--category", "nowhere"), "which is not a category"),
        ((*TOLD[:-1], "E99999999"), "which is no council's code"),
    ],
)
def test_what_is_missing_is_said_before_anything_is_asked(bring, told, sentence):
    feed = Shelf([entry(1)])
    result = bring(feed, told=told)
    assert result.exit_code == 2
    assert sentence in result.output
    assert not feed.asked


def test_a_service_that_goes_by_no_category_of_ours_is_refused_unless_told_where(bring, count):
    told = (*TOLD[:-4], *TOLD[-2:])
    known = {"id": "1", "taxonomy_term": {"id": "1", "name": "Food and meals", "description": "x"}}
    result = bring(Shelf([entry(1), entry(2, attributes=[known])]), told=told)
    assert "its category is not known" in result.output
    assert count() == 1


def test_a_file_needs_no_mapping_either(bring, count, tmp_path):
    path = tmp_path / "feed.json"
    path.write_text(json.dumps({"contents": [entry(1)]}))
    assert bring(None, where=str(path)).exit_code == 0
    assert count() == 1


# ---------------------------------------------------------------- round trip


@pytest.fixture
def another_site(new_app):
    """A site of its own, with one of everything that a feed can say."""
    app = new_app()
    with app.app_context(), Session(app.extensions["engine"]) as session:
        session.connection(execution_options={"writing": True})
        hall, _ = catalogue.live(
            session,
            title="Cooking together",
            category="food-and-meals",
            access=frozenset({AccessFact.STEP_FREE, AccessFact.BSL}),
            price=catalogue.asking(22, group_amount=Money(1250), group_from=3),
        )
        session.add_all(
            [
                OfferPrice(
                    id=hall.id, offer_id=hall.id, amount=Money(3000), unit=Unit.HOUR, rate=Rate.WEEKEND,
                    begins_on=date(2026, 5, 1), edition=1,
                ),
                OfferTime(offer_id=hall.id, day=Day.MONDAY, part=PartOfDay.EVENING),
                OfferPayment(offer_id=hall.id, way=WayToPay.OWN_MONEY),
                OfferLanguage(offer_id=hall.id, language="Urdu"),
                AgeRange(offer_id=hall.id, youngest=18, oldest=None),
            ]
        )  # fmt: skip
        hall.capacity, hall.capacity_on, hall.notice_hours = Capacity.SPACE_NOW, date(2026, 5, 1), 24
        hall.suits, hall.travel_per_mile = "People who like food.", Money(45)
        catalogue.live(session, title="Gardening", setting=Setting.AT_HOME, place=None, address="", travels_metres=4828)
        catalogue.live(session, title="Talk", setting=Setting.ONLINE, place=None, address="", is_free=True)
        catalogue.draft(session, title="Not yet")
        catalogue.source(session)
        for n in range(8):
            services.add_universal_service(
                session,
                service=catalogue.universal_service(
                    source_key=f"k{n}", provider_key=f"k{n}", title=f"Library {n}", provider_name=f"Library {n}"
                ),
                now=catalogue.LISTED,
            )
        session.commit()
    return app


def contents(session):
    session.expire_all()
    session.rollback()
    live = select(Offer.id).where(Offer.status == OfferStatus.LIVE).scalar_subquery()
    counted = {
        kind.__tablename__: session.scalar(select(func.count()).select_from(kind).where(kind.offer_id.in_(live)))
        for kind in (OfferAccess, OfferPrice, OfferTime, OfferPayment, OfferLanguage, AgeRange)
    }
    columns = (
        Offer.title, Offer.category, Offer.setting, Offer.is_free, Offer.address, Offer.council, Offer.travels_metres,
        Offer.suits, Offer.notice_hours, Offer.travel_per_mile, Offer.capacity, Offer.capacity_on,
    )  # fmt: skip
    rows = session.execute(select(*columns).where(Offer.status == OfferStatus.LIVE).order_by(Offer.title)).all()
    return counted, [tuple(row) for row in rows]


def test_our_own_feed_comes_in_again_with_nothing_lost(bring, session, another_site):
    told = (*TOLD[:-4],)
    result = bring(Site(another_site), where="https://other.example.org/open-referral/", told=told)
    assert result.exit_code == 0, result.output
    assert "11 rows read: 11 added, 0 updated, 0 unchanged, 0 refused." in result.output
    with Session(another_site.extensions["engine"]) as theirs:
        sent = contents(theirs)
    assert contents(session) == sent
    assert sent[0] == {
        "offer_access": 2, "price": 3 + 1, "offer_time": 1, "offer_payment": 1, "offer_language": 1, "age_range": 1
    }  # fmt: skip
    again = bring(Site(another_site), where="https://other.example.org/open-referral/", told=told)
    assert "0 added, 0 updated, 11 unchanged, 0 refused." in again.output


def test_our_own_feed_brought_in_here_is_all_here_already(bring, session, count, app):
    catalogue.live(session, title="Gardening", setting=Setting.AT_HOME, place=None, address="", travels_metres=4828)
    catalogue.live(session, title="Cooking")
    session.commit()
    result = bring(Site(app), where="https://other.example.org/open-referral/", told=TOLD[:-4])
    assert "2 here already, from somebody else" in result.output
    assert count() == 2


def test_a_new_price_follows_the_old_one(bring, session, count):
    option = {
        "id": "1", "option": "One person", "amount": 20, "amount_description": "GBP an hour", "x_unit": "hour",
        "x_people_from": 1, "x_rate": "standard", "valid_from": "2026-05-01",
    }  # fmt: skip
    feed = Shelf([entry(1, cost_options=[option])])
    bring(feed)
    assert count(OfferPrice) == 1
    feed.services[0]["cost_options"] = [
        option | {"valid_to": "2026-12-31"},
        option | {"amount": 25.5, "valid_from": "2027-01-01"},
    ]
    assert "1 updated" in bring(feed).output
    assert [price.amount for price in session.scalars(select(OfferPrice).order_by(OfferPrice.edition))] == [
        Money(2000),
        Money(2550),
    ]
    assert "1 unchanged" in bring(feed).output


def test_a_price_that_could_only_be_guessed_stays_words(bring, session, count):
    option = {"id": "1", "option": "Adults", "amount": 20, "amount_description": "a go"}
    bring(Shelf([entry(1, cost_options=[option])]))
    assert count(OfferPrice) == 0
    assert "Cost, as published: £20 a go (Adults)." in session.scalars(select(Offer.description)).one()
