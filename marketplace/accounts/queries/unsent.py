"""What did somebody type that was not sent?"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pyrage
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import UnsentForm
from marketplace.accounts.rules import UnsentFormId, Viewer

_WORTH_SHOWING = 20
"""How many letters make an answer something that somebody wrote, and not a choice."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """A form as it was to be sent: where to, and its fields in their order."""

    path: str
    fields: Sequence[tuple[str, str]]

    @property
    def written(self) -> Sequence[str]:
        """What was written in own words."""
        return [value for _, value in self.fields if len(value) >= _WORTH_SHOWING and " " in value.strip()]


def unsent(session: Session, *, form_id: UnsentFormId, key: str, viewer: Viewer) -> Unsent | None:
    """Return what the viewer typed and could not send, or None: it is not theirs, gone, or the key is another."""
    sealed = session.scalar(
        select(UnsentForm.sealed).where(UnsentForm.id == form_id, UnsentForm.person_id == viewer.person_id)
    )
    if sealed is None:
        return None
    try:
        words = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(key)])
    except (pyrage.DecryptError, pyrage.IdentityError):
        return None
    path, *fields = json.loads(words)
    return Unsent(path, [(name, value) for name, value in fields])
