"""Which briefs does somebody have, and for whom may they begin one?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.models import Person
from marketplace.accounts.queries.delegations import delegated_to
from marketplace.accounts.rules import PersonId, Scope, Viewer
from marketplace.brokerage.models import Brief, BriefQuestion
from marketplace.brokerage.queries.briefs import may_see
from marketplace.brokerage.rules.briefs import STATUS_WORDS
from marketplace.brokerage.rules.days import last_day
from marketplace.brokerage.rules.nouns import BriefId, BriefStatus


@dataclass(frozen=True, slots=True)
class BriefLine:
    """One brief in a list of the viewer's own, and of those they help with."""

    id: BriefId
    title: str
    # Of a pool’s brief: "your pool".
    person_name: str
    is_mine: bool
    is_of_a_pool: bool
    status: BriefStatus
    closes_at: datetime | None
    updated_at: datetime
    unanswered: int
    is_held: bool

    @property
    def last_day(self) -> date | None:
        """The last day for quotes, once it is open."""
        return last_day(self.closes_at) if self.closes_at else None

    @property
    def status_words(self) -> str:
        """How it stands, in words."""
        return STATUS_WORDS[self.status]


_MOST_LISTED = 100


def my_briefs(session: Session, *, viewer: Viewer, on: date) -> tuple[BriefLine, ...]:
    """Return the viewer's own briefs, those of people who let them ask for quotes and of their pools, newest first."""
    writer = aliased(Person)
    rows = session.execute(
        select(Brief, writer.name)
        .join(writer, writer.id == Brief.person_id)
        .where(may_see(viewer, on=on))
        .order_by(Brief.updated_at.desc(), Brief.id)
        .limit(_MOST_LISTED)
    ).all()
    waiting = _unanswered(session, [row.Brief.id for row in rows])
    return tuple(
        BriefLine(
            id=row.Brief.id,
            title=row.Brief.title,
            person_name=row.name if row.Brief.pool_key is None else "your pool",
            is_mine=row.Brief.person_id == viewer.person_id,
            is_of_a_pool=row.Brief.pool_key is not None,
            status=row.Brief.status,
            closes_at=row.Brief.closes_at,
            updated_at=row.Brief.updated_at,
            unanswered=waiting.get(row.Brief.id, 0),
            is_held=row.Brief.held_at is not None,
        )
        for row in rows
    )


def _unanswered(session: Session, ids: Sequence[BriefId]) -> dict[BriefId, int]:
    found: dict[BriefId, int] = {}
    waiting = select(BriefQuestion.brief_id).where(BriefQuestion.brief_id.in_(ids), BriefQuestion.answered_at.is_(None))
    for brief_id in session.scalars(waiting):
        found[brief_id] = found.get(brief_id, 0) + 1
    return found


@dataclass(frozen=True, slots=True)
class AskingFor:
    """Somebody for whom the viewer may ask for quotes."""

    id: PersonId
    name: str


def people_to_ask_for(session: Session, *, viewer: Viewer, on: date) -> tuple[AskingFor, ...]:
    """Return the people who let the viewer ask for quotes for them, by name."""
    rows = session.execute(
        select(Person.id, Person.name)
        .where(Person.id.in_(delegated_to(viewer, Scope.ASK_FOR_QUOTES, on=on)))
        .order_by(Person.name, Person.id)
    )
    return tuple(AskingFor(row.id, row.name) for row in rows)
