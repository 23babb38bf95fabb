"""The marks that offers are found by: written into the index, and asked for by the filters."""

from collections.abc import Iterable

from marketplace.catalogue.rules.nouns import AccessFact, CheckKind, Day, PartOfDay, WayToPay

SPACE_NOW = "space:now"
GROUP_PRICE = "group:yes"


def access_mark(fact: AccessFact) -> str:
    """Return the mark of an access fact: `access:step_free`."""
    return f"access:{fact.value}"


def way_mark(way: WayToPay) -> str:
    """Return the mark of a way to pay: `accepts:direct_payment`."""
    return f"accepts:{way.value}"


def check_mark(kind: CheckKind) -> str:
    """Return the mark of something that somebody has checked, and that still holds: `check:dbs`."""
    return f"check:{kind.value}"


def time_mark(*when: Day | PartOfDay) -> str:
    """Return the mark of a time: `time:monday:morning`, of a whole day, `time:monday`, or of a part of any day."""
    return ":".join(("time", *(each.name.lower() for each in when)))


def time_marks(times: Iterable[tuple[Day, PartOfDay]]) -> frozenset[str]:
    """Return every mark of the times at which an offer can be had: each, its day, and its part of the day."""
    return frozenset(mark for day, part in times for mark in (time_mark(day, part), time_mark(day), time_mark(part)))


EVERY_MARK = frozenset(
    {
        SPACE_NOW,
        GROUP_PRICE,
        *map(access_mark, AccessFact),
        *map(way_mark, WayToPay),
        *map(check_mark, CheckKind),
        *time_marks((day, part) for day in Day for part in PartOfDay),
    }
)
"""All there are. The index has room for 62, so what comes next has to take the place of something."""
