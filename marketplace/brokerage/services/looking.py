"""Taking hold of a brief whose quotes somebody looks at, so that all who choose or quote on it queue."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId, Viewer
from marketplace.accounts.services.acting import note_act
from marketplace.brokerage.models import Brief, Quote
from marketplace.brokerage.queries.looking import looks
from marketplace.brokerage.rules import choosing as rules
from marketplace.brokerage.rules.nouns import BriefId, BriefStatus, QuoteId, QuoteStatus
from marketplace.kit import audit
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotFoundError

QuoteAddress = Callable[[QuoteId], str]
"""Turns a quote into the address at which its provider reads it."""

_NOT_READY = {
    BriefStatus.DRAFT: "This brief is not sent yet, so there is nothing to choose between.",
    BriefStatus.AWARDED: "The choice on this brief is made already.",
    BriefStatus.NONE_CHOSEN: "This brief is over: none of its quotes was chosen.",
    BriefStatus.WITHDRAWN: "This brief was taken back, so nobody can be chosen on it. You can begin a new one from it.",
}


class BriefNotFoundError(NotFoundError):
    """There is no such brief, or none whose quotes this person may look at."""


class QuoteNotFoundError(NotFoundError):
    """There is no such quote on this brief."""


class NotReadyError(DomainError):
    """Quotes still come in, or the choice is made."""


class QuoteGoneError(DomainError):
    """The provider took its quote back."""


def brief_to_look_at(session: Session, *, brief_id: BriefId, by: PersonId, now: datetime) -> Brief:
    """
    Return a brief that this person may look at the quotes of, locked until the transaction ends.

    Everybody who chooses, scores, quotes or takes a quote back holds the brief first, then the quotes.

    :raises BriefNotFoundError: if there is none such.
    """
    brief = session.get(Brief, brief_id, with_for_update=True, populate_existing=True)
    # Asked once the brief is held: consent that ended a moment ago has ended.
    if brief is None or not looks(session, brief_id=brief_id, viewer=Viewer(person_id=by), on=day_of(now)):
        raise BriefNotFoundError("We could not find that brief.")
    return brief


def brief_ready(session: Session, *, brief_id: BriefId, by: PersonId, now: datetime) -> Brief:
    """
    Return a brief as `brief_to_look_at` does, if its quotes can be looked at and chosen between now.

    :raises BriefNotFoundError: if there is none such.
    :raises NotReadyError: if quotes still come in, or the choice is made.
    """
    brief = brief_to_look_at(session, brief_id=brief_id, by=by, now=now)
    refuse_unless_ready(brief, now=now)
    return brief


def refuse_unless_ready(brief: Brief, *, now: datetime) -> None:
    """
    Do nothing if the quotes on a brief can be looked at and chosen between now.

    :raises NotReadyError: if they cannot.
    """
    if brief.held_at is not None:
        raise NotReadyError("A moderator is looking at this brief. You can go on once that is done.")
    if not rules.is_ready(status=brief.status, closes_at=brief.closes_at, now=now):
        still_open = "Quotes can still come in and change. You see them all together once the brief has closed."
        raise NotReadyError(_NOT_READY.get(brief.status, still_open))


def quotes_on(session: Session, brief: Brief) -> dict[QuoteId, Quote]:
    """Return every quote on a brief, locked, but for those never sent. The brief is locked already."""
    rows = session.scalars(
        select(Quote)
        .where(Quote.brief_id == brief.id, Quote.status != QuoteStatus.DRAFT)
        .order_by(Quote.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {quote.id: quote for quote in rows}


def quote_to_look_at(session: Session, brief: Brief, *, quote_id: QuoteId) -> Quote:
    """
    Return one quote that stands on a brief, locked.

    :raises QuoteNotFoundError: if there is no such quote on it.
    :raises QuoteGoneError: if its provider took it back.
    """
    quote = quotes_on(session, brief).get(quote_id)
    if quote is None:
        raise QuoteNotFoundError("We could not find that quote.")
    if quote.status is QuoteStatus.WITHDRAWN:
        raise QuoteGoneError("They have taken this quote back, so it is not there to choose any more.")
    return quote


def noted(session: Session, brief: Brief, *, by: PersonId, did: str, act: str, now: datetime) -> None:
    """Write down that somebody did something about a brief; and for its person to read, if it was done for them."""
    audit.record(session, by=by, did=did, to_kind="brief", to_id=brief.id, now=now)
    # The members of a pool act for themselves.
    if brief.pool_key is None:
        note_act(session, person_id=brief.person_id, by=by, did=act, to_kind="brief", to_id=brief.id, now=now)
