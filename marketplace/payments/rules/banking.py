"""What is true of bank details: their shape, as people write them and as we keep them."""

import re

_SORT_CODE = re.compile(r"\d{6}")
_ACCOUNT_NUMBER = re.compile(r"\d{8}")
_BETWEEN = re.compile(r"[\s–-]")


def sort_code(typed: str) -> str | None:
    """Return a sort code as six figures, or None if it is none. People write it 12-34-56 or 12 34 56."""
    figures = _BETWEEN.sub("", typed)
    return figures if _SORT_CODE.fullmatch(figures) and figures.isascii() else None


def account_number(typed: str) -> str | None:
    """Return an account number as eight figures, or None if it is none. Some have seven, and begin with a nought."""
    figures = _BETWEEN.sub("", typed).zfill(8)
    return figures if _ACCOUNT_NUMBER.fullmatch(figures) and figures.isascii() and int(figures) else None


def shown_sort_code(figures: str) -> str:
    """Return a sort code as it is printed: 12-34-56."""
    return "-".join((figures[:2], figures[2:4], figures[4:]))
