"""What is published, whatever is known and whatever is not: no nulls, no addresses of homes, ids that stay."""

import json
import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.catalogue.gateways.facts import facts_of
from marketplace.catalogue.rules import (
    AccessFact,
    Capacity,
    Day,
    PartOfDay,
    ProviderKind,
    Rate,
    Setting,
    Unit,
    WayToPay,
)
from marketplace.catalogue.rules import open_referral as rules
from marketplace.catalogue.rules.atom import entry_of
from marketplace.catalogue.rules.facts import NO_FACTS
from marketplace.catalogue.rules.json_ld import script_text
from marketplace.catalogue.rules.published import known_name
from marketplace.catalogue.rules.sharing import (
    SharedOffer,
    SharedPrice,
    SharedProvider,
    SharedRating,
    SharedSource,
    id_at_place,
    shared_prices,
)
from marketplace.catalogue.rules.table import COLUMNS, TableRow, cells
from marketplace.kit import text
from marketplace.kit.atom import Channel, atom
from marketplace.kit.money import Money
from marketplace.kit.places import Council, Point

TODAY = date(2026, 5, 4)
MOMENT = datetime(2026, 5, 1, 9, tzinfo=UTC)
BY = rules.Publisher(
    offer=lambda one: f"https://example.net/offers/{one}",
    provider=lambda one: f"https://example.net/providers/{one}",
    term=lambda one: f"https://example.net/terms/{one}",
    email="us@example.net",
    parents={},
    today=TODAY,
)

words = st.text(st.characters(blacklist_categories=("Cc", "Cs", "Co", "Cn")), max_size=30).map(text.tidy)
councils = st.builds(Council, st.sampled_from(["E08000009", "E08000003"]), st.just("Trafford"), st.just("borough"))
prices = st.builds(
    SharedPrice,
    amount=st.integers(1, 1_000_000).map(Money),
    unit=st.sampled_from([unit for unit in Unit if unit is not Unit.PACKAGE]),
    begins_on=st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    people_from=st.just(1),
    rate=st.sampled_from(Rate),
    ends_on=st.none() | st.just(date(2028, 1, 1)),
    edition=st.integers(1, 3),
)
sources = st.builds(SharedSource, words, words, words, words)
capacities = st.none() | st.tuples(st.sampled_from(Capacity), st.just(TODAY))


@st.composite
def offers(draw):
    capacity, capacity_on = draw(capacities) or (None, None)
    setting = draw(st.sampled_from(Setting))
    is_place = setting is Setting.AT_PLACE
    return SharedOffer(
        id=draw(st.uuids(version=4)),
        title=draw(words) or "A",
        description=draw(words),
        category="food-and-meals",
        category_name="Food and meals",
        provider=SharedProvider(
            draw(st.uuids(version=4)), draw(words) or "B", draw(st.sampled_from(ProviderKind)), draw(words),
            draw(st.none() | st.just("https://example.org")),
        ),
        setting=setting,
        is_free=draw(st.booleans()),
        listed_at=MOMENT,
        updated_at=MOMENT,
        confirmed_on=TODAY,
        address=draw(words) if is_place else "",
        postcode=draw(st.sampled_from(["", "M33 7ZF" if is_place else "M33"])),
        point=draw(st.none() | st.just(Point(378_700, 392_000))) if is_place else None,
        council=draw(st.none() | councils),
        serves=tuple(draw(st.lists(councils, max_size=2))),
        travels_metres=draw(st.none() | st.integers(0, 160_000)),
        prices=tuple(draw(st.lists(prices, max_size=3))),
        travel_per_mile=draw(st.none() | st.just(Money(45))),
        included=draw(words),
        suits=draw(words),
        notice_hours=draw(st.none() | st.integers(0, 100)),
        access=tuple(draw(st.sets(st.sampled_from(AccessFact)))),
        times=tuple(draw(st.sets(st.tuples(st.sampled_from(Day), st.sampled_from(PartOfDay)), max_size=4))),
        ways=tuple(draw(st.sets(st.sampled_from(WayToPay)))),
        languages=tuple(draw(st.sets(st.sampled_from(["Urdu", "Polish"])))),
        capacity=capacity,
        capacity_on=capacity_on,
        youngest=draw(st.none() | st.integers(0, 100)),
        oldest=draw(st.none() | st.integers(0, 100)),
        source=draw(st.none() | sources),
        also_listed_by=tuple(draw(st.lists(sources, max_size=2))),
    )  # fmt: skip


ratings = st.none() | st.builds(
    SharedRating, st.integers(0, 9), st.none() | st.just(Decimal("4.3")), st.just((0, 0, 1, 2, 3))
)
calmly = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def leaves(said):
    if isinstance(said, dict):
        for value in said.values():
            yield from leaves(value)
    elif isinstance(said, list):
        for value in said:
            yield from leaves(value)
    else:
        yield said


