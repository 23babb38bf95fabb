"""Everything that somebody's own budgets hold, row by row, for them to take away."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.budgets.models import Budget, Entry, FundingStream, Promise, Transfer

Table = tuple[Sequence[str], Sequence[Sequence[object]]]
"""A header, and rows below it. Money in pounds, moments in UTC."""


def everything(session: Session, *, viewer: Viewer) -> dict[str, Table]:
    """Return all that is kept of the viewer's own budgets, as tables by name. One query for each."""
    mine = Budget.person_id == viewer.person_id
    questions = {
        "budgets": select(
            Budget.id,
            Budget.name,
            Budget.holding,
            Budget.holder_name,
            Budget.holder_email,
            Budget.reference,
            Budget.begins_on,
            Budget.ends_on,
            Budget.carry_over_percent,
            Budget.created_at,
            Budget.closed_at,
        )
        .where(mine)
        .order_by(Budget.begins_on, Budget.id),
        "funding_streams": select(
            FundingStream.id,
            FundingStream.budget_id,
            FundingStream.kind,
            FundingStream.granted,
            FundingStream.left,
            FundingStream.promised,
            FundingStream.spent,
            FundingStream.carried,
            FundingStream.returned,
        )
        .join(Budget, Budget.id == FundingStream.budget_id)
        .where(mine)
        .order_by(FundingStream.budget_id, FundingStream.kind),
        "promises": select(
            Promise.id,
            Promise.stream_id,
            Promise.purpose,
            Promise.what,
            Promise.promised,
            Promise.spent,
            Promise.made_at,
        )
        .join(FundingStream, FundingStream.id == Promise.stream_id)
        .join(Budget, Budget.id == FundingStream.budget_id)
        .where(mine)
        .order_by(Promise.made_at, Promise.id),
        "entries": select(
            Entry.id,
            Transfer.id.label("transfer_id"),
            Transfer.made_at,
            Transfer.reason,
            Transfer.note,
            Entry.stream_id,
            Entry.promise_id,
            Entry.account,
            Entry.amount,
        )
        .join(Transfer, Transfer.id == Entry.transfer_id)
        .join(FundingStream, FundingStream.id == Entry.stream_id)
        .join(Budget, Budget.id == FundingStream.budget_id)
        .where(mine)
        .order_by(Transfer.made_at, Transfer.id, Entry.id),
    }
    answers = {name: session.execute(wanted) for name, wanted in questions.items()}
    return {name: (tuple(rows.keys()), [tuple(row) for row in rows]) for name, rows in answers.items()}
