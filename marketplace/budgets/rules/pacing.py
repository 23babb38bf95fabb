"""Does the money last the period, at the pace of these weeks? Pure: no database, no web, no clock."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.kit.money import ZERO, Money

LOOKED_BACK = 28
"""Days whose spending makes this week's pace: most providers send an invoice once a month."""
_WEEK = 7
_LONGEST = 5_000
"""Days: money that lasts longer than that lasts for ever."""


class Outlook(enum.StrEnum):
    """What becomes of a budget's money, if the pace stays what it is."""

    NOT_BEGUN = "not_begun"
    TOO_EARLY = "too_early"  # less than a week of it has passed
    NOTHING_SPENT = "nothing_spent"  # lately
    LASTS = "lasts"
    RUNS_OUT = "runs_out"
    ALL_SPENT = "all_spent"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a budget's money goes, and how long it lasts. `to_spend` is what is promised or left."""

    outlook: Outlook
    today: date
    to_spend: Money
    # What the last four weeks cost, in an average week.
    weekly: Money
    # What a week may cost from tomorrow, so that the money lasts exactly as long as the period.
    affordable: Money
    # The last day the money pays for, at this pace; None if nothing is spent.
    lasts_until: date | None
    # What is still there on the last day of the period, at this pace.
    over_at_end: Money

    def days_short(self, ends_on: date) -> int:
        """Return how many days before the end of the period the money is gone, or 0."""
        return max((ends_on - self.lasts_until).days, 0) if self.lasts_until else 0


def pace(*, to_spend: Money, spent: Mapping[date, Money], begins_on: date, ends_on: date, today: date) -> Pace:
    """
    Return how long the money lasts at the pace of the last four weeks, or of all weeks of a younger period.

    `spent` is what was spent on each day, less what came back. All amounts are rounded down to the penny.
    """
    counted = min(LOOKED_BACK, (today - begins_on).days + 1)
    since = today - timedelta(days=counted)
    lately = max(sum((amount for on, amount in spent.items() if since < on <= today), ZERO), ZERO)
    ahead = max((ends_on - today).days, 0)
    days_of_money = min(to_spend.pence * counted // lately.pence, _LONGEST) if lately > ZERO else None
    return Pace(
        outlook=_outlook(
            to_spend=to_spend, counted=counted, days_of_money=days_of_money, ahead=ahead, is_over=today > ends_on
        ),
        today=today,
        to_spend=to_spend,
        weekly=Money(lately.pence * _WEEK // counted) if counted > 0 else ZERO,
        affordable=Money(to_spend.pence * _WEEK // ahead) if ahead >= _WEEK else to_spend,
        lasts_until=today + timedelta(days=days_of_money) if days_of_money is not None else None,
        over_at_end=max(to_spend - Money(lately.pence * ahead // counted), ZERO) if counted > 0 else to_spend,
    )


def _outlook(*, to_spend: Money, counted: int, days_of_money: int | None, ahead: int, is_over: bool) -> Outlook:
    if counted <= 0:
        return Outlook.NOT_BEGUN
    if is_over:
        return Outlook.OVER
    if to_spend == ZERO:
        return Outlook.ALL_SPENT
    if counted < _WEEK:
        return Outlook.TOO_EARLY
    if days_of_money is None:
        return Outlook.NOTHING_SPENT
    return Outlook.LASTS if days_of_money >= ahead else Outlook.RUNS_OUT


@dataclass(frozen=True, slots=True)
class MonthSpent:
    """What one month of a period cost, and what had gone by its end. `even` is what an even pace would have spent."""

    month: date
    spent: Money
    so_far: Money
    even: Money


def months_spent(
    *, spent: Mapping[date, Money], available: Money, begins_on: date, ends_on: date, today: date
) -> tuple[MonthSpent, ...]:
    """Return what each month of a period cost so far: the same as the picture, in figures."""
    months: list[MonthSpent] = []
    first, so_far = begins_on, ZERO
    days = (ends_on - begins_on).days + 1
    while first <= min(ends_on, today):
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        last = min(following - timedelta(days=1), ends_on)
        # What was paid before the first day, or after the last, still belongs to the period.
        from_day = date.min if first == begins_on else first
        to_day = date.max if last == ends_on else last
        cost = sum((amount for on, amount in spent.items() if from_day <= on <= to_day), ZERO)
        so_far += cost
        gone = (min(last, today) - begins_on).days + 1
        months.append(MonthSpent(first, cost, so_far, Money(available.pence * gone // days)))
        first = following
    return tuple(months)


@dataclass(frozen=True, slots=True)
class Picture:
    """
    The same as a drawing: how far through the period (0 to 1), and how much of the money (0 to 1), at each step.

    `steps` is what was spent, `ahead` the end of the line that this week's pace draws from the last step.
    """

    steps: tuple[tuple[float, float], ...]
    ahead: tuple[float, float] | None
    today: float | None
    top: Money


def picture(
    found: Pace, *, spent: Mapping[date, Money], available: Money, begins_on: date, ends_on: date
) -> Picture | None:
    """Return how to draw a period's spending, or None if there is nothing to spend."""
    if available <= ZERO:
        return None
    days = (ends_on - begins_on).days + 1
    top = max(available, sum(spent.values(), ZERO))

    def across(on: date) -> float:
        return min(max((on - begins_on).days + 1, 0), days) / days

    so_far, steps = ZERO, [(0.0, 0.0)]
    for on in sorted(spent):
        if on > found.today:
            break
        steps.append((across(on), max(so_far.pence, 0) / top.pence))
        so_far += spent[on]
        steps.append((across(on), max(so_far.pence, 0) / top.pence))
    steps.append((across(found.today), max(so_far.pence, 0) / top.pence))
    ahead = None
    if found.outlook in {Outlook.LASTS, Outlook.RUNS_OUT} and found.lasts_until:
        gone_at_end = found.to_spend - found.over_at_end + so_far
        ahead = (across(min(found.lasts_until, ends_on)), min(max(gone_at_end.pence, 0) / top.pence, 1.0))
    is_within = begins_on <= found.today <= ends_on
    return Picture(tuple(steps), ahead, across(found.today) if is_within else None, top)
