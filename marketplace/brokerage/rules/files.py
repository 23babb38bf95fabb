"""How many files a plan may hold, and how large. Pure: no database, no web, no clock."""

from collections.abc import Collection

MOST_FILES = 60
MOST_BYTES = 200_000_000
LONGEST_SAID = 300


def room_problem(*, sizes: Collection[int], size: int) -> str:
    """Return why a plan has no room for one more file of this many bytes, or nothing if it has."""
    if len(sizes) >= MOST_FILES:
        return f"A plan has room for {MOST_FILES} files. Remove one first."
    if sum(sizes) + size > MOST_BYTES:
        return "A plan has room for 200 MB of files. Remove a large one first, such as a film."
    return ""
