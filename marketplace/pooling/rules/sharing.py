"""What is true of visits that a pool has together: who was away in good time, and what each pays. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from marketplace.catalogue.rules import Rate, Unit
from marketplace.kit.money import ZERO, Money
from marketplace.kit.sentences import worded
from marketplace.pooling.rules.agreement import AbsenceRule, AwayPays
from marketplace.pooling.rules.nouns import PoolStatus, Presence
from marketplace.pooling.rules.pools import GOES_AHEAD
from marketplace.purchasing.rules.nouns import ArrangementKind
from marketplace.purchasing.rules.visits import VisitTerms, begins, price_of_time

MOST_WEEKS = 52
"""Most weeks that are planned in one go."""


@dataclass(frozen=True, slots=True)
class Part:
    """
    One member's part in a visit.

    `alone` is what it costs them when everybody comes; `most` is the most they ever said they would pay for it.
    """

    alone: Money
    most: Money
    presence: Presence


def has_visits(*, status: PoolStatus, kind: ArrangementKind) -> bool:
    """Test whether a pool has visits together: while it goes ahead, if it is weekly support."""
    return status in GOES_AHEAD and kind is ArrangementKind.WEEKLY


def weeks_problem(weeks: int) -> str | None:
    """Return why so many weeks will not do, as a sentence, or None if they will."""
    return None if 1 <= weeks <= MOST_WEEKS else worded("Choose from 1 to {most_weeks} weeks.", most_weeks=MOST_WEEKS)


def in_time_until(*, held_on: date, starts_at: time | None, rule: AbsenceRule) -> datetime:
    """Return the moment until which it is in good time to say that one cannot come."""
    return begins(held_on=held_on, starts_at=starts_at) - timedelta(hours=rule.notice_hours)


def presence_of(*, is_there: bool, away_said_at: datetime | None, until: datetime) -> Presence:
    """Return whether somebody was there, and if not, whether they had said so in good time."""
    if is_there:
        return Presence.PRESENT
    in_time = away_said_at is not None and away_said_at <= until
    return Presence.AWAY_TOLD if in_time else Presence.AWAY_UNTOLD


def most_for_visit(*, most_price: Money, alone: Money, kind: ArrangementKind, unit: Unit | None, minutes: int) -> Money:
    """Return the most somebody pays for one visit, by the most they said they would pay for a unit."""
    terms = VisitTerms(
        kind=kind,
        unit=unit,
        unit_price=most_price,
        prices={},
        travel_per_mile=None,
        notice_hours=None,
        trial_until=None,
    )
    # Whoever has agreed to a dearer price since then has said so by that.
    return max(price_of_time(terms, minutes=minutes, rate=Rate.STANDARD), alone)


def shares(parts: Sequence[Part], *, told_in_time: AwayPays) -> tuple[Money, ...]:
    """
    Return what each pays of a visit, in the order given: exact to the penny, and never above their most.

    Whoever was away and had not said so in good time pays as if they had come. Whoever had said so pays as agreed.
    Those who came share what is left of what the visit costs when everybody comes, in proportion. What they cannot bear
    within their most nobody pays: the provider gets that much less. If nobody came, nobody bears another's part.
    """
    owed = [_without_coming(part, told_in_time) for part in parts]
    left = sum((part.alone for part in parts), ZERO) - sum((amount or ZERO for amount in owed), ZERO)
    there = [n for n, amount in enumerate(owed) if amount is None]
    borne = iter(_shared_out(left, [parts[n] for n in there]))
    return tuple(next(borne) if amount is None else amount for amount in owed)


def _without_coming(part: Part, told_in_time: AwayPays) -> Money | None:
    """Return what somebody pays who was away; None for whoever was there. A half penny is left to those who came."""
    if part.presence is Presence.PRESENT:
        return None
    if part.presence is Presence.AWAY_UNTOLD or told_in_time is AwayPays.ALL:
        return part.alone
    return Money(part.alone.pence // 2) if told_in_time is AwayPays.HALF else ZERO


def _shared_out(amount: Money, parts: Sequence[Part]) -> list[Money]:
    """Share an amount in proportion to what each pays alone. What is above somebody's most goes to the others."""
    borne: dict[int, Money] = {}
    while len(borne) < len(parts):
        still = [n for n in range(len(parts)) if n not in borne]
        wanted = _in_proportion(amount - sum(borne.values(), ZERO), [parts[n].alone for n in still])
        full = {n: parts[n].most for n, share in zip(still, wanted, strict=True) if share > parts[n].most}
        borne |= full or dict(zip(still, wanted, strict=True))
    return [borne[n] for n in range(len(parts))]


def _in_proportion(amount: Money, weights: Sequence[Money]) -> list[Money]:
    """Split an amount by largest remainder; of equal remainders the earlier gets the penny."""
    whole = sum((weight.pence for weight in weights), 0)
    if whole == 0:
        return [ZERO for _ in weights]
    exact = [Fraction(amount.pence * weight.pence, whole) for weight in weights]
    pence = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda n: (pence[n] - exact[n], n))
    for n in by_remainder[: amount.pence - sum(pence)]:
        pence[n] += 1
    return [Money(each) for each in pence]
