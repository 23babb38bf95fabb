"""What we store so that reviews are dealt with fairly: readings, appeals, objections, flags, the ledger."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import PersonId
from marketplace.catalogue.rules import ProviderId
from marketplace.kit.keeping import Kept, Leaving, Why, nobodys
from marketplace.kit.model import Model
from marketplace.ratings.rules.nouns import (
    AppealId,
    AppealOutcome,
    FlagId,
    FlagKind,
    FlagOutcome,
    Ground,
    ObjectionId,
    ObjectionOutcome,
    ReviewId,
    Screened,
    ScreeningId,
    ScreeningOutcome,
)

_UNDECIDED = text("decided_at IS NULL")


class Screening(Model):
    """Something of a review that waits, or waited, for a person to read it. The screen never saw the stars."""

    __tablename__ = "screening"
    kept = Kept(
        what="Readings of your reviews by moderators",
        whose="review_id",
        leaving=Leaving.STAYS,
        why=Why.FAIR,
        because="what was decided stays on record",
        words=("reason",),
        plain=("suspected",),
        audited=True,
        unaudited=("told_at",),
    )
    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_has_its_time"),
        CheckConstraint(
            "coalesce(outcome, '') <> 'refused' OR (ground IS NOT NULL AND length(reason) > 0)",
            name="refused_with_a_reason",
        ),
        Index(None, "decided_at", "due_at"),
        Index(None, "subject_kind", "subject_id"),
    )

    id: Mapped[ScreeningId] = mapped_column(Uuid, primary_key=True)
    review_id: Mapped[ReviewId] = mapped_column(Uuid, ForeignKey("review.id", ondelete="CASCADE"), index=True)
    # The review itself, or the reply or addition of that id.
    subject_kind: Mapped[Screened]
    subject_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    # The grounds that the screen suspects, as a list of `Ground`. Empty: somebody reported it.
    suspected: Mapped[list[str]] = mapped_column(JSON)
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    told_at: Mapped[datetime | None]  # When we last reminded the moderators.
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    outcome: Mapped[ScreeningOutcome | None]
    ground: Mapped[Ground | None]
    reason: Mapped[str] = mapped_column(Text, default="")


class Appeal(Model):
    """A writer asks the user-led panel to look at a refusal again."""

    __tablename__ = "appeal"
    kept = Kept(
        what="Your appeals to the panel",
        whose="screening_id",
        leaving=Leaving.EMPTIED,
        why=Why.FAIR,
        because="what the panel decided stays on record",
        blanks={"words": "Taken away: its writer left."},
        audited=True,
        unaudited=("told_at",),
    )
    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_has_its_time"),
        CheckConstraint("length(words) BETWEEN 1 AND 2000", name="words_in_bounds"),
    )

    id: Mapped[AppealId] = mapped_column(Uuid, primary_key=True)
    # Unique: a refusal is appealed against once.
    screening_id: Mapped[ScreeningId] = mapped_column(Uuid, ForeignKey("screening.id", ondelete="CASCADE"), unique=True)
    words: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    told_at: Mapped[datetime | None]  # When we last reminded the panel.
    decided_at: Mapped[datetime | None] = mapped_column(index=True)
    outcome: Mapped[AppealOutcome | None]


class AppealVote(Model):
    """What one member of the panel says about an appeal, and why."""

    __tablename__ = "appeal_vote"
    kept = Kept(
        what="What you said on the panel",
        whose="person_id",
        leaving=Leaving.STAYS,
        why=Why.FAIR,
        because="what the panel decided stays on record",
        words=("reason",),
        audited=True,
    )
    __table_args__ = (CheckConstraint("length(reason) > 0", name="reason_given"),)

    appeal_id: Mapped[AppealId] = mapped_column(Uuid, ForeignKey("appeal.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), primary_key=True, index=True)
    outcome: Mapped[AppealOutcome]
    reason: Mapped[str] = mapped_column(Text)
    voted_at: Mapped[datetime]


class LedgerLine(Model):
    """
    What happened to one review, for the public moderation ledger.

    It names nobody, and stays when the review is taken back, so that the counts stay true.
    """

    __tablename__ = "ledger_line"
    kept = nobodys("What happened to reviews, without names")

    # Of the review, also when it is gone: so no foreign key.
    review_id: Mapped[ReviewId] = mapped_column(Uuid, primary_key=True)
    stars: Mapped[int]
    received_at: Mapped[datetime] = mapped_column(index=True)
    # When a screen stopped it, and when a person decided. Both None: it was shown without.
    stopped_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    ground: Mapped[Ground | None]
    appealed_at: Mapped[datetime | None]
    appeal_outcome: Mapped[AppealOutcome | None]
    withdrawn_at: Mapped[datetime | None]


class Objection(Model):
    """Somebody whom a review is about as a person asks us to take it down (UK GDPR, Article 21)."""

    __tablename__ = "objection"
    kept = Kept(
        what="Your objections to a review",
        whose="made_by",
        leaving=Leaving.EMPTIED,
        why=Why.LAW,
        because="what was decided stays on record",
        blanks={"words": "Taken away: its writer left."},
        plain=("our_interest", "their_interest", "balance"),
        audited=True,
        unaudited=("told_at",),
    )
    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_has_its_time"),
        CheckConstraint("length(words) BETWEEN 1 AND 2000", name="words_in_bounds"),
        CheckConstraint(
            "outcome IS NULL OR (length(our_interest) > 0 AND length(their_interest) > 0 AND length(balance) > 0)",
            name="balanced_before_it_is_decided",
        ),
        Index(
            "uq_objection_open",
            "review_id",
            unique=True,
            sqlite_where=_UNDECIDED,
            postgresql_where=_UNDECIDED,
        ),
    )

    id: Mapped[ObjectionId] = mapped_column(Uuid, primary_key=True)
    review_id: Mapped[ReviewId] = mapped_column(Uuid, ForeignKey("review.id", ondelete="CASCADE"))
    made_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]  # One month, as the law says.
    told_at: Mapped[datetime | None]  # When we last reminded the moderators.
    # The balancing test: what the public gains by reading it, what it costs the person, and how the two weigh.
    our_interest: Mapped[str] = mapped_column(Text, default="")
    their_interest: Mapped[str] = mapped_column(Text, default="")
    balance: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(index=True)
    outcome: Mapped[ObjectionOutcome | None]


class Flag(Model):
    """Reviews that look arranged, with the evidence, for a person to look at. Nothing is removed by a flag."""

    __tablename__ = "flag"
    kept = nobodys("Patterns in reviews of a provider that moderators look at", audited=True)
    __table_args__ = (
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_has_its_time"),
        CheckConstraint("outcome IS NULL OR length(reason) > 0", name="decided_with_a_reason"),
        UniqueConstraint("provider_id", "kind", "since"),
        Index(None, "decided_at", "raised_at"),
    )

    id: Mapped[FlagId] = mapped_column(Uuid, primary_key=True)
    provider_id: Mapped[ProviderId] = mapped_column(Uuid, ForeignKey("provider.id"))
    kind: Mapped[FlagKind]
    since: Mapped[date]  # The first day of what it is about.
    # Figures and dates, never a name: how many, in how many days, how many accounts were how new.
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    raised_at: Mapped[datetime]
    due_at: Mapped[datetime]
    told_at: Mapped[datetime | None]  # When we last wrote to the moderators about it.
    decided_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    outcome: Mapped[FlagOutcome | None]
    reason: Mapped[str] = mapped_column(Text, default="")


class FlaggedReview(Model):
    """One review that a flag is about."""

    __tablename__ = "flagged_review"
    kept = nobodys("Reviews that a flag is about")

    flag_id: Mapped[FlagId] = mapped_column(Uuid, ForeignKey("flag.id"), primary_key=True)
    review_id: Mapped[ReviewId] = mapped_column(
        Uuid, ForeignKey("review.id", ondelete="CASCADE"), primary_key=True, index=True
    )
