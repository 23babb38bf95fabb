"""What we store about people and the organisations they speak for. Constraints here are the last word."""

import uuid
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    Uuid,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import (
    ActId,
    BrowserSessionId,
    DelegationId,
    OrganisationId,
    PasskeyId,
    PersonId,
    Purpose,
    Role,
    Scope,
    UnsentFormId,
)
from marketplace.kit.keeping import Kept, Lasts, Leaving, Why, nobodys
from marketplace.kit.model import Model
from marketplace.kit.places import CouncilCode


class Person(Model):
    """Somebody who signed up."""

    __tablename__ = "person"
    kept = Kept(
        what="Who you are: your name, email address and council",
        whose="id",
        leaving=Leaving.EMPTIED,
        because="what must remain has to belong to somebody",
        words=("email",),
        blanks={"name": "Somebody who left", "password_hash": None, "council": None, "confirmed_at": None},
        secrets=("password_hash", "session_stamp"),
        audited=True,
        unaudited=("created_at", "council"),
    )
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_is_lower_case"),)

    id: Mapped[PersonId] = mapped_column(Uuid, primary_key=True)
    email: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    # Changed with the password, so that changing it signs every other browser out.
    session_stamp: Mapped[str] = mapped_column(String(32))
    council: Mapped[CouncilCode | None] = mapped_column(String(9))
    # Whether what they do counts in the figures that councils get. They may say no, and nothing else changes.
    is_counted: Mapped[bool] = mapped_column(default=True, server_default=true())
    confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    # When they left, and everything that names them was taken out. The row stays, for what must remain.
    erased_at: Mapped[datetime | None]


class Organisation(Model):
    """A body that people speak for: a micro-provider, a user-led organisation."""

    __tablename__ = "organisation"
    kept = nobodys("Organisations that people speak for")

    id: Mapped[OrganisationId] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]


