"""Who left, by number, in a file outside the database: a backup that is put back must not bring them back."""

import os
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID


def remember(path: Path, people: Iterable[UUID]) -> int:
    """
    Add those who are not in the list yet, and make sure that it is on the disk; return how many were added.

    Two who write at once may both add somebody: that does no harm.
    """
    known = read(path)
    new = sorted(set(people) - known, key=str)
    if not new:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    # For this account alone. One write for all lines, at the end: writers do not cut through each other.
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, "".join(f"{person}\n" for person in new).encode())
        os.fsync(file)
    finally:
        os.close(file)
    return len(new)


def read(path: Path) -> set[UUID]:
    """Return who is in a list: nobody, if there is none. A line that was cut off by a crash is passed over."""
    if not path.is_file():
        return set()
    return {person for line in path.read_text().splitlines() if (person := _person(line)) is not None}


def _person(line: str) -> UUID | None:
    try:
        return UUID(line.strip())
    except ValueError:
        return None
