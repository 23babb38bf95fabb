"""What happens later, by itself: the one table of everything that runs on a clock."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app

from marketplace.accounts import services as accounts
from marketplace.accounts.jobs import delete_what_is_over, forget_long_gone, forget_unconfirmed, tell_of_ending_consent
from marketplace.accounts.rules import Permission
from marketplace.brokerage.jobs.briefs import call_providers, close_briefs, tell_of_questions
from marketplace.brokerage.jobs.reviewing import remind_of_reviews
from marketplace.brokerage.jobs.stories import remind_readers
from marketplace.catalogue.jobs import (
    ask_providers,
    hide_unconfirmed_offers,
    refresh_search,
    tell_of_expiring_checks,
    tell_of_new_offers,
)
from marketplace.demand.jobs import build_releases, prepare_next_quarter, tell_what_is_wanted
from marketplace.kit import erased, outbox, tries
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.mail import Postman
from marketplace.payments.jobs.charging import charge_invoices, remind_of_failures
from marketplace.payments.jobs.events import forget_bodies
from marketplace.payments.jobs.providers import look_at_accounts
from marketplace.payments.jobs.reconciling import check_payments, finish_payments
from marketplace.pooling.jobs import close_lapsed_pools
from marketplace.pooling.jobs.finding import nudge_quiet_pools, tell_of_shared_interests
from marketplace.pooling.jobs.settling import look_after_pools, settle_pools
from marketplace.pooling.jobs.space import tell_news_of_pools, tidy_pool_rooms
from marketplace.purchasing.jobs import remind_of_disputes
from marketplace.ratings.jobs.flags import look_for_flags
from marketplace.ratings.jobs.ordering import put_in_order
from marketplace.ratings.jobs.proofs import remind_of_proofs
from marketplace.ratings.jobs.reminding import remind_judges
from marketplace.search.jobs import count_words
from marketplace.web import queries
from marketplace.web.queries import leaving

log = logging.getLogger(__name__)

_NAMED = 50
"""How many broken rows a letter names. The command names them all."""


@dataclass(frozen=True, slots=True)
class Periodic:
    """One job, its name for `flask jobs run`, and how often it runs, in seconds. Each is safe to run twice."""

    name: str
    every_seconds: int
    run: Callable[[datetime], int]


def send_letters(now: datetime) -> int:
    """Send what is in the outbox, one letter after another; return how many left."""
    postman: Postman = current_app.extensions["postman"]
    sent = 0
    while True:
        with transaction() as session:
            letter = outbox.take_next(session, now=now)
        if letter is None:
            return sent
        try:
            postman.deliver(letter)
        except Exception as error:  # noqa: BLE001  (one letter that cannot leave does not keep the others)
            # It stays in the box and is tried again later. Mail servers quote addresses: the log keeps to the kind.
            log.warning("letter %s could not be delivered: %s", letter.id, type(error).__name__)
            if not _takes_letters(postman):
                # It is not this letter's fault, and waiting with each of the others would help nobody.
                with transaction() as session:
                    outbox.put_back(session, message_id=letter.id, now=now)
                return sent
            continue
        with transaction() as session:
            outbox.mark_sent(session, message_id=letter.id, now=datetime.now(UTC))
        sent += 1


def forget_tries(now: datetime) -> int:
    """Delete the counts of tries whose window is over; return how many."""
    with transaction() as session:
        return tries.forget_ended(session, now=int(now.timestamp()))


def remember_who_left(_now: datetime) -> int:
    """Write down outside the database who left, so that a backup does not bring them back; return how many are new."""
    return erased.remember(current_app.config["ERASED_LIST"], leaving.erased_people(db.session))


def _takes_letters(postman: Postman) -> bool:
    try:
        postman.greet()
    except Exception as error:  # noqa: BLE001  (whatever it is, no letter leaves now)
        log.error("no letters can leave now: %s", type(error).__name__)  # noqa: TRY400  (servers quote addresses)
        return False
    return True


def check_books(now: datetime) -> int:
    """Ask whether the books keep every promise, and write to the operators if they do not; return how many rows."""
    broken = queries.broken_books(db.session, today=day_of(now))
    if not broken:
        return 0
    log.error("the books are broken: %s rows; flask ledger check names them", len(broken))
    rows = "\n".join(f"{row.promise}: {row.kind} {row.row_id}" for row in broken[:_NAMED])
    more = f"\n... and {len(broken) - _NAMED} more." if len(broken) > _NAMED else ""
    with transaction() as session:
        accounts.write_to_those_who_may(
            session,
            Permission.OPERATE,
            subject="The books are broken",
            body="Each night we ask whether the books of budgets and payments keep every promise. Tonight they do "
            f"not:\n\n{rows}{more}\n\nPlease tell whoever looks after the site at once. They can see this again with: "
            "flask ledger check",
            now=now,
        )
    return len(broken)


PERIODIC = (
    Periodic("send-letters", 2, send_letters),
    Periodic("finish-payments", 5, finish_payments),
    Periodic("charge-invoices", 60, charge_invoices),
    Periodic("settle-pools", 20, settle_pools),
    Periodic("close-lapsed-pools", 60, close_lapsed_pools),
    Periodic("remember-who-left", 60, remember_who_left),
    Periodic("tidy-pool-rooms", 60, tidy_pool_rooms),
    Periodic("close-briefs", 60, close_briefs),
    Periodic("look-after-pools", 300, look_after_pools),
    Periodic("remind-judges", 300, remind_judges),
    Periodic("remind-of-stories", 300, remind_readers),
    Periodic("remind-of-failed-cards", 600, remind_of_failures),
    Periodic("look-at-accounts", 600, look_at_accounts),
    Periodic("forget-tries", 600, forget_tries),
    Periodic("tell-of-new-offers", 1800, tell_of_new_offers),
    Periodic("call-providers", 1800, call_providers),
    Periodic("tell-of-questions", 1800, tell_of_questions),
    Periodic("tell-news-of-pools", 1800, tell_news_of_pools),
    Periodic("remind-of-reviews", 3600, remind_of_reviews),
    Periodic("ask-providers", 3600, ask_providers),
    Periodic("hide-unconfirmed-offers", 3600, hide_unconfirmed_offers),
    Periodic("build-releases", 3600, build_releases),
    Periodic("prepare-next-quarter", 3600, prepare_next_quarter),
    Periodic("tell-what-is-wanted", 3600, tell_what_is_wanted),
    Periodic("look-for-flags", 3600, look_for_flags),
    Periodic("tell-of-expiring-checks", 3600, tell_of_expiring_checks),
    Periodic("remind-of-disputes", 3600, remind_of_disputes),
    Periodic("remind-of-proofs", 3600, remind_of_proofs),
    Periodic("refresh-search", 3600, refresh_search),
    Periodic("nudge-quiet-pools", 86_400, nudge_quiet_pools),
    Periodic("tell-of-shared-interests", 86_400, tell_of_shared_interests),
    Periodic("tell-of-ending-consent", 86_400, tell_of_ending_consent),
    Periodic("delete-what-is-over", 86_400, delete_what_is_over),
    Periodic("forget-unconfirmed", 86_400, forget_unconfirmed),
    Periodic("forget-long-gone", 86_400, forget_long_gone),
    Periodic("check-books", 86_400, check_books),
    Periodic("check-payments", 86_400, check_payments),
    Periodic("forget-events", 86_400, forget_bodies),
    Periodic("count-words", 86_400, count_words),
    Periodic("put-ratings-in-order", 86_400, put_in_order),
)