class RoleGrant(Model):
    """What a person is here as, and for whom."""

    __tablename__ = "role_grant"
    kept = Kept(what="What you are here as, and for whom", whose="person_id", words=("council",), audited=True)
    __table_args__ = (
        UniqueConstraint("person_id", "role", "organisation_id"),
        CheckConstraint(
            "(role IN ('provider', 'user_led_organisation')) = (organisation_id IS NOT NULL)",
            name="organisation_for_those_who_speak_for_one",
        ),
        Index(
            "uq_role_grant_without_organisation",
            "person_id",
            "role",
            unique=True,
            sqlite_where=text("organisation_id IS NULL"),
            postgresql_where=text("organisation_id IS NULL"),
        ),
        CheckConstraint("(role = 'commissioner') = (council IS NOT NULL)", name="council_for_commissioners"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    role: Mapped[Role]
    organisation_id: Mapped[OrganisationId | None] = mapped_column(Uuid, ForeignKey("organisation.id"), index=True)
    council: Mapped[CouncilCode | None] = mapped_column(String(9))


class EmailedLink(Model):
    """A link we emailed. We keep a hash, so a copy of the database opens nothing."""

    __tablename__ = "emailed_link"
    kept = Kept(what="Links we emailed you", whose="person_id", secrets=("token_hash",), lasts=Lasts(30, "expires_at"))

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    purpose: Mapped[Purpose]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Delegation(Model):
    """What one person lets another do for them, until a day or until either takes it back. It lives once accepted."""

    __tablename__ = "delegation"
    kept = Kept(
        what="What you let others do for you, and others let you do",
        whose="giver_id",
        why=Why.AGREED,
        words=("email",),
        also="receiver_id",
        also_blanks={"email": ""},
        audited=True,
        unaudited=("told_at",),
    )
    __table_args__ = (
        CheckConstraint("giver_id <> receiver_id", name="to_somebody_else"),
        CheckConstraint("(receiver_id IS NULL) = (accepted_at IS NULL)", name="accepted_by_somebody"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_at_and_by"),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
    )

    id: Mapped[DelegationId] = mapped_column(Uuid, primary_key=True)
    giver_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    # Whoever has this address accepts it, signed in.
    email: Mapped[str] = mapped_column(String(320), index=True)
    receiver_id: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    # For whom the receiver speaks, if the person asked an organisation: it lives while they speak for it.
    organisation_id: Mapped[OrganisationId | None] = mapped_column(Uuid, ForeignKey("organisation.id"))
    given_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    # Its last day.
    ends_on: Mapped[date]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    # When both were told that it soon runs out.
    told_at: Mapped[datetime | None]


class DelegationScope(Model):
    """One thing that a delegation allows."""

    __tablename__ = "delegation_scope"
    kept = Kept(what="What each of these consents allows", whose="delegation_id", why=Why.AGREED, audited=True)

    delegation_id: Mapped[DelegationId] = mapped_column(Uuid, ForeignKey("delegation.id"), primary_key=True)
    scope: Mapped[Scope] = mapped_column(primary_key=True)


class Act(Model):
    """One thing that somebody did for another with their consent. The person it was done for reads it."""

    __tablename__ = "act"
    kept = Kept(
        what="What others did for you with your consent",
        whose="person_id",
        why=Why.AGREED,
        words=("did",),
        plain=("to_kind",),
    )
    __table_args__ = (
        CheckConstraint("person_id <> by_person_id", name="for_somebody_else"),
        Index(None, "person_id", "at"),
    )

    id: Mapped[ActId] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    by_person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
    # What was done, as the end of a sentence: "wrote “What matters to me” in your plan".
    did: Mapped[str] = mapped_column(String(200))
    # What it was done to, so that a page can lead there: "plan" and its id.
    to_kind: Mapped[str] = mapped_column(String(40))
    to_id: Mapped[uuid.UUID] = mapped_column(Uuid)


class SecondFactor(Model):
    """The secret that an app on somebody's phone makes codes from. It counts once a code was given."""

    __tablename__ = "second_factor"
    kept = Kept(
        what="The secret that makes codes on your phone",
        whose="person_id",
        secrets=("secret",),
        audited=True,
        unaudited=("last_step",),
    )

    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    # The half minute of the last code taken: no code is taken twice.
    last_step: Mapped[int] = mapped_column(default=0, server_default="0")


class RecoveryCode(Model):
    """A code on paper that opens the door once, when the phone is lost. We keep a hash."""

    __tablename__ = "recovery_code"
    kept = Kept(what="Your codes on paper", whose="person_id", secrets=("code_hash",), audited=True)

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    used_at: Mapped[datetime | None]


class Invitation(Model):
    """An operator's invitation to act for a council. We keep a hash of what was emailed."""

    __tablename__ = "invitation"
    kept = Kept(
        what="An invitation to act for a council",
        by_email="email",
        words=("name", "council"),
        secrets=("token_hash",),
        lasts=Lasts(90, "expires_at"),
        audited=True,
    )
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_is_lower_case"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    email: Mapped[str] = mapped_column(String(320), index=True)
    name: Mapped[str] = mapped_column(String(80))
    council: Mapped[CouncilCode] = mapped_column(String(9))
    invited_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class BrowserSession(Model):
    """A browser in which somebody signed in. They see it, and can end it from any other."""

    __tablename__ = "browser_session"
    kept = Kept(
        what="Browsers in which you signed in",
        whose="person_id",
        why=Why.FAIR,
        words=("browser",),
        lasts=Lasts(30, "ended_at"),
    )

    id: Mapped[BrowserSessionId] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    # In words that its owner knows: "Firefox on Windows". No address, and nothing finer.
    browser: Mapped[str] = mapped_column(String(80))
    began_at: Mapped[datetime]
    # To the hour, so that looking at pages seldom writes.
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class UnsentForm(Model):
    """What somebody typed, and sent when they were signed out already. Only their browser has the key to read it."""

    __tablename__ = "unsent_form"
    kept = Kept(
        what="What you typed when you had been signed out, until you send it",
        whose="person_id",
        secrets=("sealed",),
        lasts=Lasts(1, "left_at"),
    )

    id: Mapped[UnsentFormId] = mapped_column(Uuid, primary_key=True)
    # Who was signed in in that browser before: nobody else who signs in there is shown it.
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    left_at: Mapped[datetime] = mapped_column(index=True)


class Passkey(Model):
    """A key that somebody's phone, computer or security key holds for this site. Ours is the public half."""

    __tablename__ = "passkey"
    kept = Kept(
        what="Your passkeys",
        whose="person_id",
        words=("name",),
        plain=("transports",),
        secrets=("credential_id", "public_key"),
        audited=True,
        unaudited=("sign_count", "used_at"),
    )

    id: Mapped[PasskeyId] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    # What the device says how often it signed: one that goes back is a copy.
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    transports: Mapped[str] = mapped_column(String(80), default="", server_default="")
    # What its owner calls it: "My phone".
    name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class EmailChange(Model):
    """A new address that somebody asked for. It counts once they open the letter there; the old one can undo it."""

    __tablename__ = "email_change"
    kept = Kept(
        what="Changes of your email address",
        whose="person_id",
        words=("old_email", "new_email"),
        secrets=("token_hash", "undo_hash"),
        lasts=Lasts(30, "asked_at"),
        audited=True,
    )
    __table_args__ = (CheckConstraint("new_email = lower(new_email)", name="email_is_lower_case"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    undo_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    old_email: Mapped[str] = mapped_column(String(320))
    new_email: Mapped[str] = mapped_column(String(320))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
