"""Who runs a user-led organisation: where that is written, and from when it is."""

from datetime import date

from marketplace.kit.sentences import worded

LONGEST_BOARD_SOURCE = 200


def board_source_problem(*, source: str, on: date | None, today: date) -> tuple[str, str] | None:
    """Return what is missing about where a board's share is written and from when it is, or None if nothing is."""
    if not source:
        return "board_share_source", "Say where people can read that."
    if len(source) > LONGEST_BOARD_SOURCE:
        return "board_share_source", worded(
            "Use at most {longest_board_source} characters.", longest_board_source=LONGEST_BOARD_SOURCE
        )
    if on is None:
        return "board_share_on", "Enter the day on which it was so, like 3 3 2026."
    if on > today:
        return "board_share_on", "Enter a day that has been: what is true of a board can change."
    return None
