"""What is true of baskets: how much they hold, how a cost falls on budgets. Pure: no database, no web, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.budgets.rules import StreamId, share
from marketplace.catalogue.rules import Rate
from marketplace.kit.money import ZERO, Money
from marketplace.kit.sentences import worded
from marketplace.purchasing.rules.nouns import ArrangementKind

MOST_LINES = 20
"""As many as somebody can still check one by one before they press the button."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody means to ask for. Of weekly support, `quantity` is how many units in each week."""

    kind: ArrangementKind
    what: str
    quantity: int
    starts_on: date
    rate: Rate = Rate.STANDARD
    weeks: int = 1
    trial_weeks: int = 0

    @property
    def ends_on(self) -> date:
        """The last day of the last week, or for what happens once the first day."""
        return self.starts_on + (timedelta(weeks=self.weeks, days=-1) if self.weeks > 1 else timedelta())


def shares_of(total: Money, chosen: Mapping[StreamId, Money]) -> dict[StreamId, Money]:
    """
    Return what each funding stream pays of a total, in the proportion that was chosen, to the penny.

    A cost that changes after the choice is split as the old one was. Streams on which nothing falls are left out.
    """
    parts = share(total, [amount.pence for amount in chosen.values()])
    return {stream: part for stream, part in zip(chosen, parts, strict=True) if part != ZERO}


def split(
    total: Money, *, first: StreamId | None, second: StreamId | None, second_pays: Money
) -> dict[StreamId, Money]:
    """Return what one or two funding streams pay of a total. Without a first, no budget here pays."""
    if first is None:
        return {}
    if second is None:
        return {first: total}
    return {first: total - second_pays, second: second_pays}


def split_problem(
    total: Money, *, first: StreamId | None, second: StreamId | None, second_pays: Money | None
) -> tuple[str, str] | None:
    """Return which answer about the split will not do, and why, as a sentence, or None if all will."""
    if second is None:
        return None
    if first is None or first == second:
        return "second", "Choose two different ones, the one that pays most first."
    if second_pays is None or not ZERO < second_pays < total:
        return "second_pays", worded(
            "Enter how much of the {total} it pays: more than nothing, and not all of it.", total=total
        )
    return None


def first_shortages(
    wanted: Iterable[tuple[object, Mapping[StreamId, Money]]], *, left: Mapping[StreamId, Money]
) -> dict[object, tuple[StreamId, Money]]:
    """
    Return, by line, the stream that has too little left once those before it have taken theirs, and what it has then.

    Lines come in order; one that cannot be paid takes nothing from those after it.
    """
    now_left = dict(left)
    short: dict[object, tuple[StreamId, Money]] = {}
    for line, shares in wanted:
        lacking = next((s for s, amount in shares.items() if now_left.get(s, ZERO) < amount), None)
        if lacking is not None:
            short[line] = (lacking, now_left.get(lacking, ZERO))
            continue
        for stream, amount in shares.items():
            now_left[stream] -= amount
    return short
