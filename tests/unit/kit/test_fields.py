from datetime import date

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from marketplace.kit.fields import DayField, WholeNumberField


class Sent(Form):
    day = DayField()
    number = WholeNumberField()


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
    "boxes", [["31", "2", "2027"], ["3", "3", ""], ["today"], ["1", "1", "99999999999999"], ["x"] * 9]
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


@pytest.mark.parametrize("typed", ["three", "1.5", "9" * 5000])
def test_what_is_no_number_is_refused_in_words(typed):
    form = sent(number=typed)
    assert form.number.data is None
    assert form.number.errors == ["Enter a whole number, like 3."]
