"""Questions about what counts: counted anew from the reviews, and as it is kept. For services."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select, union
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.catalogue.rules import OfferId
from marketplace.ratings.models import (
    AnswerRating,
    Criterion,
    CriterionAnswer,
    OfferRating,
    OutcomeAnswer,
    Review,
)
from marketplace.ratings.rules.counting import NOBODY, NOTHING_KEPT, About, Kept, Spread
from marketplace.ratings.rules.nouns import ReviewId, ReviewStatus, Subject
from marketplace.ratings.rules.scoring import Counted, Tally, tally_of

_Statement = Select[*tuple[Any, ...]]
_TALLIED = tuple(it.name for it in fields(Tally))


@dataclass(frozen=True, slots=True)
class _Counting:
    """The statements that count some reviews. Made once: putting one together takes longer than running it."""

    reviews: _Statement
    criteria: _Statement
    outcomes: _Statement

    @classmethod
    def of(cls, voices: _Statement) -> "_Counting":
        it = voices.subquery()
        facts = (it.c.offer_id, it.c.stars, it.c.basis, it.c.is_verified, it.c.is_set_aside, it.c.shown_month)
        about = func.coalesce(Criterion.merged_into, Criterion.id)
        # Who answered both a criterion and the one it was merged into counts once, by the one that lives on.
        answered = (
            select(
                it.c.offer_id,
                Criterion.id,
                Criterion.merged_into,
                CriterionAnswer.stars,
                func.row_number()
                .over(
                    partition_by=(it.c.id, about),
                    order_by=(case((Criterion.merged_into.is_(None), 0), else_=1), Criterion.id),
                )
                .label("place"),
            )
            .join(CriterionAnswer, CriterionAnswer.review_id == it.c.id)
            .join(Criterion, Criterion.id == CriterionAnswer.criterion_id)
            .subquery()
        )
        lives_on = func.coalesce(answered.c.merged_into, answered.c.id)
        return cls(
            reviews=select(*facts, func.count()).group_by(*facts),
            criteria=select(answered.c.offer_id, lives_on, answered.c.stars, func.count())
            .where(answered.c.place == 1)
            .group_by(answered.c.offer_id, lives_on, answered.c.stars),
            outcomes=select(it.c.offer_id, OutcomeAnswer.outcome_id, OutcomeAnswer.stars, func.count())
            .join(OutcomeAnswer, OutcomeAnswer.review_id == it.c.id)
            .group_by(it.c.offer_id, OutcomeAnswer.outcome_id, OutcomeAnswer.stars),
        )


_COLUMNS = (
    Review.id,
    Review.offer_id,
    Review.stars,
    Review.basis,
    Review.is_verified,
    Review.is_set_aside,
    Review.shown_month,
)


def _marked(*wanted: ColumnElement[bool]) -> _Statement:
    return select(*_COLUMNS).where(Review.offer_id == bindparam("offer_id"), *wanted, Review.counts)


# One voice for each person: the latest of their shown reviews of an offer. Who wrote on paper has no account.
_ranked = (
    select(
        *_COLUMNS,
        Review.counts,
        func.row_number()
        .over(
            partition_by=(Review.offer_id, func.coalesce(Review.person_id, Review.id)),
            order_by=(Review.written_at.desc(), Review.id),
        )
        .label("age"),
    )
    .where(Review.offer_id.in_(bindparam("offer_ids", expanding=True)), Review.status == ReviewStatus.SHOWN)
    .subquery()
)
_OF_PERSON = _Counting.of(_marked(Review.person_id == bindparam("person_id")))
_OF_PAPER = _Counting.of(_marked(Review.person_id.is_(None)))
_OF_OFFERS = _Counting.of(select(_ranked).where(_ranked.c.age == 1))
_MISMARKED = select(_ranked.c.id, _ranked.c.offer_id, (_ranked.c.age == 1).label("counts")).where(
    or_(and_(_ranked.c.age == 1, ~_ranked.c.counts), and_(_ranked.c.age != 1, _ranked.c.counts))
)
_months = select(Review.shown_month).where(
    Review.offer_id == bindparam("offer_id"), Review.status == ReviewStatus.SHOWN, Review.counts
)
_FIRST_MONTH = _months.order_by(Review.shown_month).limit(1)
_LAST_MONTH = _months.order_by(Review.shown_month.desc()).limit(1)
_KEPT = select(OfferRating).where(OfferRating.offer_id.in_(bindparam("offer_ids", expanding=True)))
_KEPT_ANSWERS = select(AnswerRating).where(AnswerRating.offer_id.in_(bindparam("offer_ids", expanding=True)))
# What is kept lives on where no review does, if something went wrong: it must be found too.
_rated = union(
    select(Review.offer_id),
    select(OfferRating.offer_id),
    select(AnswerRating.offer_id),
).subquery()


def counted_of(session: Session, *, offer_id: OfferId, person_id: PersonId | None) -> Kept:
    """Return what one person's reviews of an offer count now; of None, what all on paper count together."""
    statements = _OF_PAPER if person_id is None else _OF_PERSON
    asked = {"offer_id": offer_id} if person_id is None else {"offer_id": offer_id, "person_id": person_id}
    return _count(session, statements, asked).get(offer_id, NOTHING_KEPT)


