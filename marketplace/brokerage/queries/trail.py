"""What happened with a brief, from its first day on, and who did it? For those who may look at its quotes."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, or_, select, union_all
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.accounts.rules import PersonId, Viewer
from marketplace.brokerage.models import (
    AgreedScore,
    Award,
    Brief,
    BriefQuestion,
    BriefScorer,
    Quote,
    QuoteMeeting,
)
from marketplace.brokerage.queries.looking import may_look
from marketplace.brokerage.rules.choosing import shows_quotes
from marketplace.brokerage.rules.nouns import BriefId, BriefStatus, MeetingKind, QuoteId, QuoteStatus
from marketplace.catalogue.models import Offer, Provider
from marketplace.kit.audit import AuditEvent
from marketplace.kit.days import day_of
from marketplace.kit.said import count
from marketplace.kit.sentences import one_word, worded

_ASKED = {
    MeetingKind.MEET: "Asked {name} to meet",
    MeetingKind.TRY_OUT: "Asked {name} for a try-out",
    MeetingKind.ASK_AGAIN: "Asked {name} something more",
}
_ENDED = {BriefStatus.NONE_CHOSEN: "Chose none of the quotes", BriefStatus.WITHDRAWN: "Took the brief back"}


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened: when, who did it, and what. Nobody in particular: what the days did by themselves."""

    at: datetime
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Trail:
    """Everything that happened with a brief, the first thing first."""

    brief_id: BriefId
    person_name: str
    is_mine: bool
    pool_key: uuid.UUID | None
    title: str
    status: BriefStatus
    happened: tuple[Happened, ...]


_Who = Callable[[PersonId | None], str]


def trail_of(session: Session, *, brief_id: BriefId, viewer: Viewer, now: datetime) -> Trail | None:
    """Return what happened with a brief to those who may look at its quotes, or None."""
    row = session.execute(
        select(Brief, Person.name)
        .join(Person, Person.id == Brief.person_id)
        .where(Brief.id == brief_id, may_look(viewer, on=day_of(now)))
    ).one_or_none()
    if row is None:
        return None
    brief = row.Brief
    did, quotes = _did(session, brief), _named(session, brief)
    names = {quote.id: name for quote, name in quotes}
    who = _who(session, brief, did, viewer=viewer)
    happened = [*_days(brief, who, did, now=now), *_questions(session, brief, who)]
    if shows_quotes(status=brief.status, closes_at=brief.closes_at, now=now):
        happened += [*_of_quotes(quotes), *_scores(session, brief, who, names), *_meetings(session, who, names)]
    happened += _end(session, brief, who, did, names)
    return Trail(
        brief_id,
        row.name,
        brief.person_id == viewer.person_id,
        brief.pool_key,
        brief.title,
        brief.status,
        tuple(sorted(happened, key=lambda it: it.at)),
    )


def _who(session: Session, brief: Brief, did: Mapping[str, PersonId], *, viewer: Viewer) -> _Who:
    """Return what says who did something: “You”, “Asha, for you”, or in a pool what its members call each other."""
    called = dict(
        session.execute(select(BriefScorer.person_id, BriefScorer.called).where(BriefScorer.brief_id == brief.id)).all()
    )
    if brief.pool_key is not None:
        return lambda person_id: one_word("You") if person_id == viewer.person_id else called.get(person_id, "A member")  # type: ignore[arg-type]
    names = _names(session, brief, did)
    whose = "you" if brief.person_id == viewer.person_id else names.get(brief.person_id, "them")

    def said(person_id: PersonId | None) -> str:
        if person_id is None:
            return ""
        if person_id == viewer.person_id:
            return one_word("You") if person_id == brief.person_id else worded("You, for {whose}", whose=whose)
        name = names.get(person_id) or called.get(person_id) or "Somebody who helped"
        return name if person_id == brief.person_id else worded("{name}, for {whose}", name=name, whose=whose)

    return said


def _names(session: Session, brief: Brief, did: Mapping[str, PersonId]) -> dict[PersonId, str]:
    """Return the names of those who did anything on the asking side of somebody's own brief."""
    asked = select(QuoteMeeting.asked_by).join(Quote, Quote.id == QuoteMeeting.quote_id)
    answered = select(BriefQuestion.answered_by).where(BriefQuestion.brief_id == brief.id)
    agreed = select(AgreedScore.agreed_by).join(Quote, Quote.id == AgreedScore.quote_id)
    there: CompoundSelect[Any] = union_all(
        asked.where(Quote.brief_id == brief.id), answered, agreed.where(Quote.brief_id == brief.id)
    )
    known = {brief.person_id, brief.written_by, *did.values()}
    rows = session.execute(
        select(Person.id, Person.name).where(or_(Person.id.in_(known), Person.id.in_(there.subquery().select())))
    )
    return {row.id: row.name for row in rows}


