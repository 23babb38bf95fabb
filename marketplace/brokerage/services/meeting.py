"""Before choosing: meeting a provider, trying it out, asking again. What came of it stays with whoever chooses."""

import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import PersonId, Viewer
from marketplace.brokerage.models import Brief, Quote, QuoteMeeting
from marketplace.brokerage.queries.looking import looks
from marketplace.brokerage.rules import choosing as rules
from marketplace.brokerage.rules.nouns import BriefId, MeetingId, MeetingKind, QuoteId, QuoteStatus
from marketplace.brokerage.services.looking import (
    QuoteAddress,
    QuoteGoneError,
    brief_ready,
    brief_to_look_at,
    noted,
    quote_to_look_at,
)
from marketplace.kit import audit, text
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.kit.sentences import worded

BriefAddress = Callable[[BriefId], str]
"""Turns a brief into the address at which its people look at the quotes."""

_DID = {
    MeetingKind.MEET: "asked to meet",
    MeetingKind.TRY_OUT: "asked to try out",
    MeetingKind.ASK_AGAIN: "asked again",
}
_ACT = {
    MeetingKind.MEET: "asked a provider to meet you",
    MeetingKind.TRY_OUT: "asked a provider for a try-out for you",
    MeetingKind.ASK_AGAIN: "asked a provider something for you",
}
_WANTS = {
    MeetingKind.MEET: "would like to meet you before they choose",
    MeetingKind.TRY_OUT: "would like to try it out before they choose",
    MeetingKind.ASK_AGAIN: "would like to know something more before they choose",
}


class MeetingNotFoundError(NotFoundError):
    """Nothing such was asked, or it is nothing to this person."""


class MeetingWordsError(WrongAnswerError):
    """The words say nothing, or too much."""

    field = "words"


class AskedEnoughError(DomainError):
    """One provider was asked as often as is fair."""


class AnsweredAlreadyError(DomainError):
    """The provider, or a colleague, has answered."""


def ask_provider(
    session: Session,
    *,
    brief_id: BriefId,
    quote_id: QuoteId,
    by: PersonId,
    kind: MeetingKind,
    words: str,
    key: uuid.UUID,
    link: QuoteAddress,
    now: datetime,
) -> MeetingId:
    """
    Ask one provider to meet, to be tried out or to say more. Only they read it. The same key asks once.

    :raises BriefNotFoundError, NotReadyError, QuoteNotFoundError, QuoteGoneError: if there is no such quote to ask.
    :raises MeetingWordsError: if it says nothing, or too much.
    :raises AskedEnoughError: if they have been asked ten times.
    """
    brief = brief_ready(session, brief_id=brief_id, by=by, now=now)
    quote = quote_to_look_at(session, brief, quote_id=quote_id)
    if (known := session.get(QuoteMeeting, key)) is not None and known.quote_id == quote_id:
        return known.id
    asked = session.scalars(
        select(func.count()).select_from(QuoteMeeting).where(QuoteMeeting.quote_id == quote_id)
    ).one()
    if asked >= rules.MOST_ASKED:
        raise AskedEnoughError(
            worded(
                "You have asked them {most_asked} times. Choose them, choose another, or choose none.",
                most_asked=rules.MOST_ASKED,
            )
        )
    it = QuoteMeeting(
        id=MeetingId(key if known is None else uuid.uuid4()),
        quote_id=quote_id,
        kind=kind,
        words=_said(words, most=rules.LONGEST_ASKED),
        asked_by=by,
        asked_at=now,
        answer="",
        how_it_was="",
    )
    session.add(it)
    noted(session, brief, by=by, did=_DID[kind], act=_ACT[kind], now=now)
    accounts.write_to_organisation(
        session,
        organisation_id=quote.organisation_id,
        subject=worded("About your quote: {title}", title=brief.title),
        body=worded(
            "Somebody you quoted for {wants}.\n\nWe leave their words out of this letter, because email is "
            "not private. Read them, and answer, here:\n{link}",
            wants=_WANTS[kind],
            link=link(quote.id),
        ),
        now=now,
    )
    session.flush()
    return it.id


