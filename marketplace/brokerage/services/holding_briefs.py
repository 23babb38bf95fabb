"""Keeping a brief from view while a moderator looks at what it says, and showing it again."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import PersonId
from marketplace.brokerage.models import Brief
from marketplace.brokerage.rules.nouns import BriefId, BriefStatus
from marketplace.brokerage.services.briefing import BriefNotFoundError, may_write_for
from marketplace.brokerage.services.ending_briefs import BriefAddress
from marketplace.kit.errors import DomainError, NotAllowedError
from marketplace.kit.sentences import worded
from marketplace.moderation import services as moderation
from marketplace.moderation.queries import has_open_reports
from marketplace.moderation.rules import Outcome, SubjectKind

_SEEN_BY_PROVIDERS = (BriefStatus.OPEN, BriefStatus.CLOSED)


class BriefHeldError(DomainError):
    """The brief is kept from view already."""


class BriefNotHeldError(DomainError):
    """The brief is in view."""


class OwnBriefDecisionError(NotAllowedError):
    """Nobody decides about a brief of their own, or of somebody they help."""


def hold_brief(
    session: Session, *, brief_id: BriefId, by: PersonId, reason: str, address: BriefAddress, now: datetime
) -> None:
    """
    Keep a brief from the view of providers, and tell its person why. Its days go on meanwhile.

    :raises BriefNotFoundError: if there is none that was reported, or is held.
    :raises OwnBriefDecisionError: if `by` may write it.
    :raises BriefHeldError: if it is held already.
    :raises ReasonMissingError: if there is no reason.
    """
    brief = _to_decide(session, brief_id=brief_id, by=by, now=now)
    if brief.held_at is not None:
        raise BriefHeldError("This brief is held already.")
    brief.held_at = now
    _record(session, brief_id, Outcome.HELD, by=by, reason=reason, now=now)
    accounts.write_to_person(
        session,
        person_id=brief.person_id,
        subject=worded("We have kept your brief from view: {title}", title=brief.title),
        body=worded(
            "A moderator has kept your brief from the view of providers, and does not know whose it is. You can read "
            "why here, and begin again with other words:\n{address}\n\n"
            "If you think this is wrong, write to us, and another moderator looks at it.",
            address=address(brief_id),
        ),
        now=now,
    )
    session.flush()


def release_brief(
    session: Session, *, brief_id: BriefId, by: PersonId, reason: str, address: BriefAddress, now: datetime
) -> None:
    """
    Show a held brief to providers again, and tell its person.

    :raises BriefNotFoundError: if there is none that was reported, or is held.
    :raises OwnBriefDecisionError: if `by` may write it.
    :raises BriefNotHeldError: if it is not held.
    """
    brief = _to_decide(session, brief_id=brief_id, by=by, now=now)
    if brief.held_at is None:
        raise BriefNotHeldError("This brief is in view already.")
    brief.held_at = None
    _record(session, brief_id, Outcome.RELEASED, by=by, reason=reason, now=now)
    accounts.write_to_person(
        session,
        person_id=brief.person_id,
        subject=worded("Your brief is shown again: {title}", title=brief.title),
        body=worded(
            "A moderator has looked again at your brief. It stands as it did before:\n{address}",
            address=address(brief_id),
        ),
        now=now,
    )
    session.flush()


def _to_decide(session: Session, *, brief_id: BriefId, by: PersonId, now: datetime) -> Brief:
    brief = session.get(Brief, brief_id, with_for_update=True, populate_existing=True)
    # Moderators read what was reported to them, and nothing else of anybody's.
    is_reported = has_open_reports(session, subject_kind=SubjectKind.BRIEF, subject_id=brief_id)
    if brief is None or brief.status not in _SEEN_BY_PROVIDERS or not (is_reported or brief.held_at):
        raise BriefNotFoundError("We could not find that brief.")
    if may_write_for(session, brief, by=by, now=now):
        raise OwnBriefDecisionError("You have a part in this brief, so another moderator must decide.")
    return brief


def _record(session: Session, brief_id: BriefId, outcome: Outcome, *, by: PersonId, reason: str, now: datetime) -> None:
    moderation.record_decision(
        session, subject_kind=SubjectKind.BRIEF, subject_id=brief_id, outcome=outcome, reason=reason, by=by, now=now
    )
