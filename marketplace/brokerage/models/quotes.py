"""What we store about quotes, how they were scored and which was chosen. Constraints here are the last word."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.brokerage.rules.nouns import (
    BriefId,
    CriterionId,
    Fit,
    MeetingId,
    MeetingKind,
    NeedId,
    QuoteId,
    QuoteStatus,
    TrialOffer,
    WhyNot,
)
from marketplace.catalogue.rules import OfferId, SafetyCheckId, Unit
from marketplace.kit.keeping import Kept, Leaving, nobodys
from marketplace.kit.model import Model
from marketplace.kit.money import Money

_LIVE = text("status <> 'withdrawn'")


class Quote(Model):
    """
    What one provider would do for a brief, and for how much.

    The price of one unit is split into parts: `admin`, `overhead` and `travel` are within it, and the rest is support.
    """

    __tablename__ = "quote"
    kept = Kept(
        what="What you told a provider you did not choose",
        whose="brief_id",
        leaving=Leaving.EMPTIED,
        because="providers answered it, and their quotes stay with them",
        blanks={"why_not_words": ""},
        plain=("times", "trial_words"),
        only=("why_not", "why_not_words"),
    )
    __table_args__ = (
        CheckConstraint("unit_price >= 0 AND admin >= 0 AND overhead >= 0 AND travel >= 0", name="no_part_negative"),
        CheckConstraint("admin + overhead + travel <= unit_price", name="parts_within_the_price"),
        CheckConstraint("quantity BETWEEN 1 AND 10000", name="quantity_in_bounds"),
        CheckConstraint("weeks BETWEEN 1 AND 104", name="weeks_in_bounds"),
        CheckConstraint("total = unit_price * quantity * weeks", name="total_is_price_times_quantity"),
        CheckConstraint("notice_hours >= 0", name="notice_not_negative"),
        CheckConstraint("(status = 'draft') = (sent_at IS NULL)", name="sent_has_a_moment"),
        CheckConstraint("(status = 'not_chosen') = (why_not IS NOT NULL)", name="not_chosen_has_a_reason"),
        Index(
            "uq_quote_live",
            "brief_id",
            "organisation_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index(None, "organisation_id", "status"),
    )

    id: Mapped[QuoteId] = mapped_column(Uuid, primary_key=True)
    brief_id: Mapped[BriefId] = mapped_column(Uuid, ForeignKey("brief.id"))
    organisation_id: Mapped[OrganisationId] = mapped_column(Uuid, ForeignKey("organisation.id"))
    # As which of their offers it would be arranged.
    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"))
    quoted_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    unit: Mapped[Unit]
    unit_price: Mapped[Money]
    admin: Mapped[Money]
    overhead: Mapped[Money]
    travel: Mapped[Money]
    quantity: Mapped[int]
    weeks: Mapped[int]
    total: Mapped[Money]
    notice_hours: Mapped[int | None]
    can_start_on: Mapped[date]
    times: Mapped[str] = mapped_column(String(300))
    trial: Mapped[TrialOffer]
    trial_words: Mapped[str] = mapped_column(String(200))
    status: Mapped[QuoteStatus]
    began_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    # Drawn by lot: in which order quotes are shown says nothing.
    shown_at: Mapped[int]
    why_not: Mapped[WhyNot | None]
    why_not_words: Mapped[str] = mapped_column(Text)


class QuoteAnswer(Model):
    """How a quote meets one need."""

    __tablename__ = "quote_answer"
    kept = nobodys("How a quote meets a need")

    quote_id: Mapped[QuoteId] = mapped_column(Uuid, ForeignKey("quote.id"), primary_key=True)
    need_id: Mapped[NeedId] = mapped_column(Uuid, ForeignKey("brief_need.id"), primary_key=True)
    fit: Mapped[Fit]
    words: Mapped[str] = mapped_column(Text)


class QuoteCheck(Model):
    """A check on the provider that a quote points to. Nothing is copied: it is shown as it stands."""

    __tablename__ = "quote_check"
    kept = nobodys("Checks that a quote points to")

    quote_id: Mapped[QuoteId] = mapped_column(Uuid, ForeignKey("quote.id"), primary_key=True)
    check_id: Mapped[SafetyCheckId] = mapped_column(Uuid, ForeignKey("safety_check.id"), primary_key=True)


class QuoteScore(Model):
    """What one person gives a quote for one criterion, from 0 to 4, before they know what others give."""

    __tablename__ = "quote_score"
    kept = Kept(
        what="What you gave each quote",
        whose="person_id",
        leaving=Leaving.EMPTIED,
        because="others scored with you",
        blanks={"because": ""},
    )
    __table_args__ = (CheckConstraint("points BETWEEN 0 AND 4", name="points_in_bounds"),)

    quote_id: Mapped[QuoteId] = mapped_column(Uuid, ForeignKey("quote.id"), primary_key=True)
    criterion_id: Mapped[CriterionId] = mapped_column(Uuid, ForeignKey("brief_criterion.id"), primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), primary_key=True)
    points: Mapped[int]
    because: Mapped[str] = mapped_column(String(300))
    given_at: Mapped[datetime]


class AgreedScore(Model):
    """What those who scored give a quote for one criterion together, after they talked."""

    __tablename__ = "agreed_score"
    kept = nobodys("What those who scored quotes gave together")
    __table_args__ = (CheckConstraint("points BETWEEN 0 AND 4", name="points_in_bounds"),)

    quote_id: Mapped[QuoteId] = mapped_column(Uuid, ForeignKey("quote.id"), primary_key=True)
    criterion_id: Mapped[CriterionId] = mapped_column(Uuid, ForeignKey("brief_criterion.id"), primary_key=True)
    points: Mapped[int]
    agreed_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    agreed_at: Mapped[datetime]


class QuoteMeeting(Model):
    """What the person asks of one provider after reading its quote: to meet, to try it out, to say more."""

    __tablename__ = "quote_meeting"
    kept = Kept(
        what="What you asked a provider after its quote",
        whose="quote_id",
        leaving=Leaving.EMPTIED,
        because="providers answered it, and their quotes stay with them",
        blanks={"words": "", "how_it_was": ""},
        plain=("answer",),
    )
    __table_args__ = (CheckConstraint("(answered_at IS NULL) = (answered_by IS NULL)", name="answered_at_and_by"),)

    id: Mapped[MeetingId] = mapped_column(Uuid, primary_key=True)
    quote_id: Mapped[QuoteId] = mapped_column(Uuid, ForeignKey("quote.id"), index=True)
    kind: Mapped[MeetingKind]
    words: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text)
    answered_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    # What came of it, in the person's words: for their own choice, never for the provider.
    how_it_was: Mapped[str] = mapped_column(Text)


class Award(Model):
    """Which quote was chosen, and why."""

    __tablename__ = "award"
    kept = Kept(
        what="Which quote you chose, and why",
        whose="brief_id",
        leaving=Leaving.EMPTIED,
        because="providers answered it, and their quotes stay with them",
        blanks={"because": ""},
    )

    brief_id: Mapped[BriefId] = mapped_column(Uuid, ForeignKey("brief.id"), primary_key=True)
    quote_id: Mapped[QuoteId] = mapped_column(Uuid, ForeignKey("quote.id"), unique=True)
    because: Mapped[str] = mapped_column(Text)
    by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    at: Mapped[datetime]
    # What it became: an arrangement, or, for a pool, the answer that its members open it on.
    arrangement_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("arrangement.id"))
    pool_answer_key: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    pack_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("decision_pack.id"))
