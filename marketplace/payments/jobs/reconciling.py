"""Everything that was begun and not finished: after a crash, a lost answer, or a webhook that never came."""

from datetime import datetime

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import Permission
from marketplace.kit.db import db, transaction
from marketplace.payments.jobs import cards, charging, events, providers, refunds
from marketplace.payments.queries.checking import broken_promises, left_waiting

_MOST_NAMED = 20


def finish_payments(now: datetime) -> int:
    """Finish from Stripe's truth what is begun and whose time has come; return how much was settled."""
    return (
        events.settle_events(now)
        + charging.finish_charges(now)
        + refunds.finish_refunds(now)
        + cards.finish_setups(now)
        + cards.forget_cards(now)
    )


def reconcile(now: datetime) -> dict[str, int]:
    """Ask Stripe at once about all that is begun, whether or not its time has come; return what was settled."""
    return {
        "accounts": providers.look_at_accounts(now, at_once=True),
        "events": events.settle_events(now),
        "charges": charging.finish_charges(now, at_once=True),
        "refunds": refunds.finish_refunds(now, at_once=True),
        "card setups": cards.finish_setups(now, at_once=True),
        "cards forgotten": cards.forget_cards(now),
    }


def check_payments(now: datetime) -> int:
    """Look whether payments keep their promises, and write to the operators if they do not; return how many do not."""
    broken = broken_promises(db.session) + left_waiting(db.session, now=now)
    if not broken:
        return 0
    named = "\n".join(f"{it.promise}: {it.row_id}" for it in broken[:_MOST_NAMED])
    with transaction() as session:
        accounts.write_to_those_who_may(
            session,
            Permission.OPERATE,
            subject="The payments do not add up",
            body=f"This is wrong with payments ({len(broken)} in all):\n\n{named}\n\n"
            "What happens next: run “flask payments reconcile”, then “flask payments check”. The operator’s guide says "
            "what each line means.",
            now=now,
        )
    return len(broken)
