"""Consent that needs no second yes, because both have asked and answered already; and word of consent that runs out."""

import uuid
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import queries
from marketplace.accounts.models import Delegation, DelegationScope, Organisation, Person
from marketplace.accounts.rules import DelegationId, OrganisationId, PersonId, Scope, called
from marketplace.accounts.services.accounts import take_turns, write_to_person
from marketplace.accounts.services.delegations import (
    ConsentAlreadyGivenError,
    ConsentNotFoundError,
    allowed_list,
    end_consent,
    sound_scopes,
)
from marketplace.kit import audit
from marketplace.kit.days import day_of
from marketplace.kit.errors import NotAllowedError
from marketplace.kit.said import day
from marketplace.kit.sentences import worded


class DoesNotSpeakForItError(NotAllowedError):
    """An organisation was asked, and this is none of its people."""


def give_consent_to_known(
    session: Session,
    *,
    giver_id: PersonId,
    receiver_id: PersonId,
    organisation_id: OrganisationId,
    scopes: Collection[Scope],
    ends_on: date,
    link: str,
    now: datetime,
) -> DelegationId:
    """
    Let one of an organisation's people do what somebody asked that organisation for. It lives at once.

    The caller has made sure that the person asked for just this, and that the receiver says yes now. It lives only
    while the receiver speaks for the organisation.

    :raises NothingAllowedError, UnsoundConsentPeriodError: if it allows nothing, or for no sound time.
    :raises DoesNotSpeakForItError: if the receiver does not speak for the organisation, or is the person themselves.
    :raises ConsentAlreadyGivenError: if the receiver has an open consent from the same person.
    """
    today = day_of(now)
    scopes = sound_scopes(scopes, ends_on=ends_on, today=today)
    if receiver_id == giver_id or not queries.speaks_for(
        session, person_id=receiver_id, organisation_id=organisation_id
    ):
        raise DoesNotSpeakForItError("Only somebody else who speaks for that organisation can help.")
    take_turns(session, person_id=giver_id)
    receiver = session.get_one(Person, receiver_id)
    known = select(Delegation.id).where(
        Delegation.giver_id == giver_id,
        Delegation.email == receiver.email,
        Delegation.ended_at.is_(None),
        Delegation.ends_on >= today,
    )
    if session.scalars(known.limit(1)).first() is not None:
        raise ConsentAlreadyGivenError(
            "They have given you consent already. One of you can end that one first, to change what it allows."
        )
    consent = Delegation(
        id=DelegationId(uuid.uuid4()),
        giver_id=giver_id,
        email=receiver.email,
        receiver_id=receiver_id,
        organisation_id=organisation_id,
        given_at=now,
        accepted_at=now,
        ends_on=ends_on,
    )
    session.add(consent)
    session.flush()
    session.add_all(DelegationScope(delegation_id=consent.id, scope=scope) for scope in scopes)
    audit.record(session, by=giver_id, did="gave consent by asking", to_kind="delegation", to_id=consent.id, now=now)
    audit.record(session, by=receiver_id, did="accepted consent", to_kind="delegation", to_id=consent.id, now=now)
    organisation = session.get_one(Organisation, organisation_id).name
    name = called(receiver.name, of=organisation)
    write_to_person(
        session,
        person_id=giver_id,
        subject=worded("{name} will help you", name=name),
        body=worded(
            "You asked {organisation} for help, and {name} has said yes. Until {ends_on}, "
            "{name} may do this for you:\n\n{allowed_list}\n\n"
            "You see everything they do for you, and you can end it at any time:\n{link}",
            organisation=organisation,
            name=receiver.name,
            ends_on=day(ends_on),
            allowed_list=allowed_list(scopes, whose="your", whom="you"),
            link=link,
        ),
        now=now,
    )
    return consent.id


def tell_of_consent_ending(session: Session, *, delegation_id: DelegationId, link: str, now: datetime) -> bool:
    """Tell both that a consent soon runs out, once. Return whether they were told now."""
    consent = session.get(Delegation, delegation_id, with_for_update=True)
    if consent is None or consent.receiver_id is None or consent.ended_at or consent.told_at:
        return False
    consent.told_at = now
    session.flush()
    giver, receiver = (
        queries.addressee(session, person_id=person_id) for person_id in (consent.giver_id, consent.receiver_id)
    )
    until = day(consent.ends_on)
    write_to_person(
        session,
        person_id=consent.giver_id,
        subject=worded("What you let {name} do ends on {until}", name=receiver.name, until=until),
        body=worded(
            "You let {name} help you. That ends by itself after {until}: then they can see and do nothing "
            "for you any more.\n\nIf that is right, you need do nothing. To let them go on helping you, end "
            "it and give "
            "it again:\n{link}",
            name=receiver.name,
            until=until,
            link=link,
        ),
        now=now,
    )
    write_to_person(
        session,
        person_id=consent.receiver_id,
        subject=worded("What {name} lets you do ends on {until}", name=giver.name, until=until),
        body=worded(
            "{name} lets you help them. That ends by itself after {until}: then you can see and do nothing for "
            "them any more.\n\nWe have told them too. Only they can give it again. See what is left:\n{link}",
            name=giver.name,
            until=until,
            link=link,
        ),
        now=now,
    )
    return True


def stop_helping(session: Session, *, giver_id: PersonId, by: PersonId, link: str, now: datetime) -> None:
    """
    End everything that somebody lets one do, as their helper. Nothing is left by then to do it twice.

    :raises ConsentNotFoundError: if they let one do nothing.
    """
    theirs = session.scalars(
        select(Delegation.id).where(
            Delegation.giver_id == giver_id,
            Delegation.receiver_id == by,
            Delegation.ended_at.is_(None),
            Delegation.ends_on >= day_of(now),
        )
    ).all()
    if not theirs:
        raise ConsentNotFoundError("They do not let you help them any more, or never did.")
    for delegation_id in theirs:
        end_consent(session, delegation_id=delegation_id, by=by, link=link, now=now)
