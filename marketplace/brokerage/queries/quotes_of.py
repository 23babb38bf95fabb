"""What providers ask of their own quotes. Nothing here counts, names or orders anybody else's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.brokerage.models import Award, Brief, Quote, QuoteAnswer, QuoteMeeting
from marketplace.brokerage.queries.briefs import Wanted, wanted_in
from marketplace.brokerage.rules import quoting as rules
from marketplace.brokerage.rules.days import last_day
from marketplace.brokerage.rules.nouns import (
    BriefId,
    BriefStatus,
    MeetingId,
    MeetingKind,
    QuoteId,
    QuoteStatus,
    WhyNot,
)
from marketplace.brokerage.rules.quoting import NewAnswer, NewQuote, Standing
from marketplace.catalogue.models import Category, Offer, Provider
from marketplace.catalogue.rules import OfferId
from marketplace.kit.money import Money
from marketplace.kit.pages import Slice
from marketplace.purchasing.rules import ArrangementId

PAGE_SIZE = 20
_COUNTED = (QuoteStatus.SENT, QuoteStatus.AWARDED, QuoteStatus.NOT_CHOSEN)
_OVER = {BriefStatus.AWARDED, BriefStatus.NONE_CHOSEN, BriefStatus.WITHDRAWN}


def written(session: Session, quote: Quote) -> NewQuote:
    """Return a quote as its provider wrote it."""
    answers = session.scalars(select(QuoteAnswer).where(QuoteAnswer.quote_id == quote.id))
    return NewQuote(
        offer_id=quote.offer_id,
        support=quote.unit_price - quote.admin - quote.overhead - quote.travel,
        admin=quote.admin,
        overhead=quote.overhead,
        travel=quote.travel,
        can_start_on=quote.can_start_on,
        notice_hours=quote.notice_hours,
        times=quote.times,
        trial=quote.trial,
        trial_words=quote.trial_words,
        answers={answer.need_id: NewAnswer(answer.fit, answer.words) for answer in answers},
    )


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One of the viewer's quotes, in a list of them. The total and the days are their own."""

    id: QuoteId
    brief_id: BriefId
    title: str
    provider_name: str
    standing: Standing
    total: Money
    sent_at: datetime | None
    last_day: date | None
    # What the person asked after reading it, and nobody answered yet.
    unanswered: int


@dataclass(frozen=True, slots=True)
class OurQuotes:
    """
    All quotes of those the viewer speaks for, the newest first: those of which something can still come, and the rest.

    Of the rest one page. The figures are their own, and of all that they ever sent and did not take back.
    """

    going: tuple[QuoteLine, ...]
    over: tuple[QuoteLine, ...]
    slice: Slice
    sent: int
    waiting: int
    chosen: int


def our_quotes(session: Session, *, viewer: Viewer, now: datetime, page: int = 1) -> OurQuotes:
    """Return how the quotes stand of those the viewer speaks for. Four queries, however many there are."""
    own, is_going = Quote.organisation_id.in_(viewer.organisations), _is_going(now)
    sent, waiting, chosen, over = session.execute(
        select(
            func.count().filter(Quote.status.in_(_COUNTED)),
            func.count().filter(Quote.status == QuoteStatus.SENT, is_going),
            func.count().filter(Quote.status == QuoteStatus.AWARDED),
            func.count().filter(~is_going),
        )
        .join_from(Quote, Brief, Brief.id == Quote.brief_id)
        .where(own)
    ).one()
    part = Slice.within(total=over, size=PAGE_SIZE, page=page)
    newest = _own(viewer).order_by(func.coalesce(Quote.sent_at, Quote.began_at).desc(), Quote.id)
    going = session.execute(newest.where(is_going)).all()
    rest = session.execute(newest.where(~is_going).limit(part.size).offset(part.offset)).all()
    asked = _unanswered(session, [row.Quote.id for row in going])
    return OurQuotes(
        going=tuple(_line(row.Quote, row.Brief, row.name, asked=asked, now=now) for row in going),
        over=tuple(_line(row.Quote, row.Brief, row.name, asked={}, now=now) for row in rest),
        slice=part,
        sent=sent,
        waiting=waiting,
        chosen=chosen,
    )


def _is_going(now: datetime) -> ColumnElement[bool]:
    """Return a filter: quotes of which something can still come. A moderator who looks at a brief ends nothing."""
    return or_(
        and_(Quote.status == QuoteStatus.DRAFT, Brief.status == BriefStatus.OPEN, Brief.closes_at > now),
        and_(Quote.status == QuoteStatus.SENT, Brief.status.in_((BriefStatus.OPEN, BriefStatus.CLOSED))),
    )


