"""A wish that nobody offers yet becomes a call: providers near hear of it, and answer with what they can do."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import Permission, PersonId, Viewer
from marketplace.catalogue import queries as catalogue
from marketplace.catalogue.rules import CategorySlug, OfferId, Unit
from marketplace.kit import audit, text
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.kit.money import Money
from marketplace.kit.sentences import worded
from marketplace.kit.uniqueness import repeats
from marketplace.pooling.models import Pool, PoolAnswer
from marketplace.pooling.queries.membership import champions, member_people
from marketplace.pooling.queries.wishes import organisations_to_call, organisations_within, own_offers
from marketplace.pooling.rules import FEWEST_PEOPLE, MOST_PEOPLE
from marketplace.pooling.rules.nouns import AnswerId, PoolId, PoolOrigin, PoolStatus
from marketplace.pooling.rules.starting import FEWEST_SAID, is_a_call
from marketplace.pooling.services.joining import the_champion
from marketplace.pooling.services.letters import PoolAddress
from marketplace.pooling.services.locking import PoolNotFoundError, locked

LONGEST_ANSWER = 1_000
_MOST_CALLED = 30
"""How many organisations hear of one wish."""
_MOST_POUNDS = Money(1_000_000)


class NotACallError(DomainError):
    """The pool is no wish that providers can answer, or is no more."""


class OfferChoiceError(WrongAnswerError):
    """It is none of this provider's live offers."""

    field = "offer"


class AnswerWordsError(WrongAnswerError):
    """The answer says nothing, or too much."""

    field = "words"


class WholePriceError(WrongAnswerError):
    """The price for the group is missing, or out of bounds."""

    field = "whole_price"


class AnswerUnitError(WrongAnswerError):
    """Nobody knows what the price is for."""

    field = "unit"


class FewestError(WrongAnswerError):
    """The least number of people is out of bounds."""

    field = "people_from"


class MostError(WrongAnswerError):
    """There is not room for the least number of people."""

    field = "most_people"


class AnsweredAlreadyError(DomainError):
    """The offer answers this wish already."""


class AnswerNotFoundError(NotFoundError):
    """There is no such answer, or it is another provider's."""


class InsideError(DomainError):
    """Whoever is in a pool, or helps it, does not also sell to it."""


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """
    What a provider answers to a wish: one of their offers at its own prices, or with a price for the whole group.

    `whole_price` is for one `unit`, from `people_from` people on; `most_people` is how many they can take.
    """

    offer_id: OfferId | None
    words: str
    whole_price: Money | None = None
    unit: Unit | None = None
    people_from: int | None = None
    most_people: int | None = None


def ask_providers(
    session: Session, *, pool_id: PoolId, by: PersonId, category: CategorySlug | None, now: datetime
) -> None:
    """
    Make a pool that is finding people a wish, which providers see from three households on.

    :raises PoolNotFoundError: if they are not in it, or it is kept from view.
    :raises NotChampionError: if somebody else keeps it going.
    :raises NotACallError: if it is past finding people, or has no kind of support.
    """
    pool = locked(session, pool_id=pool_id)
    the_champion(session, pool_id=pool_id, person_id=by)
    if pool.status is not PoolStatus.DRAFT:
        raise NotACallError("This pool is past finding people, so providers are not asked any more.")
    known = {line.slug for line in catalogue.categories(session) if line.parent is not None}
    pool.category = category if category in known else pool.category
    if pool.category is None:
        raise NotACallError("Choose the kind of support first, so that the right providers see it.")
    if pool.began_from is not PoolOrigin.WISH:
        pool.began_from = PoolOrigin.WISH
        audit.record(session, by=by, did="asked providers", to_kind="pool", to_id=pool_id, now=now)
        if len(member_people(session, pool_id=pool_id, with_facilitators=False)) >= FEWEST_SAID:
            tell_providers_of_wish(session, pool=pool, now=now)
    session.flush()


def tell_providers_of_wish(session: Session, *, pool: Pool, now: datetime) -> None:
    """Write to organisations near that offer this kind of support that some people wish for something. Never who."""
    for organisation_id in organisations_to_call(session, pool_id=pool.id, limit=_MOST_CALLED):
        accounts.write_to_organisation(
            session,
            organisation_id=organisation_id,
            subject=worded("People near {place_name} would like something together", place_name=pool.place_name),
            body=worded(
                "At least {fewest_said} people near {place_name} would like to do or buy something together: "
                "{title}\n\nIf you can offer it, you can answer them, with one of your offers or with a price for "
                "the whole group. You find it under “Wishes of groups”, on the page of your offers. "
                "They decide, and they owe nobody an answer.",
                fewest_said=FEWEST_SAID,
                place_name=pool.place_name,
                title=pool.title,
            ),
            now=now,
        )


