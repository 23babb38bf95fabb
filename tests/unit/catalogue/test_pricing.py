from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue import rules
from marketplace.catalogue.rules import PartOfDay, Price, Rate, Step, Unit
from marketplace.kit.days import is_bank_holiday
from marketplace.kit.money import Money

FIRST = date(2026, 5, 1)
CHRISTMAS = date(2026, 12, 25)
MONDAY, SATURDAY = date(2026, 5, 11), date(2026, 5, 9)

PENCE = st.integers(1, 10_000_00)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


def price(pence=1500, **differences):
    plain = {"amount": Money(pence), "unit": Unit.HOUR, "people_from": 1, "begins_on": FIRST, "edition": 1}
    return Price(**plain | differences)


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        (CHRISTMAS, True),
        (date(2026, 12, 28), True),  # Boxing Day fell on a Saturday
        (date(2027, 12, 27), True),
        (date(2027, 12, 28), True),
        (date(2026, 4, 3), True),
        (date(2026, 4, 6), True),
        (date(2026, 1, 2), False),  # Scotland only
        (date(2026, 3, 17), False),  # Northern Ireland only
        (MONDAY, False),
        (SATURDAY, False),
    ],
)
def test_bank_holidays_are_those_of_england(day, is_one):
    assert is_bank_holiday(day) is is_one


@given(DAYS, st.sampled_from([None, *PartOfDay]))
def test_a_bank_holiday_beats_a_weekend_and_a_weekend_beats_an_evening(day, part):
    expected = Rate.STANDARD
    if part in {PartOfDay.EVENING, PartOfDay.NIGHT}:
        expected = Rate.EVENING
    if day.strftime("%a") in {"Sat", "Sun"}:
        expected = Rate.WEEKEND
    if is_bank_holiday(day):
        expected = Rate.BANK_HOLIDAY
    assert rules.rate_on(day, part) is expected


@given(
    st.dictionaries(st.sampled_from([rate for rate in Rate if rate is not Rate.STANDARD]), PENCE), st.sampled_from(Rate)
)
def test_a_rate_that_is_not_set_is_the_usual_one(others, rate):
    prices = [price(), *(price(pence, rate=other) for other, pence in others.items())]
    found = rules.price_for(prices, people=1, on=FIRST, rate=rate)
    assert found.amount == Money(others.get(rate, 1500))
    assert rules.price_list(prices, on=FIRST)[0] == price(), "the usual rate comes first"


@st.composite
def ladders(draw):
    """A price for one, and steps that each cost less than the one before."""
    sizes = sorted(draw(st.sets(st.integers(2, 50), max_size=6)))
    amounts = sorted(draw(st.sets(PENCE, min_size=len(sizes) + 1, max_size=len(sizes) + 1)), reverse=True)
    return Money(amounts[0]), [Step(*step) for step in zip(sizes, map(Money, amounts[1:]), strict=True)]


@given(ladders(), st.integers(1, 60), st.sampled_from(Rate), st.randoms())
def test_a_group_pays_the_cheapest_step_it_reaches_at_any_time(ladder, people, rate, random):
    single, steps = ladder
    random.shuffle(steps)
    assert rules.ladder_problem(steps, single=single) is None
    prices = [price(single.pence), *(price(step.amount.pence, people_from=step.people_from) for step in steps)]
    cheapest = min([single, *(step.amount for step in steps if step.people_from <= people)])
    assert rules.price_for(prices, people=people, on=FIRST, rate=rate).amount == cheapest
    assert [one.people_from for one in rules.ladder_of(prices, on=FIRST)] == sorted(one.people_from for one in steps)


@given(ladders(), st.data())
def test_a_step_that_is_no_cheaper_than_the_one_before_is_refused(ladder, data):
    single, steps = ladder
    taken = {step.people_from for step in steps}
    people = data.draw(st.sampled_from([n for n in range(2, 51) if n not in taken]))
    before = min([single, *(step.amount for step in steps if step.people_from < people)])
    added = Step(people, before + Money(data.draw(st.integers(0, 500))))
    assert rules.ladder_problem([*steps, added], single=single)


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ([(2, 1400), (2, 1300)], "two prices from 2 people"),
        ([(2, 1400), (4, 1400)], "From 4 people, each pays less than from 2: less than £14.00."),
        ([(n, 1400 - n) for n in range(2, 9)], "at most 6 steps"),
        ([(1, 1400)], "from 2 to 50"),
        ([(2, 1500)], "less than one person alone"),
        ([(2, 0)], "Enter what each person"),
    ],
)
def test_a_ladder_that_will_not_do_is_refused_in_words(steps, says):
    assert says in rules.ladder_problem([Step(n, Money(pence)) for n, pence in steps], single=Money(1500))


