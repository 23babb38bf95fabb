"""What one person does for another with their consent is written down, for the other to read."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.models import Act
from marketplace.accounts.rules import ActId, PersonId


def note_act(
    session: Session, *, person_id: PersonId, by: PersonId, did: str, to_kind: str, to_id: uuid.UUID, now: datetime
) -> None:
    """
    Write down what somebody did for a person, in the transaction that did it. One's own doings are not written down.

    `did` ends the sentence “Asha …” on a page: “wrote ‘About me’ in your plan”. It quotes nobody's words.
    """
    if by != person_id:
        session.add(
            Act(
                id=ActId(uuid.uuid4()),
                person_id=person_id,
                by_person_id=by,
                at=now,
                did=did,
                to_kind=to_kind,
                to_id=to_id,
            )
        )
