"""
How often somebody may try to guess a password, without anybody being locked out.

Wrong tries are counted for each account. Browsers in which its owner signed in before count alone, so whoever guesses
from elsewhere uses up the tries of everywhere else, and not theirs.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from marketplace.accounts import rules
from marketplace.accounts.models import Person
from marketplace.accounts.services.accounts import person_with, write_to_person
from marketplace.kit import said
from marketplace.kit.errors import DomainError
from marketplace.kit.sentences import worded
from marketplace.kit.tries import Tries

_ADD = text(
    "INSERT INTO tries (key, ends_at, count) VALUES (:key, :ends_at, 1) "
    "ON CONFLICT (key) DO UPDATE SET "
    "count = CASE WHEN tries.ends_at <= :now THEN 1 ELSE tries.count + 1 END, "
    "ends_at = CASE WHEN tries.ends_at <= :now THEN excluded.ends_at ELSE tries.ends_at END "
    "RETURNING count, ends_at"
)


class TooManyTriesError(DomainError):
    """Somebody has guessed for long enough."""


class UsedBeforeError(DomainError):
    """What may be used once was used before."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How often something was tried, and when that is forgotten."""

    count: int
    ends_at: datetime


def count_try(session: Session, *, what: str, key: str, lasts: timedelta, now: datetime) -> Tried:
    """Count that something was tried, and return how often it was. Two at once are counted one after the other."""
    count, ends_at = session.execute(
        _ADD, {"key": _hidden(what, key), "ends_at": int((now + lasts).timestamp()), "now": int(now.timestamp())}
    ).one()
    return Tried(count, datetime.fromtimestamp(ends_at, UTC))


def use_once(session: Session, *, what: str, key: str, lasts: timedelta, now: datetime) -> None:
    """
    Remember that something was used.

    :raises UsedBeforeError: if it was used before.
    """
    if count_try(session, what=what, key=key, lasts=lasts, now=now).count > 1:
        raise UsedBeforeError("That was used before. Open the page again, and try once more.")


def _hidden(what: str, key: str) -> str:
    return hmac.new(key.encode(), what.encode(), hashlib.sha256).hexdigest()


def take_try(session: Session, *, email: str, browser: str, key: str, now: datetime) -> Tried:
    """
    Count that somebody is about to try a password. An address that nobody has is counted like any other.

    Its owner hears of it, at most once a day, when there are too many. Ask `refuse_guesser` about the answer once it is
    committed, and before the password is looked at.

    :param browser: by what a browser is known in which this person signed in before; "" for all other browsers.
    :param key: the site's own: what is kept tells nobody whose tries it counts.
    """
    email = rules.normal_email(email)
    lasts = rules.OWN_TRIES_WITHIN if browser else rules.OTHER_TRIES_WITHIN
    tried = count_try(session, what=_tries_of(email, browser), key=key, lasts=lasts, now=now)
    if tried.count == rules.MOST_WRONG_PASSWORDS + 1:
        _tell(session, person_with(session, email), email=email, key=key, now=now)
    return tried


def refuse_guesser(tried: Tried, *, now: datetime) -> None:
    """
    Refuse a password that is one too many.

    :raises TooManyTriesError: it says how long to wait, and what works meanwhile.
    """
    if tried.count > rules.MOST_WRONG_PASSWORDS:
        minutes = max(1, -(-int((tried.ends_at - now).total_seconds()) // 60))
        raise TooManyTriesError(
            worded(
                "There were too many wrong passwords for this address. Wait {minutes}, "
                "or choose “I have forgotten my password”: that works at once. So does a browser in which you "
                "signed in "
                "before.",
                minutes=said.count(minutes, "minute", "minutes"),
            )
        )


def forget_tries(session: Session, *, email: str, browser: str, key: str) -> None:
    """Forget the wrong tries of one browser, or of all others: the right password was given."""
    hidden = _hidden(_tries_of(rules.normal_email(email), browser), key)
    session.execute(delete(Tries).where(Tries.key == hidden))


def _tries_of(email: str, browser: str) -> str:
    return f"password:{browser}:{email}"


def _tell(session: Session, person: Person | None, *, email: str, key: str, now: datetime) -> None:
    """Write to whoever's account it is, at most once a day: a guesser must not fill their letter box."""
    told = count_try(session, what=f"told of guesses:{email}", key=key, lasts=timedelta(days=1), now=now)
    if person is None or told.count > 1:
        return
    write_to_person(
        session,
        person_id=person.id,
        subject="Somebody tried many passwords for your account",
        body=worded(
            "{most_wrong_passwords} wrong passwords were given for your address, one after the other. We take "
            "no more of them for a while. A browser in which you signed in before still lets you in, and so "
            "does a link to "
            "set a new password.\n\nIf it was you, you need do nothing. If it was not, you need do nothing "
            "either: nobody "
            "got in. Codes from your phone, or a passkey, would keep others out even if they guessed right.",
            most_wrong_passwords=rules.MOST_WRONG_PASSWORDS,
        ),
        now=now,
    )
