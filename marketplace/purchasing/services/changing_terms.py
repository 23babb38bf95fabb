"""Changing what was agreed, by agreement of both sides: one proposes another version, the other says yes or no."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.catalogue.rules import Unit
from marketplace.kit import audit, text
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotAllowedError, WrongAnswerError
from marketplace.kit.money import ZERO, Money
from marketplace.kit.sentences import worded
from marketplace.purchasing.models import Arrangement, ArrangementTerms
from marketplace.purchasing.queries import provider_name
from marketplace.purchasing.queries.terms import agreed_versions, terms_of_version
from marketplace.purchasing.rules import LONGEST_WORDS, ArrangementId, ArrangementStatus, Side, how_much
from marketplace.purchasing.rules.nouns import ArrangementKind, TermsStatus
from marketplace.purchasing.rules.terms import Terms, change_problems, changes_nothing, cost_in_all
from marketplace.purchasing.services.answering import (
    WHERE_IT_STANDS,
    ArrangementMovedOnError,
    locked_arrangement,
    side_of,
)
from marketplace.purchasing.services.counting import count_price
from marketplace.purchasing.services.hours import follow_terms
from marketplace.purchasing.services.letters import Address, write_to_person, write_to_provider
from marketplace.purchasing.services.promised import promise_difference, release_difference


class ChangeUnclearError(WrongAnswerError):
    """We could not propose that as it stands."""


class NothingChangedError(DomainError):
    """The terms proposed are those that hold."""


class ChangeWaitsError(DomainError):
    """Another change waits for an answer already."""


class NoSuchChangeError(DomainError):
    """No such change waits for an answer: it was answered, or taken back."""


class OwnChangeError(NotAllowedError):
    """Only the other side answers a change, and only its own side takes it back."""


def propose_terms(
    session: Session,
    *,
    arrangement_id: ArrangementId,
    by: PersonId,
    wanted: Terms,
    reason: str,
    link: Address,
    now: datetime,
) -> int:
    """
    Propose another version of the terms, and write to the other side. Return its number.

    What it costs more is set aside in the person's budgets: at once if they propose it, else when they agree.

    :raises ArrangementNotFoundError: if `by` is neither side of it.
    :raises ArrangementMovedOnError: if it is not agreed, or over.
    :raises ChangeUnclearError: if an answer will not do; `field` says which.
    :raises NothingChangedError: if it is what holds already.
    :raises ChangeWaitsError: if a change waits for an answer already.
    :raises NotEnoughLeftError: if the person proposes it and their budgets have less left.
    """
    it, side = _going_on(session, arrangement_id=arrangement_id, by=by)
    wanted = replace(wanted, what=text.tidy(wanted.what), who=text.tidy_line(wanted.who))
    reason = text.tidy(reason)
    check_change(kind=it.kind, unit=it.unit, holds=terms_of_version(it), wanted=wanted, reason=reason, now=now)
    version = _next_version(session, it)
    session.add(
        ArrangementTerms(
            arrangement_id=it.id,
            version=version,
            what=wanted.what,
            quantity=wanted.quantity,
            weeks=wanted.weeks,
            unit_price=wanted.unit_price,
            total=wanted.total,
            notice_hours=wanted.notice_hours,
            travel_per_mile=wanted.travel_per_mile,
            who=wanted.who,
            starts_on=wanted.starts_on,
            status=TermsStatus.PROPOSED,
            reason=reason,
            proposed_by=by,
            proposed_at=now,
        )
    )
    try:
        session.flush()
    except IntegrityError as error:
        raise ChangeWaitsError("A change waits for an answer already. It has to be answered first.") from error
    if side is Side.PERSON:
        promise_difference(session, it, version=version, more=_more(session, it, wanted), by=by, now=now)
    audit.record(session, by=by, did="proposed a change to", to_kind="arrangement", to_id=it.id, now=now)
    _tell(
        session,
        it,
        of=side,
        subject=worded("A change is proposed: {title}", title=it.title),
        said=worded(
            "would like to change what you agreed:\n\n{title}\n{said}\n\n"
            "What happens next: see the old and the new beside each other, with why they would like it, and say yes or "
            "no. Until you say yes, everything stays as it is:\n{link}",
            title=it.title,
            said=_said(it, wanted),
            link=link(it.id),
        ),
        now=now,
    )
    return version


def agree_to_terms(
    session: Session, *, arrangement_id: ArrangementId, version: int, by: PersonId, link: Address, now: datetime
) -> None:
    """
    Say yes to a version of the terms that the other side proposed: from now on it is what holds.

    :raises ArrangementNotFoundError: if `by` is neither side of it.
    :raises ArrangementMovedOnError: if it is over.
    :raises NoSuchChangeError: if this version waits for no answer.
    :raises OwnChangeError: if their own side proposed it.
    :raises NotEnoughLeftError: if the person agrees and their budgets have less left.
    """
    it, side = _going_on(session, arrangement_id=arrangement_id, by=by)
    change = _waiting(session, it, version=version)
    if proposing_side(it, change) is side:
        raise OwnChangeError("The other side has to say yes to this.")
    wanted = terms_of_version(change)
    more = _more(session, it, wanted)
    if side is Side.PERSON:
        promise_difference(session, it, version=version, more=more, by=by, now=now)
    release_difference(session, it, version=version, less=-more, by=by, now=now)
    change.status, change.answered_by, change.answered_at = TermsStatus.AGREED, by, now
    it.version, it.what, it.who = version, wanted.what, wanted.who
    it.quantity, it.weeks, it.unit_price, it.total = wanted.quantity, wanted.weeks, wanted.unit_price, wanted.total
    it.notice_hours, it.travel_per_mile, it.starts_on = wanted.notice_hours, wanted.travel_per_mile, wanted.starts_on
    session.flush()
    follow_terms(session, it, by=by, now=now)
    count_price(session, it, now=now)
    audit.record(session, by=by, did="agreed to a change of", to_kind="arrangement", to_id=it.id, now=now)
    _tell(
        session,
        it,
        of=side,
        subject=worded("Agreed: {title}", title=it.title),
        said=worded(
            "says yes to the change you proposed:\n\n{title}\n{said}\n\n"
            "This is what holds now. You can see it, and what held before, here:\n{link}",
            title=it.title,
            said=_said(it, wanted),
            link=link(it.id),
        ),
        now=now,
    )


def decline_terms(
    session: Session, *, arrangement_id: ArrangementId, version: int, by: PersonId, link: Address, now: datetime
) -> None:
    """
    Say no to a version of the terms that the other side proposed: everything stays as it is.

    :raises ArrangementNotFoundError, ArrangementMovedOnError, NoSuchChangeError, OwnChangeError: as `agree_to_terms`.
    """
    it, side = _going_on(session, arrangement_id=arrangement_id, by=by)
    change = _waiting(session, it, version=version)
    if proposing_side(it, change) is side:
        raise OwnChangeError("The other side has to answer this. You can take it back.")
    _drop(session, it, change, status=TermsStatus.DECLINED, by=by, now=now)
    audit.record(session, by=by, did="declined a change of", to_kind="arrangement", to_id=it.id, now=now)
    _tell(
        session,
        it,
        of=side,
        subject=worded("No change: {title}", title=it.title),
        said=worded(
            "would rather not change this:\n\n{title}\n\n"
            "What happens next: everything stays as you agreed. You can see it here:\n{link}",
            title=it.title,
            link=link(it.id),
        ),
        now=now,
    )


def withdraw_terms(
    session: Session, *, arrangement_id: ArrangementId, version: int, by: PersonId, link: Address, now: datetime
) -> None:
    """
    Take back a version of the terms that one's own side proposed, before it is answered.

    :raises ArrangementNotFoundError, ArrangementMovedOnError, NoSuchChangeError: as `agree_to_terms`.
    :raises OwnChangeError: if the other side proposed it.
    """
    it, side = _going_on(session, arrangement_id=arrangement_id, by=by)
    change = _waiting(session, it, version=version)
    if proposing_side(it, change) is not side:
        raise OwnChangeError("Only the side that proposed this can take it back. You can say no.")
    _drop(session, it, change, status=TermsStatus.WITHDRAWN, by=by, now=now)
    audit.record(session, by=by, did="took back a change of", to_kind="arrangement", to_id=it.id, now=now)
    _tell(
        session,
        it,
        of=side,
        subject=worded("No longer proposed: {title}", title=it.title),
        said=worded(
            "has taken back the change they proposed:\n\n{title}\n\n"
            "You need do nothing: everything stays as you agreed. You can see it here:\n{link}",
            title=it.title,
            link=link(it.id),
        ),
        now=now,
    )


def check_change(
    *, kind: ArrangementKind, unit: Unit | None, holds: Terms, wanted: Terms, reason: str, now: datetime
) -> None:
    """
    Refuse a change that will not do. Changes nothing.

    :raises ChangeUnclearError: if an answer will not do; `field` says which.
    :raises NothingChangedError: if it is what holds already.
    """
    problems = change_problems(kind=kind, unit=unit, now_holds=holds, wanted=wanted, today=day_of(now))
    if len(reason) > LONGEST_WORDS:
        problems["reason"] = worded("Use at most {longest_words:,} characters.", longest_words=LONGEST_WORDS)
    for field, problem in problems.items():
        raise ChangeUnclearError(problem, field=field)
    if changes_nothing(kind=kind, holds=holds, wanted=wanted):
        raise NothingChangedError("Nothing is different yet. Change what you would like to be different.")


def proposing_side(it: Arrangement, change: ArrangementTerms) -> Side:
    """Return which side proposed a version of the terms."""
    return Side.PERSON if change.proposed_by == it.person_id else Side.PROVIDER


def _going_on(session: Session, *, arrangement_id: ArrangementId, by: PersonId) -> tuple[Arrangement, Side]:
    # The row lock makes two answers queue, so that the second sees what the first has said.
    it = locked_arrangement(session, arrangement_id=arrangement_id)
    side = side_of(session, it, by=by)
    if it.status is not ArrangementStatus.ACCEPTED:
        raise ArrangementMovedOnError(
            worded("{where_it_stands} So its terms cannot be changed.", where_it_stands=WHERE_IT_STANDS[it.status])
        )
    return it, side


def _waiting(session: Session, it: Arrangement, *, version: int) -> ArrangementTerms:
    change = session.scalars(
        select(ArrangementTerms).where(
            ArrangementTerms.arrangement_id == it.id,
            ArrangementTerms.version == version,
            ArrangementTerms.status == TermsStatus.PROPOSED,
        )
    ).one_or_none()
    if change is None:
        raise NoSuchChangeError("This change has been answered or taken back. Open the page again to see where it is.")
    return change


def _next_version(session: Session, it: Arrangement) -> int:
    known = session.scalars(select(ArrangementTerms).where(ArrangementTerms.arrangement_id == it.id)).all()
    if any(one.status is TermsStatus.PROPOSED for one in known):
        raise ChangeWaitsError("A change waits for an answer already. It has to be answered first.")
    return max((one.version for one in known), default=it.version) + 1


def _more(session: Session, it: Arrangement, wanted: Terms) -> Money:
    """Return how much more everything costs with a change: below zero if it costs less."""
    versions = agreed_versions(session, it)
    return cost_in_all(it.kind, [*versions, wanted]) - cost_in_all(it.kind, versions)


def _drop(
    session: Session, it: Arrangement, change: ArrangementTerms, *, status: TermsStatus, by: PersonId, now: datetime
) -> None:
    change.status, change.answered_by, change.answered_at = status, by, now
    if proposing_side(it, change) is Side.PERSON:
        more = max(_more(session, it, terms_of_version(change)), ZERO)
        release_difference(session, it, version=change.version, less=more, by=by, now=now)
    session.flush()


def _said(it: Arrangement, terms: Terms) -> str:
    said = how_much(
        quantity=terms.quantity,
        unit=it.unit,
        package_hours=it.package_hours,
        rate=it.rate,
        kind=it.kind,
        weeks=terms.weeks,
    )
    return f"{said}, {f'{terms.total} altogether' if terms.total.pence else 'free'}"


def _tell(session: Session, it: Arrangement, *, of: Side, subject: str, said: str, now: datetime) -> None:
    """Write to the other side of what one side did. `said` follows who did it: the person is named in no letter."""
    if of is Side.PERSON:
        body = worded("The person you agreed this with {said}", said=said)
        write_to_provider(session, it, subject=subject, body=body, now=now)
    else:
        body = f"{provider_name(session, provider_id=it.provider_id)} {said}"
        write_to_person(session, it, subject=subject, body=body, now=now)
