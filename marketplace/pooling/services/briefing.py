"""A pool asks for quotes as one person does: its members see and score them, and a champion chooses for all."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.accounts.services import take_turns
from marketplace.brokerage.queries.pools import live_brief_of
from marketplace.brokerage.rules.choosing import KindReason
from marketplace.brokerage.rules.nouns import BriefId, QuoteId
from marketplace.brokerage.services import awarding
from marketplace.brokerage.services.awarding import Chosen
from marketplace.brokerage.services.briefing import begin_brief
from marketplace.brokerage.services.looking import QuoteAddress
from marketplace.brokerage.services.writing_briefs import Writing, say_what
from marketplace.kit import audit
from marketplace.kit.errors import DomainError
from marketplace.kit.sentences import worded
from marketplace.pooling.models import Pool, PoolAnswer
from marketplace.pooling.queries.wishes import organisations_within
from marketplace.pooling.rules import FEWEST_PEOPLE
from marketplace.pooling.rules.nouns import AnswerId, PoolId, PoolStatus
from marketplace.pooling.services.following import follow_members
from marketplace.pooling.services.joining import the_champion
from marketplace.pooling.services.letters import PoolAddress
from marketplace.pooling.services.locking import locked
from marketplace.pooling.services.opening import SellerInsideError


class TooFewForQuotesError(DomainError):
    """One person alone is no pool."""


class PastFindingPeopleError(DomainError):
    """The pool has its offer, or is over."""


class AsksAlreadyError(DomainError):
    """The pool has a brief that is not over."""


def begin_brief_for_pool(session: Session, *, pool_id: PoolId, by: PersonId, now: datetime) -> BriefId:
    """
    Begin a brief for a pool that finds its people, from what the pool says it is for. Return it.

    :raises PoolNotFoundError, NotChampionError: if they do not keep it going.
    :raises PastFindingPeopleError: if it is open for pledges already, or over.
    :raises TooFewForQuotesError: if nobody else is in it yet.
    :raises AsksAlreadyError: if it asks for quotes already.
    :raises TooManyBriefsError: as `begin_brief`.
    """
    # Whoever begins briefs in two tabs waits for themselves before they hold a pool.
    take_turns(session, person_id=by)
    pool = _draft_of(session, pool_id=pool_id, by=by)
    members = follow_members(session, pool_id=pool_id, now=now)
    if len(members) < FEWEST_PEOPLE:
        raise TooFewForQuotesError(
            worded(
                "Wait until {fewest_people} of you are in the pool. Then ask for quotes together.",
                fewest_people=FEWEST_PEOPLE,
            )
        )
    if live_brief_of(session, pool_key=pool_id) is not None:
        raise AsksAlreadyError("Your pool asks for quotes already. Finish that first, or take it back.")
    brief_id = begin_brief(session, person_id=by, by=by, pool_key=pool_id, people=len(members), now=now)
    if pool.category is not None and pool.purpose:
        say_what(session, Writing(brief_id, by, now), title=pool.title, about=pool.purpose, category=pool.category)
    follow_members(session, pool_id=pool_id, now=now)
    audit.record(session, by=by, did="began a brief", to_kind="pool", to_id=pool_id, now=now)
    session.flush()
    return brief_id


def choose_quote(
    session: Session,
    *,
    pool_id: PoolId,
    brief_id: BriefId,
    quote_id: QuoteId,
    by: PersonId,
    because: str,
    why_not: Mapping[QuoteId, KindReason],
    address: PoolAddress,
    quote_link: QuoteAddress,
    now: datetime,
) -> None:
    """
    Choose a quote for a pool: it becomes an answer that the pool can open on, at its price for the whole group.

    Nobody has promised anything by that. Done twice, it is done once.

    :raises PoolNotFoundError, NotChampionError, PastFindingPeopleError: as `begin_brief_for_pool`.
    :raises SellerInsideError: if somebody in the pool, or who helps it, comes from that provider.
    :raises BriefNotFoundError, QuoteNotFoundError, NotReadyError, ChosenAlreadyError: as `award_for_pool`.
    :raises QuoteGoneError, ChoiceUnclearError: as `award_for_pool`.
    """
    pool = _draft_of(session, pool_id=pool_id, by=by)
    answer_id = AnswerId(uuid.uuid4())
    chosen = awarding.award_for_pool(
        session,
        pool_key=pool_id,
        brief_id=brief_id,
        quote_id=quote_id,
        by=by,
        because=because,
        why_not=why_not,
        answer_key=answer_id,
        quote_link=quote_link,
        now=now,
    )
    if chosen is None:
        return
    if chosen.organisation_id in organisations_within(session, pool_id=pool_id):
        raise SellerInsideError(
            "Somebody in this pool speaks for this provider, or helps the pool from there. They leave the pool first, "
            "or you choose another quote."
        )
    _answer(session, chosen, pool_id=pool_id, answer_id=answer_id, now=now)
    audit.record(session, by=by, did="chose a quote", to_kind="pool", to_id=pool_id, now=now)
    _tell_members(session, pool, besides=by, address=address, now=now)
    session.flush()


def choose_no_quote(
    session: Session,
    *,
    pool_id: PoolId,
    brief_id: BriefId,
    by: PersonId,
    because: str,
    said: KindReason,
    quote_link: QuoteAddress,
    now: datetime,
) -> None:
    """
    Choose none of the quotes for a pool, and thank everybody.

    :raises PoolNotFoundError, NotChampionError, PastFindingPeopleError: as `begin_brief_for_pool`.
    :raises BriefNotFoundError, NotReadyError, ChoiceUnclearError: as `choose_none`.
    """
    _draft_of(session, pool_id=pool_id, by=by)
    awarding.choose_none(
        session,
        brief_id=brief_id,
        by=by,
        because=because,
        said=said,
        quote_link=quote_link,
        now=now,
        pool_key=pool_id,
    )


def _draft_of(session: Session, *, pool_id: PoolId, by: PersonId) -> Pool:
    pool = locked(session, pool_id=pool_id)
    the_champion(session, pool_id=pool_id, person_id=by)
    if pool.status is not PoolStatus.DRAFT:
        raise PastFindingPeopleError("This pool has its price already, or it is over, so it asks for no quotes.")
    return pool


def _answer(session: Session, chosen: Chosen, *, pool_id: PoolId, answer_id: AnswerId, now: datetime) -> None:
    """Write the chosen quote down as what the provider answers, in the place of an earlier answer with that offer."""
    earlier = session.scalars(
        select(PoolAnswer)
        .where(
            PoolAnswer.pool_id == pool_id,
            PoolAnswer.offer_id == chosen.offer_id,
            PoolAnswer.withdrawn_at.is_(None),
        )
        .with_for_update()
    ).one_or_none()
    if earlier is not None:
        earlier.withdrawn_at = now
        session.flush()
    session.add(
        PoolAnswer(
            id=answer_id,
            pool_id=pool_id,
            offer_id=chosen.offer_id,
            organisation_id=OrganisationId(chosen.organisation_id),
            words="This is the quote that your pool chose.",
            whole_price=chosen.unit_price,
            unit=chosen.unit,
            people_from=FEWEST_PEOPLE,
            most_people=max(chosen.people, FEWEST_PEOPLE),
            answered_by=chosen.quoted_by,
            answered_at=now,
        )
    )
    session.flush()


def _tell_members(session: Session, pool: Pool, *, besides: PersonId, address: PoolAddress, now: datetime) -> None:
    for person_id in follow_members(session, pool_id=pool.id, now=now):
        if person_id != besides:
            accounts.write_to_person(
                session,
                person_id=person_id,
                subject=worded("Your pool has chosen a quote: {title}", title=pool.title),
                body=worded(
                    "A champion of your pool has chosen one of the quotes. You have promised nothing. What happens "
                    "next: the pool opens with that price, and you see what it can cost you before you say yes or "
                    "no.\n\n"
                    "The pool: {address}",
                    address=address(pool.id),
                ),
                now=now,
            )
