"""What happens about a saved card that could not be charged: every 48 hours the person is told, then the provider."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.kit.sentences import worded
from marketplace.payments.models import Charge
from marketplace.payments.rules import ChargeId
from marketplace.payments.rules.charging import REMIND_EVERY, Next, after_failure, next_reminder
from marketplace.payments.services.charging import Address, write_of_failure
from marketplace.payments.services.paying import locked_owing


def remind_of_failure(session: Session, *, charge_id: ChargeId, link: Address, now: datetime) -> bool:
    """Write about a charge that failed, if it is still to pay; return whether anybody was written to."""
    charge = session.get_one(Charge, charge_id)
    owed = locked_owing(session, invoice_id=charge.invoice_id)
    session.refresh(charge)
    if charge.remind_at is None or charge.settled_at is None or now < charge.remind_at:
        return False
    if not owed.free_to_pay.pence:
        # It is paid; or somebody has the page open to pay it, and that may come to nothing.
        charge.remind_at = now + REMIND_EVERY if owed.owed.pence else None
        return False
    if after_failure(failed_at=charge.settled_at, now=now) is Next.REMIND:
        charge.remind_at = next_reminder(failed_at=charge.settled_at, now=now)
        write_of_failure(session, charge, owed, link=link, now=now)
        return True
    charge.remind_at = None
    accounts.write_to_organisation(
        session,
        organisation_id=owed.organisation_id,
        subject=worded("Not paid by card: invoice {number}", number=owed.number),
        body=worded(
            "For a week we have tried to get invoice {number} paid by card, and {owed} is still to pay. We "
            "have written to the person several times.\n\n"
            "What happens next: agree with them how they pay. You can see where it stands here:\n{link}",
            number=owed.number,
            owed=owed.owed,
            link=link(owed.invoice_id),
        ),
        now=now,
    )
    return True
