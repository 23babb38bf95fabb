"""Agreeing among members: proposing a version of the agreement, taking it back, and each one's yes."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.kit import audit, text
from marketplace.kit.errors import DomainError, NotAllowedError, NotFoundError, WrongAnswerError
from marketplace.pooling.models import PoolAcceptance, PoolAgreement
from marketplace.pooling.queries.agreement import agreement_in_force, agreement_proposed
from marketplace.pooling.queries.membership import member_people
from marketplace.pooling.rules import agreement as rules
from marketplace.pooling.rules.agreement import Answer
from marketplace.pooling.rules.nouns import AgreementId, MemberRole, PoolId
from marketplace.pooling.services.joining import the_member
from marketplace.pooling.services.locking import locked


class AnswerError(WrongAnswerError):
    """One question of the agreement is not answered as it must be."""


class NothingChangedError(DomainError):
    """The version proposed says what the last one says."""


class AgreementMovedOnError(DomainError):
    """The version is not the one that waits for an answer any more."""


class AgreementNotFoundError(NotFoundError):
    """The pool has no such version."""


class NotForFacilitatorsError(NotAllowedError):
    """Only those who buy together agree and decide; a facilitator helps."""


def propose_agreement(
    session: Session, *, pool_id: PoolId, by: PersonId, answers: Mapping[str, Answer], now: datetime
) -> AgreementId:
    """
    Write a new version of what the members agree, and accept it for whoever proposes it.

    The one that holds goes on holding until everybody has accepted this one. A version that still waited is over.

    :raises PoolNotFoundError: if `by` does not belong to the pool.
    :raises NotForFacilitatorsError: if they help from outside.
    :raises AnswerError: if an answer will not do; its field is the question.
    :raises NothingChangedError: if it says what the last version says.
    """
    locked(session, pool_id=pool_id, even_held=True)
    _an_owner(session, pool_id=pool_id, person_id=by)
    wanted = _looked_at(answers)
    last = agreement_proposed(session, pool_id=pool_id) or agreement_in_force(session, pool_id=pool_id)
    if last is not None and last.answers == wanted:
        raise NothingChangedError("Nothing is different from the last version, so there is nothing to propose.")
    waiting = agreement_proposed(session, pool_id=pool_id)
    if waiting is not None:
        waiting.withdrawn_at = now
    newest = session.scalar(
        select(PoolAgreement.version)
        .where(PoolAgreement.pool_id == pool_id)
        .order_by(PoolAgreement.version.desc())
        .limit(1)
    )
    version = PoolAgreement(
        id=AgreementId(uuid.uuid4()),
        pool_id=pool_id,
        version=(newest or 0) + 1,
        answers=wanted,
        proposed_by=by,
        proposed_at=now,
    )
    session.add(version)
    session.flush()
    audit.record(session, by=by, did="proposed", to_kind="pool_agreement", to_id=version.id, now=now)
    _accept(session, version, by=by, now=now)
    return version.id


def accept_agreement(
    session: Session, *, pool_id: PoolId, agreement_id: AgreementId, by: PersonId, now: datetime
) -> bool:
    """
    Say yes to one version, and return whether it holds now. It does once all who buy together have said yes.

    Whoever joined after it came to hold says yes to the version that holds. Saying yes twice is saying it once.

    :raises PoolNotFoundError: if `by` does not belong to the pool.
    :raises NotForFacilitatorsError: if they help from outside.
    :raises AgreementNotFoundError: if the pool has no such version.
    :raises AgreementMovedOnError: if another version has taken its place.
    """
    locked(session, pool_id=pool_id, even_held=True)
    _an_owner(session, pool_id=pool_id, person_id=by)
    version = _version(session, pool_id=pool_id, agreement_id=agreement_id)
    in_force, proposed = agreement_in_force(session, pool_id=pool_id), agreement_proposed(session, pool_id=pool_id)
    if version.id not in {each.id for each in (in_force, proposed) if each is not None}:
        raise AgreementMovedOnError("There is another version now. Read that one, and then say what you think.")
    _accept(session, version, by=by, now=now)
    return version.in_force_at is not None


def withdraw_agreement(
    session: Session, *, pool_id: PoolId, agreement_id: AgreementId, by: PersonId, now: datetime
) -> None:
    """
    Take back a version that still waits. Any member may: it needs everybody's yes, so one no ends it.

    :raises PoolNotFoundError: if `by` does not belong to the pool.
    :raises NotForFacilitatorsError: if they help from outside.
    :raises AgreementNotFoundError: if the pool has no such version.
    :raises AgreementMovedOnError: if it does not wait any more.
    """
    locked(session, pool_id=pool_id, even_held=True)
    _an_owner(session, pool_id=pool_id, person_id=by)
    version = _version(session, pool_id=pool_id, agreement_id=agreement_id)
    if version.withdrawn_at is not None or version.in_force_at is not None:
        raise AgreementMovedOnError("This version does not wait for an answer any more.")
    version.withdrawn_at = now
    session.flush()
    audit.record(session, by=by, did="withdrew", to_kind="pool_agreement", to_id=version.id, now=now)


def settle_agreement(session: Session, *, pool_id: PoolId, now: datetime) -> bool:
    """Let a version hold for which only those who have left had not spoken; return whether one does now."""
    locked(session, pool_id=pool_id, even_held=True)
    waiting = agreement_proposed(session, pool_id=pool_id)
    if waiting is None:
        return False
    _hold_if_all_agree(session, waiting, now=now)
    return waiting.in_force_at is not None


def _looked_at(answers: Mapping[str, Answer]) -> dict[str, dict[str, str]]:
    tidied = {}
    for question in rules.QUESTIONS:
        given = answers.get(question.name, Answer(choice=""))
        answer = Answer(choice=given.choice, words=text.tidy(given.words))
        problem = rules.answer_problem(question, answer)
        if problem:
            own_words = answer.choice == rules.OWN or len(answer.words) > rules.LONGEST_OWN_WORDS
            raise AnswerError(problem, field=f"{question.name}_words" if own_words else question.name)
        tidied[question.name] = answer
    return rules.as_kept(tidied)


def _an_owner(session: Session, *, pool_id: PoolId, person_id: PersonId) -> None:
    if the_member(session, pool_id=pool_id, person_id=person_id).role is MemberRole.FACILITATOR:
        raise NotForFacilitatorsError("You help this pool from outside, so its members decide this.")


def _version(session: Session, *, pool_id: PoolId, agreement_id: AgreementId) -> PoolAgreement:
    version = session.get(PoolAgreement, agreement_id)
    if version is None or version.pool_id != pool_id:
        raise AgreementNotFoundError("We could not find that version.")
    return version


def _accept(session: Session, version: PoolAgreement, *, by: PersonId, now: datetime) -> None:
    if session.get(PoolAcceptance, (version.id, by)) is None:
        session.add(PoolAcceptance(agreement_id=version.id, person_id=by, accepted_at=now))
        session.flush()
        audit.record(session, by=by, did="accepted", to_kind="pool_agreement", to_id=version.id, now=now)
    _hold_if_all_agree(session, version, now=now)


def _hold_if_all_agree(session: Session, version: PoolAgreement, *, now: datetime) -> None:
    if version.in_force_at is not None:
        return
    said_yes = set(session.scalars(select(PoolAcceptance.person_id).where(PoolAcceptance.agreement_id == version.id)))
    asked = member_people(session, pool_id=version.pool_id, with_facilitators=False)
    if asked and said_yes.issuperset(asked):
        version.in_force_at = now
        session.flush()
        audit.record(session, by=None, did="came into force", to_kind="pool_agreement", to_id=version.id, now=now)
