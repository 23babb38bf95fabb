"""What is true of the terms of an arrangement: its kind, its weeks, its trial. Pure: no database, no web, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from marketplace.budgets.rules import StreamId
from marketplace.catalogue.rules import DEAREST, Unit, notice_problem, travel_problem
from marketplace.kit.money import ZERO, Money
from marketplace.kit.said import count
from marketplace.kit.sentences import worded
from marketplace.purchasing.rules.arrangements import quantity_problem, start_problem, words_problem
from marketplace.purchasing.rules.nouns import ArrangementKind

LONGEST_WHO = 200
MOST_WEEKS = 104
MOST_TRIAL_WEEKS = 12
_HOURS_IN_A_WEEK = 168
_HOURS_IN_A_DAY = 24

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
    return (
        None
        if 1 <= weeks <= MOST_WEEKS
        else worded("Choose a whole number of weeks from 1 to {most_weeks}.", most_weeks=MOST_WEEKS)
    )


def weekly_problem(*, kind: ArrangementKind, unit: Unit | None, quantity: int) -> str | None:
    """Return why so much cannot be had in one week, as a sentence, or None if it can."""
    too_much = kind is ArrangementKind.WEEKLY and unit is Unit.HOUR and quantity > _HOURS_IN_A_WEEK
    return (
        worded("There are only {hours_in_a_week} hours in a week.", hours_in_a_week=_HOURS_IN_A_WEEK)
        if too_much
        else None
    )


def trial_problem(*, kind: ArrangementKind, weeks: int, trial_weeks: int) -> str | None:
    """Return why a trial cannot be so long, as a sentence, or None if it can. Nought weeks are no trial."""
    if not 0 <= trial_weeks <= MOST_TRIAL_WEEKS:
        return worded("A trial is at most {most_trial_weeks} weeks long.", most_trial_weeks=MOST_TRIAL_WEEKS)
    if kind is ArrangementKind.WEEKLY and trial_weeks > weeks:
        return "A trial cannot be longer than the support itself."
    return None


def shares_problem(*, shares: Mapping[StreamId, Money], total: Money) -> str | None:
    """Return why money from budgets cannot be split so, as a sentence, or None if it can."""
    if not shares:
        return None
    if any(amount <= ZERO for amount in shares.values()):
        return "Each part must be more than nothing."
    if sum(shares.values(), ZERO) != total:
        return worded("The parts must come to {total}, what this costs.", total=total)
    return None


def trial_until(*, starts_on: date, trial_weeks: int) -> date | None:
    """Return the last day of a trial, or None if there is none."""
    return starts_on + timedelta(weeks=trial_weeks, days=-1) if trial_weeks else None


@dataclass(frozen=True, slots=True)
class Terms:
    """What two sides agree on, in one version: all of it that can be changed."""

    what: str
    quantity: int
    # Of weekly support, from `starts_on` on.
    weeks: int
    unit_price: Money
    notice_hours: int | None
    travel_per_mile: Money | None
    # Who comes, in words.
    who: str
    starts_on: date

    @property
    def total(self) -> Money:
        """What this version comes to from its first day."""
        return self.unit_price * self.quantity * self.weeks


def cost_in_all(kind: ArrangementKind, versions: Sequence[Terms]) -> Money:
    """
    Return what the agreed versions of one arrangement come to, oldest first.

    Weekly support goes on by one version until the first day of the next, a started week counting as one. Anything
    else costs what its newest version says.
    """
    if kind is not ArrangementKind.WEEKLY:
        return versions[-1].total
    past = (
        earlier.unit_price * (earlier.quantity * _weeks_before(earlier, later.starts_on))
        for earlier, later in pairwise(versions)
    )
    return sum(past, versions[-1].total)


def terms_on(versions: Sequence[Terms], day: date) -> Terms:
    """Return which of the agreed versions holds on a day: the newest that has begun by then, or else the first."""
    return next((terms for terms in reversed(versions) if terms.starts_on <= day), versions[0])


def weeks_left(terms: Terms, *, day: date) -> int:
    """Return how many weeks of weekly support are still to come on a day, at least one."""
    return max(terms.weeks - _weeks_before(terms, day), 1)


def change_begins(terms: Terms, *, kind: ArrangementKind, today: date) -> date:
    """Return from which day a change would most simply hold: of weekly support, from the next week that begins."""
    if terms.starts_on > today or kind is not ArrangementKind.WEEKLY:
        return terms.starts_on
    return terms.starts_on + timedelta(weeks=(today - terms.starts_on).days // 7 + 1)


def changes_nothing(*, kind: ArrangementKind, holds: Terms, wanted: Terms) -> bool:
    """Test whether a change says what holds: of weekly support, also the same from a later day to the same end."""
    as_it_was = replace(wanted, starts_on=holds.starts_on, weeks=holds.weeks) == holds
    if kind is not ArrangementKind.WEEKLY:
        return wanted == holds
    return as_it_was and _ends_on(wanted) == _ends_on(holds) and wanted.starts_on >= holds.starts_on


def change_problems(
    *, kind: ArrangementKind, unit: Unit | None, now_holds: Terms, wanted: Terms, today: date
) -> dict[str, str]:
    """Return why a change of terms will not do, in a sentence for each answer. None: it will do."""
    amount = quantity_problem(wanted.quantity) or weekly_problem(kind=kind, unit=unit, quantity=wanted.quantity)
    found = {
        "what": words_problem(wanted.what),
        "quantity": amount,
        "weeks": weeks_problem(kind=kind, weeks=wanted.weeks),
        "unit_price": _price_problem(wanted.unit_price, unit=unit),
        "notice_hours": notice_problem(wanted.notice_hours),
        "travel_per_mile": travel_problem(wanted.travel_per_mile),
        "who": worded("Use at most {longest_who} characters.", longest_who=LONGEST_WHO)
        if len(wanted.who) > LONGEST_WHO
        else None,
        "starts_on": _first_day_problem(kind=kind, now_holds=now_holds, wanted=wanted, today=today),
    }
    return {field: problem for field, problem in found.items() if problem}


def notice_words(hours: int | None) -> str:
    """Return how much notice was agreed, in words."""
    if hours is None:
        return "None agreed"
    if hours > _HOURS_IN_A_DAY and hours % _HOURS_IN_A_DAY == 0:
        return count(hours // _HOURS_IN_A_DAY, "day", "days")
    return count(hours, "hour", "hours") if hours else "At any time"


def travel_words(per_mile: Money | None) -> str:
    """Return what travel costs, in words."""
    return worded("{per_mile} a mile", per_mile=per_mile) if per_mile else "Nothing on top"


def _ends_on(terms: Terms) -> date:
    return terms.starts_on + timedelta(weeks=terms.weeks)


def _weeks_before(terms: Terms, day: date) -> int:
    return min(max(-(-(day - terms.starts_on).days // 7), 0), terms.weeks)


def _price_problem(price: Money, *, unit: Unit | None) -> str | None:
    if unit is None:
        return None if price == ZERO else "This is free, and stays free. Ask for something else to pay for it."
    return None if ZERO <= price <= DEAREST else worded("Enter an amount from nothing to {dearest}.", dearest=DEAREST)


def _first_day_problem(*, kind: ArrangementKind, now_holds: Terms, wanted: Terms, today: date) -> str | None:
    # What was given by the week is paid by the terms of its time: no change reaches back.
    if wanted.starts_on == now_holds.starts_on and (kind is not ArrangementKind.WEEKLY or wanted.starts_on >= today):
        return None
    if kind is ArrangementKind.WEEKLY and wanted.starts_on < now_holds.starts_on <= today:
        return "Choose a day that is today or later: what was done before stays as it was agreed."
    return start_problem(starts_on=wanted.starts_on, today=today)
