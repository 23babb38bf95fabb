"""What can happen to consent: somebody lets another do something for them, until a day or until either ends it."""

import uuid
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import queries, rules
from marketplace.accounts.models import Delegation, DelegationScope, Person
from marketplace.accounts.rules import ConsentState, DelegationId, PersonId, Scope
from marketplace.accounts.services.accounts import take_turns, write_to_person
from marketplace.kit import audit, outbox
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotFoundError, WrongAnswerError
from marketplace.kit.said import day
from marketplace.kit.sentences import worded

_MOST_OPEN = 20
_LETTER = {
    Scope.SEE_BUDGETS: "see {whose} budgets",
    Scope.CONFIRM_VISITS: "confirm {whose} visits",
    Scope.SEE_PLAN: "see {whose} plan",
    Scope.WRITE_PLAN: "write in {whose} plan",
    Scope.ASK_FOR_QUOTES: "ask providers for quotes for {whom}, and see the quotes (not choose one)",
}


class ConsentNotFoundError(NotFoundError):
    """There is no such consent, or it is between two others."""


class NothingAllowedError(WrongAnswerError):
    """Consent to nothing."""

    field = "scopes"


class ConsentToOneselfError(WrongAnswerError):
    """One's own address."""

    field = "email"


class ConsentAlreadyGivenError(WrongAnswerError):
    """The same person has an open one already."""

    field = "email"


class TooManyConsentsError(DomainError):
    """More than anybody means to give."""


class UnsoundConsentPeriodError(WrongAnswerError):
    """A last day that is over, or more than a year away."""

    field = "ends_on"


class ConsentOverError(DomainError):
    """It was ended, or its last day is over."""


def give_consent(
    session: Session,
    *,
    by: PersonId,
    email: str,
    scopes: Collection[Scope],
    ends_on: date,
    link: str,
    now: datetime,
    key: DelegationId,
) -> DelegationId:
    """
    Offer to let whoever has this address do something, until the end of a day. It lives once they say yes.

    Whoever may write in a plan may see it too.

    Whether the address has an account stays unsaid. Idempotent: the same key gives it once.

    :raises NothingAllowedError: if it allows nothing.
    :raises UnsoundConsentPeriodError: if it ends before today, or more than a year from now.
    :raises ConsentToOneselfError: if the address is one's own.
    :raises ConsentAlreadyGivenError: if whoever has the address has an open one from the same person.
    :raises TooManyConsentsError: if twenty are open.
    """
    email, today = rules.normal_email(email), day_of(now)
    scopes = sound_scopes(scopes, ends_on=ends_on, today=today)
    take_turns(session, person_id=by)
    known = session.get(Delegation, key)
    if known is not None and known.giver_id == by:
        return known.id
    giver = queries.addressee(session, person_id=by)
    if email == giver.email:
        raise ConsentToOneselfError("That is your own address. Enter the address of whoever should help you.")
    _check_open_ones(session, by=by, email=email, today=today)
    consent = Delegation(
        id=key if known is None else DelegationId(uuid.uuid4()),
        giver_id=by,
        email=email,
        given_at=now,
        ends_on=ends_on,
    )
    session.add(consent)
    session.flush()
    session.add_all(DelegationScope(delegation_id=consent.id, scope=scope) for scope in scopes)
    audit.record(session, by=by, did="offered consent", to_kind="delegation", to_id=consent.id, now=now)
    outbox.send(
        session,
        to=email,
        subject=worded("{name} would like you to help them", name=giver.name),
        body=worded(
            "Hello,\n\nUntil {ends_on}, {name} would like to let you:\n\n{allowed_list}\n\n"
            "To say yes or no, sign in with this email address (or open an account with it) and open:\n{link}\n\n"
            "Either of you can end it at any time. If you do not know them, you need do nothing.",
            ends_on=day(ends_on),
            name=giver.name,
            allowed_list=allowed_list(scopes),
            link=link,
        ),
        now=now,
    )
    return consent.id


def sound_scopes(scopes: Collection[Scope], *, ends_on: date, today: date) -> frozenset[Scope]:
    """
    Return what a consent given today would allow in full.

    :raises NothingAllowedError: if it allows nothing.
    :raises UnsoundConsentPeriodError: if it ends before today, or more than a year from now.
    """
    if not scopes:
        raise NothingAllowedError("Choose at least one thing that they may do.")
    if not rules.consent_lasts_soundly(ends_on=ends_on, today=today):
        raise UnsoundConsentPeriodError("Choose a last day from today to a year from today. You can end it earlier.")
    return rules.whole_scopes(scopes)