@pytest.mark.parametrize(
    ("unit", "pence", "hours", "hourly"),
    [
        (Unit.HOUR, 1500, None, 1500),
        (Unit.PACKAGE, 10_000, "8", 1250),
        (Unit.PACKAGE, 10_000, "3", 3333),
        (Unit.PACKAGE, 2_000, "3", 667),
        (Unit.DAY, 9_000, "7.5", 1200),
        (Unit.NIGHT, 9_000, "9", 1000),
        (Unit.WEEK, 70_000, "35", 2000),
        (Unit.SESSION, 900, "1.5", 600),
        (Unit.DAY, 9_000, None, None),
        (Unit.SESSION, 900, None, None),
        (Unit.MILE, 45, "1", None),
        (Unit.ITEM, 400, "1", None),
    ],
)
def test_an_hour_is_compared_only_if_somebody_says_how_many_there_are(unit, pence, hours, hourly):
    found = rules.hourly(price(pence, unit=unit, hours=Decimal(hours) if hours else None))
    assert found == (Money(hourly) if hourly else None)


@given(PENCE, st.integers(1, 99_900))
def test_what_an_hour_costs_is_right_to_half_a_penny(pence, hundredths):
    hours = Decimal(hundredths) / 100
    found = rules.hourly(price(pence, unit=Unit.PACKAGE, hours=hours))
    assert abs(found.pence * hours - pence) <= hours / 2


@given(PENCE, st.one_of(st.none(), st.integers(-5, 11_000_00)), st.one_of(st.none(), st.integers(-5, 11_000_00)))
def test_the_parts_of_a_price_are_the_whole_of_it(pence, admin, overhead):
    admin, overhead = (None if part is None else Money(part) for part in (admin, overhead))
    problem = rules.split_problem(amount=Money(pence), admin=admin, overhead=overhead)
    split = rules.split_of(price(pence, admin=admin, overhead=overhead))
    if admin is None and overhead is None:
        assert (problem, split) == (None, None)
    elif problem is None:
        assert split.helper + split.admin + split.overhead == Money(pence)
        assert min(split.helper, split.admin, split.overhead) >= Money(0)
    else:
        assert problem[0] in {"admin", "overhead"}
        assert min(split.helper, split.admin, split.overhead) < Money(0)


@pytest.mark.parametrize(
    ("unit", "rate", "pence", "says"),
    [
        (Unit.HOUR, Rate.EVENING, 1800, None),
        (Unit.DAY, Rate.WEEKEND, 9000, None),
        (Unit.NIGHT, Rate.EVENING, 9000, "A night costs the same"),
        (Unit.MILE, Rate.WEEKEND, 45, "A mile costs the same"),
        (Unit.PACKAGE, Rate.BANK_HOLIDAY, 9000, "A package costs the same"),
        (Unit.HOUR, Rate.STANDARD, 1500, "An hour costs the same"),
        (Unit.HOUR, Rate.WEEKEND, 0, "above nothing"),
    ],
)
def test_only_time_costs_more_at_some_times(unit, rate, pence, says):
    problem = rules.rate_problem(rate, Money(pence), unit=unit)
    assert (problem is None) if says is None else says in problem


@pytest.mark.parametrize(
    ("unit", "hours", "says"),
    [
        (Unit.PACKAGE, None, "how many hours the package holds"),
        (Unit.PACKAGE, "10", None),
        (Unit.PACKAGE, "0", "at most 999"),
        (Unit.PACKAGE, "1000", "at most 999"),
        (Unit.DAY, "25", "a day holds: at most 24"),
        (Unit.DAY, "7.125", "two decimals"),
        (Unit.DAY, None, None),
        (Unit.ITEM, "25", None),
    ],
)
def test_hours_are_asked_of_a_package_and_are_believable(unit, hours, says):
    problem = rules.hours_problem(Decimal(hours) if hours else None, unit=unit)
    assert (problem is None) if says is None else says in problem


@pytest.mark.parametrize(
    ("hours", "is_fine"), [(None, True), (0, True), (24, True), (672, True), (673, False), (-1, False)]
)
def test_notice_is_at_most_four_weeks(hours, is_fine):
    assert (rules.notice_problem(hours) is None) is is_fine


@pytest.mark.parametrize(
    ("pence", "is_fine"), [(None, True), (45, True), (500, True), (501, False), (0, False), (-1, False)]
)
def test_a_mile_costs_something_and_not_the_earth(pence, is_fine):
    assert (rules.travel_problem(None if pence is None else Money(pence)) is None) is is_fine


def test_a_later_edition_ends_every_rate_of_the_one_before():
    later = FIRST + timedelta(days=10)
    prices = [price(), price(2000, rate=Rate.WEEKEND), price(1600, edition=2, begins_on=later)]
    assert rules.price_for(prices, people=1, on=later, rate=Rate.WEEKEND).amount == Money(1600)
    assert rules.price_for(prices, people=1, on=FIRST, rate=Rate.WEEKEND).amount == Money(2000)
