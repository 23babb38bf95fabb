"""What does somebody have, and where does it stand? Every question takes the viewer and filters in SQL."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import BigInteger, ColumnElement, cast, extract, func, literal, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.accounts.queries.delegations import own_or_delegated
from marketplace.accounts.rules import PersonId, Scope, Viewer
from marketplace.budgets import rules
from marketplace.budgets.models import Budget, Entry, FundingStream, Promise, Transfer
from marketplace.budgets.rules import Account, BudgetId, Holding, Purpose, Stream, StreamId
from marketplace.kit.days import day_of
from marketplace.kit.model import Pence
from marketplace.kit.money import ZERO, Money

_HOUR = 3600
_MOST_PROMISES = 200


def visible(viewer: Viewer, *, on: date) -> ColumnElement[bool]:
    """Return a filter: budgets of the viewer, and of whoever lets them see theirs on a day."""
    return own_or_delegated(Budget.person_id, viewer, Scope.SEE_BUDGETS, on=on)


@dataclass(frozen=True, slots=True)
class StreamLine:
    """One funding stream and where its money stands."""

    id: StreamId
    kind: Stream
    granted: Money
    # From the period before, less what went into the next one.
    brought: Money
    left: Money
    promised: Money
    spent: Money
    returned: Money

    @property
    def allocated(self) -> Money:
        """All there ever was to spend: granted, and brought from the period before."""
        return self.granted + self.brought

    @property
    def to_spend(self) -> Money:
        """All that is not spent yet, promised or not."""
        return self.left + self.promised


@dataclass(frozen=True, slots=True)
class BudgetPage:
    """A budget as its owner sees it, or whoever they let. `weekly` is what an even pace would spend, in whole pence."""

    id: BudgetId
    person_name: str
    is_own: bool
    name: str
    holding: Holding
    holder_name: str
    holder_email: str
    reference: str
    begins_on: date
    ends_on: date
    carry_over_percent: int
    closed_at: datetime | None
    streams: tuple[StreamLine, ...]

    def _sum(self, account: str) -> Money:
        return sum((getattr(line, account) for line in self.streams), ZERO)

    @property
    def allocated(self) -> Money:
        """All there ever was to spend."""
        return self._sum("allocated")

    @property
    def brought(self) -> Money:
        """What came from the period before, less what went into the next one."""
        return self._sum("brought")

    @property
    def left(self) -> Money:
        """All that is left: neither promised nor spent."""
        return self._sum("left")

    @property
    def promised(self) -> Money:
        """All that is set aside for something."""
        return self._sum("promised")

    @property
    def spent(self) -> Money:
        """All that was paid."""
        return self._sum("spent")

    @property
    def returned(self) -> Money:
        """All that went back to whoever granted it."""
        return self._sum("returned")

    @property
    def weekly(self) -> Money:
        """What an even pace would spend in a week, rounded down to the penny."""
        return Money(self.allocated.pence // rules.weeks_in(begins_on=self.begins_on, ends_on=self.ends_on))


def seen_budgets(
    session: Session,
    *,
    viewer: Viewer,
    on: date,
    budget_id: BudgetId | None = None,
    person_id: PersonId | None = None,
) -> tuple[BudgetPage, ...]:
    """
    Return the budgets (or one, or one person's) that the viewer may see on a day: their own first, then the latest.

    One query. Where the money stands is read from the sums that the database keeps, so that it takes as long for an
    old budget.
    """
    wanted = (
        select(Budget, FundingStream, Person.name)
        .join(FundingStream, FundingStream.budget_id == Budget.id)
        .join(Person, Person.id == Budget.person_id)
        .where(visible(viewer, on=on))
        .order_by(Budget.begins_on.desc(), Budget.name, Budget.id, FundingStream.kind)
    )
    if budget_id is not None:
        wanted = wanted.where(Budget.id == budget_id)
    if person_id is not None:
        wanted = wanted.where(Budget.person_id == person_id)
    lines: dict[BudgetId, list[StreamLine]] = {}
    found: dict[BudgetId, tuple[Budget, str]] = {}
    # What a trigger has changed since is not what this session may remember.
    for budget, stream, name in session.execute(wanted, execution_options={"populate_existing": True}):
        found[budget.id] = (budget, name)
        lines.setdefault(budget.id, []).append(_line(stream))
    pages = [_page(budget, name, lines[budget.id], viewer=viewer) for budget, name in found.values()]
    return tuple(sorted(pages, key=lambda page: not page.is_own))


def _line(stream: FundingStream) -> StreamLine:
    return StreamLine(
        id=stream.id,
        kind=stream.kind,
        granted=-stream.granted,
        brought=-stream.carried,
        left=stream.left,
        promised=stream.promised,
        spent=stream.spent,
        returned=stream.returned,
    )


def _page(budget: Budget, person_name: str, lines: Iterable[StreamLine], *, viewer: Viewer) -> BudgetPage:
    return BudgetPage(
        id=budget.id,
        person_name=person_name,
        is_own=budget.person_id == viewer.person_id,
        name=budget.name,
        holding=budget.holding,
        holder_name=budget.holder_name,
        holder_email=budget.holder_email,
        reference=budget.reference,
        begins_on=budget.begins_on,
        ends_on=budget.ends_on,
        carry_over_percent=budget.carry_over_percent,
        closed_at=budget.closed_at,
        streams=tuple(lines),
    )


def spent_by_day(session: Session, *, viewer: Viewer, on: date, budget_id: BudgetId) -> dict[date, Money]:
    """Return what was spent from a budget on each day in England, less what came back. One query."""
    # In England days begin at a whole hour, in summer too.
    hour = (cast(extract("epoch", Transfer.made_at), BigInteger) // _HOUR).label("hour")
    rows = session.execute(
        select(hour, func.sum(Entry.amount))
        .join(Entry, Entry.transfer_id == Transfer.id)
        .join(FundingStream, FundingStream.id == Entry.stream_id)
        .join(Budget, Budget.id == FundingStream.budget_id)
        .where(Budget.id == budget_id, visible(viewer, on=on), Entry.account == Account.SPENT)
        .group_by(hour)
        .order_by(hour)
    )
    days: dict[date, Money] = {}
    for hours, amount in rows:
        day = day_of(datetime.fromtimestamp(hours * _HOUR, UTC))
        days[day] = days.get(day, ZERO) + amount
    return days


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """What is set aside for one thing, and what of it was paid. Each stream behind it by itself, and together."""

    purpose: Purpose
    what: str
    made_at: datetime
    shares: tuple[tuple[Stream, Money, Money], ...]

    @property
    def promised(self) -> Money:
        """What is still set aside, from all streams."""
        return sum((promised for _stream, promised, _spent in self.shares), ZERO)

    @property
    def spent(self) -> Money:
        """What was paid, from all streams."""
        return sum((spent for _stream, _promised, spent in self.shares), ZERO)


def promises_of(session: Session, *, viewer: Viewer, on: date, budget_id: BudgetId) -> tuple[PromiseLine, ...]:
    """Return what a budget's money is or was set aside for, the newest first and at most 200. One query."""
    rows = session.execute(
        select(Promise.purpose, Promise.what, Promise.made_at, FundingStream.kind, Promise.promised, Promise.spent)
        .join(FundingStream, FundingStream.id == Promise.stream_id)
        .join(Budget, Budget.id == FundingStream.budget_id)
        .where(Budget.id == budget_id, visible(viewer, on=on))
        .order_by((Promise.promised == literal(ZERO, Pence())), Promise.made_at.desc(), Promise.purpose)
        .limit(_MOST_PROMISES)
    )
    found: dict[Purpose, PromiseLine] = {}
    for row in rows:
        before = found.get(row.purpose)
        share = (row.kind, row.promised, row.spent)
        found[row.purpose] = PromiseLine(
            row.purpose, row.what, row.made_at, shares=(*before.shares, share) if before else (share,)
        )
    return tuple(found.values())


def may_be_carried(
    session: Session, *, viewer: Viewer, on: date, budget_id: BudgetId
) -> dict[Stream, tuple[Money, Money]]:
    """Return what of each stream the funder's rule would carry into the next period, and what would go back."""
    out = func.coalesce(
        select(func.sum(Entry.amount))
        .where(Entry.stream_id == FundingStream.id, Entry.account == Account.CARRIED, Entry.amount > ZERO)
        .scalar_subquery(),
        literal(ZERO, Pence()),
    )
    rows = session.execute(
        select(Budget, FundingStream.kind, FundingStream.granted, FundingStream.left, out.label("out"))
        .join(FundingStream, FundingStream.budget_id == Budget.id)
        .where(Budget.id == budget_id, visible(viewer, on=on))
        .order_by(FundingStream.kind)
    )
    found = {}
    for budget, kind, granted, left, before in rows:
        most = rules.carry_over_most(
            kind=kind,
            granted=-granted,
            begins_on=budget.begins_on,
            ends_on=budget.ends_on,
            percent=budget.carry_over_percent,
        )
        carried = rules.may_carry(left=left, most=most, carried_before=before)
        found[kind] = (carried, left - carried)
    return found
