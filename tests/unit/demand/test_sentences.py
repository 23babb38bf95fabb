"""A sentence never says more than rounded figures tell, and nothing of those that are hidden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.demand.rules import sentences
from marketplace.demand.rules.disclosure import TrueFigure, rounded
from marketplace.demand.rules.sentences import PAID, Change
from marketplace.demand.rules.shapes import Measure, Unit
from marketplace.kit.facts import FactKind
from marketplace.kit.quarters import Quarter
from marketplace.kit.regions import ENGLAND
from tests.factories.released import REGION, area_figures

PEOPLE = Measure("people", "People", FactKind.BOUGHT)
SPRING = Quarter(2026, 1)


@given(st.integers(10, 5000), st.integers(-60, 60))
def test_more_is_never_said_where_there_were_as_many_or_fewer(before, difference):
    now = max(10, before + difference)
    shown = [rounded(TrueFigure(true, true), PEOPLE) for true in (now, before)]
    found = sentences.change(*shown, Unit.PEOPLE)
    assert found is not Change.MORE or now >= before + 6
    assert found is not Change.FEWER or now <= before - 6


@pytest.mark.parametrize(
    ("now", "before", "unit", "found"),
    [
        (25, 15, Unit.PEOPLE, Change.MORE),
        (15, 25, Unit.PEOPLE, Change.FEWER),
        (20, 15, Unit.PEOPLE, Change.SAME),
        (510, 500, Unit.PEOPLE, Change.SAME),
        (None, 15, Unit.PEOPLE, Change.UNKNOWN),
        (15, None, Unit.PEOPLE, Change.UNKNOWN),
        (5_000_00, 4_000_00, Unit.PENCE, Change.MORE),
        (4_30, 4_10, Unit.STARS, Change.SAME),
    ],
)
def test_a_change_is_said_where_it_is_two_steps_and_a_tenth(now, before, unit, found):
    assert sentences.change(now, before, unit) is found


def test_what_changed_names_the_quarter_before_and_the_largest_changes():
    before = area_figures(quarter=SPRING, support__bought__all=60, support__bought__cooking=30, unmet__searched__all=20)
    now = area_figures(
        support__bought__all=85,
        support__bought__cooking=55,
        support__bought__walking=15,
        support__spend__all=12_300_00,
        unmet__searched__all=20,
    )
    assert sentences.what_changed(now, before) == (
        "About 85 people paid for support, up from about 60 in January to March 2026.",
        "They spent about £12,300.",
        "Most people paid for: Cooking, and eating together (about 55); Walking (about 15).",
        (
            "More people than in January to March 2026 paid for support here: "
            "Cooking, and eating together (about 55, was 30)."
        ),
        "About 20 people searched and found nothing, much as in January to March 2026 (about 20).",
    )


def test_nothing_is_said_of_what_is_hidden():
    nothing = area_figures()
    some = area_figures(quarter=SPRING, support__bought__all=60, support__spend__all=1_000_00, ratings__stars__all=4_00)
    for now, before in ((nothing, None), (nothing, some)):
        assert sentences.what_changed(now, before) == ()
        assert sentences.moved(PAID, now, before, Change.FEWER) == ""
        assert (*sentences.supply(now), *sentences.pools(now, before), *sentences.ratings(now, before)) == ()


def test_a_price_is_compared_with_the_nearest_wider_area_that_differs():
    here = area_figures(price_of_an_hour__median__cooking=19_00, price_of_an_hour__median__walking=12_00)
    region = area_figures(REGION, price_of_an_hour__median__cooking=16_00, price_of_an_hour__median__walking=12_50)
    england = area_figures(ENGLAND, price_of_an_hour__median__cooking=15_00)
    assert sentences.prices(here, (region, england)) == (
        "Cooking, and eating together: the middle price of an hour is £19, which is more than in the North West (£16).",
    )
    assert "No middle price" in sentences.prices(area_figures(), (region, england))[0]


@pytest.mark.parametrize(("pence", "said"), [(0, "£0"), (50, "50p"), (14_50, "£14.50"), (1_200_00, "£1,200")])
def test_money_is_said_without_pence_when_it_has_none(pence, said):
    assert sentences.money(pence) == said
