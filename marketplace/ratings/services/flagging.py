"""
Raising flags on reviews that look arranged, and setting them aside from what moves an offer's place meanwhile.

Nothing is hidden here: what is set aside is shown and counted, and a person decides. What was only just said, and does
not show for itself that something was used, is set aside for a while as well, good and bad alike: see `rules.flags`.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import Permission
from marketplace.catalogue.rules import ProviderId
from marketplace.catalogue.services import take_turns_at_provider
from marketplace.kit import audit
from marketplace.kit.days import day_of, working_days_after
from marketplace.kit.sentences import worded
from marketplace.ratings.models import Flag, FlaggedReview, Review
from marketplace.ratings.queries import flags as queries
from marketplace.ratings.rules import flags as rules
from marketplace.ratings.rules.nouns import FlagId, FlagKind, ReviewId
from marketplace.ratings.rules.rings import ring_around
from marketplace.ratings.services.counting import counted_anew

Address = Callable[[FlagId], str]
"""Turns a flag into the address of its page."""


@dataclass(frozen=True, slots=True)
class _Found:
    """Some reviews that look arranged, as they are kept."""

    kind: FlagKind
    since: date
    reviews: frozenset[ReviewId]
    too_many: frozenset[ReviewId]
    evidence: dict[str, Any]


def look_at(session: Session, *, provider_id: ProviderId, address: Address, now: datetime) -> int:
    """
    Look whether reviews of a provider look arranged; return how many flags were raised. Safe to run twice.

    An open flag is always as the last look found it: more reviews come under it, and others leave it.
    """
    session.flush()
    # First the provider, then reviews, then their offers: as everywhere else, so that nobody waits for each other.
    take_turns_at_provider(session, provider_id=provider_id)
    today = day_of(now)
    seen = queries.observed(session, provider_id=provider_id, today=today)
    found = [*_arranged(seen), *_rings(session, provider_id, today)]
    waiting = _open_flags(session, provider_id)
    raised, matched = 0, set()
    for it in found:
        flag = _match(session, waiting, it)
        if flag is None:
            flag = _raise(session, provider_id, it, now=now)
            _tell_moderators(session, flag.id, address=address, now=now)
            raised += 1
        _keep(session, flag, it)
        matched.add(flag.id)
    still = _reviews_under(session, [flag.id for flag in waiting if flag.id not in matched])
    too_many = frozenset[ReviewId]().union(*(it.too_many for it in found))
    _set_aside(session, seen.placed, too_many=too_many, still=still, today=today)
    return raised


def _arranged(seen: queries.Observed) -> Iterable[_Found]:
    for it in rules.suspicions(seen.recent, settled=seen.settled):
        evidence = {"proof": it.proof.name.lower(), "until": it.until.isoformat(), **asdict(it.evidence)}
        yield _Found(it.kind, it.since, frozenset(it.reviews), it.too_many, evidence)


def _rings(session: Session, provider_id: ProviderId, today: date) -> Iterable[_Found]:
    ring = ring_around(provider_id, queries.visits_around(session, provider_id=provider_id, today=today))
    if ring is not None:
        reviews = frozenset(ring.reviews)
        evidence = {
            "lean": str(ring.lean),
            "people": len(reviews),
            "providers": ring.providers,
            "days": (ring.until - ring.since).days + 1,
            "until": ring.until.isoformat(),
        }
        yield _Found(FlagKind.RING, ring.since, reviews, reviews, evidence)


def _open_flags(session: Session, provider_id: ProviderId) -> Sequence[Flag]:
    return session.scalars(
        select(Flag)
        .where(Flag.provider_id == provider_id, Flag.decided_at.is_(None))
        .order_by(Flag.raised_at, Flag.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def _match(session: Session, waiting: Sequence[Flag], found: _Found) -> Flag | None:
    """Return the open flag that is about the same, if there is one."""
    for flag in waiting:
        is_same_sort = (flag.kind is FlagKind.RING) == (found.kind is FlagKind.RING)
        if is_same_sort and found.reviews & _reviews_under(session, [flag.id]):
            return flag
    return None


def _raise(session: Session, provider_id: ProviderId, found: _Found, *, now: datetime) -> Flag:
    flag = Flag(
        id=FlagId(uuid.uuid4()),
        provider_id=provider_id,
        kind=found.kind,
        since=_free_day(session, provider_id, found),
        evidence=found.evidence,
        raised_at=now,
        due_at=working_days_after(now, rules.WORKING_DAYS),
        told_at=now,
    )
    session.add(flag)
    session.flush()
    audit.record(session, by=None, did="raised", to_kind="flag", to_id=flag.id, now=now)
    return flag


def _keep(session: Session, flag: Flag, found: _Found) -> None:
    """Let a flag say what the last look found."""
    flag.evidence = found.evidence
    under = _reviews_under(session, [flag.id])
    if gone := under - found.reviews:
        session.execute(
            delete(FlaggedReview).where(FlaggedReview.flag_id == flag.id, FlaggedReview.review_id.in_(gone))
        )
    session.add_all(FlaggedReview(flag_id=flag.id, review_id=each) for each in sorted(found.reviews - under, key=str))
    session.flush()


def _free_day(session: Session, provider_id: ProviderId, found: _Found) -> date:
    """Return the day a flag is about, or the next: what began on the same day as another is told apart by it."""
    same = (Flag.provider_id == provider_id, Flag.kind == found.kind, Flag.since >= found.since)
    taken = set(session.scalars(select(Flag.since).where(*same)))
    since = found.since
    while since in taken:
        since += timedelta(days=1)
    return since


def _reviews_under(session: Session, flag_ids: Sequence[FlagId]) -> frozenset[ReviewId]:
    return frozenset(session.scalars(select(FlaggedReview.review_id).where(FlaggedReview.flag_id.in_(flag_ids))))


def _set_aside(
    session: Session,
    placed: Sequence[queries.Placed],
    *,
    too_many: frozenset[ReviewId],
    still: frozenset[ReviewId],
    today: date,
) -> None:
    """Set aside what is too new or too many, and put back what is not any more."""
    changes = {}
    for it in placed:
        is_held_back = it.id in too_many or it.settles_on > today or (it.id in still and it.is_set_aside)
        if is_held_back is not it.is_set_aside:
            changes[it.id] = (it, is_held_back)
    reviews = session.scalars(
        select(Review)
        .where(Review.id.in_(changes))
        .order_by(Review.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    for review in sorted(reviews, key=lambda each: (str(each.offer_id), str(each.id))):
        with counted_anew(session, offer_id=review.offer_id, person_id=review.person_id):
            review.is_set_aside = changes[review.id][1]


def _tell_moderators(session: Session, flag_id: FlagId, *, address: Address, now: datetime) -> None:
    accounts.write_to_those_who_may(
        session,
        Permission.MODERATE,
        subject="Some reviews look arranged",
        body=worded(
            "Some reviews of one provider came together in a way that is not usual. They stay shown and counted, "
            "but do not move the provider’s place until somebody decides. Please look at them within "
            "{working_days} working days:\n{address}",
            working_days=rules.WORKING_DAYS,
            address=address(flag_id),
        ),
        now=now,
    )
