"""What we store about reviews and what belongs to them. Constraints here are the last word."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import PersonId
from marketplace.catalogue.rules import OfferId, ProviderId
from marketplace.kit.keeping import Kept, Leaving, Why
from marketplace.kit.model import Model
from marketplace.purchasing.rules import ArrangementId
from marketplace.ratings.rules.nouns import (
    AdditionId,
    Basis,
    CardId,
    ChangeState,
    CriterionId,
    Help,
    OutcomeId,
    PointId,
    PointKind,
    Release,
    ReplyId,
    ReviewId,
    ReviewStatus,
    Telling,
    Verdict,
    WriterRole,
)

_WITHOUT_PAPER = text("arrangement_id IS NULL AND card_id IS NULL")
_COUNTS = text("counts AND person_id IS NOT NULL")


class Review(Model):
    """What one person says about one thing they used."""

    __tablename__ = "review"
    kept = Kept(
        what="Your reviews",
        whose="person_id",
        leaving=Leaving.EMPTIED,
        why=Why.AGREED,
        because="it is public, and others choose by it",
        words=("words",),
        blanks={"pseudonym": "Somebody who left", "declared_link": ""},
    )
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars_from_one_to_five"),
        CheckConstraint("length(words) <= 3000", name="words_in_bounds"),
        CheckConstraint("(basis = 'arrangement') = (arrangement_id IS NOT NULL)", name="arrangement_is_the_basis"),
        CheckConstraint("(basis IN ('card', 'attested')) = (card_id IS NOT NULL)", name="card_is_the_basis"),
        # Somebody without an account wrote on paper, and somebody we trust typed it in.
        CheckConstraint("person_id IS NOT NULL OR (told = 'paper' AND typed_by IS NOT NULL)", name="someone_wrote_it"),
        CheckConstraint("status <> 'shown' OR shown_month IS NOT NULL", name="shown_since_a_month"),
        CheckConstraint("NOT counts OR status = 'shown'", name="only_shown_ones_count"),
        # Without an arrangement or a card behind it, once per person and offer.
        Index(
            "uq_review_own_word",
            "person_id",
            "offer_id",
            unique=True,
            sqlite_where=_WITHOUT_PAPER,
            postgresql_where=_WITHOUT_PAPER,
        ),
        # One voice for each person: the latest shown review of an offer counts, and no other.
        Index(
            "uq_review_counts",
            "person_id",
            "offer_id",
            unique=True,
            sqlite_where=_COUNTS,
            postgresql_where=_COUNTS,
        ),
        Index(None, "person_id", "offer_id"),
        Index(None, "offer_id", "status", "shown_month", "shuffle"),
        Index(None, "provider_id", "status", "shown_month", "shuffle"),
    )

    id: Mapped[ReviewId] = mapped_column(Uuid, primary_key=True)
    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"))
    provider_id: Mapped[ProviderId] = mapped_column(Uuid, ForeignKey("provider.id"))
    person_id: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    typed_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    # Unique: an arrangement is reviewed once, and a card is used once.
    arrangement_id: Mapped[ArrangementId | None] = mapped_column(Uuid, ForeignKey("arrangement.id"), unique=True)
    card_id: Mapped[CardId | None] = mapped_column(Uuid, ForeignKey("card.id"), unique=True)
    basis: Mapped[Basis]
    # Of an invoice only once somebody has looked at it; of a person's own word never.
    is_verified: Mapped[bool] = mapped_column(default=False)
    stars: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    role: Mapped[WriterRole] = mapped_column(default=WriterRole.USED_IT)
    # Any link to the provider, in the writer's own words: "My sister used to work there".
    declared_link: Mapped[str] = mapped_column(String(200), default="")
    help: Mapped[Help] = mapped_column(default=Help.NOBODY)
    told: Mapped[Telling] = mapped_column(default=Telling.WORDS)
    pseudonym: Mapped[str] = mapped_column(String(60), default="")
    release: Mapped[Release] = mapped_column(default=Release.NOW)
    written_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    status: Mapped[ReviewStatus]
    # The first day of the month in which it was first shown. The only date a page may show.
    shown_month: Mapped[date | None]
    # Drawn by lot: within a month, order says nothing about who came first.
    shuffle: Mapped[int] = mapped_column(default=0)
    counts: Mapped[bool] = mapped_column(default=False)
    # A person is looking at a flag on it. Shown and counted, but it does not move the offer's place meanwhile.
    is_set_aside: Mapped[bool] = mapped_column(default=False)


class Addition(Model):
    """What a writer added to their review later."""

    __tablename__ = "addition"
    kept = Kept(
        what="What you added to a review",
        whose="review_id",
        leaving=Leaving.STAYS,
        why=Why.AGREED,
        because="it is public, and others choose by it",
        words=("words",),
    )
    __table_args__ = (CheckConstraint("length(words) BETWEEN 1 AND 2000", name="words_in_bounds"),)

    id: Mapped[AdditionId] = mapped_column(Uuid, primary_key=True)
    review_id: Mapped[ReviewId] = mapped_column(Uuid, ForeignKey("review.id", ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(Text)
    added_month: Mapped[date]
    # A screen found something: a moderator reads it first.
    status: Mapped[ReviewStatus]
    added_at: Mapped[datetime]


class CriterionAnswer(Model):
    """How something was by one criterion, from 1 (never) to 5 (always)."""

    __tablename__ = "criterion_answer"
    kept = Kept(
        what="Your stars for each criterion",
        whose="review_id",
        leaving=Leaving.STAYS,
        why=Why.AGREED,
        because="it is public, and others choose by it",
    )
    __table_args__ = (CheckConstraint("stars BETWEEN 1 AND 5", name="stars_from_one_to_five"),)

    review_id: Mapped[ReviewId] = mapped_column(Uuid, ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    criterion_id: Mapped[CriterionId] = mapped_column(Uuid, ForeignKey("criterion.id"), primary_key=True, index=True)
    stars: Mapped[int]


class OutcomeAnswer(Model):
    """How much something helped with one outcome, from 1 (not at all) to 5 (very much)."""

    __tablename__ = "outcome_answer"
    kept = Kept(
        what="What support changed for you",
        whose="review_id",
        leaving=Leaving.STAYS,
        why=Why.AGREED,
        because="it is public, and others choose by it",
    )
    __table_args__ = (CheckConstraint("stars BETWEEN 1 AND 5", name="stars_from_one_to_five"),)

    review_id: Mapped[ReviewId] = mapped_column(Uuid, ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    outcome_id: Mapped[OutcomeId] = mapped_column(String(60), ForeignKey("outcome.id"), primary_key=True, index=True)
    stars: Mapped[int]


class Point(Model):
    """One thing that is working, is not working, or should change [000]. At most one of each kind in a review."""

    __tablename__ = "review_point"
    kept = Kept(
        what="What was good, and what should change",
        whose="review_id",
        leaving=Leaving.STAYS,
        why=Why.AGREED,
        because="it is public, and others choose by it",
        words=("words",),
    )
    __table_args__ = (
        CheckConstraint("length(words) BETWEEN 1 AND 500", name="words_in_bounds"),
        Index("uq_review_point_kind", "review_id", "kind", unique=True),
    )

    id: Mapped[PointId] = mapped_column(Uuid, primary_key=True)
    review_id: Mapped[ReviewId] = mapped_column(Uuid, ForeignKey("review.id", ondelete="CASCADE"))
    kind: Mapped[PointKind]
    words: Mapped[str] = mapped_column(Text)


class PointVote(Model):
    """Somebody else says the same."""

    __tablename__ = "point_vote"
    kept = Kept(what="What should change, you say too", whose="person_id")

    point_id: Mapped[PointId] = mapped_column(Uuid, ForeignKey("review_point.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), primary_key=True, index=True)
    voted_at: Mapped[datetime]


class Change(Model):
    """What the provider does about a point, and whether its writer says that it happened."""

    __tablename__ = "point_change"
    kept = Kept(
        what="What a provider says it changed",
        whose="point_id",
        leaving=Leaving.STAYS,
        why=Why.AGREED,
        because="it is public, and others choose by it",
        plain=("words",),
    )
    __table_args__ = (
        CheckConstraint("length(words) BETWEEN 1 AND 1000", name="words_in_bounds"),
        CheckConstraint("(verdict IS NULL) = (verdict_at IS NULL)", name="verdict_has_its_time"),
        CheckConstraint("verdict IS NULL OR state = 'done'", name="verdict_on_what_is_done"),
    )

    point_id: Mapped[PointId] = mapped_column(Uuid, ForeignKey("review_point.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[ChangeState]
    words: Mapped[str] = mapped_column(Text)
    marked_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    marked_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]
    verdict: Mapped[Verdict | None]
    verdict_at: Mapped[datetime | None]


class Reply(Model):
    """What the provider answered, under its name. One for each review."""

    __tablename__ = "reply"
    kept = Kept(
        what="What a provider replied to your review",
        whose="review_id",
        leaving=Leaving.STAYS,
        why=Why.FAIR,
        because="it is public, and others choose by it",
        plain=("words",),
    )
    __table_args__ = (CheckConstraint("length(words) BETWEEN 1 AND 2000", name="words_in_bounds"),)

    id: Mapped[ReplyId] = mapped_column(Uuid, primary_key=True)
    review_id: Mapped[ReviewId] = mapped_column(Uuid, ForeignKey("review.id", ondelete="CASCADE"), unique=True)
    words: Mapped[str] = mapped_column(Text)
    written_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    written_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    # Held apart from its review: an unkind answer must not take a fair review with it.
    status: Mapped[ReviewStatus]
