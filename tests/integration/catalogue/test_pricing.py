"""What a provider asks, and what people are told that it costs."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from marketplace.accounts.rules import ANYONE
from marketplace.catalogue import queries, services
from marketplace.catalogue.models import Offer, OfferCouncil, OfferLanguage, OfferPayment, OfferTime
from marketplace.catalogue.rules import (
    Capacity,
    PartOfDay,
    ProviderKind,
    Rate,
    Setting,
    Step,
    Trade,
    Unit,
    WayToPay,
)
from marketplace.catalogue.services import WrongDetailError
from marketplace.catalogue.views.shown import today
from marketplace.kit.days import midnight
from marketplace.kit.money import Money
from tests.factories import catalogue as make

RICH = {
    "rates": {Rate.WEEKEND: Money(19_50), Rate.BANK_HOLIDAY: Money(24_00)},
    "ladder": (Step(4, Money(8_00)), Step(2, Money(12_00))),
    "admin": Money(2_50),
    "overhead": Money(1_50),
}


def set_price(session, offer, speaker, now, **differences):
    asking = make.asking(16, **{"begins_on": now.date()} | differences)
    services.set_price(session, offer_id=offer.id, asking=asking, by=speaker, now=now)


def page_of(session, offer, now, days=0):
    return queries.offer_page(session, offer_id=offer.id, viewer=ANYONE, on=now.date() + timedelta(days=days))


def test_every_rate_and_step_is_kept_in_one_edition(session, now):
    offer, speaker = make.live(session)
    set_price(session, offer, speaker, now, **RICH)
    page = page_of(session, offer, now)
    assert [(one.rate, one.amount) for one in page.rates] == [
        (Rate.STANDARD, Money(16_00)),
        (Rate.WEEKEND, Money(19_50)),
        (Rate.BANK_HOLIDAY, Money(24_00)),
    ]
    assert [(one.people_from, one.amount) for one in page.ladder] == [(2, Money(12_00)), (4, Money(8_00))]
    assert (page.price.admin, page.price.overhead) == (Money(2_50), Money(1_50))


def test_saying_the_same_again_adds_no_edition_and_a_rate_less_does(session, now):
    offer, speaker = make.live(session)
    set_price(session, offer, speaker, now, **RICH)
    before = queries.prices_of(session, offer_ids=[offer.id])[offer.id]
    set_price(session, offer, speaker, now, **RICH)
    assert queries.prices_of(session, offer_ids=[offer.id])[offer.id] == before
    set_price(session, offer, speaker, now, **RICH | {"rates": {}})
    assert len(page_of(session, offer, now).rates) == 1


def test_what_follows_is_told_whole_and_nothing_that_was_agreed_changes(session, now):
    offer, speaker = make.live(session)
    set_price(session, offer, speaker, now, **RICH)
    set_price(session, offer, speaker, now, begins_on=now.date() + timedelta(days=30), ladder=(Step(3, Money(9_00)),))
    page = page_of(session, offer, now)
    assert [one.people_from for one in page.next_prices] == [1, 3]
    assert len(page.rates) == 3
    assert [one.people_from for one in page_of(session, offer, now, days=30).ladder] == [3]


@pytest.mark.parametrize(
    ("differences", "field", "says"),
    [
        ({"rates": {Rate.WEEKEND: Money(0)}}, "weekend", "above nothing"),
        ({"unit": Unit.MILE, "rates": {Rate.BANK_HOLIDAY: Money(60)}}, "bank_holiday", "costs the same at any time"),
        ({"ladder": (Step(2, Money(12_00)), Step(3, Money(12_00)))}, "ladder", "each pays less than from 2"),
        ({"ladder": (Step(2, Money(16_00)),)}, "ladder", "less than one person alone"),
        ({"unit": Unit.PACKAGE}, "hours", "how many hours the package holds"),
        ({"unit": Unit.DAY, "hours": Decimal(30)}, "hours", "at most 24"),
        ({"admin": Money(10_00), "overhead": Money(6_01)}, "overhead", "part of the £16.00"),
        ({"admin": Money(-1)}, "admin", "nothing or more"),
        ({"begins_on": date(2020, 1, 1)}, "begins_on", "today or later"),
    ],
)
def test_a_price_that_will_not_do_is_refused_and_leaves_nothing(session, now, differences, field, says):
    offer, speaker = make.live(session)
    before = queries.prices_of(session, offer_ids=[offer.id])
    with pytest.raises(WrongDetailError, match=says) as refused:
        set_price(session, offer, speaker, now, **differences)
    assert refused.value.field == field
    assert queries.prices_of(session, offer_ids=[offer.id]) == before


def test_hours_are_kept_only_of_what_holds_some(session, now):
    offer, speaker = make.live(session)
    set_price(session, offer, speaker, now, hours=Decimal(2))
    assert page_of(session, offer, now).price.hours is None
    set_price(session, offer, speaker, now, unit=Unit.PACKAGE, hours=Decimal("2.5"))
    assert page_of(session, offer, now).price.hours == Decimal("2.5")


def test_a_group_pays_the_cheapest_step_it_reaches(session, now):
    offer, speaker = make.live(session)
    set_price(session, offer, speaker, now, **RICH)
    paid = [
        queries.offer_terms(session, offer_id=offer.id, on=now.date(), people=people).unit_price
        for people in (1, 2, 3, 4, 50)
    ]
    assert paid == [Money(16_00), Money(12_00), Money(12_00), Money(8_00), Money(8_00)]


class TestThePage:
    @pytest.fixture
    def told(self, session, client):
        """Return a function that reads the page of an offer, as lines of text."""

        def read(offer, **columns):
            for name, value in columns.items():
                setattr(offer, name, value)
            session.commit()
            page = BeautifulSoup(client.get(f"/offers/{offer.id}").text, "html.parser").select_one("main")
            return " ".join(page.get_text(" ").split())

        return read

    @pytest.fixture
    def priced(self, session):
        """Return a function that adds a live offer at a price from today."""

        def add(pounds=16, of=None, by=None, **differences):
            whose = {"of": of, "by": by} if of else {}
            detail = {
                name: differences.pop(name) for name in ("setting", "place", "travels_metres") if name in differences
            }
            return make.live(session, price=make.asking(pounds, **differences), **whose, **detail)[0]

        return add

    def test_the_price_card_says_all_of_it(self, told, priced):
        said = told(
            priced(**RICH), travel_per_mile=Money(45), notice_hours=24, included="My own ticket, and a flask of tea."
        )
        for sentence in (
            "£16 an hour",
            "Usual rate £16",
            "Weekends £19.50",
            "Bank holidays £24",
            "2 or more £12 an hour",
            "4 or more £8 an hour",
            "Travel is 45p a mile on top.",
            "Cancel up to 24 hours before and pay nothing.",
            "My own ticket, and a flask of tea.",
            "Of £16: £12 goes to the person who helps you, £2.50 to admin, £1.50 to overheads.",
        ):
            assert sentence in said
        assert "About £" not in said, "an hour needs no comparison"

    @pytest.mark.parametrize(
        ("differences", "says"),
        [
            ({"unit": Unit.PACKAGE, "hours": Decimal(5)}, "£16 for a package of 5 hours About £3.20 an hour"),
            ({"unit": Unit.DAY, "hours": Decimal("7.5")}, "£16 a day About £2.13 an hour"),
            ({"unit": Unit.DAY}, None),
            ({"unit": Unit.ITEM}, None),
        ],
    )
    def test_an_hour_is_compared_only_if_somebody_knows_it(self, told, priced, differences, says):
        said = told(priced(**differences))
        assert (says in said) if says else ("About £" not in said)

    @pytest.mark.parametrize(
        ("hours", "says"),
        [(0, "Cancel at any time"), (1, "up to 1 hour before"), (36, "36 hours"), (48, "up to 2 days before")],
    )
    def test_notice_is_said_as_people_say_it(self, told, priced, hours, says):
        assert says in told(priced(), notice_hours=hours)

    def test_what_follows_is_announced(self, session, told, now):
        offer, speaker = make.live(session, price=make.asking(16))
        later = today() + timedelta(days=40)
        asking = make.asking(17, begins_on=later, rates={Rate.WEEKEND: Money(20_00)}, ladder=(Step(2, Money(13_00)),))
        services.set_price(session, offer_id=offer.id, asking=asking, by=speaker, now=now)
        assert "£17 an hour; weekends £20; £13 each from 2 people." in told(offer)

    @pytest.mark.parametrize(
        ("days", "words", "is_warned"),
        [(0, "Confirmed today", False), (1, "yesterday", False), (12, "12 days ago", False), (90, "90 days", True)],
    )
    def test_it_says_how_fresh_it_is_and_warns_at_ninety_days(self, told, priced, days, words, is_warned):
        said = told(priced(), confirmed_at=midnight(today() - timedelta(days=days)))
        assert words in said
        assert ("Nobody has confirmed this for" in said) is is_warned

    def test_what_a_published_list_says_is_confirmed_by_nobody(self, session, told, now):
        make.source(session)
        services.add_universal_service(session, service=make.universal_service(), now=now)
        [offer] = session.scalars(select(Offer))
        assert "Read from the published list" in told(offer)

    @pytest.mark.parametrize(
        ("capacity", "days", "says"),
        [
            (Capacity.SPACE_NOW, 3, "Has space now They said so on"),
            (Capacity.FULL, 3, "Full for now They said so on"),
            (Capacity.WAITING_LIST, 60, "Had a waiting list That was on"),
        ],
    )
    def test_room_is_told_with_its_day_and_as_what_was_once_that_is_long_ago(self, told, priced, capacity, days, says):
        assert says in told(priced(), capacity=capacity, capacity_on=today() - timedelta(days=days))

    def test_what_it_is_like(self, session, told, priced):
        offer = priced(setting=Setting.AT_HOME, place=None, travels_metres=8000)
        session.add_all(
            [
                OfferTime(offer_id=offer.id, day=1, part=PartOfDay.MORNING),
                OfferTime(offer_id=offer.id, day=7, part=PartOfDay.NIGHT),
                OfferPayment(offer_id=offer.id, way=WayToPay.DIRECT_PAYMENT),
                OfferPayment(offer_id=offer.id, way=WayToPay.OWN_MONEY),
                OfferCouncil(offer_id=offer.id, council="E08000009"),
                OfferCouncil(offer_id=offer.id, council="E08000006"),
                OfferLanguage(offer_id=offer.id, language="Urdu"),
            ]
        )
        said = told(offer, suits="Anyone who likes being outdoors.", video_url="https://example.org/v")
        assert "Monday No – No – No – Tue Tuesday No – No – No – No –" in said, "mornings are there, drawn as a tick"
        assert "Sunday No – No – No – Where" in said
        assert "Your own money; Direct payment" in said
        assert "All of Salford and Trafford" in said
        assert "English, Urdu" in said
        assert "Anyone who likes being outdoors." in said
        assert "Watch a short video about this (it has no captions)" in said

    @pytest.mark.parametrize(
        ("share", "source", "says"),
        [
            (51, "", "over 50% of its board do (51 in every 100)."),
            (75, "its annual report", "at least 75% of its board do (75 in every 100). Source: its annual report, "),
        ],
    )
    def test_a_user_led_organisation_shows_its_evidence(self, session, told, priced, share, source, says):
        body, by = make.provider(session, kind=ProviderKind.USER_LED_ORGANISATION, board_share=share)
        body.board_share_source, body.board_share_on = source, date(2026, 3, 3) if source else None
        assert says in told(priced(of=body, by=by))

    def test_a_micro_provider_is_independent_only_if_it_says_so(self, session, told, priced):
        body, by = make.provider(session, staff_fte=Decimal("1.5"))
        body.is_independent = False
        said = told(priced(of=body, by=by))
        assert "as much working time as 1.5 full-time people." in said
        assert "larger organisation" not in said
        body.is_independent = True
        assert "It declares that no larger organisation stands behind it." in told(priced(of=body, by=by))

    def test_another_provider_says_what_it_is(self, session, told, priced):
        body, by = make.provider(session)
        body.kind, body.trade = ProviderKind.OTHER_PROVIDER, Trade.AGENCY
        assert "Other provider" in (said := told(priced(of=body, by=by)))
        assert "Home care agency." in said


def test_a_card_says_that_other_times_cost_something_else(session, client):
    make.live(session, price=make.asking(16, **RICH))
    session.commit()
    assert "Another price at weekends and on bank holidays" in client.get("/offers").text
