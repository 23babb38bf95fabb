"""Questions about budgets. Every one about a person takes the viewer and filters in SQL."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.budgets import rules
from marketplace.budgets.models import Budget, Entry, FundingStream
from marketplace.budgets.rules import Account, BudgetId, Holding, Stream
from marketplace.kit.model import Pence
from marketplace.kit.money import ZERO, Money

_NOTHING = literal(ZERO, Pence())


@dataclass(frozen=True, slots=True)
class StreamLine:
    """One funding stream and what is in it."""

    kind: Stream
    allocated: Money
    left: Money


@dataclass(frozen=True, slots=True)
class BudgetPage:
    """A budget as its owner sees it. `weekly` is what an even pace would spend, in whole pence."""

    id: BudgetId
    name: str
    holding: Holding
    begins_on: date
    ends_on: date
    streams: tuple[StreamLine, ...]

    @property
    def allocated(self) -> Money:
        """All that was granted."""
        return sum((line.allocated for line in self.streams), ZERO)

    @property
    def left(self) -> Money:
        """All that is left."""
        return sum((line.left for line in self.streams), ZERO)

    @property
    def weekly(self) -> Money:
        """What an even pace would spend in a week, rounded down to the penny."""
        return Money(self.allocated.pence // rules.weeks_in(begins_on=self.begins_on, ends_on=self.ends_on))


def my_budgets(session: Session, *, viewer: Viewer, budget_id: BudgetId | None = None) -> tuple[BudgetPage, ...]:
    """Return the viewer's own budgets (or one of them), latest first. One query."""
    allocated = func.coalesce(func.sum(Entry.amount).filter(Entry.account == Account.GRANTED), _NOTHING)
    left = func.coalesce(func.sum(Entry.amount).filter(Entry.account == Account.LEFT), _NOTHING)
    wanted = (
        select(Budget, FundingStream.kind, allocated.label("granted"), left.label("left"))
        .join(FundingStream, FundingStream.budget_id == Budget.id)
        .join(Entry, Entry.stream_id == FundingStream.id)
        .where(Budget.person_id == viewer.person_id)
        .group_by(Budget.id, FundingStream.id)
        .order_by(Budget.begins_on.desc(), Budget.id, FundingStream.kind)
    )
    if budget_id is not None:
        wanted = wanted.where(Budget.id == budget_id)
    lines: dict[BudgetId, list[StreamLine]] = {}
    found: dict[BudgetId, Budget] = {}
    for budget, kind, granted, remaining in session.execute(wanted):
        found[budget.id] = budget
        lines.setdefault(budget.id, []).append(StreamLine(kind=kind, allocated=-granted, left=remaining))
    return tuple(
        BudgetPage(
            id=budget.id,
            name=budget.name,
            holding=budget.holding,
            begins_on=budget.begins_on,
            ends_on=budget.ends_on,
            streams=tuple(lines[budget.id]),
        )
        for budget in found.values()
    )
