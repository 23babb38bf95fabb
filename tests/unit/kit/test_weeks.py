"""Seven days from today, each with its parts: what lies outside is left out."""

from datetime import date, time

import pytest

from marketplace.kit.weeks import WeekThing, part_of_day, seven_days

TODAY = date(2026, 3, 3)


def test_a_week_begins_today_and_has_seven_days():
    week = seven_days((), today=TODAY)
    assert [day.name for day in week][:2] == ["Tuesday", "Wednesday"]
    assert [day.is_today for day in week] == [True] + [False] * 6
    assert week[6].on == "9 March"


def test_things_stand_in_their_part_of_the_day_the_earliest_first():
    late, early = WeekThing(TODAY, time(11), "Later"), WeekThing(TODAY, time(9, 30), "Earlier")
    evening = WeekThing(TODAY, time(19), "Choir")
    unsaid = WeekThing(TODAY, None, "Some time")
    outside = WeekThing(date(2026, 3, 10), time(9), "Next week")
    day = seven_days((late, unsaid, evening, early, outside), today=TODAY)[0]
    assert {part.name: [thing.words for thing in part.things] for part in day.parts} == {
        "Morning": ["Earlier", "Later"],
        "Afternoon": [],
        "Evening": ["Choir"],
        "Any time": ["Some time"],
    }
    assert [thing.at for thing in (early, evening, unsaid)] == ["9:30am", "7pm", ""]


@pytest.mark.parametrize(
    ("at", "part"),
    [(time(11, 59), "Morning"), (time(12), "Afternoon"), (time(16, 59), "Afternoon"), (time(17), "Evening")],
)
def test_the_afternoon_begins_at_noon_and_the_evening_at_five(at, part):
    assert part_of_day(at) == part
