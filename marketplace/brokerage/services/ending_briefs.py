"""A brief ends before it is decided: its person takes it back, or its days are over and quotes are looked at."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import PersonId
from marketplace.accounts.services.acting import note_act
from marketplace.brokerage.models import Brief, BriefCall, Quote
from marketplace.brokerage.queries.guessing import guesses_in
from marketplace.brokerage.rules.briefs import may_become
from marketplace.brokerage.rules.nouns import BriefId, BriefStatus, QuoteStatus, WhyNot
from marketplace.brokerage.services.briefing import GuessableError, brief_to_write
from marketplace.brokerage.services.counting import count_brief, those_who_look
from marketplace.kit import audit
from marketplace.kit.errors import DomainError
from marketplace.kit.facts import FactKind
from marketplace.kit.said import count
from marketplace.kit.sentences import worded

BriefAddress = Callable[[BriefId], str]
"""Turns a brief into the address of its own page."""


class BriefOverError(DomainError):
    """It was decided, or taken back before."""


def withdraw_brief(session: Session, *, brief_id: BriefId, by: PersonId, why: str, now: datetime) -> None:
    """
    Take a brief back at any time before something is chosen. Providers who quoted, or were told of it, hear so.

    :raises BriefNotFoundError: if there is no such brief that they may write.
    :raises BriefOverError: if it was decided or taken back.
    :raises GuessableError: if the reason names or leads to somebody.
    """
    brief = brief_to_write(session, brief_id=brief_id, by=by, now=now)
    if not may_become(brief.status, BriefStatus.WITHDRAWN):
        raise BriefOverError("This brief is over already.")
    found = guesses_in(session, person_id=brief.person_id, area=brief.area_name, texts=[why]) if why else ()
    must_go = [guess.text for guess in found if not guess.may_keep]
    if must_go:
        said = ", ".join(f"“{words}”" for words in must_go)
        raise GuessableError(
            worded("Providers read this. Leave out what leads straight to somebody: {said}.", said=said), field="why"
        )
    was_draft = brief.status is BriefStatus.DRAFT
    brief.status, brief.ended_at, brief.why_ended, brief.updated_at = BriefStatus.WITHDRAWN, now, why, now
    if not was_draft:
        _tell_providers(session, brief, why=why, now=now)
    audit.record(session, by=by, did="withdrew", to_kind="brief", to_id=brief_id, now=now)
    note_act(
        session, person_id=brief.person_id, by=by, did="took back a brief of yours", to_kind="brief", to_id=brief_id,
        now=now,
    )  # fmt: skip
    session.flush()


def close_brief(session: Session, *, brief_id: BriefId, address: BriefAddress, now: datetime) -> bool:
    """
    Close a brief whose days are over, and tell those who look at its quotes; return whether it was to be closed.

    How many quotes there are is for them alone.
    """
    brief = session.get(Brief, brief_id, with_for_update=True, populate_existing=True)
    if brief is None or brief.status is not BriefStatus.OPEN or brief.closes_at is None or brief.closes_at > now:
        return False
    brief.status, brief.updated_at = BriefStatus.CLOSED, now
    quotes = session.scalars(select(Quote.id).where(Quote.brief_id == brief_id, Quote.status == QuoteStatus.SENT)).all()
    for person_id in those_who_look(session, brief):
        accounts.write_to_person(
            session,
            person_id=person_id,
            subject=worded("Your brief has closed: {title}", title=brief.title),
            body=(
                f"Providers sent {count(len(quotes), 'quote', 'quotes')}. You can look at them beside each other, in "
                "your own time. You can meet, try out, ask again, choose one, or choose none."
                if quotes
                else "No provider sent a quote. That is not about you: often nobody near has room. You can look at "
                "what you asked for, begin again from it, or ask for free help."
            )
            + f"\n\nYour brief: {address(brief_id)}",
            now=now,
        )
    if not quotes:
        count_brief(session, brief, FactKind.BRIEF_UNANSWERED, now=now)
    audit.record(session, by=None, did="closed", to_kind="brief", to_id=brief_id, now=now)
    session.flush()
    return True


def _tell_providers(session: Session, brief: Brief, *, why: str, now: datetime) -> None:
    quotes = session.scalars(
        select(Quote).where(Quote.brief_id == brief.id, Quote.status == QuoteStatus.SENT).with_for_update()
    ).all()
    for quote in quotes:
        quote.status, quote.why_not = QuoteStatus.NOT_CHOSEN, WhyNot.NO_LONGER_NEEDED
    told = session.scalars(
        select(BriefCall.organisation_id).where(
            BriefCall.brief_id == brief.id, BriefCall.told_at.is_not(None), BriefCall.declined_at.is_(None)
        )
    ).all()
    for organisation_id in sorted({*told, *(quote.organisation_id for quote in quotes)}):
        accounts.write_to_organisation(
            session,
            organisation_id=organisation_id,
            subject=worded("A brief was taken back: {title}", title=brief.title),
            body="The person who asked for quotes has taken this brief back. It is nothing about you, and you need do "
            "nothing." + (f"\n\nThey say: {why}" if why else ""),
            now=now,
        )
