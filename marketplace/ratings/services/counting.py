"""Keeping what is counted true: who wraps a change to reviews in `counted_anew` never has to think of sums."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.catalogue.rules import OfferId
from marketplace.catalogue.services import take_turns_at
from marketplace.ratings.models import AnswerRating, OfferRating, Review
from marketplace.ratings.queries import tallies
from marketplace.ratings.queries.scores import where_offer_stands
from marketplace.ratings.rules.counting import NOBODY, NOTHING_KEPT, Kept, Spread, changed
from marketplace.ratings.rules.nouns import CriterionId, ReviewStatus
from marketplace.ratings.rules.scoring import NOTHING, Tally
from marketplace.ratings.services.indexing import keep_rating_found

_WITHIN = "what is being counted anew"

# Made once: putting a statement together takes longer than running it.
_its = (Review.offer_id == bindparam("its_offer"), Review.person_id == bindparam("its_person"))
_LATEST = (
    select(Review.id)
    .where(*_its, Review.status == ReviewStatus.SHOWN)
    .order_by(Review.written_at.desc(), Review.id)
    .limit(1)
)
_COUNT_NO_OTHER = (
    update(Review).where(*_its, Review.counts, Review.id.is_distinct_from(bindparam("latest"))).values(counts=False)
)
_COUNT_LATEST = update(Review).where(Review.id == bindparam("latest"), ~Review.counts).values(counts=True)


@contextmanager
def counted_anew(session: Session, *, offer_id: OfferId, person_id: PersonId | None) -> Iterator[None]:
    """
    Count again what a person says of an offer after something about their reviews of it has changed.

    Make the change inside: what counted before is taken away, what counts after is added, and nothing else is read. One
    voice for each person: the latest of their shown reviews of an offer counts. What was written on paper by somebody
    without an account counts for itself. Whoever changes the same offer at once queues here. Within another of the same
    person and offer it leaves the counting to that one.
    """
    within: set[tuple[OfferId, PersonId | None]] = session.info.setdefault(_WITHIN, set())
    voice = (offer_id, person_id)
    if voice in within:
        yield
        return
    session.flush()
    take_turns_at(session, offer_id=offer_id)
    before = tallies.counted_of(session, offer_id=offer_id, person_id=person_id)
    within.add(voice)
    try:
        yield
    finally:
        within.discard(voice)
    session.flush()
    _let_the_latest_count(session, offer_id, person_id)
    after = tallies.counted_of(session, offer_id=offer_id, person_id=person_id)
    if before != after:
        _keep(session, offer_id, before=before, after=after)
        keep_rating_found(session, offer_ids=[offer_id])


def count_again(session: Session, *, offer_ids: Sequence[OfferId]) -> dict[OfferId, tuple[str, ...]]:
    """Count some offers from their reviews alone, and put right what was kept otherwise; return what that was."""
    for offer_id in sorted(offer_ids):  # Always in the same order, so that two who do this never wait for each other.
        take_turns_at(session, offer_id=offer_id)
    marks = tallies.mismarked(session, offer_ids=offer_ids)
    _mark(session, [each for each, (_, counts) in marks.items() if not counts], counts=False)
    _mark(session, [each for each, (_, counts) in marks.items() if counts], counts=True)
    kept = tallies.kept_of(session, offer_ids=offer_ids)
    counted = tallies.counted_of_offers(session, offer_ids=offer_ids)
    wrong: dict[OfferId, tuple[str, ...]] = {}
    for offer_id in offer_ids:
        was, is_now = kept.get(offer_id, NOTHING_KEPT), counted.get(offer_id, NOTHING_KEPT)
        if differences := was.differences(is_now):
            wrong[offer_id] = differences
            if was != NOTHING_KEPT:
                for table in (OfferRating, AnswerRating):
                    session.execute(delete(table).where(table.offer_id == offer_id))
            _keep(session, offer_id, before=NOTHING_KEPT, after=is_now)
    return wrong


def count_criterion_again(session: Session, *, criterion_ids: Sequence[CriterionId]) -> int:
    """
    Count all that was said by some criteria again, after one was merged into another; return for how many offers.

    Name both. Answers to a merged one count for the one it was merged into, so let `merged_into` name one that lives.
    """
    offer_ids = tallies.offers_answering(session, criterion_ids=criterion_ids)
    session.flush()
    count_again(session, offer_ids=offer_ids)
    return len(offer_ids)


def _let_the_latest_count(session: Session, offer_id: OfferId, person_id: PersonId | None) -> None:
    if person_id is None:
        is_shown = Review.status == ReviewStatus.SHOWN
        on_paper = (Review.offer_id == offer_id, Review.person_id.is_(None))
        session.execute(update(Review).where(*on_paper, Review.counts != is_shown).values(counts=is_shown))
        return
    its = {"its_offer": offer_id, "its_person": person_id}
    latest = session.scalar(_LATEST, its)
    # First none, then one: a person never counts twice, not even for a moment.
    session.execute(_COUNT_NO_OTHER, its | {"latest": latest})
    session.execute(_COUNT_LATEST, {"latest": latest})


def _mark(session: Session, review_ids: Sequence[object], *, counts: bool) -> None:
    if review_ids:
        session.execute(update(Review).where(Review.id.in_(review_ids)).values(counts=counts))


def _keep(session: Session, offer_id: OfferId, *, before: Kept, after: Kept) -> None:
    """Take away what counted before and add what counts after."""
    row = session.get(OfferRating, offer_id, populate_existing=True)
    tally = (NOTHING if row is None else tallies.tally_kept(row)) - before.tally + after.tally
    for about in before.answers.keys() | after.answers.keys():
        was, is_now = before.answers.get(about, NOBODY), after.answers.get(about, NOBODY)
        if was != is_now:
            subject, its_id = about
            row_of_answer = session.get(AnswerRating, (offer_id, subject, its_id), populate_existing=True)
            row_of_answer = row_of_answer or AnswerRating(offer_id=offer_id, subject=subject, about=its_id)
            _keep_answer(session, row_of_answer, was, is_now)
    if not any(tally.spread):
        session.execute(delete(OfferRating).where(OfferRating.offer_id == offer_id))
    else:
        row = row or _new_row(session, offer_id)
        for it in fields(Tally):
            setattr(row, it.name, getattr(tally, it.name))
        _keep_months(session, row, is_only_more=before == NOTHING_KEPT, after=after)
    session.flush()


def _keep_months(session: Session, row: OfferRating, *, is_only_more: bool, after: Kept) -> None:
    if is_only_more and after.first_month and after.last_month:
        row.first_month = min(row.first_month or after.first_month, after.first_month)
        row.last_month = max(row.last_month or after.last_month, after.last_month)
    else:
        row.first_month, row.last_month = tallies.months_counted(session, offer_id=row.offer_id)


def _new_row(session: Session, offer_id: OfferId) -> OfferRating:
    stands = where_offer_stands(session, offer_id=offer_id)
    row = OfferRating(offer_id=offer_id, provider_id=stands.provider_id, category=stands.category)
    session.add(row)
    return row


def _keep_answer(session: Session, row: AnswerRating, was: Spread, is_now: Spread) -> None:
    had = (row.ones or 0, row.twos or 0, row.threes or 0, row.fours or 0, row.fives or 0)
    row.ones, row.twos, row.threes, row.fours, row.fives = changed(had, before=was, after=is_now)
    if (row.ones, row.twos, row.threes, row.fours, row.fives) != NOBODY:
        session.add(row)
    elif had != NOBODY:
        session.delete(row)
