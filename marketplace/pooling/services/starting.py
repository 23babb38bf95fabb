"""Looking for people to do something with: starting a pool that has nothing to pledge for yet, and joining one."""

import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts import queries as people
from marketplace.accounts import services as accounts
from marketplace.accounts.rules import PersonId
from marketplace.accounts.services import take_turns
from marketplace.catalogue import queries as catalogue
from marketplace.kit import audit, text
from marketplace.kit.errors import DomainError, WrongAnswerError
from marketplace.kit.places import Gazetteer, Place, Precision
from marketplace.kit.sentences import worded
from marketplace.pooling import rules
from marketplace.pooling.models import Pool
from marketplace.pooling.queries.membership import champions, has_been_member, member_people
from marketplace.pooling.rules.interests import WORDS
from marketplace.pooling.rules.nouns import MemberRole, PoolId, PoolOrigin, PoolStatus
from marketplace.pooling.rules.starting import FEWEST_SAID, MOST_DRAFTS, NewDraft, is_coarse
from marketplace.pooling.services.interests import tell_those_who_like
from marketplace.pooling.services.joining import NoMoreMembersError, join_pool
from marketplace.pooling.services.letters import PoolAddress
from marketplace.pooling.services.locking import PoolNotFoundError, locked
from marketplace.pooling.services.opening import PoolPurposeError, PoolTitleError
from marketplace.pooling.services.wishing import tell_providers_of_wish


class TooManyDraftsError(DomainError):
    """The person keeps as many pools going as one person can."""


class InterestError(WrongAnswerError):
    """It is about nothing, or about something that is not on our list."""

    field = "interest"


class CategoryNeededError(WrongAnswerError):
    """Providers cannot see what kind of support is wished for."""

    field = "category"


def area_of(gazetteer: Gazetteer, typed: str) -> Place:
    """
    Return the district or council that was typed: of a whole postcode only its first part.

    :raises UnknownPlaceError: if it leads to no place in England.
    """
    place = gazetteer.find(typed)
    if place.precision in (Precision.POSTCODE, Precision.SECTOR):
        return gazetteer.find(place.name.split()[0])
    return place


def begin_pool(session: Session, *, by: PersonId, wanted: NewDraft, address: PoolAddress, now: datetime) -> PoolId:
    """
    Start a pool that looks for people, with whoever starts it as its champion, and tell people near who like it.

    :raises PoolTitleError: if the title is missing or too long.
    :raises PoolPurposeError: if the purpose is missing or too long.
    :raises InterestError: if it is about an interest that is not on our list.
    :raises CategoryNeededError: if it is a wish without a kind of support.
    :raises TooManyDraftsError: if this person keeps too many going already.
    """
    title, purpose = text.tidy_line(wanted.title), text.tidy(wanted.purpose)
    _check(session, wanted, title, purpose)
    take_turns(session, person_id=by)
    going = session.scalar(
        select(func.count()).select_from(Pool).where(Pool.opened_by == by, Pool.status == PoolStatus.DRAFT)
    )
    if (going or 0) >= MOST_DRAFTS:
        raise TooManyDraftsError(
            worded(
                "You have {most_drafts} pools that are finding people. End one of them before you start another.",
                most_drafts=MOST_DRAFTS,
            )
        )
    pool = Pool(
        id=PoolId(uuid.uuid4()),
        began_from=wanted.began_from,
        opened_by=by,
        title=title,
        purpose=purpose,
        interest=wanted.interest,
        category=wanted.category,
        place_name=wanted.area.name,
        easting=wanted.area.point.easting,
        northing=wanted.area.point.northing,
        council=people.council_of(session, person_id=by),
        is_listed=wanted.is_listed,
        status=PoolStatus.DRAFT,
        opened_at=now,
    )
    session.add(pool)
    session.flush()
    audit.record(session, by=by, did="began", to_kind="pool", to_id=pool.id, now=now)
    join_pool(session, pool_id=pool.id, by=by, called=wanted.called, now=now, role=MemberRole.CHAMPION)
    tell_those_who_like(session, pool=pool, address=address, now=now)
    session.flush()
    return pool.id


def join_draft(
    session: Session,
    *,
    pool_id: PoolId,
    by: PersonId,
    called: str,
    key: uuid.UUID | None,
    address: PoolAddress,
    now: datetime,
) -> None:
    """
    Let somebody join a pool that is finding people. It costs nothing. Whoever is in it already stays so.

    With the third household a wish becomes a call, and providers near hear of it.

    :raises PoolNotFoundError: if there is no such pool, it is kept from view, or one needs its link and has another.
    :raises NoMoreMembersError: if it is past finding people.
    :raises CalledError: if the name is too long.
    """
    pool = locked(session, pool_id=pool_id)
    before = member_people(session, pool_id=pool_id)
    if by not in before and not pool.is_listed and key != pool.invite_key:
        raise PoolNotFoundError("We could not find that pool.")
    if pool.status is not PoolStatus.DRAFT:
        raise NoMoreMembersError("This pool is past finding people, so it cannot be joined like this.")
    came_back = has_been_member(session, pool_id=pool_id, person_id=by)
    join_pool(session, pool_id=pool_id, by=by, called=called, now=now)
    # Whoever leaves and comes back is news to nobody: nobody can have letters written again and again.
    if came_back:
        return
    for person_id in champions(session, pool_id=pool_id):
        accounts.write_to_person(
            session,
            person_id=person_id,
            subject=worded("Somebody has joined your pool: {title}", title=pool.title),
            body=worded(
                "One more person is in your pool. You can say hello in the pool’s own room, which only members "
                "see:\n{address}\n\nThey are called there what they chose to be called.",
                address=address(pool_id),
            ),
            now=now,
        )
    buyers = member_people(session, pool_id=pool_id, with_facilitators=False)
    if pool.began_from is PoolOrigin.WISH and len(buyers) == FEWEST_SAID:
        tell_providers_of_wish(session, pool=pool, now=now)
    session.flush()


def _check(session: Session, wanted: NewDraft, title: str, purpose: str) -> None:
    if problem := rules.title_problem(title):
        raise PoolTitleError(problem)
    if problem := rules.purpose_problem(purpose):
        raise PoolPurposeError(problem)
    if not is_coarse(wanted.area):
        # The view asks `area_of`: nobody's own street is ever kept.
        raise ValueError("a pool's area is no finer than a district")
    if wanted.interest is not None and wanted.interest not in WORDS:
        raise InterestError("Choose what it is about from the list.")
    known = {line.slug for line in catalogue.categories(session) if line.parent is not None}
    if wanted.began_from is PoolOrigin.WISH and wanted.category is None:
        raise CategoryNeededError("Choose the kind of support, so that the right providers see it.")
    if wanted.category is not None and wanted.category not in known:
        raise CategoryNeededError("Choose the kind of support from the list.")
