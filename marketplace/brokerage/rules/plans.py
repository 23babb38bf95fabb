"""What is true of support plans. Pure: no database, no web, no clock."""

MOST_LINES = 40
LONGEST_PART = 3000


def room_for_another(*, lines: int) -> bool:
    """Test whether a plan may take one more line."""
    return lines < MOST_LINES
