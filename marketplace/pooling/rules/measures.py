"""What is true of measures: what is asked, when each round opens and closes, and which average may be shown. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from marketplace.kit.said import count
from marketplace.kit.sentences import worded
from marketplace.pooling.rules.nouns import Measure

FEWEST_ANSWERS = 3
"""An average of fewer would say what somebody answered."""
MOST_MEASURES = 6
LONGEST_MEASURE = 200
MOST_TIMES = 200
OPEN_DAYS = 28
"""How long a round stays open. What it says is shown once it is over, so that no answer can be worked out of two."""
EVERY_DAYS = 91
"""From one round to the next: about a quarter of a year."""
MOST_ROUNDS = 12
_TOP = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """How a measure is asked for."""

    name: str
    question: str
    hint: str
    # On a scale from nought to ten, or a number of times.
    is_scale: bool
    better: str


ASKED: Mapping[Measure, Asked] = {
    Measure.QUALITY_OF_LIFE: Asked(
        "How good life is",
        "How good is your life at the moment, all in all?",
        "From 0, it could not be worse, to 10, it could not be better.",
        is_scale=True,
        better="Higher is better.",
    ),
    Measure.SELF_CARE: Asked(
        "Looking after my health",
        "How sure are you that you can look after your own health?",
        "From 0, not sure at all, to 10, completely sure.",
        is_scale=True,
        better="Higher is better.",
    ),
    Measure.GP_VISITS: Asked(
        "Visits to a GP",
        "How many times did you see a GP in the last three months?",
        "A whole number, like 2. Count telephone calls too.",
        is_scale=False,
        better="Fewer is usually better.",
    ),
    Measure.EMERGENCY_VISITS: Asked(
        "Visits to A&E",
        "How many times did you go to A&E in the last three months?",
        "A whole number, like 0 or 1.",
        is_scale=False,
        better="Fewer is better.",
    ),
    Measure.JOINED_UP: Asked(
        "How joined-up support is",
        "How well do the people who support you work together?",
        "From 0, not at all, to 10, completely.",
        is_scale=True,
        better="Higher is better.",
    ),
}
"""What the evaluation of pools asks [000]."""


@dataclass(frozen=True, slots=True)
class Round:
    """One time that everybody is asked. 0 is before it all began."""

    number: int
    opens_on: date
    # The last day it can be answered; None if that is not known yet.
    closes_on: date | None

    def is_open(self, today: date) -> bool:
        """Test whether it can be answered on a day."""
        return self.opens_on <= today and (self.closes_on is None or today <= self.closes_on)

    def is_over(self, today: date) -> bool:
        """Test whether nobody can answer it any more."""
        return self.closes_on is not None and today > self.closes_on

    @property
    def name(self) -> str:
        """What it is called: `At the beginning`, `After 3 months`."""
        return (
            worded("After {months}", months=count(self.number * 3, "month", "months"))
            if self.number
            else "At the beginning"
        )


def asked(measure: Measure, words: str) -> Asked:
    """Return how a measure is asked for. `words` are the pool's own, where it has its own."""
    if measure is not Measure.OWN:
        return ASKED[measure]
    return Asked(words, words, "From 0, not at all, to 10, completely.", is_scale=True, better="Higher is better.")


def rounds(*, chosen_on: date, starts_on: date | None, today: date) -> tuple[Round, ...]:
    """
    Return the rounds of a measure that have begun by a day, the first first.

    The first is open from the day it was chosen until four weeks after the pool starts, or after that day if the pool
    has started. The others follow every quarter, for four weeks each.
    """
    if starts_on is None:
        return (Round(0, chosen_on, None),)
    begun = max(chosen_on, starts_on)
    first = Round(0, chosen_on, _last_day(begun))
    later = (begun + timedelta(days=EVERY_DAYS * n) for n in range(1, MOST_ROUNDS + 1))
    return first, *(
        Round(n, opens_on, _last_day(opens_on)) for n, opens_on in enumerate(later, start=1) if opens_on <= today
    )


def next_opens_on(*, chosen_on: date, starts_on: date | None, today: date) -> date | None:
    """Return when the next round opens, or None if that is not known, or there is none."""
    if starts_on is None:
        return None
    begun = max(chosen_on, starts_on)
    days = (begun + timedelta(days=EVERY_DAYS * n) for n in range(1, MOST_ROUNDS + 1))
    return next((day for day in days if day > today), None)


def value_problem(value: int | None, *, is_scale: bool) -> str | None:
    """Return why an answer will not do, as a sentence, or None if it will."""
    most = _TOP if is_scale else MOST_TIMES
    return (
        None
        if value is not None and 0 <= value <= most
        else worded("Enter a whole number from 0 to {most}.", most=most)
    )


def words_problem(words: str) -> str | None:
    """Return why a pool's own measure will not do, as a sentence, or None if it will."""
    if not words:
        return "Say what you would like to look at, like: How often do you laugh?"
    return (
        None
        if len(words) <= LONGEST_MEASURE
        else worded("Use at most {longest_measure} characters.", longest_measure=LONGEST_MEASURE)
    )


def average(*, total: Decimal, answers: int) -> Decimal | None:
    """Return what an average is shown as, to one decimal, or None if there are too few answers."""
    if answers < FEWEST_ANSWERS:
        return None
    return (total / answers).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _last_day(opens_on: date) -> date:
    return opens_on + timedelta(days=OPEN_DAYS - 1)
