from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.rules import Unit
from marketplace.kit.money import ZERO, Money
from marketplace.purchasing import rules
from marketplace.purchasing.rules import NEXT, Act, ArrangementStatus, Side

TODAY = date(2026, 5, 4)
STATUS, PERSON, PROVIDER = ArrangementStatus, Side.PERSON, Side.PROVIDER

ALLOWED = {
    (STATUS.ASKED, Act.ACCEPT, PROVIDER): STATUS.ACCEPTED,
    (STATUS.ASKED, Act.DECLINE, PROVIDER): STATUS.DECLINED,
    (STATUS.ASKED, Act.WITHDRAW, PERSON): STATUS.WITHDRAWN,
    (STATUS.ACCEPTED, Act.CANCEL, PERSON): STATUS.CANCELLED,
    (STATUS.ACCEPTED, Act.CANCEL, PROVIDER): STATUS.CANCELLED,
    (STATUS.ACCEPTED, Act.MARK_DONE, PERSON): STATUS.DONE,
    (STATUS.ACCEPTED, Act.MARK_DONE, PROVIDER): STATUS.DONE,
}


@pytest.mark.parametrize("status", STATUS)
@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("side", Side)
def test_only_what_the_table_allows_can_happen(status, act, side):
    assert rules.next_status(status=status, act=act, side=side) is ALLOWED.get((status, act, side))


def test_the_table_knows_every_status():
    assert set(NEXT) == set(STATUS)


@given(acts=st.lists(st.tuples(st.sampled_from(Act), st.sampled_from(Side)), max_size=12))
def test_whatever_people_press_an_end_is_an_end_and_nothing_is_done_that_was_not_accepted(acts):
    path = [STATUS.ASKED]
    for act, side in acts:
        after = rules.next_status(status=path[-1], act=act, side=side)
        if after is not None:
            assert NEXT[path[-1]], "nothing follows an end"
            path.append(after)
    assert len(path) <= 3
    if path[-1] in {STATUS.DONE, STATUS.CANCELLED}:
        assert STATUS.ACCEPTED in path


def test_nobody_can_mark_as_done_what_has_not_begun():
    tomorrow = TODAY + timedelta(days=1)
    open_now = rules.acts_open_to(status=STATUS.ACCEPTED, side=PERSON, starts_on=tomorrow, today=TODAY)
    assert open_now == (Act.CANCEL,)
    assert rules.acts_open_to(status=STATUS.ACCEPTED, side=PERSON, starts_on=TODAY, today=TODAY) == (
        Act.MARK_DONE,
        Act.CANCEL,
    )


@given(pence=st.integers(0, 1_000_000), quantity=st.integers(1, rules.MOST_QUANTITY))
def test_a_total_is_price_times_quantity_to_the_penny(pence, quantity):
    assert rules.total_price(unit_price=Money(pence), quantity=quantity) == Money(pence * quantity)


@pytest.mark.parametrize(
    ("quantity", "unit", "said"),
    [(1, Unit.HOUR, "1 hour"), (3, Unit.SESSION, "3 sessions"), (1200, Unit.MILE, "1,200 miles"), (2, None, "2 times")],
)
def test_quantities_are_said_with_their_unit(quantity, unit, said):
    assert rules.how_much(quantity=quantity, unit=unit) == said


@pytest.mark.parametrize(("quantity", "is_fine"), [(0, False), (1, True), (10_000, True), (10_001, False), (-3, False)])
def test_quantities_have_bounds(quantity, is_fine):
    assert (rules.quantity_problem(quantity) is None) is is_fine


@pytest.mark.parametrize(("days", "is_fine"), [(-1, False), (0, True), (730, True), (731, False)])
def test_one_asks_from_today_to_two_years_ahead(days, is_fine):
    assert (rules.start_problem(starts_on=TODAY + timedelta(days=days), today=TODAY) is None) is is_fine


@pytest.mark.parametrize(("length", "is_fine"), [(0, False), (1, True), (2_000, True), (2_001, False)])
def test_words_have_bounds(length, is_fine):
    assert (rules.words_problem("x" * length) is None) is is_fine


@pytest.mark.parametrize("status", STATUS)
def test_an_invoice_follows_a_yes_and_only_for_money(status):
    expected = status in {STATUS.ACCEPTED, STATUS.DONE}
    assert rules.may_be_invoiced(status=status, total=Money(1)) is expected
    assert rules.may_be_invoiced(status=status, total=ZERO) is False


def test_invoice_numbers_are_printed_with_four_figures_or_more():
    assert (rules.invoice_reference(7), rules.invoice_reference(12345)) == ("0007", "12345")