def allowed_list(scopes: Collection[Scope], *, whose: str = "their", whom: str = "them") -> str:
    """Return what a consent allows, as a list in a letter: one thing on each line."""
    return "\n".join(f"- {_LETTER[scope].format(whose=whose, whom=whom)}" for scope in Scope if scope in scopes)


def _check_open_ones(session: Session, *, by: PersonId, email: str, today: date) -> None:
    """
    Make sure that one more would be the only one to this address, and not one of very many.

    :raises ConsentAlreadyGivenError, TooManyConsentsError: if it would not.
    """
    to = session.scalars(
        select(Delegation.email).where(
            Delegation.giver_id == by, Delegation.ended_at.is_(None), Delegation.ends_on >= today
        )
    ).all()
    if email in to:
        raise ConsentAlreadyGivenError(
            "You have given consent to that address already. End that one first, to change what it allows."
        )
    if len(to) >= _MOST_OPEN:
        raise TooManyConsentsError(
            worded("You let {most_open} people help you already. End one of those first.", most_open=_MOST_OPEN)
        )


def accept_consent(session: Session, *, delegation_id: DelegationId, by: PersonId, link: str, now: datetime) -> None:
    """
    Say yes to what somebody offers. Doing it twice changes nothing.

    :raises ConsentNotFoundError: if it was not offered to this person's own, confirmed address.
    :raises ConsentOverError: if it was ended, or has run out.
    """
    consent = _between(session, delegation_id=delegation_id, by=by)
    if consent.giver_id == by:
        raise ConsentNotFoundError("We could not find that consent.")
    state = _state(consent, now=now)
    if state is ConsentState.LIVE:
        return
    if state is not ConsentState.WAITING:
        raise ConsentOverError("This consent is over. They can give it again.")
    consent.receiver_id, consent.accepted_at = by, now
    audit.record(session, by=by, did="accepted consent", to_kind="delegation", to_id=consent.id, now=now)
    name = queries.addressee(session, person_id=by).name
    _write(
        session,
        to=consent.giver_id,
        subject=worded("{name} has said yes", name=name),
        body=worded(
            "You let {name} ({email}) help you until {ends_on}, and they have said yes.\n\n"
            "See what they may do, or end it at any time:\n{link}",
            name=name,
            email=consent.email,
            ends_on=day(consent.ends_on),
            link=link,
        ),
        now=now,
    )


def end_consent(session: Session, *, delegation_id: DelegationId, by: PersonId, link: str, now: datetime) -> None:
    """
    End a consent at once, or say no to one that waits: either of the two may. Doing it twice changes nothing.

    :raises ConsentNotFoundError: if it is between two others.
    """
    consent = _between(session, delegation_id=delegation_id, by=by)
    was = _state(consent, now=now)
    if was not in {ConsentState.LIVE, ConsentState.WAITING}:
        return
    consent.ended_at, consent.ended_by = now, by
    audit.record(session, by=by, did="ended consent", to_kind="delegation", to_id=consent.id, now=now)
    to = consent.receiver_id if by == consent.giver_id else consent.giver_id
    if to is None:
        return
    name = queries.addressee(session, person_id=by).name
    said = (
        worded("{name} has said no. Nothing was shown to them.", name=name)
        if was is ConsentState.WAITING
        else worded(
            "The consent between {name} and you has ended, because {name} ended it. It allows nothing any more.",
            name=name,
        )
    )
    _write(
        session,
        to=to,
        subject="A consent has ended",
        body=worded("{said}\n\nSee what is left:\n{link}", said=said, link=link),
        now=now,
    )


def _between(session: Session, *, delegation_id: DelegationId, by: PersonId) -> Delegation:
    """Return a consent, locked, to either of the two it is between."""
    consent = session.get(Delegation, delegation_id, with_for_update=True)
    if consent is None or by not in {consent.giver_id, consent.receiver_id or _waited_for(session, consent)}:
        raise ConsentNotFoundError("We could not find that consent.")
    return consent


def _waited_for(session: Session, consent: Delegation) -> PersonId | None:
    # An address that nobody has shown to be theirs is nobody's.
    return session.scalars(
        select(Person.id).where(Person.email == consent.email, Person.confirmed_at.is_not(None))
    ).one_or_none()


def _state(consent: Delegation, *, now: datetime) -> ConsentState:
    return rules.consent_state(
        is_accepted=consent.accepted_at is not None,
        is_ended=consent.ended_at is not None,
        ends_on=consent.ends_on,
        today=day_of(now),
    )


def _write(session: Session, *, to: PersonId, subject: str, body: str, now: datetime) -> None:
    write_to_person(session, person_id=to, subject=subject, body=body, now=now)
