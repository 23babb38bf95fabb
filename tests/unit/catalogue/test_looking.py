"""What somebody looks for, as the address of the results page says it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from marketplace.catalogue.forms import looking
from marketplace.catalogue.rules import AccessFact, CheckKind, Day, PartOfDay, WayToPay
from marketplace.kit.money import Money
from marketplace.search.rules import Cost, Sort

SHELVES = {"at-home", "equipment"}


def read(*pairs):
    return looking.read(MultiDict(pairs), categories=SHELVES)


def test_everything_that_is_asked_is_read():
    asked = read(
        ("q", " tea  and cake "),
        ("near", "M33"),
        ("within", "any"),
        ("kind", "micro_provider"),
        ("category", "at-home"),
        ("category", "equipment"),
        ("cost", "free"),
        ("space", "now"),
        ("group", "yes"),
        ("access", "step_free"),
        ("access", "hoist"),
        ("day", "tuesday"),
        ("part", "morning"),
        ("pay", "direct_payment"),
        ("check", "dbs"),
        ("price", "£14.50"),
        ("rated", "4"),
        ("by", "5"),
        ("sort", "price"),
        ("page", "2"),
    )
    assert not asked.left_out
    assert asked.q == "tea and cake"
    assert asked.within is None
    assert asked.cost is Cost.FREE
    assert asked.access == (AccessFact.STEP_FREE, AccessFact.HOIST)
    assert asked.days == (Day.TUESDAY,)
    assert asked.parts == (PartOfDay.MORNING,)
    assert asked.pay == (WayToPay.DIRECT_PAYMENT,)
    assert asked.checks == (CheckKind.DBS,)
    assert asked.price == Money(14_50)
    assert (asked.rated, asked.rated_by, asked.sort, asked.page) == (4, 5, Sort.PRICE, 2)
    assert asked.filters == 15
    assert asked.marks == {
        "access:step_free",
        "access:hoist",
        "time:tuesday:morning",
        "accepts:direct_payment",
        "check:dbs",
        "space:now",
        "group:yes",
    }


@pytest.mark.parametrize(
    ("asked", "marks"),
    [
        ([("day", "monday")], {"time:monday"}),
        ([("part", "night")], {"time:night"}),
        ([("day", "monday"), ("day", "friday")], {"time:monday", "time:friday"}),
        (
            [("day", "monday"), ("day", "friday"), ("part", "evening")],
            {"time:monday:evening", "time:friday:evening"},
        ),
    ],
)
def test_days_and_parts_of_days_go_together(asked, marks):
    assert read(*asked).marks == marks


@pytest.mark.parametrize("typed", ["x", "0", "-1", "1e3", "99999999", "14.505", "١٢", "NaN", "£", "9" * 400])
def test_a_price_we_cannot_read_is_kept_and_said(typed):
    asked = read(("price", typed))
    assert asked.price is None
    assert asked.price_typed == typed[:20]
    assert "like 20 or 14.50" in asked.price_problem
    assert "price" not in asked.address()


@pytest.mark.parametrize(
    "pair",
    [
        ("day", "1"),
        ("day", "MONDAY"),
        ("part", "dawn"),
        ("access", "lift"),
        ("pay", "gold"),
        ("check", "passport"),
        ("rated", "6"),
        ("by", "1"),
        ("space", "soon"),
        ("group", "no"),
        ("sort", "luck"),
        ("within", "3"),
        ("category", "submarines"),
    ],
)
def test_what_we_do_not_know_is_left_out_and_said(pair):
    asked = read(("q", "tea"), pair)
    [sentence] = asked.left_out
    assert f"“{pair[1]}”" in sentence
    assert asked.address() == {"q": "tea"}


def test_a_filter_is_taken_away_alone():
    asked = read(("access", "step_free"), ("access", "hoist"), ("page", "3"))
    assert asked.without("access", AccessFact.HOIST).address() == {"access": ["step_free"]}


def test_without_filters_the_words_the_place_and_the_order_stay():
    asked = read(("q", "tea"), ("near", "M33"), ("within", "5"), ("day", "monday"), ("price", "20"), ("sort", "price"))
    assert asked.without_filters().address() == {"q": "tea", "near": "M33", "sort": "price"}
    assert not read().filters
    assert read().is_for_nothing
    assert not read(("day", "monday")).is_for_nothing


PARTS = {
    "q": st.sampled_from(["", "tea"]),
    "near": st.sampled_from(["", "M33"]),
    "within": st.sampled_from(["", "5", "any", "10"]),
    "access": st.sampled_from(["", *AccessFact]),
    "day": st.sampled_from(["", *(day.name.lower() for day in Day)]),
    "part": st.sampled_from(["", *PartOfDay]),
    "pay": st.sampled_from(["", *WayToPay]),
    "check": st.sampled_from(["", *CheckKind]),
    "price": st.sampled_from(["", "20", "14.50", "0.01"]),
    "rated": st.sampled_from(["", "3", "4"]),
    "by": st.sampled_from(["", "3", "10"]),
    "space": st.sampled_from(["", "now"]),
    "sort": st.sampled_from(["", *Sort]),
    "page": st.sampled_from(["", "1", "7"]),
}


@given(st.fixed_dictionaries(PARTS))
def test_an_address_says_everything_that_was_asked(parts):
    asked = read(*parts.items())
    again = looking.read(
        MultiDict((name, one) for name, value in asked.address().items() for one in _each(value)), categories=SHELVES
    )
    assert again.address() == asked.address()
    assert (again.marks, again.price, again.rated, again.sort) == (asked.marks, asked.price, asked.rated, asked.sort)


def _each(value):
    return value if isinstance(value, list) else [str(value)]
