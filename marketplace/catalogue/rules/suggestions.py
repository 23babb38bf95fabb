"""What people tell us of the catalogue: a place that is missing, or a fact that is wrong."""

import enum
import re

from marketplace.kit.sentences import worded

LONGEST_SUGGESTION = 1000
MOST_LINKS = 1

_LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)


class WrongFact(enum.StrEnum):
    """Which fact of an offer is wrong."""

    CLOSED = "closed"
    PRICE = "price"
    TIMES = "times"
    PLACE = "place"
    ACCESS = "access"
    CONTACT = "contact"
    SOMETHING_ELSE = "something_else"

    @property
    def words(self) -> str:
        """What it is called on a page."""
        return {
            WrongFact.CLOSED: "It has ended, closed or moved",
            WrongFact.PRICE: "What it costs",
            WrongFact.TIMES: "Days or times",
            WrongFact.PLACE: "The address, or how to get there",
            WrongFact.ACCESS: "What is there for people who need it",
            WrongFact.CONTACT: "The website",
            WrongFact.SOMETHING_ELSE: "Something else",
        }[self]


def suggestion_problem(words: str) -> str | None:
    """Return why we cannot take what somebody tells us, as a sentence, or None if we can."""
    if not words:
        return "Tell us a little more."
    if len(words) > LONGEST_SUGGESTION:
        return worded("Use at most {longest_suggestion:,} characters.", longest_suggestion=LONGEST_SUGGESTION)
    if len(_LINK.findall(words)) > MOST_LINKS:
        return "Leave out all web addresses but one."
    return None
