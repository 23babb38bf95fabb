"""What we store about budgets. Constraints here, and the triggers of migration 0010, are the last word."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import PersonId
from marketplace.budgets.rules import Account, BudgetId, Holding, Stream, StreamId, TransferId
from marketplace.kit.model import Model
from marketplace.kit.money import Money


class Budget(Model):
    """What one person has for one period, held in one way."""

    __tablename__ = "budget"
    __table_args__ = (CheckConstraint("ends_on >= begins_on", name="period_runs_forwards"),)

    id: Mapped[BudgetId] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    holding: Mapped[Holding]
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    created_at: Mapped[datetime]


class FundingStream(Model):
    """One source of a budget's money."""

    __tablename__ = "funding_stream"
    __table_args__ = (UniqueConstraint("budget_id", "kind"),)

    id: Mapped[StreamId] = mapped_column(Uuid, primary_key=True)
    budget_id: Mapped[BudgetId] = mapped_column(Uuid, ForeignKey("budget.id"))
    kind: Mapped[Stream]


class Transfer(Model):
    """One movement of money, with all its sides."""

    __tablename__ = "transfer"

    id: Mapped[TransferId] = mapped_column(Uuid, primary_key=True)
    made_at: Mapped[datetime]
    made_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(80))


class Entry(Model):
    """One side of a transfer. Never changed, never deleted."""

    __tablename__ = "entry"
    __table_args__ = (CheckConstraint("amount <> 0", name="amount_not_zero"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    transfer_id: Mapped[TransferId] = mapped_column(Uuid, ForeignKey("transfer.id"), index=True)
    stream_id: Mapped[StreamId] = mapped_column(Uuid, ForeignKey("funding_stream.id"), index=True)
    account: Mapped[Account]
    amount: Mapped[Money]
