"""What is kept of the reviews of one offer, so that nobody need count them to know. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date

from marketplace.kit.sentences import worded
from marketplace.ratings.rules.nouns import Subject
from marketplace.ratings.rules.scoring import NOTHING, Tally

About = tuple[Subject, str]
"""What an answer is about: a criterion or an outcome, by its id."""

Spread = tuple[int, int, int, int, int]
"""How many gave each number of stars, from one to five."""

NOBODY: Spread = (0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything that is kept of some reviews of one offer. Months are those since which they are shown."""

    tally: Tally = NOTHING
    first_month: date | None = None
    last_month: date | None = None
    answers: Mapping[About, Spread] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(self.tally.spread)

    def differences(self, counted: "Kept") -> tuple[str, ...]:
        """Return what is kept otherwise than it was counted, each as a few words."""
        sums = [
            _differs(it.name, getattr(self.tally, it.name), getattr(counted.tally, it.name)) for it in fields(Tally)
        ]
        months = [
            _differs("first month", self.first_month, counted.first_month),
            _differs("last month", self.last_month, counted.last_month),
        ]
        answers = [
            _differs(f"{about[0]} {about[1]}", self.answers.get(about, NOBODY), counted.answers.get(about, NOBODY))
            for about in sorted(self.answers.keys() | counted.answers.keys())
        ]
        return tuple(it for it in (*sums, *months, *answers) if it)


NOTHING_KEPT = Kept()


def changed(spread: Spread, *, before: Spread, after: Spread) -> Spread:
    """Return how many give each number of stars once some say something else than before."""
    one, two, three, four, five = (n - less + more for n, less, more in zip(spread, before, after, strict=True))
    return one, two, three, four, five


def _differs(what: str, kept: object, counted: object) -> str:
    return (
        ""
        if kept == counted
        else worded("{what} is {kept}, counted anew {counted}", what=what, kept=kept, counted=counted)
    )
