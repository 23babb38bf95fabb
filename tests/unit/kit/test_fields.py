from datetime import date

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from marketplace.kit.fields import DayField, PoundsField, WholeNumberField
from marketplace.kit.money import Money


class Sent(Form):
    day = DayField()
    number = WholeNumberField()
    amount = PoundsField()


def sent(**answers):
    form = Sent(MultiDict(answers))
    form.validate()
    return form


@pytest.mark.parametrize(
    ("boxes", "day"),
    [
        (["3", "3", "2027"], date(2027, 3, 3)),
        ([" 3", "03", "27 "], date(2027, 3, 3)),
        (["", "", ""], None),
        ([], None),
    ],
)
def test_a_day_is_read_from_three_boxes(boxes, day):
    form = sent(day=boxes)
    assert form.day.data == day
    assert not form.day.errors


@pytest.mark.parametrize(
    "boxes", [["31", "2", "2027"], ["3", "3", ""], ["today"], ["1", "1", "99999999999999"], ["x"] * 9, ["1", "1", "-1"]]
)
def test_what_is_no_day_is_refused_in_words_and_still_drawn_in_three_boxes(boxes):
    form = sent(day=boxes)
    assert form.day.data is None
    assert form.day.errors == ["Enter a day that is in the calendar, like 3 3 2027."]
    assert len(form.day.raw_data) == 3


@pytest.mark.parametrize(("typed", "number"), [("3", 3), (" 12 ", 12), ("1,200", 1200), ("-1", -1), ("", None)])
def test_a_number_is_read(typed, number):
    form = sent(number=typed)
    assert form.number.data == number
    assert not form.number.errors


@pytest.mark.parametrize("typed", ["three", "1.5", "1_000", "9" * 5000])
def test_what_is_no_number_is_refused_in_words(typed):
    form = sent(number=typed)
    assert form.number.data is None
    assert form.number.errors == ["Enter a whole number, like 3."]


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("14.50", Money(1450)), (" £1,200 ", Money(120_000)), (".5", Money(50)), ("3.", Money(300)), ("-0", Money(0))],
)
def test_an_amount_is_read(typed, amount):
    form = sent(amount=typed)
    assert form.amount.data == amount
    assert not form.amount.errors


@pytest.mark.parametrize(
    "typed", ["ten", "1.005", "1e3", "1e999", "1e999999", "NaN", "sNaN", "Infinity", "-", "9" * 5000]
)
def test_what_is_no_amount_is_refused_in_words(typed):
    form = sent(amount=typed)
    assert form.amount.data is None
    assert form.amount.errors == ["Enter pounds and pence, like 14.50."]
