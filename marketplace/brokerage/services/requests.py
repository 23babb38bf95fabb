"""Asking an organisation for help with one's plan: one of its people says yes, and consent lives; or it says no."""

import uuid
from collections.abc import Callable, Collection
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import DelegationId, OrganisationId, PersonId, Scope, Viewer
from marketplace.accounts.services.delegations import sound_scopes
from marketplace.accounts.services.helping import give_consent_to_known
from marketplace.brokerage.models import HelpRequest
from marketplace.brokerage.queries.directory import organisation_to_ask
from marketplace.brokerage.queries.independence import held_by_organisation, sold_by
from marketplace.brokerage.rules import helping as rules
from marketplace.brokerage.rules.independence import conflict, conflict_of_oneself
from marketplace.brokerage.rules.nouns import RequestId, RequestStatus
from marketplace.catalogue.rules import OfferId
from marketplace.kit import audit, text
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.kit.sentences import worded
from marketplace.kit.uniqueness import repeats

Address = Callable[[RequestId], str]
"""Turns a request into the address of the page on which the organisation answers it."""


class RequestNotFoundError(NotFoundError):
    """There is no such request, or none that this person may answer or take back."""


class OrganisationNotToAskError(NotFoundError):
    """It helps nobody to plan, or nobody speaks for it."""


class RequestUnclearError(WrongAnswerError):
    """Words are missing or too long."""

    field = "words"


class HoldsEverythingError(WrongAnswerError):
    """Whoever sells support would hold the whole process [003]."""

    field = "scopes"


class AskedAlreadyError(DomainError):
    """The organisation has a request of this person waiting, or they have very many."""


class RequestOverError(DomainError):
    """It was answered, or taken back."""


def ask_for_help(
    session: Session,
    *,
    organisation_id: OrganisationId,
    offer_id: OfferId | None = None,
    words: str,
    scopes: Collection[Scope],
    ends_on: date,
    by: Viewer,
    address: Address,
    now: datetime,
) -> RequestId:
    """
    Ask an organisation to help with one's plan. Nothing is allowed before one of its people says yes.

    :raises OrganisationNotToAskError: if it is not one that helps people plan, or one's own.
    :raises RequestUnclearError: if the words are missing or too long.
    :raises NothingAllowedError, UnsoundConsentPeriodError: if it would allow nothing, or for no sound time.
    :raises HoldsEverythingError: if it sells support, and would hold the whole of the planning.
    :raises AskedAlreadyError: if it has been asked and has not answered, or ten wait already.
    """
    words, today = text.tidy(words), day_of(now)
    organisation = organisation_to_ask(session, organisation_id=organisation_id)
    if organisation is None or by.person_id is None or by.speaks_for(organisation_id):
        raise OrganisationNotToAskError("You cannot ask that organisation for help.")
    if problem := rules.request_problem(words):
        raise RequestUnclearError(problem)
    scopes = sound_scopes(scopes, ends_on=ends_on, today=today)
    accounts.take_turns(session, person_id=by.person_id)
    held = held_by_organisation(session, person_id=by.person_id, organisation_id=organisation_id, on=today)
    sells = organisation_id in sold_by(session, organisation_ids=[organisation_id])
    if problem := conflict(sells=sells, holds=held | scopes, name=organisation.name):
        raise HoldsEverythingError(problem)
    _check_waiting(session, by=by.person_id)
    it = HelpRequest(
        id=RequestId(uuid.uuid4()),
        person_id=by.person_id,
        organisation_id=organisation_id,
        offer_id=offer_id if offer_id in organisation.offer_ids else None,
        words=words,
        scopes=[scope.value for scope in Scope if scope in scopes],
        ends_on=ends_on,
        status=RequestStatus.ASKED,
        asked_at=now,
        answer="",
    )
    _add_once(session, it)
    audit.record(session, by=by.person_id, did="asked for help", to_kind="help_request", to_id=it.id, now=now)
    accounts.write_to_organisation(
        session,
        organisation_id=organisation_id,
        subject="Somebody asks you for help with their plan",
        body=worded(
            "Somebody has found you on our site, and asks whether one of you will help them. You can read what they "
            "write, and say yes or no, here:\n{address}\n\nWhoever says yes is the one who helps them, and sees "
            "what they allow. If you say no, say it kindly: they have taken a step.",
            address=address(it.id),
        ),
        now=now,
    )
    return it.id