def answer_meeting(
    session: Session, *, meeting_id: MeetingId, by: Viewer, answer: str, link: BriefAddress, now: datetime
) -> None:
    """
    Answer, for the provider, what somebody asked about a quote of theirs, and write to them.

    :raises MeetingNotFoundError: if nothing such was asked of those they speak for.
    :raises QuoteGoneError: if the quote does not stand any more.
    :raises AnsweredAlreadyError: if a colleague was first.
    :raises MeetingWordsError: if it says nothing, or too much.
    """
    row = session.execute(
        select(QuoteMeeting.quote_id, Quote.brief_id)
        .join(Quote, Quote.id == QuoteMeeting.quote_id)
        .where(QuoteMeeting.id == meeting_id, Quote.organisation_id.in_(by.organisations))
    ).one_or_none()
    if row is None or by.person_id is None:
        raise MeetingNotFoundError("We could not find that question.")
    brief = session.get_one(Brief, row.brief_id, with_for_update=True, populate_existing=True)
    quote = session.get_one(Quote, row.quote_id, with_for_update=True, populate_existing=True)
    it = session.get_one(QuoteMeeting, meeting_id, with_for_update=True, populate_existing=True)
    if quote.status is not QuoteStatus.SENT:
        raise QuoteGoneError("This quote is not being looked at any more, so nobody waits for an answer.")
    if it.answered_at is not None:
        raise AnsweredAlreadyError("You, or somebody you work with, answered this already.")
    it.answer = _said(answer, most=rules.LONGEST_ASKED, field="answer")
    it.answered_at, it.answered_by = now, by.person_id
    audit.record(session, by=by.person_id, did="answered a question", to_kind="quote", to_id=quote.id, now=now)
    still_helps = looks(session, brief_id=brief.id, viewer=Viewer(person_id=it.asked_by), on=day_of(now))
    accounts.write_to_person(
        session,
        # Whoever asked, unless they may not read the answer any more.
        person_id=it.asked_by if still_helps else brief.person_id,
        subject=worded("An answer about: {title}", title=brief.title),
        body=worded(
            "A provider has answered what you asked about their quote. Read it here:\n{link}", link=link(brief.id)
        ),
        now=now,
    )
    session.flush()


def note_how_it_was(
    session: Session, *, brief_id: BriefId, meeting_id: MeetingId, by: PersonId, words: str, now: datetime
) -> None:
    """
    Keep how a meeting or a try-out was, for choosing. The provider never sees it. Empty words take it away.

    :raises BriefNotFoundError, MeetingNotFoundError: if there was no such meeting on a brief of theirs.
    :raises MeetingWordsError: if it is too long.
    """
    brief = brief_to_look_at(session, brief_id=brief_id, by=by, now=now)
    it = session.scalars(
        select(QuoteMeeting)
        .join(Quote, Quote.id == QuoteMeeting.quote_id)
        .where(QuoteMeeting.id == meeting_id, Quote.brief_id == brief_id)
        .with_for_update(of=QuoteMeeting)
    ).one_or_none()
    if it is None:
        raise MeetingNotFoundError("We could not find that meeting.")
    words = text.tidy(words)
    if len(words) > rules.LONGEST_HOW_IT_WAS:
        raise MeetingWordsError(
            worded("Use at most {longest_how_it_was:,} characters.", longest_how_it_was=rules.LONGEST_HOW_IT_WAS),
            field="how_it_was",
        )
    it.how_it_was = words
    noted(session, brief, by=by, did="noted how it was", act="noted how a meeting with a provider was", now=now)
    session.flush()


def _said(words: str, *, most: int, field: str = "words") -> str:
    words = text.tidy(words)
    if not words:
        raise MeetingWordsError("Write a few words first.", field=field)
    if len(words) > most:
        raise MeetingWordsError(worded("Use at most {most:,} characters.", most=most), field=field)
    return words
