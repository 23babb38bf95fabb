"""Which budget is a page about? One that the viewer may see, or one of their own; any other is not there."""

from datetime import UTC, date, datetime
from uuid import UUID

from flask import abort

from marketplace.accounts.access import viewer
from marketplace.budgets.queries import BudgetPage, seen_budgets
from marketplace.budgets.rules import BudgetId
from marketplace.kit.days import day_of
from marketplace.kit.db import db


def today() -> date:
    """Return the day it is in England."""
    return day_of(datetime.now(UTC))


def seen(budget_id: UUID) -> BudgetPage:
    """Return a budget to its owner, or to whoever they let see it now."""
    found = seen_budgets(db.session, viewer=viewer(), on=today(), budget_id=BudgetId(budget_id))
    return found[0] if found else abort(404)


def own(budget_id: UUID) -> BudgetPage:
    """Return a budget to its owner alone."""
    page = seen(budget_id)
    return page if page.is_own else abort(404)
