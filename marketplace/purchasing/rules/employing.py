"""What is true of our page on employing a personal assistant: when somebody last read it through."""

from datetime import date, timedelta

READ_ON = date(2026, 11, 22)
"""When the page was last read through, whole. Change it only after doing so: docs/operating/everyday.md says how."""

_GOOD_FOR = timedelta(days=365)
"""The law on pay, leave and sickness changes each April."""


def is_due(*, read_on: date, today: date) -> bool:
    """Test whether advice was read through so long ago that readers must be told."""
    return today - read_on > _GOOD_FOR
