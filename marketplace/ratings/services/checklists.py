"""Checklists: what a user-led organisation's checkers look at. Theirs to write, and everybody's to read."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId, PersonId, Viewer
from marketplace.kit import audit, text
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError, WrongAnswerError
from marketplace.kit.uniqueness import repeats
from marketplace.ratings.models import Checklist, ChecklistItem
from marketplace.ratings.queries.checklists import checking_organisations
from marketplace.ratings.rules import quality as rules
from marketplace.ratings.rules.nouns import ChecklistId, ChecklistItemId

_THERE_ALREADY = "Your organisation has a checklist with this title already."
_ONE_EDITION = ("checklist.organisation_id", "checklist.title", "checklist.edition")


class NotACheckerError(NotAllowedError):
    """Only checkers who belong to a user-led organisation do quality checks."""


class QualityCheckNotFoundError(NotFoundError):
    """There is no such check, checklist or provider, or it is not this person's."""


class QualityUnclearError(WrongAnswerError):
    """We could not take it as it stands."""


class QualityCheckOverError(DomainError):
    """It has been published, or taken back, in the meantime."""


def write_checklist(
    session: Session, *, organisation_id: OrganisationId, title: str, items: Sequence[str], by: Viewer, now: datetime
) -> ChecklistId:
    """
    Write the list of what an organisation's checkers look at.

    :raises NotACheckerError: if the viewer does not check for this organisation.
    :raises QualityUnclearError: if the title or the items will not do, or a list is called so already.
    """
    _require_checker(session, organisation_id=organisation_id, by=by)
    title = text.tidy_line(title)
    refuse("title", rules.title_problem(title))
    refuse("items", rules.items_problem(items))
    if _last_edition(session, organisation_id, title):
        raise QualityUnclearError(_THERE_ALREADY, field="title")
    return _keep_checklist(session, organisation_id, title=title, items=items, edition=1, by=by, now=now)


def follow_checklist(
    session: Session, *, checklist_id: ChecklistId, items: Sequence[str], by: Viewer, now: datetime
) -> ChecklistId:
    """
    Write the next edition of a checklist. The one before is kept: reports say which edition they went by.

    :raises QualityCheckNotFoundError: if there is no such checklist of an organisation the viewer checks for.
    :raises QualityCheckOverError: if another edition has followed it, or it was taken out of use.
    :raises QualityUnclearError: if the items will not do.
    """
    before = own_checklist(session, checklist_id, by=by)
    refuse("items", rules.items_problem(items))
    before.retired_at = now
    edition = _last_edition(session, before.organisation_id, before.title) + 1
    return _keep_checklist(
        session, before.organisation_id, title=before.title, items=items, edition=edition, by=by, now=now
    )


def retire_checklist(session: Session, *, checklist_id: ChecklistId, by: Viewer, now: datetime) -> None:
    """
    Take a checklist out of use. Reports that went by it keep it.

    :raises QualityCheckNotFoundError: if there is no such checklist of an organisation the viewer checks for.
    :raises QualityCheckOverError: if it is out of use already.
    """
    own_checklist(session, checklist_id, by=by).retired_at = now
    audit.record(session, by=by.person_id, did="retired", to_kind="checklist", to_id=checklist_id, now=now)


def own_checklist(session: Session, checklist_id: ChecklistId, *, by: Viewer) -> Checklist:
    """
    Return a checklist in use of an organisation that the viewer checks for, locked.

    :raises QualityCheckNotFoundError: if there is none.
    :raises QualityCheckOverError: if it is out of use.
    """
    checklist = session.get(Checklist, checklist_id, with_for_update=True, populate_existing=True)
    if checklist is None or not checks_for(session, checklist.organisation_id, by=by):
        raise QualityCheckNotFoundError("We could not find that checklist among yours.")
    if checklist.retired_at is not None:
        raise QualityCheckOverError("That checklist is out of use. Choose another, or the edition that followed it.")
    return checklist


def checks_for(session: Session, organisation_id: OrganisationId, *, by: Viewer) -> bool:
    """Test whether the viewer does quality checks for an organisation."""
    return organisation_id in {one.id for one in checking_organisations(session, viewer=by)}


def _require_checker(session: Session, *, organisation_id: OrganisationId, by: Viewer) -> None:
    if not checks_for(session, organisation_id, by=by):
        raise NotACheckerError("Only checkers who belong to a user-led organisation can do this.")


def somebody(by: Viewer) -> PersonId:
    """
    Return who the viewer is.

    :raises NotACheckerError: if they are nobody in particular.
    """
    if by.person_id is None:
        raise NotACheckerError("Sign in first.")
    return by.person_id


def refuse(field: str, problem: str | None) -> None:
    """
    Refuse an answer that has a problem.

    :raises QualityUnclearError: if there is one.
    """
    if problem:
        raise QualityUnclearError(problem, field=field)


def _keep_checklist(
    session: Session,
    organisation_id: OrganisationId,
    *,
    title: str,
    items: Sequence[str],
    edition: int,
    by: Viewer,
    now: datetime,
) -> ChecklistId:
    checklist = Checklist(
        id=ChecklistId(uuid.uuid4()),
        organisation_id=organisation_id,
        title=title,
        edition=edition,
        written_by=somebody(by),
        written_at=now,
    )
    session.add(checklist)
    try:
        session.flush()
    except IntegrityError as error:
        # The button was pressed twice: each press saw that there was none yet.
        if not repeats(error, constraint="uq_checklist_organisation_id_title_edition", columns=_ONE_EDITION):
            raise
        raise QualityUnclearError(_THERE_ALREADY, field="title") from error
    session.add_all(
        ChecklistItem(id=ChecklistItemId(uuid.uuid4()), checklist_id=checklist.id, position=position, words=words)
        for position, words in enumerate(items)
    )
    session.flush()
    audit.record(session, by=by.person_id, did="wrote", to_kind="checklist", to_id=checklist.id, now=now)
    return checklist.id


def _last_edition(session: Session, organisation_id: OrganisationId, title: str) -> int:
    """Return which edition of a checklist is the last, or 0 if there is none called so."""
    wanted = (Checklist.organisation_id == organisation_id, Checklist.title == title)
    return session.scalar(select(func.max(Checklist.edition)).where(*wanted)) or 0
