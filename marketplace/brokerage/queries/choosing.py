"""The quotes on a brief beside each other, to those who choose between them. To anybody else there are none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.accounts.rules import PersonId, Viewer
from marketplace.brokerage.models import (
    AgreedScore,
    Award,
    Brief,
    BriefCriterion,
    BriefNeed,
    BriefScorer,
    Quote,
    QuoteAnswer,
    QuoteMeeting,
    QuoteScore,
)
from marketplace.brokerage.queries.briefs import CriterionSeen
from marketplace.brokerage.queries.looking import live_scorers, may_look
from marketplace.brokerage.queries.quotes_seen import (
    Answered,
    AwardSeen,
    Choosing,
    Meeting,
    QuoteSeen,
    Scorer,
    ScoreSeen,
)
from marketplace.brokerage.rules import choosing as rules
from marketplace.brokerage.rules import scoring
from marketplace.brokerage.rules.nouns import BriefId, CriterionId, NeedId, QuoteId, QuoteStatus
from marketplace.brokerage.rules.scoring import Given, Weighed
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.queries import evidence_on_offers
from marketplace.catalogue.rules import OfferId, OfferStatus, ProviderId
from marketplace.catalogue.rules.evidence import Evidence
from marketplace.kit.days import day_of
from marketplace.purchasing.rules import ArrangementId, how_much


def choosing(session: Session, *, brief_id: BriefId, viewer: Viewer, now: datetime) -> Choosing | None:
    """Return a brief with its quotes to its person, their helper or a member of its pool, or None."""
    on = day_of(now)
    row = session.execute(
        select(Brief, Person.name, Award)
        .join(Person, Person.id == Brief.person_id)
        .outerjoin(Award, Award.brief_id == Brief.id)
        .where(Brief.id == brief_id, may_look(viewer, on=on))
    ).one_or_none()
    if row is None:
        return None
    brief: Brief = row.Brief
    criteria = _criteria(session, brief_id)
    shows = rules.shows_quotes(status=brief.status, closes_at=brief.closes_at, now=now)
    scorers = live_scorers(session, brief, on=on, known=viewer) if shows else []
    is_together = _is_together(brief, scorers, viewer=viewer)
    asked = _Asked(viewer, {it.person_id: it.called for it in scorers}, is_together, on)
    quotes, taken_back = _quotes(session, brief, criteria, asked) if shows else ((), ())
    weighed = [Weighed(one.id, one.weight, one.is_cost) for one in criteria]
    return Choosing(
        brief_id=brief_id,
        title=brief.title,
        about=brief.about,
        # Members of a pool know each other only by what they chose to be called.
        person_name=row.name if brief.pool_key is None else "your pool",
        is_mine=brief.person_id == viewer.person_id,
        pool_key=brief.pool_key,
        status=brief.status,
        is_ready=rules.is_ready(status=brief.status, closes_at=brief.closes_at, now=now),
        shows_quotes=shows,
        is_held=brief.held_at is not None,
        closes_at=brief.closes_at,
        starts_on=brief.starts_on,
        kind=brief.kind,
        how_much=how_much(quantity=brief.quantity, unit=brief.unit, kind=brief.kind, weeks=brief.weeks),
        budget=brief.budget,
        needs=tuple(_needs(session, brief_id).values()),
        criteria=criteria,
        scorers=tuple(
            Scorer(it.called, it.person_id == viewer.person_id, it.finished_at is not None) for it in scorers
        ),
        is_together=is_together,
        still_to_score=scoring.still_to_score(
            [(quote.id, it) for quote in quotes for it in quote.mine],
            quotes=[quote.id for quote in quotes if quote.status is QuoteStatus.SENT],
            criteria=weighed,
        ),
        quotes=quotes,
        taken_back=taken_back,
        award=_award(row.Award),
        why_ended=brief.why_ended,
        ended_at=brief.ended_at,
    )


def _is_together(brief: Brief, scorers: Sequence[BriefScorer], *, viewer: Viewer) -> bool:
    """Test whether the viewer may see what others gave: not before they, too, have scored and all have finished."""
    if brief.ended_at is not None:
        return True
    if all(it.person_id != viewer.person_id for it in scorers):
        return False
    # Whoever scores alone has nobody to wait for.
    return len(scorers) == 1 or scoring.may_see_others(finished=[it.finished_at is not None for it in scorers])


def _criteria(session: Session, brief_id: BriefId) -> tuple[CriterionSeen, ...]:
    rows = session.scalars(
        select(BriefCriterion).where(BriefCriterion.brief_id == brief_id).order_by(BriefCriterion.position)
    )
    return tuple(CriterionSeen(it.id, it.words, it.weight, it.is_cost) for it in rows)


def _needs(session: Session, brief_id: BriefId) -> dict[NeedId, str]:
    rows = session.scalars(select(BriefNeed).where(BriefNeed.brief_id == brief_id).order_by(BriefNeed.position))
    return {it.id: it.words for it in rows}


def _award(award: Award | None) -> AwardSeen | None:
    if award is None:
        return None
    return AwardSeen(
        quote_id=award.quote_id,
        because=award.because,
        at=award.at,
        by=award.by,
        arrangement_id=ArrangementId(award.arrangement_id) if award.arrangement_id else None,
        pool_answer_key=award.pool_answer_key,
        pack_id=award.pack_id,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who asks, what those who score are called, and whether they see each other's points."""

    viewer: Viewer
    called: Mapping[PersonId, str]
    is_together: bool
    on: date


