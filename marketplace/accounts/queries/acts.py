"""What did others do for the viewer, with their consent?"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Act, Delegation, Organisation, Person
from marketplace.accounts.rules import PersonId, Viewer, called
from marketplace.kit.pages import Slice

_PAGE = 30


@dataclass(frozen=True, slots=True)
class ActLine:
    """One thing that somebody did. `organisation` is whose person they are, if an organisation was asked for help."""

    at: datetime
    by_person_id: PersonId
    by: str
    organisation: str | None
    did: str
    to_kind: str
    to_id: uuid.UUID

    @property
    def called(self) -> str:
        """What pages call whoever did it, with whose person they were."""
        return called(self.by, of=self.organisation)


@dataclass(frozen=True, slots=True)
class ActPage:
    """One page of what others did, the newest first."""

    lines: tuple[ActLine, ...]
    slice: Slice


def done_for(session: Session, *, viewer: Viewer, page: int = 1) -> ActPage:
    """Return what others did for the viewer: it stays readable when the consent has ended."""
    mine = Act.person_id == viewer.person_id
    total = session.scalar(select(func.count()).select_from(Act).where(mine)) or 0
    part = Slice.within(total=total, size=_PAGE, page=page)
    # For whom they spoke when they did it: the last consent before then says so.
    organisation = (
        select(Organisation.name)
        .select_from(Delegation)
        .join(Organisation, Organisation.id == Delegation.organisation_id, isouter=True)
        .where(
            Delegation.giver_id == Act.person_id,
            Delegation.receiver_id == Act.by_person_id,
            Delegation.accepted_at <= Act.at,
        )
        .order_by(Delegation.accepted_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Act, Person.name.label("name"), organisation.label("organisation"))
        .join(Person, Person.id == Act.by_person_id)
        .where(mine)
        .order_by(Act.at.desc(), Act.id)
        .offset(part.offset)
        .limit(part.size)
    )
    return ActPage(
        lines=tuple(
            ActLine(
                at=row.Act.at,
                by_person_id=row.Act.by_person_id,
                by=row.name,
                organisation=row.organisation,
                did=row.Act.did,
                to_kind=row.Act.to_kind,
                to_id=row.Act.to_id,
            )
            for row in rows
        ),
        slice=part,
    )