def accept_request(session: Session, *, request_id: RequestId, by: Viewer, link: str, now: datetime) -> DelegationId:
    """
    Say yes, as one of the organisation's people. What was asked for is allowed from now on.

    :raises RequestNotFoundError: if it was not asked of an organisation that `by` speaks for.
    :raises RequestOverError: if it was answered or taken back, or the last day that was named is over.
    :raises HoldsEverythingError: if the organisation sells support by now, and would hold the whole of the planning.
    :raises ConsentAlreadyGivenError: if they have an open consent from the same person.
    """
    it = _asked_of(session, request_id=request_id, by=by)
    today = day_of(now)
    if it.ends_on < today:
        raise RequestOverError("They asked for help until a day that has passed. They can ask you again.")
    scopes = {Scope(scope) for scope in it.scopes}
    held = held_by_organisation(session, person_id=it.person_id, organisation_id=it.organisation_id, on=today)
    sells = it.organisation_id in sold_by(session, organisation_ids=[it.organisation_id])
    if problem := conflict_of_oneself(sells=sells, holds=held | scopes, name="Your organisation"):
        raise HoldsEverythingError(problem)
    it.delegation_id = give_consent_to_known(
        session,
        giver_id=it.person_id,
        receiver_id=_who(by),
        organisation_id=it.organisation_id,
        scopes=scopes,
        ends_on=it.ends_on,
        link=link,
        now=now,
    )
    _answer(it, RequestStatus.ACCEPTED, by=by, now=now)
    session.flush()
    audit.record(session, by=by.person_id, did="accepted a request", to_kind="help_request", to_id=it.id, now=now)
    return it.delegation_id


def decline_request(
    session: Session, *, request_id: RequestId, by: Viewer, words: str, link: str, now: datetime
) -> None:
    """
    Say no, as one of the organisation's people, with a kind word. `link` leads to others who could be asked.

    :raises RequestNotFoundError: if it was not asked of an organisation that `by` speaks for.
    :raises RequestOverError: if it was answered or taken back.
    :raises RequestUnclearError: if the words are too long.
    """
    words = text.tidy(words)
    if len(words) > rules.LONGEST_ANSWER:
        raise RequestUnclearError(
            worded("Use at most {longest_answer} characters.", longest_answer=rules.LONGEST_ANSWER)
        )
    it = _asked_of(session, request_id=request_id, by=by)
    organisation = organisation_to_ask(session, organisation_id=it.organisation_id)
    name = organisation.name if organisation else "The organisation you asked"
    _answer(it, RequestStatus.DECLINED, by=by, now=now)
    it.answer = words
    session.flush()
    audit.record(session, by=by.person_id, did="declined a request", to_kind="help_request", to_id=it.id, now=now)
    said = worded(" They write:\n\n{words}", words=words) if words else ""
    accounts.write_to_person(
        session,
        person_id=it.person_id,
        subject=worded("{name} cannot help you now", name=name),
        body=worded(
            "You asked {name} for help with your plan. They cannot help you now: it says nothing about you or your "
            "plan.{said}\n\nOthers could help you, some of them free. Look here:\n{link}",
            name=name,
            said=said,
            link=link,
        ),
        now=now,
    )


def withdraw_request(session: Session, *, request_id: RequestId, by: PersonId, now: datetime) -> None:
    """
    Take back what one asked before it is answered. Doing it twice changes nothing.

    :raises RequestNotFoundError: if it is somebody else's.
    :raises RequestOverError: if it was answered.
    """
    it = session.get(HelpRequest, request_id, with_for_update=True)
    if it is None or it.person_id != by:
        raise RequestNotFoundError("We could not find that request.")
    if it.status is RequestStatus.WITHDRAWN:
        return
    if it.status is not RequestStatus.ASKED:
        raise RequestOverError("They have answered already. Open the page again to see what they say.")
    it.status, it.answered_at, it.answered_by = RequestStatus.WITHDRAWN, now, by
    session.flush()
    audit.record(session, by=by, did="took back a request", to_kind="help_request", to_id=it.id, now=now)


def _who(by: Viewer) -> PersonId:
    if by.person_id is None:
        raise RequestNotFoundError("We could not find that request.")
    return by.person_id


def _asked_of(session: Session, *, request_id: RequestId, by: Viewer) -> HelpRequest:
    """Return a request, locked, that waits for an answer of those who speak for whom it was asked of."""
    it = session.get(HelpRequest, request_id, with_for_update=True)
    if it is None or not by.speaks_for(it.organisation_id) or it.person_id == by.person_id:
        raise RequestNotFoundError("We could not find that request.")
    if it.status is not RequestStatus.ASKED:
        raise RequestOverError("This request has been answered, or they have taken it back.")
    return it


def _answer(it: HelpRequest, status: RequestStatus, *, by: Viewer, now: datetime) -> None:
    it.status, it.answered_at, it.answered_by = status, now, by.person_id


def _check_waiting(session: Session, *, by: PersonId) -> None:
    waiting = session.scalar(
        select(func.count()).where(HelpRequest.person_id == by, HelpRequest.status == RequestStatus.ASKED)
    )
    if (waiting or 0) >= rules.MOST_ASKED:
        raise AskedAlreadyError(
            worded(
                "You have asked {most_asked} who have not answered yet. Take one back first.",
                most_asked=rules.MOST_ASKED,
            )
        )


def _add_once(session: Session, it: HelpRequest) -> None:
    try:
        with session.begin_nested():
            session.add(it)
    except IntegrityError as error:
        columns = ("help_request.person_id", "help_request.organisation_id")
        if not repeats(error, constraint="uq_help_request_asked", columns=columns):
            raise
        raise AskedAlreadyError("You have asked them already, and they have not answered yet.") from error
