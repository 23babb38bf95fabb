"""What happens between two periods: the next one begins with what may be carried over, and the old one is closed."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.accounts.services import take_turns
from marketplace.budgets.models import Budget
from marketplace.budgets.rules import BudgetId, Stream
from marketplace.budgets.services.budgets import BudgetClosedError, BudgetNotFoundError, HeldBy, set_up_budget
from marketplace.budgets.services.closing import carry_over, close_budget
from marketplace.kit.errors import WrongAnswerError
from marketplace.kit.money import Money
from marketplace.kit.sentences import worded


class PeriodsOverlapError(WrongAnswerError):
    """The next period begins before this one ends."""

    field = "begins_on"


def begin_next_period(
    session: Session,
    *,
    budget_id: BudgetId,
    by: PersonId,
    begins_on: date,
    ends_on: date,
    amounts: Mapping[Stream, Money],
    now: datetime,
    key: BudgetId,
) -> BudgetId:
    """
    Write the next period down, held as this one is; carry over what the funder's rule allows; and close this one.

    What is left beyond the rule goes back to the funder. What is promised stays here until it is paid. Idempotent: the
    same key begins one period.

    :raises BudgetNotFoundError: if it is not this person's.
    :raises BudgetClosedError: if it is closed already.
    :raises PeriodsOverlapError: if the next one begins on or before the last day of this one.
    :raises NoMoneyError, TooMuchMoneyError, UnsoundPeriodError: as for any budget.
    """
    take_turns(session, person_id=by)
    before, known = session.get(Budget, budget_id), session.get(Budget, key)
    if before is None or before.person_id != by:
        raise BudgetNotFoundError("We could not find that budget.")
    if known is not None and known.person_id == by and before.closed_at is not None:
        return known.id
    if before.closed_at is not None:
        raise BudgetClosedError(worded("“{name}” is closed already.", name=before.name))
    if begins_on <= before.ends_on:
        raise PeriodsOverlapError("The next period must begin after the last day of this one.")
    held_by = HeldBy(
        before.holding, before.holder_name, before.holder_email, before.reference, before.carry_over_percent
    )
    following = set_up_budget(
        session,
        by=by,
        name=before.name,
        holding=before.holding,
        held_by=held_by,
        begins_on=begins_on,
        ends_on=ends_on,
        amounts=amounts,
        key=key,
        now=now,
    )
    carry_over(session, from_budget=budget_id, to_budget=following, by=by, now=now)
    close_budget(session, budget_id=budget_id, by=by, now=now)
    return following