@dataclass(frozen=True, slots=True)
class _Around:
    """What belongs to each of the quotes, found for all of them at once."""

    answers: Mapping[QuoteId, tuple[Answered, ...]]
    meetings: Mapping[QuoteId, tuple[Meeting, ...]]
    evidence: Mapping[OfferId, tuple[Evidence, ...]]
    cost: Mapping[QuoteId, Decimal]
    given: Sequence[tuple[QuoteScore, ScoreSeen]]
    agreed: Mapping[tuple[QuoteId, CriterionId], int]


def _quotes(
    session: Session, brief: Brief, criteria: Sequence[CriterionSeen], asked: _Asked
) -> tuple[tuple[QuoteSeen, ...], tuple[str, ...]]:
    rows = session.execute(
        select(Quote, Offer.title, Offer.status, Provider.id.label("provider_id"), Provider.name)
        .join(Offer, Offer.id == Quote.offer_id)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(Quote.brief_id == brief.id, Quote.status != QuoteStatus.DRAFT)
        .order_by(Quote.shown_at, Quote.id)
    ).all()
    there = [row for row in rows if row.Quote.status is not QuoteStatus.WITHDRAWN]
    ids = [row.Quote.id for row in there]
    around = _Around(
        answers=_answers(session, brief.id, ids),
        meetings=_meetings(session, ids, asked),
        evidence=evidence_on_offers(session, offer_ids=[row.Quote.offer_id for row in there], on=asked.on),
        cost=scoring.cost_points({row.Quote.id: row.Quote.total for row in there}),
        given=_given(session, ids, asked),
        agreed=_agreed(session, ids) if asked.is_together else {},
    )
    seen = tuple(
        _seen(
            row.Quote, criteria, around,
            named=(row.provider_id, row.name, row.title, row.status is OfferStatus.LIVE),
        )
        for row in there
    )  # fmt: skip
    return seen, tuple(row.name for row in rows if row.Quote.status is QuoteStatus.WITHDRAWN)


