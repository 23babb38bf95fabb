"""What is typed is not lost when somebody is signed out meanwhile: it waits until they have signed in again."""

import logging
from datetime import UTC, datetime
from uuid import UUID

from flask import current_app, request, session, url_for
from sqlalchemy.exc import SQLAlchemyError

from marketplace.accounts.rules import PersonId, UnsentFormId
from marketplace.accounts.services import unsent
from marketplace.accounts.services.unsent import NotKeptError
from marketplace.kit.addresses import is_sent_from_here
from marketplace.kit.db import transaction
from marketplace.kit.tries import CountError, TryCounter

log = logging.getLogger(__name__)

_KEY = "unsent"
_MOST_AN_HOUR, _HOUR = 20, 3600


def keep() -> str | None:
    """
    Keep what was just sent by somebody who is not signed in any more; return the page where they find it.

    None if nothing can be kept: it holds a password, did not come from a page of ours, nobody was signed in in this
    browser, or there is too much of it.
    """
    person_id = _who_was_here()
    if person_id is None or not is_sent_from_here() or _holds_a_secret() or _is_too_often(person_id):
        return None
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    try:
        with transaction() as database:
            form_id, key = unsent.keep_unsent(
                database,
                person_id=person_id,
                path=request.full_path.rstrip("?"),
                fields=fields,
                now=datetime.now(UTC),
            )
    except (NotKeptError, SQLAlchemyError):
        log.warning("what somebody typed could not be kept")
        return None
    session[_KEY] = [str(form_id), key]
    return url_for("accounts.show_unsent")


def kept() -> tuple[UnsentFormId, str] | None:
    """Return which form this browser has the key of, and the key."""
    found = session.get(_KEY)
    return (UnsentFormId(UUID(found[0])), found[1]) if found else None


def forget() -> None:
    """Throw the key away that this browser has."""
    session.pop(_KEY, None)


def _who_was_here() -> PersonId | None:
    """Return who was signed in in this browser last, and did not sign out: the cookie says it, and is signed."""
    try:
        return PersonId(UUID(str(session.get("_user_id", "")).partition(":")[0]))
    except ValueError:
        return None


def _holds_a_secret() -> bool:
    return any(name == "code" or "password" in name for name in request.form)


def _is_too_often(person_id: PersonId) -> bool:
    if not current_app.config["COUNTS_TRIES"]:
        return False
    counter: TryCounter = current_app.extensions["tries"]
    try:
        return counter.add(f"unsent {person_id}", lasts=_HOUR)[0] > _MOST_AN_HOUR
    except CountError:
        return True
