from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue import rules
from marketplace.catalogue.rules import Act, OfferStatus, Price, Unit
from marketplace.kit.money import Money

FIRST = date(2026, 5, 1)


def price(pounds, *, people_from=1, begins_on=FIRST, edition=1, unit=Unit.HOUR):
    return Price(Money(pounds * 100), unit, people_from, begins_on, edition)


def test_no_price_counts_before_it_begins():
    assert rules.price_for([price(20)], people=1, on=FIRST - timedelta(days=1)) is None
    assert rules.price_for([price(20)], people=1, on=FIRST) == price(20)


def test_the_price_that_began_last_counts_and_the_earlier_one_can_still_be_read():
    prices = [price(20), price(22, begins_on=FIRST + timedelta(days=30), edition=2)]
    assert rules.price_for(prices, people=1, on=FIRST + timedelta(days=29)).amount == Money(2000)
    assert rules.price_for(prices, people=1, on=FIRST + timedelta(days=30)).amount == Money(2200)


def test_of_two_that_begin_on_one_day_the_later_edition_counts():
    assert rules.price_for([price(20), price(18, edition=2)], people=1, on=FIRST).amount == Money(1800)


@pytest.mark.parametrize(("people", "pounds"), [(1, 20), (2, 20), (3, 15), (9, 15)])
def test_a_group_that_is_big_enough_pays_the_group_price(people, pounds):
    prices = [price(20), price(15, people_from=3)]
    assert rules.price_for(prices, people=people, on=FIRST).amount == Money(pounds * 100)


def test_a_later_price_without_a_group_price_ends_the_group_price():
    prices = [price(20), price(15, people_from=3), price(20, edition=2)]
    assert rules.price_for(prices, people=3, on=FIRST).amount == Money(2000)


@given(
    st.lists(st.tuples(st.integers(1, 500), st.integers(-40, 40), st.integers(1, 9)), max_size=8), st.integers(1, 60)
)
def test_more_people_never_find_less_of_a_price_list(made, people):
    prices = [
        price(pounds, begins_on=FIRST + timedelta(days=day), people_from=many, edition=n)
        for n, (pounds, day, many) in enumerate(made)
    ]
    in_force = rules.price_list(prices, on=FIRST)
    found = rules.price_for(prices, people=people, on=FIRST)
    assert (found is None) == (not in_force or people < in_force[0].people_from)


@pytest.mark.parametrize(
    ("amount", "says"),
    [(0, "above nothing"), (-1, "above nothing"), (10_000_01, "at most"), (1, None), (10_000_00, None)],
)
def test_a_price_is_above_nothing_and_no_slip_of_the_finger(amount, says):
    problem = rules.price_problem(Money(amount))
    assert (problem is None) if says is None else says in problem


@pytest.mark.parametrize(
    ("amount", "people", "is_fine"),
    [(1499, 2, True), (1500, 2, False), (0, 2, False), (1000, 1, False), (1000, 51, False)],
)
def test_a_group_price_is_less_each_and_for_two_or_more(amount, people, is_fine):
    problem = rules.group_price_problem(amount=Money(amount), single=Money(1500), people_from=people)
    assert (problem is None) is is_fine


@pytest.mark.parametrize(("staff", "is_fine"), [("0", False), ("0.5", True), ("5", True), ("5.1", False)])
def test_a_micro_provider_has_few_staff(staff, is_fine):
    assert (rules.staff_problem(staff_fte=Decimal(staff), most=Decimal("5.0")) is None) is is_fine


def test_the_limit_is_said_as_people_write_it():
    assert "at most 5 full-time" in rules.staff_problem(staff_fte=Decimal(6), most=Decimal("5.0"))
    assert "at most 10 full-time" in rules.staff_problem(staff_fte=Decimal(60), most=Decimal("10.0"))


@pytest.mark.parametrize(("share", "is_fine"), [(50, False), (51, True), (100, True), (101, False), (-1, False)])
def test_a_user_led_organisation_is_led_by_more_than_half(share, is_fine):
    assert (rules.board_problem(share) is None) is is_fine


def test_only_an_approval_or_a_return_makes_an_offer_live():
    ways = {(status, act) for (status, act), after in rules.NEXT.items() if after is OfferStatus.LIVE}
    assert ways == {
        (OfferStatus.SUBMITTED, Act.APPROVE),
        (OfferStatus.UNLISTED, Act.RELIST),
        (OfferStatus.LAPSED, Act.CONFIRM),
        (OfferStatus.LIVE, Act.CONFIRM),
    }


@pytest.mark.parametrize("status", OfferStatus)
def test_new_words_are_never_live(status):
    assert rules.next_status(status=status, act=Act.REWRITE) not in {OfferStatus.LIVE, None}


@pytest.mark.parametrize("status", OfferStatus)
def test_nobody_decides_about_an_offer_of_their_own(status):
    theirs = rules.acts_open_to(status=status, provides=True, moderates=True)
    assert not {Act.APPROVE, Act.REFUSE} & set(theirs)


def test_others_may_do_nothing_to_an_offer():
    assert {rules.acts_open_to(status=status, provides=False, moderates=False) for status in OfferStatus} == {()}


def test_a_refused_offer_cannot_be_put_straight_back():
    assert rules.next_status(status=OfferStatus.REFUSED, act=Act.RELIST) is None


@pytest.mark.parametrize(
    ("title", "description", "field"),
    [("", "x", "title"), ("x" * 101, "x", "title"), ("x", "", "description"), ("x", "x" * 4001, "description")],
)
def test_an_offer_needs_words_and_not_too_many(title, description, field):
    assert rules.words_problem(title=title, description=description)[0] == field


def test_good_words_will_do():
    assert rules.words_problem(title="Gardening", description="I dig.") is None


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("www.example.org", "https://www.example.org"),
        ("http://example.org/a?b=c", "http://example.org/a?b=c"),
        ("javascript:alert(1)", None),
        ("javascript://example.org/%0aalert(1)", None),
        ("https://me@example.org", None),
        ("example", None),
        ("two words.org", None),
        ("", None),
        (None, None),
    ],
)
def test_a_link_leads_only_to_a_web_address(typed, address):
    assert rules.web_address(typed) == address


def test_units_read_as_people_say_them():
    assert [unit.each for unit in (Unit.HOUR, Unit.DAY, Unit.ITEM)] == ["an hour", "a day", "each"]
    assert [unit.each_person for unit in (Unit.HOUR, Unit.DAY, Unit.ITEM)] == ["an hour each", "a day each", "each"]
    assert [(unit.one, unit.many) for unit in (Unit.HOUR, Unit.ITEM)] == [("an hour", "hours"), ("an item", "items")]


def test_everything_has_a_name_on_the_page():
    for kind in (*rules.ProviderKind, *rules.OfferStatus, *rules.Setting, *rules.AccessFact):
        assert kind.words