def counted_of_offers(session: Session, *, offer_ids: Sequence[OfferId]) -> dict[OfferId, Kept]:
    """Return what the reviews of some offers count, whatever is kept of them. An offer nobody rated is left out."""
    return _count(session, _OF_OFFERS, {"offer_ids": list(offer_ids)})


def mismarked(session: Session, *, offer_ids: Sequence[OfferId]) -> dict[ReviewId, tuple[OfferId, bool]]:
    """Return the reviews of some offers that are marked as counting and do not, or the other way, and what is so."""
    rows = session.execute(_MISMARKED, {"offer_ids": list(offer_ids)})
    return {row.id: (row.offer_id, bool(row.counts)) for row in rows}


def kept_of(session: Session, *, offer_ids: Sequence[OfferId]) -> dict[OfferId, Kept]:
    """Return what is kept of some offers. One of which nothing is kept is left out."""
    asked = {"offer_ids": list(offer_ids)}
    answers: dict[OfferId, dict[About, Spread]] = {}
    # What this session has read may be older than what it has locked.
    fresh = {"populate_existing": True}
    for row in session.scalars(_KEPT_ANSWERS, asked, execution_options=fresh):
        spread = (row.ones, row.twos, row.threes, row.fours, row.fives)
        answers.setdefault(row.offer_id, {})[row.subject, row.about] = spread
    rows = {row.offer_id: row for row in session.scalars(_KEPT, asked, execution_options=fresh)}
    return {
        offer_id: Kept(
            tally=tally_kept(rows[offer_id]) if offer_id in rows else Tally(),
            first_month=rows[offer_id].first_month if offer_id in rows else None,
            last_month=rows[offer_id].last_month if offer_id in rows else None,
            answers=answers.get(offer_id, {}),
        )
        for offer_id in rows.keys() | answers.keys()
    }


def tally_kept(row: OfferRating) -> Tally:
    """Return the sums that a row keeps."""
    return Tally(*(getattr(row, name) for name in _TALLIED))


def next_rated(session: Session, *, after: OfferId | None, most: int) -> Sequence[OfferId]:
    """Return the next offers that were ever reviewed, or of which something is kept, after one of them."""
    wanted = select(_rated.c.offer_id).order_by(_rated.c.offer_id).limit(most)
    return session.scalars(wanted if after is None else wanted.where(_rated.c.offer_id > after)).all()


def offers_answering(session: Session, *, criterion_ids: Sequence[UUID]) -> Sequence[OfferId]:
    """Return the offers of which somebody said something by some criteria, in a lasting order."""
    return session.scalars(
        select(Review.offer_id)
        .join(CriterionAnswer, CriterionAnswer.review_id == Review.id)
        .where(CriterionAnswer.criterion_id.in_(criterion_ids))
        .distinct()
        .order_by(Review.offer_id)
    ).all()


def months_counted(session: Session, *, offer_id: OfferId) -> tuple[date | None, date | None]:
    """Return the first and the last month since which a counted review of an offer is shown. Reads the index only."""
    asked = {"offer_id": offer_id}
    return session.scalar(_FIRST_MONTH, asked), session.scalar(_LAST_MONTH, asked)


def _count(session: Session, statements: _Counting, asked: dict[str, Any]) -> dict[OfferId, Kept]:
    said: dict[OfferId, list[Counted]] = {}
    for offer_id, *alike in session.execute(statements.reviews, asked):
        said.setdefault(offer_id, []).append(Counted(*alike))
    if not said:
        return {}
    answers: dict[OfferId, dict[About, Spread]] = {}
    for subject, statement in ((Subject.CRITERION, statements.criteria), (Subject.OUTCOME, statements.outcomes)):
        for offer_id, about, stars, people in session.execute(statement, asked):
            spreads = answers.setdefault(offer_id, {})
            spread = list(spreads.get((subject, str(about)), NOBODY))
            spread[stars - 1] += people
            one_, two, three, four, five = spread
            spreads[subject, str(about)] = (one_, two, three, four, five)
    return {
        offer_id: Kept(
            tally=tally_of(its),
            first_month=min(it.month for it in its),
            last_month=max(it.month for it in its),
            answers=answers.get(offer_id, {}),
        )
        for offer_id, its in said.items()
    }
