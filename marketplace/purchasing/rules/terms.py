"""What is true of the terms of an arrangement: its kind, its weeks, its trial. Pure: no database, no web, no clock."""

from collections.abc import Mapping
from datetime import date, timedelta

from marketplace.catalogue.rules import Unit
from marketplace.kit.money import ZERO, Money
from marketplace.purchasing.rules.nouns import ArrangementKind

MOST_WEEKS = 104
MOST_TRIAL_WEEKS = 12
_HOURS_IN_A_WEEK = 168

_ONCE = (ArrangementKind.ONE_OFF,)
_ONCE_OR_WEEKLY = (ArrangementKind.ONE_OFF, ArrangementKind.WEEKLY)
_KINDS: Mapping[Unit | None, tuple[ArrangementKind, ...]] = {
    Unit.HOUR: (ArrangementKind.ONE_OFF, ArrangementKind.WEEKLY, ArrangementKind.PACKAGE),
    Unit.PACKAGE: (ArrangementKind.PACKAGE,),
    Unit.WEEK: _ONCE,
    Unit.MILE: _ONCE,
}


def kinds_open_to(unit: Unit | None) -> tuple[ArrangementKind, ...]:
    """Return as what something with such a price can be arranged, the most usual first."""
    return _KINDS.get(unit, _ONCE_OR_WEEKLY)


def kind_problem(*, kind: ArrangementKind, unit: Unit | None) -> str | None:
    """Return why something cannot be arranged so, as a sentence, or None if it can."""
    return None if kind in kinds_open_to(unit) else "Choose one of the ways in which this can be arranged."


def weeks_problem(*, kind: ArrangementKind, weeks: int) -> str | None:
    """Return why a number of weeks will not do, as a sentence, or None if it will."""
    if kind is not ArrangementKind.WEEKLY:
        return None if weeks == 1 else "Only weekly support goes on for a number of weeks."
    return None if 1 <= weeks <= MOST_WEEKS else f"Choose a whole number of weeks from 1 to {MOST_WEEKS}."


def weekly_problem(*, kind: ArrangementKind, unit: Unit | None, quantity: int) -> str | None:
    """Return why so much cannot be had in one week, as a sentence, or None if it can."""
    too_much = kind is ArrangementKind.WEEKLY and unit is Unit.HOUR and quantity > _HOURS_IN_A_WEEK
    return f"There are only {_HOURS_IN_A_WEEK} hours in a week." if too_much else None


def trial_problem(*, kind: ArrangementKind, weeks: int, trial_weeks: int) -> str | None:
    """Return why a trial cannot be so long, as a sentence, or None if it can. Nought weeks are no trial."""
    if not 0 <= trial_weeks <= MOST_TRIAL_WEEKS:
        return f"A trial is at most {MOST_TRIAL_WEEKS} weeks long."
    if kind is ArrangementKind.WEEKLY and trial_weeks > weeks:
        return "A trial cannot be longer than the support itself."
    return None


def shares_problem(*, shares: Mapping[object, Money], total: Money) -> str | None:
    """Return why money from budgets cannot be split so, as a sentence, or None if it can."""
    if not shares:
        return None
    if any(amount <= ZERO for amount in shares.values()):
        return "Each part must be more than nothing."
    if sum(shares.values(), ZERO) != total:
        return f"The parts must come to {total}, what this costs."
    return None


def trial_until(*, starts_on: date, trial_weeks: int) -> date | None:
    """Return the last day of a trial, or None if there is none."""
    return starts_on + timedelta(weeks=trial_weeks, days=-1) if trial_weeks else None
