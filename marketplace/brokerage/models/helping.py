"""What we store about those who help with plans for a living. Constraints here are the last word."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import DelegationId, OrganisationId, PersonId
from marketplace.brokerage.rules.nouns import RequestId, RequestStatus, TaskId
from marketplace.catalogue.rules import OfferId
from marketplace.kit.keeping import Kept, Why, nobodys
from marketplace.kit.model import Model


class Independence(Model):
    """What an organisation that helps with plans says about who pays it and what else it sells [003], in editions."""

    __tablename__ = "independence"
    kept = nobodys("What organisations that help with plans say of who pays them")
    __table_args__ = (
        Index(
            "uq_independence_in_force",
            "organisation_id",
            unique=True,
            sqlite_where=text("superseded_at IS NULL"),
            postgresql_where=text("superseded_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    organisation_id: Mapped[OrganisationId] = mapped_column(Uuid, ForeignKey("organisation.id"), index=True)
    # Values of `Payer`.
    payers: Mapped[list[Any]] = mapped_column(JSON)
    who_pays: Mapped[str] = mapped_column(Text)
    also_sells: Mapped[str] = mapped_column(Text)
    # Who owns it, or sits on its board, that also provides support.
    ties: Mapped[str] = mapped_column(Text)
    declared_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    declared_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]


class HelpRequest(Model):
    """Somebody asks an organisation for help with their plan. Accepted, it becomes a consent to one of its people."""

    __tablename__ = "help_request"
    kept = Kept(
        what="Your requests for help with a plan",
        whose="person_id",
        why=Why.AGREED,
        words=("words", "answer"),
        plain=("scopes",),
        audited=True,
    )
    __table_args__ = (
        CheckConstraint("(status = 'asked') = (answered_at IS NULL)", name="answered_has_a_moment"),
        CheckConstraint("(status = 'accepted') = (delegation_id IS NOT NULL)", name="accepted_is_a_consent"),
        Index(
            "uq_help_request_asked",
            "person_id",
            "organisation_id",
            unique=True,
            sqlite_where=text("status = 'asked'"),
            postgresql_where=text("status = 'asked'"),
        ),
        Index(None, "organisation_id", "status"),
    )

    id: Mapped[RequestId] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    organisation_id: Mapped[OrganisationId] = mapped_column(Uuid, ForeignKey("organisation.id"))
    # The offer of help through which they were found.
    offer_id: Mapped[OfferId | None] = mapped_column(Uuid, ForeignKey("offer.id"))
    words: Mapped[str] = mapped_column(Text)
    # Values of `Scope`: what they would be allowed, and until which day.
    scopes: Mapped[list[Any]] = mapped_column(JSON)
    ends_on: Mapped[date]
    status: Mapped[RequestStatus]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(Text)
    delegation_id: Mapped[DelegationId | None] = mapped_column(Uuid, ForeignKey("delegation.id"))


class HelpTask(Model):
    """Something that a helper is to do for a person. Both see it, while the consent lives."""

    __tablename__ = "help_task"
    kept = Kept(what="What somebody is to do for you", whose="person_id", why=Why.AGREED, words=("words",))
    __table_args__ = (CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="done_at_and_by"),)

    id: Mapped[TaskId] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    helper_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    words: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date | None]
    made_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
