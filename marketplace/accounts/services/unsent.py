"""What happens to what somebody typed and could not send, because they were signed out meanwhile."""

import json
import uuid
from collections.abc import Sequence
from datetime import datetime

import pyrage
from sqlalchemy import delete
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person, UnsentForm
from marketplace.accounts.rules import PersonId, UnsentFormId
from marketplace.kit.errors import DomainError

MOST_BYTES = 64 * 1024


class NotKeptError(DomainError):
    """It is too long to keep, or nobody's."""


def keep_unsent(
    session: Session, *, person_id: PersonId, path: str, fields: Sequence[tuple[str, str]], now: datetime
) -> tuple[UnsentFormId, str]:
    """
    Keep a form that was not sent, for a day. Return its id, and the key to read it, which is kept nowhere else.

    :param path: where it was to be sent.
    :raises NotKeptError: if it is longer than 64 KB, or its person is gone.
    """
    words = json.dumps([path, *fields]).encode()
    if len(words) > MOST_BYTES:
        raise NotKeptError("That was too long for us to keep.")
    if session.get(Person, person_id) is None:
        raise NotKeptError("We do not know whose that was.")
    key = pyrage.x25519.Identity.generate()
    form = UnsentForm(
        id=UnsentFormId(uuid.uuid4()),
        person_id=person_id,
        sealed=pyrage.encrypt(words, [key.to_public()]),
        left_at=now,
    )
    session.add(form)
    session.flush()
    return form.id, str(key)


def forget_unsent(session: Session, *, form_id: UnsentFormId, by: PersonId) -> None:
    """Throw away what somebody did not send. It is no mistake if it is gone already."""
    session.execute(delete(UnsentForm).where(UnsentForm.id == form_id, UnsentForm.person_id == by))
