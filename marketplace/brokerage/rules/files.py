"""How many files a plan may hold, and how large. Pure: no database, no web, no clock."""

from collections.abc import Collection

from marketplace.kit.sentences import worded

MOST_FILES = 60
MOST_BYTES = 200_000_000
LONGEST_SAID = 300


def room_problem(*, sizes: Collection[int], size: int) -> str:
    """Return why a plan has no room for one more file of this many bytes, or nothing if it has."""
    if len(sizes) >= MOST_FILES:
        return worded("A plan has room for {most_files} files. Remove one first.", most_files=MOST_FILES)
    if sum(sizes) + size > MOST_BYTES:
        return "A plan has room for 200 MB of files. Remove a large one first, such as a film."
    return ""