def _seen(
    quote: Quote, criteria: Sequence[CriterionSeen], around: _Around, *, named: tuple[ProviderId, str, str, bool]
) -> QuoteSeen:
    provider_id, provider_name, offer_title, offer_is_live = named
    given: dict[CriterionId, tuple[ScoreSeen, ...]] = {}
    for score, seen in around.given:
        if score.quote_id == quote.id:
            given[score.criterion_id] = (*given.get(score.criterion_id, ()), seen)
    cost = around.cost[quote.id]
    counted = scoring.together(
        [Given(score.person_id, score.quote_id, score.criterion_id, score.points) for score, _ in around.given],
        agreed=around.agreed,
        quote_id=quote.id,
    ) | {one.id: cost for one in criteria if one.is_cost}
    return QuoteSeen(
        id=quote.id,
        provider_id=provider_id,
        provider_name=provider_name,
        organisation_id=quote.organisation_id,
        offer_id=quote.offer_id,
        offer_title=offer_title,
        offer_is_live=offer_is_live,
        unit=quote.unit,
        unit_price=quote.unit_price,
        support=quote.unit_price - quote.admin - quote.overhead - quote.travel,
        admin=quote.admin,
        overhead=quote.overhead,
        travel=quote.travel,
        total=quote.total,
        weekly=quote.unit_price * quote.quantity if quote.weeks > 1 else None,
        notice_hours=quote.notice_hours,
        can_start_on=quote.can_start_on,
        times=quote.times,
        trial=quote.trial,
        trial_words=quote.trial_words,
        status=quote.status,
        kind_words=rules.kind_words(quote.why_not, quote.why_not_words) if quote.why_not else "",
        answers=around.answers.get(quote.id, ()),
        evidence=around.evidence.get(quote.offer_id, ()),
        meetings=around.meetings.get(quote.id, ()),
        cost_points=cost,
        mine={it: one for it, scores in given.items() for one in scores if one.is_viewer},
        given=given,
        agreed={it: points for (about, it), points in around.agreed.items() if about == quote.id},
        points=counted,
        worth=scoring.worth(counted, criteria=[Weighed(one.id, one.weight, one.is_cost) for one in criteria]),
    )


def _answers(session: Session, brief_id: BriefId, ids: Sequence[QuoteId]) -> dict[QuoteId, tuple[Answered, ...]]:
    rows = session.execute(
        select(QuoteAnswer, BriefNeed.words)
        .join(BriefNeed, BriefNeed.id == QuoteAnswer.need_id)
        .where(QuoteAnswer.quote_id.in_(ids), BriefNeed.brief_id == brief_id)
        .order_by(BriefNeed.position)
    )
    found: dict[QuoteId, tuple[Answered, ...]] = {}
    for answer, need in rows:
        found[answer.quote_id] = (*found.get(answer.quote_id, ()), Answered(need, answer.fit, answer.words))
    return found


def _meetings(session: Session, ids: Sequence[QuoteId], asked: _Asked) -> dict[QuoteId, tuple[Meeting, ...]]:
    rows = session.execute(
        select(QuoteMeeting).where(QuoteMeeting.quote_id.in_(ids)).order_by(QuoteMeeting.asked_at, QuoteMeeting.id)
    ).scalars()
    found: dict[QuoteId, tuple[Meeting, ...]] = {}
    for it in rows:
        meeting = Meeting(
            id=it.id,
            kind=it.kind,
            words=it.words,
            asked_by=asked.called.get(it.asked_by, "Somebody who helped"),
            is_by_viewer=it.asked_by == asked.viewer.person_id,
            asked_at=it.asked_at,
            answer=it.answer,
            answered_at=it.answered_at,
            how_it_was=it.how_it_was,
        )
        found[it.quote_id] = (*found.get(it.quote_id, ()), meeting)
    return found


def _given(session: Session, ids: Sequence[QuoteId], asked: _Asked) -> list[tuple[QuoteScore, ScoreSeen]]:
    """Return the scores that the viewer may see: everybody's once all have finished, and their own before."""
    wanted = list(asked.called) if asked.is_together else [asked.viewer.person_id]
    rows = session.scalars(
        select(QuoteScore)
        .where(QuoteScore.quote_id.in_(ids), QuoteScore.person_id.in_(wanted))
        .order_by(QuoteScore.given_at, QuoteScore.person_id)
    )
    return [
        (
            it,
            ScoreSeen(
                called=asked.called.get(it.person_id, ""),
                is_viewer=it.person_id == asked.viewer.person_id,
                points=it.points,
                because=it.because,
            ),
        )
        for it in rows
    ]


def _agreed(session: Session, ids: Sequence[QuoteId]) -> dict[tuple[QuoteId, CriterionId], int]:
    rows = session.scalars(select(AgreedScore).where(AgreedScore.quote_id.in_(ids)))
    return {(it.quote_id, it.criterion_id): it.points for it in rows}
