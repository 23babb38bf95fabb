"""What happens to briefs by itself: providers are told once a day, questions are told of, and days end."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, time
from typing import TypeVar

from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId
from marketplace.brokerage.queries import calls
from marketplace.brokerage.rules.nouns import BriefId
from marketplace.brokerage.services import calling, ending_briefs
from marketplace.kit.addresses import page_address
from marketplace.kit.days import LONDON
from marketplace.kit.db import db, transaction

log = logging.getLogger(__name__)
_Id = TypeVar("_Id")
_MORNING = time(8)
"""From when on providers are written to, by the clock in London: one letter in the morning, none at night."""


def close_briefs(now: datetime) -> int:
    """Close every brief whose days are over; return how many. Safe to run twice."""

    def close(session: Session, brief_id: BriefId) -> bool:
        return ending_briefs.close_brief(session, brief_id=brief_id, address=_brief, now=now)

    return _each(calls.briefs_to_close(db.session, now=now), close)


def call_providers(now: datetime) -> int:
    """Tell each provider of the briefs that are new to them, in one letter a day; return to how many. Safe twice."""

    def call(session: Session, brief_id: BriefId) -> bool:
        return calling.call_providers(session, brief_id=brief_id, now=now) > 0

    def tell(session: Session, organisation_id: OrganisationId) -> bool:
        return calling.tell_of_briefs(session, organisation_id=organisation_id, address=_calls, now=now)

    if now.astimezone(LONDON).time() < _MORNING:
        return 0
    _each(calls.open_briefs(db.session, now=now), call)
    return _each(calls.organisations_to_tell(db.session, now=now), tell)


def tell_of_questions(now: datetime) -> int:
    """Tell people which questions about their briefs wait; return how many people. Safe to run twice."""

    def tell(session: Session, brief_id: BriefId) -> bool:
        return calling.tell_of_questions(session, brief_id=brief_id, address=_brief, now=now)

    return _each(calls.briefs_with_questions(db.session, now=now), tell)


def _brief(brief_id: BriefId) -> str:
    return page_address("brokerage.brief", {"brief_id": brief_id})


def _calls() -> str:
    return page_address("brokerage.calls")


def _each(ids: Iterable[_Id], doing: Callable[[Session, _Id], bool]) -> int:
    done = 0
    for each in ids:
        try:
            with transaction() as session:
                done += doing(session, each)
        except Exception:
            # One that cannot be done does not keep the others from it.
            log.exception("%s could not be done", each)
    return done