def _did(session: Session, brief: Brief) -> dict[str, PersonId]:
    """Return who did each of those things to a brief that its own row does not tell; of several, the last."""
    rows = session.execute(
        select(AuditEvent.did, AuditEvent.by_person_id)
        .where(AuditEvent.to_kind == "brief", AuditEvent.to_id == brief.id, AuditEvent.by_person_id.is_not(None))
        .order_by(AuditEvent.at)
    )
    return {row.did: PersonId(row.by_person_id) for row in rows}


def _days(brief: Brief, who: _Who, did: Mapping[str, PersonId], *, now: datetime) -> Iterator[Happened]:
    yield Happened(brief.began_at, who(did.get("began a brief", brief.person_id)), "Began the brief")
    if brief.opened_at is not None:
        opened = worded("Opened it for quotes, for {days}", days=count(brief.days_open, "day", "days"))
        yield Happened(brief.opened_at, who(did.get("opened")), opened)
    ended_early = brief.ended_at is not None and brief.closes_at is not None and brief.ended_at < brief.closes_at
    if brief.closes_at is not None and brief.closes_at <= now and not ended_early:
        yield Happened(brief.closes_at, "", "Closed: no more quotes, and no more changes to them")


def _questions(session: Session, brief: Brief, who: _Who) -> Iterator[Happened]:
    for it in session.scalars(select(BriefQuestion).where(BriefQuestion.brief_id == brief.id)):
        yield Happened(it.asked_at, "A provider", "Asked a question")
        if it.answered_at is not None:
            yield Happened(it.answered_at, who(it.answered_by), "Answered a question, for every provider to read")


def _of_quotes(quotes: Iterable[tuple[Quote, str]]) -> Iterator[Happened]:
    for quote, name in quotes:
        if quote.sent_at is not None:
            yield Happened(
                quote.sent_at,
                name,
                worded("Sent a quote, which came to {total} in all when it closed", total=quote.total),
            )
        if quote.status is QuoteStatus.WITHDRAWN:
            yield Happened(quote.changed_at, name, "Took the quote back")


def _scores(session: Session, brief: Brief, who: _Who, names: Mapping[QuoteId, str]) -> Iterator[Happened]:
    finished = select(BriefScorer).where(BriefScorer.brief_id == brief.id, BriefScorer.finished_at.is_not(None))
    for scorer in session.scalars(finished):
        if scorer.finished_at is not None:
            yield Happened(scorer.finished_at, who(scorer.person_id) or scorer.called, "Finished scoring alone")
    last: dict[object, AgreedScore] = {}
    for it in session.scalars(select(AgreedScore).where(AgreedScore.quote_id.in_(names))):
        known = last.get(it.quote_id)
        last[it.quote_id] = it if known is None or known.agreed_at < it.agreed_at else known
    for it in last.values():
        yield Happened(
            it.agreed_at, who(it.agreed_by), worded("Wrote down what was agreed on {names}", names=names[it.quote_id])
        )


def _meetings(session: Session, who: _Who, names: Mapping[QuoteId, str]) -> Iterator[Happened]:
    for it in session.scalars(select(QuoteMeeting).where(QuoteMeeting.quote_id.in_(names))):
        name = names[it.quote_id]
        yield Happened(it.asked_at, who(it.asked_by), _ASKED[it.kind].format(name=name))
        if it.answered_at is not None:
            yield Happened(it.answered_at, name, "Answered")


def _end(
    session: Session, brief: Brief, who: _Who, did: Mapping[str, PersonId], names: Mapping[QuoteId, str]
) -> Iterable[Happened]:
    award = session.get(Award, brief.id)
    if award is not None:
        return [
            Happened(
                award.at,
                who(award.by),
                worded("Chose {names}, and told the others kindly", names=names[award.quote_id]),
            )
        ]
    if brief.ended_at is not None and brief.status in _ENDED:
        by = did.get("chose none" if brief.status is BriefStatus.NONE_CHOSEN else "withdrew")
        return [Happened(brief.ended_at, who(by), _ENDED[brief.status])]
    return []


def _named(session: Session, brief: Brief) -> list[tuple[Quote, str]]:
    rows = session.execute(
        select(Quote, Provider.name)
        .join(Offer, Offer.id == Quote.offer_id)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(Quote.brief_id == brief.id, Quote.status != QuoteStatus.DRAFT)
        .order_by(Quote.shown_at, Quote.id)
    )
    return [(row.Quote, row.name) for row in rows]
