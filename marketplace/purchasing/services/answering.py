"""What the two sides do once something has been asked for: say yes or no, or take it back."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace.accounts.queries import speaks_for
from marketplace.accounts.rules import PersonId
from marketplace.kit import audit, text
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError
from marketplace.kit.sentences import worded
from marketplace.purchasing import rules
from marketplace.purchasing.models import Arrangement, ArrangementTerms
from marketplace.purchasing.queries import provider_name
from marketplace.purchasing.rules import Act, ArrangementId, ArrangementStatus, Side
from marketplace.purchasing.rules.nouns import TermsStatus
from marketplace.purchasing.services.counting import count_agreed
from marketplace.purchasing.services.hours import follow_terms
from marketplace.purchasing.services.letters import Address, terms_of, write_to_person, write_to_provider
from marketplace.purchasing.services.promised import release_all

WHERE_IT_STANDS = {
    ArrangementStatus.ASKED: "The provider has not answered this yet.",
    ArrangementStatus.ACCEPTED: "The provider has accepted this already.",
    ArrangementStatus.DECLINED: "The provider has declined this already.",
    ArrangementStatus.WITHDRAWN: "This was withdrawn before the provider answered.",
    ArrangementStatus.CANCELLED: "This has been cancelled.",
    ArrangementStatus.DONE: "This has been marked as done already.",
}
"""Why an act comes too late or too early, in words."""

_DID = {
    Act.ACCEPT: "accepted",
    Act.DECLINE: "declined",
    Act.WITHDRAW: "withdrew",
    Act.CANCEL: "cancelled",
    Act.MARK_DONE: "marked as done",
}
"""What the audit trail says of each act."""


class ArrangementNotFoundError(NotFoundError):
    """There is no such arrangement, or the person is neither side of it."""


class ArrangementMovedOnError(DomainError):
    """The arrangement no longer stands where this could be done, or does not yet."""


class NotYourSideError(NotAllowedError):
    """Only the other side may do this."""


class WaitsForPoolError(DomainError):
    """Its pool is not confirmed yet, so neither side can do anything about it."""


class ReasonUnclearError(DomainError):
    """Declining needs a reason of readable length."""


def accept_arrangement(
    session: Session, *, arrangement_id: ArrangementId, by: PersonId, link: Address, now: datetime
) -> None:
    """
    Say yes, for the provider.

    :raises ArrangementNotFoundError: if `by` is neither side of it.
    :raises NotYourSideError: if `by` is the person who asked.
    :raises ArrangementMovedOnError: if it waits for no answer.
    """
    it, _side = take_step(session, arrangement_id=arrangement_id, by=by, act=Act.ACCEPT, now=now)
    it.answered_at = now
    answer_terms(session, it, status=TermsStatus.AGREED, by=by, now=now)
    follow_terms(session, it, by=by, now=now)
    count_agreed(session, it, now=now)
    name = provider_name(session, provider_id=it.provider_id)
    write_to_person(
        session,
        it,
        subject=worded("{name} says yes: {title}", name=name, title=it.title),
        body=worded(
            "{name} says yes to what you asked for:\n\n{terms_of}\n\n"
            "What happens next: they get in touch to agree the details. Both of you can now see each other's email "
            "address on this page:\n{link}\n\n"
            "You can cancel there too. If there is something to pay, they send you an invoice. When it is "
            "done, either of "
            "you says so, and you can tell others what it was like.",
            name=name,
            terms_of=terms_of(it),
            link=link(it.id),
        ),
        now=now,
    )


def decline_arrangement(
    session: Session, *, arrangement_id: ArrangementId, by: PersonId, reason: str, link: Address, now: datetime
) -> None:
    """
    Say no, for the provider, with a reason that the person reads.

    :raises ArrangementNotFoundError: if `by` is neither side of it.
    :raises NotYourSideError: if `by` is the person who asked.
    :raises ArrangementMovedOnError: if it waits for no answer.
    :raises ReasonUnclearError: if the reason is missing or too long.
    """
    it, _side = take_step(session, arrangement_id=arrangement_id, by=by, act=Act.DECLINE, now=now)
    reason = text.tidy(reason)
    problem = rules.words_problem(reason)
    if problem:
        raise ReasonUnclearError(problem)
    it.answered_at, it.decline_reason = now, reason
    answer_terms(session, it, status=TermsStatus.DECLINED, by=by, now=now)
    release_all(session, it, by=by, now=now)
    name = provider_name(session, provider_id=it.provider_id)
    write_to_person(
        session,
        it,
        subject=worded("{name} cannot do this: {title}", name=name, title=it.title),
        body=worded(
            "{name} cannot do what you asked for:\n\n{terms_of}\n\n"
            "They say why here:\n{link}\n\n"
            "What happens next: nothing is agreed and you owe nothing. You can look for somebody else on our site.",
            name=name,
            terms_of=terms_of(it),
            link=link(it.id),
        ),
        now=now,
    )


def withdraw_arrangement(
    session: Session, *, arrangement_id: ArrangementId, by: PersonId, link: Address, now: datetime
) -> None:
    """
    Take back what one asked for, before there is an answer.

    :raises ArrangementNotFoundError: if `by` is neither side of it.
    :raises NotYourSideError: if `by` is the provider.
    :raises ArrangementMovedOnError: if the provider has answered.
    """
    it, _side = take_step(session, arrangement_id=arrangement_id, by=by, act=Act.WITHDRAW, now=now)
    it.ended_at, it.ended_by = now, by
    answer_terms(session, it, status=TermsStatus.WITHDRAWN, by=by, now=now)
    release_all(session, it, by=by, now=now)
    write_to_provider(
        session,
        it,
        subject=worded("No longer wanted: {title}", title=it.title),
        body=worded(
            "Somebody who asked you for this no longer wants it:\n\n{terms_of}\n\n"
            "You need do nothing. You can see it here:\n{link}",
            terms_of=terms_of(it),
            link=link(it.id),
        ),
        now=now,
    )


def side_of(session: Session, it: Arrangement, *, by: PersonId) -> Side:
    """
    Return which side of an arrangement somebody is.

    :raises ArrangementNotFoundError: if they are neither, or provide what still waits for its pool.
    :raises WaitsForPoolError: if it waits for its pool.
    """
    waits = it.waits_for_pool and it.status is ArrangementStatus.ACCEPTED
    if it.person_id == by and waits:
        raise WaitsForPoolError("Your pool is still getting ready, so this cannot change yet. You can leave the pool.")
    if it.person_id == by:
        return Side.PERSON
    if not waits and speaks_for(session, person_id=by, organisation_id=it.organisation_id):
        return Side.PROVIDER
    raise ArrangementNotFoundError("We could not find that arrangement.")


def locked_arrangement(session: Session, *, arrangement_id: ArrangementId) -> Arrangement:
    """
    Return an arrangement that nobody else can change until this transaction ends.

    :raises ArrangementNotFoundError: if there is none.
    """
    it = session.get(Arrangement, arrangement_id, with_for_update=True, populate_existing=True)
    if it is None:
        raise ArrangementNotFoundError("We could not find that arrangement.")
    return it


def answer_terms(session: Session, it: Arrangement, *, status: TermsStatus, by: PersonId, now: datetime) -> None:
    """Answer the version of the terms that waits for an answer, if there is one."""
    session.execute(
        update(ArrangementTerms)
        .where(ArrangementTerms.arrangement_id == it.id, ArrangementTerms.status == TermsStatus.PROPOSED)
        .values(status=status, answered_by=by, answered_at=now)
    )


def take_step(
    session: Session, *, arrangement_id: ArrangementId, by: PersonId, act: Act, now: datetime
) -> tuple[Arrangement, Side]:
    """
    Lock an arrangement, and let one side take it to its next status.

    :raises ArrangementNotFoundError: if `by` is neither side of it.
    :raises NotYourSideError: if only the other side may do this.
    :raises ArrangementMovedOnError: if nobody may do this now.
    """
    # The row lock makes two answers queue, so that the second sees what the first has said.
    it = locked_arrangement(session, arrangement_id=arrangement_id)
    side = side_of(session, it, by=by)
    to = rules.next_status(status=it.status, act=act, side=side)
    if to is None:
        if act in rules.NEXT[it.status]:
            raise NotYourSideError("Only the other side of this arrangement can do that.")
        raise ArrangementMovedOnError(
            worded(
                "{where_it_stands} Open the page again to see what you can do now.",
                where_it_stands=WHERE_IT_STANDS[it.status],
            )
        )
    it.status = to
    audit.record(session, by=by, did=_DID[act], to_kind="arrangement", to_id=it.id, now=now)
    return it, side
