"""The most boring people and organisations there are."""

import itertools
import uuid
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import BrowserSession, Organisation, Passkey, Person, RoleGrant, SecondFactor
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


def cookie_of(session, person_id, *, with_code=True, now=None):
    """Begin a browser in which somebody is signed in, and return what its cookie holds."""
    now = now or datetime.now(UTC)
    browser = BrowserSession(
        id=uuid.uuid4(), person_id=person_id, browser="Firefox on Linux", began_at=now, seen_at=now
    )
    session.add(browser)
    stamp = session.scalars(sa.select(Person.session_stamp).where(Person.id == person_id)).one()
    session.flush()
    known_as, second = f"{person_id}:{stamp}:{browser.id}", int(now.timestamp())
    cookie = {"_user_id": known_as, "_fresh": True, "confirmed": known_as, "confirmed_at": second}
    return cookie | ({"proved": known_as, "proved_at": second} if with_code else {})


def browser_of(app, person_id, client=None):
    """Return a browser in which somebody is signed in, on an application in which everything is committed."""
    client = client or app.test_client()
    with Session(app.extensions["engine"]) as session:
        session.connection(execution_options={"writing": True})
        cookie = cookie_of(session, person_id)
        session.commit()
    with client.session_transaction() as kept:
        kept.update(cookie)
    return client


def passkey(session, *, person_id, name="My phone", now=None):
    """Keep a passkey of somebody's that no device holds."""
    kept = Passkey(
        id=uuid.uuid4(),
        person_id=person_id,
        credential_id=uuid.uuid4().bytes,
        public_key=b"nothing",
        name=name,
        made_at=now or datetime.now(UTC),
    )
    session.add(kept)
    session.flush()
    return kept


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
