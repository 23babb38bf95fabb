"""Whether a translation keeps what its message holds: its places, and the marks around its words."""

import re
from collections import Counter
from collections.abc import Sequence

from marketplace.kit.sentences import places

MARK = re.compile(r"<(?P<open>\d+)>|</(?P<close>\d+)>|<(?P<void>\d+)/>")
"""Where a tag of the page begins, ends, or stands: `<0>`, `</0>`, `<1/>`."""


def faults(message: str | Sequence[str], said: str | Sequence[str]) -> list[str]:
    """Return what is wrong with a translation, in sentences. What is wrong is not used."""
    if not isinstance(message, str):
        forms = [said] if isinstance(said, str) else list(said)
        return [fault for form in forms for fault in _of_one(message[-1], form)]
    return _of_one(message, said) if isinstance(said, str) else ["It has more than one form, and needs one."]


def _of_one(message: str, said: str) -> list[str]:
    try:
        left_open, filled = places(message), places(said)
    except ValueError:
        # What has braces of its own, and no places, is said as it is.
        left_open = filled = frozenset()
    found = [f"It has a place {{{name}}} that the English has not." for name, _, _ in sorted(filled - left_open)]
    if not said.strip():
        found.append("It is empty.")
    if Counter(MARK.findall(message)) != Counter(MARK.findall(said)):
        found.append("Its marks, like <0> and </0>, are not those of the English.")
    elif not _is_nested(said):
        found.append("Its marks, like <0> and </0>, do not stand inside each other.")
    return found


def _is_nested(said: str) -> bool:
    """Test whether each mark that begins also ends, and before whatever it stands in."""
    begun: list[str] = []
    for mark in MARK.finditer(said):
        if mark["open"]:
            begun.append(mark["open"])
        elif mark["close"] and (not begun or begun.pop() != mark["close"]):
            return False
    return not begun
