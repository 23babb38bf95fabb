"""What happens by itself to what shows that somebody used something: those who look are reminded, and files go."""

from datetime import datetime

from marketplace.kit.addresses import page_address
from marketplace.kit.db import transaction
from marketplace.ratings.services.invoices import remind_of_invoices
from marketplace.ratings.services.keeping import forget_kept_files


def remind_of_proofs(now: datetime) -> int:
    """Remind those who look at invoices, and delete files without a review; return how many. Safe to run twice."""
    with transaction() as session:
        done = forget_kept_files(session, now=now)
        return done + remind_of_invoices(session, address=page_address("ratings.waiting_invoices"), now=now)
