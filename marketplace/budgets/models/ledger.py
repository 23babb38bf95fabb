"""What we store about budgets and their ledger. Constraints, and the triggers of 0010 and 0041, are the last word."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import PersonId
from marketplace.budgets.rules import (
    Account,
    BudgetId,
    Holding,
    PromiseId,
    Purpose,
    Reason,
    Stream,
    StreamId,
    TransferId,
)
from marketplace.kit.keeping import Kept, Leaving
from marketplace.kit.model import Model
from marketplace.kit.money import ZERO, Money

_NOTHING = text("0")


class Budget(Model):
    """What one person has for one period, held in one way."""

    __tablename__ = "budget"
    kept = Kept(
        what="Your budgets",
        whose="person_id",
        leaving=Leaving.EMPTIED,
        because="the books must add up, for everybody, for six years",
        blanks={"name": "A budget of somebody who left", "holder_name": "", "holder_email": "", "reference": ""},
        audited=True,
    )
    __table_args__ = (
        CheckConstraint("ends_on >= begins_on", name="period_runs_forwards"),
        CheckConstraint("carry_over_percent BETWEEN 0 AND 5200", name="carry_over_in_bounds"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_at_and_by"),
    )

    id: Mapped[BudgetId] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    holding: Mapped[Holding]
    # Who holds it, if it is not the person: invoices are addressed to them.
    holder_name: Mapped[str] = mapped_column(String(120), default="", server_default="")
    holder_email: Mapped[str] = mapped_column(String(320), default="", server_default="")
    # What the funder calls it, for the quarterly return.
    reference: Mapped[str] = mapped_column(String(40), default="", server_default="")
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    # How much may be taken into the next period, in percent of a week's money: 25 in Bath [001].
    carry_over_percent: Mapped[int] = mapped_column(default=0, server_default=_NOTHING)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))


class FundingStream(Model):
    """
    One source of a budget's money, and where that money stands.

    The six sums are kept by a trigger on `entry` and by nothing else, so that the checks below hold whatever a program
    does: nothing is promised or spent that is not there.
    """

    __tablename__ = "funding_stream"
    kept = Kept(
        what="Where the money of your budgets comes from",
        whose="budget_id",
        leaving=Leaving.STAYS,
        because="the books must add up, for everybody, for six years",
    )
    __table_args__ = (
        UniqueConstraint("budget_id", "kind"),
        CheckConstraint("granted <= 0", name="granted_is_a_source"),
        CheckConstraint('"left" >= 0', name="nothing_promised_twice"),
        CheckConstraint("promised >= 0", name="promised_not_negative"),
        CheckConstraint("spent >= 0", name="spent_not_negative"),
        CheckConstraint("returned >= 0", name="returned_not_negative"),
    )

    id: Mapped[StreamId] = mapped_column(Uuid, primary_key=True)
    budget_id: Mapped[BudgetId] = mapped_column(Uuid, ForeignKey("budget.id"))
    kind: Mapped[Stream]
    granted: Mapped[Money] = mapped_column(default=ZERO, server_default=_NOTHING)
    left: Mapped[Money] = mapped_column(default=ZERO, server_default=_NOTHING)
    promised: Mapped[Money] = mapped_column(default=ZERO, server_default=_NOTHING)
    spent: Mapped[Money] = mapped_column(default=ZERO, server_default=_NOTHING)
    carried: Mapped[Money] = mapped_column(default=ZERO, server_default=_NOTHING)
    returned: Mapped[Money] = mapped_column(default=ZERO, server_default=_NOTHING)


class Promise(Model):
    """
    Money of one stream set aside for one purpose, and what of it has been spent.

    Both sums are kept by the same trigger: no purpose spends more than was promised for it.
    """

    __tablename__ = "promise"
    kept = Kept(
        what="What money of yours was set aside for",
        whose="stream_id",
        leaving=Leaving.EMPTIED,
        because="the books must add up, for everybody, for six years",
        blanks={"what": ""},
    )
    __table_args__ = (
        UniqueConstraint("purpose", "stream_id"),
        CheckConstraint("promised >= 0", name="promised_not_negative"),
        CheckConstraint("spent >= 0", name="spent_not_negative"),
    )

    id: Mapped[PromiseId] = mapped_column(Uuid, primary_key=True)
    stream_id: Mapped[StreamId] = mapped_column(Uuid, ForeignKey("funding_stream.id"), index=True)
    # The arrangement. No foreign key: purchasing is a package above, and knows us rather than we it.
    purpose: Mapped[Purpose] = mapped_column(Uuid)
    # What it is for, in words, as the person's statement says it.
    what: Mapped[str] = mapped_column(String(200))
    promised: Mapped[Money] = mapped_column(default=ZERO, server_default=_NOTHING)
    spent: Mapped[Money] = mapped_column(default=ZERO, server_default=_NOTHING)
    made_at: Mapped[datetime]


class Transfer(Model):
    """One movement of money, with all its sides."""

    __tablename__ = "transfer"
    kept = Kept(
        what="When money of your budgets moved",
        leaving=Leaving.STAYS,
        through=("entry", "transfer_id"),
        because="the books must add up, for everybody, for six years",
        plain=("note",),
    )
    __table_args__ = (Index(None, "made_at"),)

    id: Mapped[TransferId] = mapped_column(Uuid, primary_key=True)
    made_at: Mapped[datetime]
    # Nobody, if a job did it.
    made_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    reason: Mapped[Reason]
    # What the statement says besides, such as an invoice's number.
    note: Mapped[str] = mapped_column(String(200), default="", server_default="")


class Entry(Model):
    """One side of a transfer. Never changed, never deleted."""

    __tablename__ = "entry"
    kept = Kept(
        what="Each side of each movement of your money",
        whose="stream_id",
        leaving=Leaving.STAYS,
        because="the books must add up, for everybody, for six years",
    )
    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        CheckConstraint("(account IN ('promised', 'spent')) = (promise_id IS NOT NULL)", name="promise_before_spend"),
        UniqueConstraint("transfer_id", "stream_id", "account"),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    transfer_id: Mapped[TransferId] = mapped_column(Uuid, ForeignKey("transfer.id"))
    stream_id: Mapped[StreamId] = mapped_column(Uuid, ForeignKey("funding_stream.id"), index=True)
    promise_id: Mapped[PromiseId | None] = mapped_column(Uuid, ForeignKey("promise.id"), index=True)
    account: Mapped[Account]
    amount: Mapped[Money]
