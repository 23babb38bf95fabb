"""The marks that offers are found by."""

from marketplace.catalogue.rules import Day, PartOfDay
from marketplace.catalogue.rules.marks import EVERY_MARK, time_marks
from marketplace.search.rules import MOST_MARKS


def test_the_index_has_room_for_every_mark():
    assert len(EVERY_MARK) <= MOST_MARKS


def test_a_time_is_found_by_its_day_and_by_its_part_of_the_day_too():
    found = time_marks([(Day.MONDAY, PartOfDay.MORNING), (Day.MONDAY, PartOfDay.EVENING)])
    assert found == {"time:monday", "time:monday:morning", "time:monday:evening", "time:morning", "time:evening"}
    assert time_marks([]) == frozenset()
