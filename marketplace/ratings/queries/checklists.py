"""Questions about checklists, and who writes them. What is looked at is everybody's to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation, RoleGrant
from marketplace.accounts.rules import OrganisationId, Permission, Role, Viewer
from marketplace.kit.asked import once
from marketplace.ratings.models import Checklist, ChecklistItem
from marketplace.ratings.rules.nouns import ChecklistId, ChecklistItemId


@dataclass(frozen=True, slots=True)
class CheckingOrganisation:
    """A user-led organisation that the viewer does quality checks for."""

    id: OrganisationId
    name: str


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One thing to look at."""

    id: ChecklistItemId
    words: str


@dataclass(frozen=True, slots=True)
class ShownChecklist:
    """One edition of a checklist."""

    id: ChecklistId
    title: str
    edition: int
    organisation_id: OrganisationId
    organisation_name: str
    written_at: datetime
    is_retired: bool
    items: tuple[ShownItem, ...]
    is_own: bool


def checking_organisations(session: Session, *, viewer: Viewer) -> tuple[CheckingOrganisation, ...]:
    """Return the user-led organisations that the viewer does quality checks for: as a checker who belongs to them."""
    if not viewer.may(Permission.CHECK):
        return ()
    wanted = (
        select(Organisation.id, Organisation.name)
        .join(RoleGrant, RoleGrant.organisation_id == Organisation.id)
        .where(RoleGrant.person_id == viewer.person_id, RoleGrant.role == Role.USER_LED_ORGANISATION)
        .order_by(Organisation.name, Organisation.id)
    )

    def ask() -> tuple[CheckingOrganisation, ...]:
        return tuple(CheckingOrganisation(row.id, row.name) for row in session.execute(wanted))

    return once(session, ("checks for", viewer.person_id), ask)


def checklists_of(session: Session, *, viewer: Viewer) -> tuple[ShownChecklist, ...]:
    """Return the checklists in use of the organisations that the viewer checks for."""
    own = [one.id for one in checking_organisations(session, viewer=viewer)]
    rows = session.execute(
        _CHECKLISTS.where(Checklist.organisation_id.in_(own), Checklist.retired_at.is_(None)).order_by(
            Organisation.name, Checklist.title, Checklist.id
        )
    ).all()
    items = _items(session, [checklist.id for checklist, _name in rows])
    return tuple(_checklist(it, name, items.get(it.id, ()), is_own=True) for it, name in rows)


def checklist_page(session: Session, *, checklist_id: ChecklistId, viewer: Viewer) -> ShownChecklist | None:
    """Return one edition of a checklist. Anybody may read what is looked at."""
    row = session.execute(_CHECKLISTS.where(Checklist.id == checklist_id)).one_or_none()
    if row is None:
        return None
    it, name = row
    own = {one.id for one in checking_organisations(session, viewer=viewer)}
    return _checklist(it, name, _items(session, [it.id]).get(it.id, ()), is_own=it.organisation_id in own)


_CHECKLISTS: Select[Checklist, str] = select(Checklist, Organisation.name).join(
    Organisation, Organisation.id == Checklist.organisation_id
)


def _items(session: Session, checklist_ids: Sequence[ChecklistId]) -> dict[ChecklistId, tuple[ShownItem, ...]]:
    found: dict[ChecklistId, tuple[ShownItem, ...]] = {}
    for item in session.scalars(
        select(ChecklistItem)
        .where(ChecklistItem.checklist_id.in_(checklist_ids))
        .order_by(ChecklistItem.checklist_id, ChecklistItem.position)
    ):
        found[item.checklist_id] = (*found.get(item.checklist_id, ()), ShownItem(item.id, item.words))
    return found


def _checklist(it: Checklist, name: str, items: tuple[ShownItem, ...], *, is_own: bool) -> ShownChecklist:
    return ShownChecklist(
        id=it.id,
        title=it.title,
        edition=it.edition,
        organisation_id=it.organisation_id,
        organisation_name=name,
        written_at=it.written_at,
        is_retired=it.retired_at is not None,
        items=items,
        is_own=is_own,
    )