def answer_wish(
    session: Session, *, pool_id: PoolId, by: Viewer, wanted: NewAnswer, address: PoolAddress, now: datetime
) -> AnswerId:
    """
    Let a provider answer a wish, and tell those who keep it going. Binds the provider to nothing before a pool opens.

    :raises PoolNotFoundError: if providers cannot see such a wish.
    :raises OfferChoiceError: if it is none of their live offers.
    :raises InsideError: if they are in the pool, or their organisation helps it.
    :raises AnswerWordsError, WholePriceError, AnswerUnitError, FewestError, MostError: if an answer will not do.
    :raises AnsweredAlreadyError: if this offer answers it already.
    """
    pool = locked(session, pool_id=pool_id)
    people = member_people(session, pool_id=pool_id, with_facilitators=False)
    if by.person_id is None or not by.may(Permission.PROVIDE):
        raise PoolNotFoundError("We could not find that wish.")
    if not is_a_call(began_from=pool.began_from, status=pool.status, people=len(people)):
        raise PoolNotFoundError("We could not find that wish.")
    offer = next((one for one in own_offers(session, viewer=by) if one.id == wanted.offer_id), None)
    if offer is None:
        raise OfferChoiceError("Choose one of your offers.")
    inside = organisations_within(session, pool_id=pool_id)
    if offer.organisation_id in inside or by.person_id in member_people(session, pool_id=pool_id):
        raise InsideError("You belong to this pool yourself, so you cannot answer it as a provider.")
    words = text.tidy(wanted.words)
    _check(wanted, words)
    is_whole = wanted.whole_price is not None
    answer = PoolAnswer(
        id=AnswerId(uuid.uuid4()),
        pool_id=pool_id,
        offer_id=offer.id,
        organisation_id=offer.organisation_id,
        words=words,
        whole_price=wanted.whole_price,
        unit=wanted.unit if is_whole else None,
        people_from=wanted.people_from if is_whole else None,
        most_people=wanted.most_people,
        answered_by=by.person_id,
        answered_at=now,
    )
    try:
        with session.begin_nested():
            session.add(answer)
    except IntegrityError as error:
        if not repeats(
            error, constraint="uq_pool_answer_live", columns=("pool_answer.pool_id", "pool_answer.offer_id")
        ):
            raise
        raise AnsweredAlreadyError("You have answered with this offer already. Take that back first.") from None
    audit.record(session, by=by.person_id, did="answered", to_kind="pool", to_id=pool_id, now=now)
    for person_id in champions(session, pool_id=pool_id):
        accounts.write_to_person(
            session,
            person_id=person_id,
            subject=worded("A provider has answered: {title}", title=pool.title),
            body=worded(
                "A provider has answered what your pool wishes for. Everybody in the pool can see the answers beside "
                "each other:\n{address}\n\nNothing is bought yet, and you owe nobody an answer.",
                address=address(pool_id),
            ),
            now=now,
        )
    session.flush()
    return answer.id


def withdraw_answer(session: Session, *, answer_id: AnswerId, by: Viewer, now: datetime) -> None:
    """
    Let a provider take an answer back. A pool that opened on it keeps what it was told.

    :raises AnswerNotFoundError: if there is none of theirs like it.
    """
    answer = session.get(PoolAnswer, answer_id, with_for_update=True, populate_existing=True)
    if answer is None or answer.withdrawn_at is not None or not by.speaks_for(answer.organisation_id):
        raise AnswerNotFoundError("We could not find that answer.")
    answer.withdrawn_at = now
    audit.record(session, by=by.person_id, did="withdrew an answer", to_kind="pool", to_id=answer.pool_id, now=now)
    session.flush()


def _check(wanted: NewAnswer, words: str) -> None:
    if not words:
        raise AnswerWordsError("Say in a few words what you can do for them.")
    if len(words) > LONGEST_ANSWER:
        raise AnswerWordsError(worded("Use at most {longest_answer:,} characters.", longest_answer=LONGEST_ANSWER))
    if wanted.whole_price is not None:
        _check_price(wanted, wanted.whole_price)
    least = wanted.people_from if wanted.people_from is not None else FEWEST_PEOPLE
    if wanted.most_people is not None and not least <= wanted.most_people <= MOST_PEOPLE:
        raise MostError(
            worded(
                "Enter a number of people from {least} to {most_people}, or leave it empty.",
                least=least,
                most_people=MOST_PEOPLE,
            )
        )


def _check_price(wanted: NewAnswer, price: Money) -> None:
    if not Money(1) <= price <= _MOST_POUNDS:
        raise WholePriceError("Enter a price from 1p to £10,000, or leave it empty to use the prices of your offer.")
    if wanted.unit is None:
        raise AnswerUnitError("Choose what this price is for, such as an hour.")
    if wanted.people_from is None or not FEWEST_PEOPLE <= wanted.people_from <= MOST_PEOPLE:
        raise FewestError(
            worded(
                "Enter a number of people from {fewest_people} to {most_people}.",
                fewest_people=FEWEST_PEOPLE,
                most_people=MOST_PEOPLE,
            )
        )
