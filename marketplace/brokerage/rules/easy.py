"""How is a text told one idea a line? Pure: no database, no web, no clock."""

import re

_ENDS = re.compile(r"(?<=[.!?…])[\s”\"’)]*\s+(?=[A-Z0-9“‘\"(£])")
_BULLET = re.compile(r"^[-*•]\s+")


def ideas(words: str) -> tuple[str, ...]:
    """Return the sentences and list items of a text, one after another."""
    lines = (_BULLET.sub("", line.strip()) for line in words.split("\n"))
    return tuple(idea for line in lines for idea in _ENDS.split(line) if idea)
