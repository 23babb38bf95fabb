"""Are the books sound?"""

from datetime import date

from sqlalchemy.orm import Session

from marketplace.budgets.queries import checking as budgets
from marketplace.budgets.queries.checking import Broken
from marketplace.kit.days import midnight
from marketplace.pooling.queries import checking as pooling
from marketplace.purchasing.queries import checking as purchasing


def broken_books(session: Session, *, today: date) -> tuple[Broken, ...]:
    """Return every row, of budgets, pools and what was bought, that breaks a promise. Empty: sound books."""
    return (
        budgets.broken_rows(session)
        + purchasing.broken_rows(session, today=today)
        + pooling.broken_rows(session)
        + pooling.left_waiting(session, now=midnight(today))
    )
