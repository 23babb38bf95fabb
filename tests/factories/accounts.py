"""The most boring people and organisations there are."""

import itertools
import uuid
from datetime import UTC, datetime, timedelta

from marketplace.accounts.models import Organisation, Person, RoleGrant, SecondFactor
from marketplace.accounts.rules import Role, Scope, Viewer, invitation_id, token_hash
from marketplace.accounts.services import delegations, inviting
from marketplace.kit import codes
from marketplace.kit.days import day_of

JOINED = datetime(2025, 1, 6, 9, tzinfo=UTC)
_count = itertools.count(1)


def person(session, *, role=Role.PERSON, council=None, lives_in=None, name="Sam", email=None):
    """Add somebody with one role (a commissioner needs `council`)."""
    somebody = Person(
        id=uuid.uuid4(),
        email=email or f"somebody{next(_count)}@example.org",
        name=name,
        password_hash=None,
        session_stamp="stamp",
        council=lives_in,
        confirmed_at=JOINED,
        created_at=JOINED,
    )
    session.add(somebody)
    session.flush()
    session.add(RoleGrant(person_id=somebody.id, role=role, council=council))
    session.flush()
    return somebody


def organisation(session, *, name="Boring Help", role=Role.PROVIDER, spoken_for_by=None):
    """Add an organisation and, unless given, somebody who speaks for it."""
    body = Organisation(id=uuid.uuid4(), name=name, created_at=JOINED)
    session.add(body)
    session.flush()
    speaker = spoken_for_by or person(session)
    session.add(RoleGrant(person_id=speaker.id, role=role, organisation_id=body.id))
    session.flush()
    return body, speaker


def friend(session, *, of, scopes=frozenset(Scope), now=None):
    """Add somebody whom a person lets help them for a month. Returns them and the consent."""
    helper, now = person(session, name="Friend"), now or datetime.now(UTC)
    consent_id = delegations.give_consent(
        session,
        by=of.id,
        email=helper.email,
        scopes=scopes,
        ends_on=day_of(now) + timedelta(days=30),
        link="/",
        now=now,
        key=uuid.uuid4(),
    )
    delegations.accept_consent(session, delegation_id=consent_id, by=helper.id, link="/", now=now)
    return helper, consent_id


def as_viewer(person, *organisations, role=Role.PERSON, council=None):
    """Return somebody as they are when they look at a page."""
    return Viewer(
        person_id=person.id,
        name=person.name,
        roles=frozenset({role}),
        organisations=frozenset(body.id for body in organisations),
        council=council,
    )


def code_of(session, person_id, key, now=None):
    """Return the next code that somebody's phone would show and nobody has used. They need a second factor."""
    now, factor = now or datetime.now(UTC), session.get_one(SecondFactor, person_id, populate_existing=True)
    return codes.code_for(codes.secret_from(factor.secret, key=key), step=codes.next_step(now, taken=factor.last_step))


def invitation(session, *, by, email="invited@example.org", council="E08000009", now=None):
    """Invite somebody to act for a council. Return by what the invitation is called, and its token."""
    sent = []
    inviting.invite_commissioner(
        session,
        name="Invited",
        email=email,
        council=inviting.InvitedFor(council, "Trafford"),
        by=by,
        link=lambda token: sent.append(token) or "/",
        now=now or datetime.now(UTC),
    )
    return invitation_id(token_hash(sent[0])), sent[0]