def ids(said):
    if isinstance(said, dict):
        if "id" in said:
            yield said["id"]
        for value in said.values():
            yield from ids(value)
    elif isinstance(said, list):
        for value in said:
            yield from ids(value)


@calmly
@given(offers(), ratings)
def test_nothing_is_ever_null_or_empty_and_every_id_is_a_uuid(offer, rating):
    shown = [rules.service(offer, rating=rating, by=BY), rules.service_in_list(offer, rating=rating, by=BY)]
    if offer.setting is not Setting.AT_HOME:
        shown += [
            rules.service_at_location(offer, rating=rating, by=BY),
            rules.service_at_location_in_list(offer, rating=rating, by=BY),
        ]
    for said in shown:
        assert json.loads(json.dumps(said, allow_nan=False)) == said
        assert all(leaf is not None and leaf != "" for leaf in leaves(said))
        assert all(uuid.UUID(one) for one in ids(said))


@calmly
@given(offers())
def test_what_comes_to_your_home_has_no_place(offer):
    said = rules.service(offer, rating=None, by=BY)
    assert ("service_at_locations" in said) is (offer.setting is not Setting.AT_HOME)
    if offer.setting is not Setting.AT_PLACE:
        assert "latitude" not in json.dumps(said)
        assert "address_1" not in json.dumps(said)


@calmly
@given(offers())
def test_what_we_say_is_what_we_read(offer):
    facts = facts_of(json.loads(json.dumps(rules.service(offer, rating=None, by=BY))), today=TODAY)
    assert (facts.category, facts.setting) == (offer.category, offer.setting)
    assert (facts.access, facts.ways) == (frozenset(offer.access), frozenset(offer.ways))
    assert (facts.times, facts.languages) == (frozenset(offer.times), frozenset(offer.languages))
    assert (facts.youngest, facts.oldest) == (offer.youngest, offer.oldest)
    assert (facts.capacity, facts.capacity_on) == (offer.capacity, offer.capacity_on)
    assert (facts.travels_metres, facts.notice_hours) == (offer.travels_metres, offer.notice_hours)
    assert [price.amount for price in facts.prices] == [price.amount for price in offer.prices]


@calmly
@given(offers(), ratings)
def test_every_column_has_something_to_say_or_nothing(offer, rating):
    row = cells(TableRow(offer, rating, "https://example.net"))
    assert len(row) == len(COLUMNS)
    assert None not in row


@calmly
@given(st.lists(offers(), max_size=3))
def test_news_can_always_be_read(some):
    channel = Channel(uuid.UUID(int=1), "New", "Us", "https://example.net/a", "https://example.net/b")
    entries = [entry_of(one, address="https://example.net/offers/1") for one in some]
    read = ET.fromstring(atom(channel, entries, now=MOMENT))  # noqa: S314  (our own words)
    assert len(read.findall("{http://www.w3.org/2005/Atom}entry")) == len(some)


@given(st.recursive(words, lambda inner: st.lists(inner) | st.dictionaries(words, inner), max_leaves=8))
def test_no_script_can_be_ended_from_within(said):
    written = script_text({"a": said, "b": "</script><!--"})
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == {"a": said, "b": "</script><!--"}


@given(st.uuids(version=4))
def test_the_id_at_a_place_leads_back(one):
    assert id_at_place(one) != one
    assert id_at_place(id_at_place(one)) == one
    assert id_at_place(one).version == 4


junk = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)
NAMED = (
    "attributes", "service_at_locations", "service_areas", "cost_options", "schedules", "languages", "x_capacity",
    "minimum_age", "x_travels_metres", "x_notice_hours", "eligibility_description",
)  # fmt: skip


@calmly
@given(st.fixed_dictionaries(dict.fromkeys(NAMED, junk)))
def test_nonsense_says_nothing_and_breaks_nothing(service):
    facts = facts_of(service, today=TODAY)
    assert facts.prices == NO_FACTS.prices
    assert facts.access == NO_FACTS.access


def test_prices_say_until_when_they_hold():
    def price(begins, edition, pounds):
        return SharedPrice(Money(pounds * 100), Unit.HOUR, begins, edition=edition)

    past, now, again, later = date(2026, 1, 1), date(2026, 5, 1), date(2026, 5, 1), date(2026, 9, 1)
    told = shared_prices([price(past, 1, 10), price(now, 2, 11), price(again, 3, 12), price(later, 4, 13)], on=TODAY)
    assert [(one.amount.pence, one.ends_on) for one in told] == [
        (1200, later - timedelta(days=1)),
        (1300, None),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sale Library", "SALE  LIBRARY"),
        ("St Mary’s Club & Café", "St Marys Club and Cafe"),
        ("The Walking Group Ltd", "Walking Group"),
    ],
)
def test_the_same_name_is_known_however_it_is_written(one, other):
    assert known_name(one) == known_name(other)
    assert known_name(one) != known_name(f"{one} 2")
