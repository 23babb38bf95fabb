"""Somebody closes their account: what they asked for is taken back."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.brokerage.models import Brief, HelpRequest
from marketplace.brokerage.rules.nouns import BriefStatus, RequestStatus
from marketplace.brokerage.services.ending_briefs import withdraw_brief
from marketplace.brokerage.services.requests import withdraw_request

_GOING_ON = (BriefStatus.DRAFT, BriefStatus.OPEN, BriefStatus.CLOSED)


def take_back_all_requests(session: Session, *, person_id: PersonId, now: datetime) -> None:
    """Take back somebody's own briefs that nothing is chosen for, and what they asked organisations. All hear so."""
    briefs = session.scalars(
        select(Brief.id)
        .where(Brief.person_id == person_id, Brief.pool_key.is_(None), Brief.status.in_(_GOING_ON))
        .order_by(Brief.id)
    ).all()
    for brief_id in briefs:
        withdraw_brief(session, brief_id=brief_id, by=person_id, why="", now=now)
    asked = session.scalars(
        select(HelpRequest.id)
        .where(HelpRequest.person_id == person_id, HelpRequest.status == RequestStatus.ASKED)
        .order_by(HelpRequest.id)
    ).all()
    for request_id in asked:
        withdraw_request(session, request_id=request_id, by=person_id, now=now)
