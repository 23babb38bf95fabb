"""What happens by itself: consent runs out, and what has had its time goes."""

from datetime import datetime

from marketplace.accounts.queries.delegations import consents_running_out
from marketplace.accounts.services import leaving
from marketplace.accounts.services.helping import tell_of_consent_ending
from marketplace.kit import erasing
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction


def tell_of_ending_consent(now: datetime) -> int:
    """Tell both sides of each consent that runs out within a week; return of how many. Safe to run twice."""
    told = 0
    for delegation_id in consents_running_out(db.session, now=now):
        with transaction() as session:
            told += tell_of_consent_ending(
                session, delegation_id=delegation_id, link=page_address("accounts.consent"), now=now
            )
    return told


def delete_what_is_over(now: datetime) -> int:
    """Delete whatever is kept for a time that is over, as tables declare; return how many rows. Safe to run twice."""
    with transaction() as session:
        return erasing.delete_what_is_over(session, now=now)


def forget_unconfirmed(now: datetime) -> int:
    """Erase accounts whose address nobody confirmed within a month; return how many. Safe to run twice."""
    done = 0
    for person_id in leaving.those_never_confirmed(db.session, now=now):
        with transaction() as session:
            done += leaving.erase_person(session, person_id=person_id, now=now)
    return done


def forget_long_gone(now: datetime) -> int:
    """Six years after somebody left, take them out of what had to stay till then; return how many they were."""
    done = 0
    for person_id in leaving.those_gone_for_six_years(db.session, now=now):
        with transaction() as session:
            leaving.forget_what_remained(session, person_id=person_id, now=now)
        done += 1
    return done
