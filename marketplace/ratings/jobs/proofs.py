"""What happens by itself to invoices and recordings: those who look at them are reminded, and files go."""

from datetime import datetime

from marketplace.kit.addresses import page_address
from marketplace.kit.db import transaction
from marketplace.ratings.services.invoices import remind_of_invoices
from marketplace.ratings.services.keeping import forget_kept_files
from marketplace.ratings.services.voice import forget_sounds_written_down, remind_of_voice_notes


def remind_of_proofs(now: datetime) -> int:
    """
    Remind those who look at invoices and write down recordings, and delete files that nobody needs any more.

    Return how many files that was about. Safe to run twice.
    """
    with transaction() as session:
        gone = forget_kept_files(session, now=now) + forget_sounds_written_down(session)
        invoices = remind_of_invoices(session, address=page_address("ratings.waiting_invoices"), now=now)
        return gone + invoices + remind_of_voice_notes(session, address=page_address("ratings.waiting_sounds"), now=now)