def _line(quote: Quote, brief: Brief, name: str, *, asked: Mapping[QuoteId, int], now: datetime) -> QuoteLine:
    return QuoteLine(
        id=quote.id,
        brief_id=brief.id,
        title=brief.title,
        provider_name=name,
        standing=_standing(quote, brief, now=now),
        total=quote.total,
        sent_at=quote.sent_at,
        last_day=_last_day(brief),
        unanswered=asked.get(quote.id, 0),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person asks of this provider after reading its quote. What they think of the answer stays theirs."""

    id: MeetingId
    kind: MeetingKind
    words: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class OurQuote:
    """One quote, as those see it who speak for its provider."""

    id: QuoteId
    brief_id: BriefId
    title: str
    offer_id: OfferId
    offer_title: str
    provider_name: str
    # None once the brief was taken back, or while a moderator looks at it: its words are nobody's to read then.
    wanted: Wanted | None
    quote: NewQuote
    asked_for: str
    unit: str
    total: Money
    standing: Standing
    began_at: datetime
    sent_at: datetime | None
    changed_at: datetime
    last_day: date | None
    takes_quotes: bool
    may_take_back: bool
    why_not: WhyNot | None
    why_not_words: str
    arrangement_id: ArrangementId | None
    asked: tuple[Asked, ...]


def our_quote(session: Session, *, quote_id: QuoteId, viewer: Viewer, now: datetime) -> OurQuote | None:
    """Return one quote of those the viewer speaks for, or None. What was asked and answered is with it."""
    row = session.execute(
        _own(viewer)
        .where(Quote.id == quote_id)
        .add_columns(
            Offer.title.label("offer_title"), Award.arrangement_id, Award.quote_id.label("awarded"),
            Category.name.label("category_name"),
        )
        .join(Offer, Offer.id == Quote.offer_id)
        .join(Award, Award.quote_id == Quote.id, isouter=True)
        .join(Category, Category.slug == Brief.category, isouter=True)
    ).one_or_none()  # fmt: skip
    if row is None:
        return None
    quote: Quote = row.Quote
    brief: Brief = row.Brief
    stands = _standing(quote, brief, now=now)
    is_readable = brief.held_at is None and brief.status is not BriefStatus.WITHDRAWN
    return OurQuote(
        id=quote.id,
        brief_id=brief.id,
        title=brief.title,
        offer_id=quote.offer_id,
        offer_title=row.offer_title,
        provider_name=row.name,
        wanted=wanted_in(session, brief, category_name=row.category_name or "", with_unanswered=False)
        if is_readable
        else None,
        quote=written(session, quote),
        asked_for=rules.asked_for(quantity=quote.quantity, unit=quote.unit, kind=brief.kind, weeks=quote.weeks),
        unit=quote.unit.each,
        total=quote.total,
        standing=stands,
        began_at=quote.began_at,
        sent_at=quote.sent_at,
        changed_at=quote.changed_at,
        last_day=_last_day(brief),
        takes_quotes=_takes_quotes(brief, now=now),
        may_take_back=quote.status is QuoteStatus.DRAFT
        or (quote.status is QuoteStatus.SENT and brief.status not in _OVER),
        why_not=quote.why_not,
        why_not_words=quote.why_not_words,
        arrangement_id=ArrangementId(row.arrangement_id) if row.arrangement_id else None,
        asked=_asked(session, quote.id),
    )


def _own(viewer: Viewer) -> Select[Quote, Brief, str]:
    return (
        select(Quote, Brief, Provider.name)
        .join(Brief, Brief.id == Quote.brief_id)
        .join(Provider, Provider.organisation_id == Quote.organisation_id)
        .where(Quote.organisation_id.in_(viewer.organisations))
    )


def _last_day(brief: Brief) -> date | None:
    return last_day(brief.closes_at) if brief.closes_at else None


def _takes_quotes(brief: Brief, *, now: datetime) -> bool:
    return rules.takes_quotes(status=brief.status, closes_at=brief.closes_at, held_at=brief.held_at, now=now)


def _standing(quote: Quote, brief: Brief, *, now: datetime) -> Standing:
    return rules.standing(
        quote=quote.status, brief=brief.status, is_open=_takes_quotes(brief, now=now), is_held=brief.held_at is not None
    )


def _unanswered(session: Session, ids: Iterable[QuoteId]) -> dict[QuoteId, int]:
    rows = session.execute(
        select(QuoteMeeting.quote_id, func.count())
        .where(QuoteMeeting.quote_id.in_(list(ids)), QuoteMeeting.answered_at.is_(None))
        .group_by(QuoteMeeting.quote_id)
    )
    return {quote_id: count for quote_id, count in rows}


def _asked(session: Session, quote_id: QuoteId) -> tuple[Asked, ...]:
    found = session.scalars(
        select(QuoteMeeting).where(QuoteMeeting.quote_id == quote_id).order_by(QuoteMeeting.asked_at, QuoteMeeting.id)
    )
    return tuple(Asked(it.id, it.kind, it.words, it.asked_at, it.answer, it.answered_at) for it in found)
