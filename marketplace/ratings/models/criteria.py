"""What we store about what people rate by. Constraints here are the last word."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import PersonId
from marketplace.catalogue.rules import CategorySlug
from marketplace.kit.keeping import Kept, Leaving, nobodys
from marketplace.kit.model import Model
from marketplace.kit.places import CouncilCode
from marketplace.ratings.rules.nouns import CriterionId, CriterionStatus, OutcomeId, SchemeCode


class Criterion(Model):
    """Something that matters to people, in their own words: "They listen to me" [000, case study II]."""

    __tablename__ = "criterion"
    kept = Kept(
        what="What you proposed to rate by",
        whose="proposed_by",
        leaving=Leaving.EMPTIED,
        because="everybody rates by it",
        blanks={"why": ""},
        plain=("words", "picture", "reason"),
    )
    __table_args__ = (
        CheckConstraint("length(words) BETWEEN 3 AND 80", name="words_in_bounds"),
        CheckConstraint("(status = 'merged') = (merged_into IS NOT NULL)", name="merged_into_another"),
        CheckConstraint("merged_into <> id", name="not_into_itself"),
        CheckConstraint("status IN ('proposed', 'adopted') OR length(reason) > 0", name="turned_down_with_a_reason"),
    )

    id: Mapped[CriterionId] = mapped_column(Uuid, primary_key=True)
    words: Mapped[str] = mapped_column(String(80), unique=True)
    # The name of its picture tile, if it has one.
    picture: Mapped[str] = mapped_column(String(40), default="")
    status: Mapped[CriterionStatus] = mapped_column(index=True)
    # None: it was in the starting set.
    proposed_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    proposed_at: Mapped[datetime]
    why: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    merged_into: Mapped[CriterionId | None] = mapped_column(Uuid, ForeignKey("criterion.id"))
    position: Mapped[int]


class CriterionCategory(Model):
    """A category that a criterion is for. One without any is for all."""

    __tablename__ = "criterion_category"
    kept = nobodys("What criteria are for")

    criterion_id: Mapped[CriterionId] = mapped_column(Uuid, ForeignKey("criterion.id"), primary_key=True)
    category: Mapped[CategorySlug] = mapped_column(
        String(40), ForeignKey("category.slug"), primary_key=True, index=True
    )


class CriterionVote(Model):
    """Somebody to whom a proposed criterion matters too."""

    __tablename__ = "criterion_vote"
    kept = Kept(what="Criteria that matter to you too", whose="person_id")

    criterion_id: Mapped[CriterionId] = mapped_column(Uuid, ForeignKey("criterion.id"), primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), primary_key=True, index=True)
    voted_at: Mapped[datetime]


class OutcomeScheme(Model):
    """A published list of outcomes: the Care Act's nine, Lewisham's seven [004], a council's own."""

    __tablename__ = "outcome_scheme"
    kept = nobodys("Lists of outcomes")

    code: Mapped[SchemeCode] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    # Whose list it is. None: England's.
    council: Mapped[CouncilCode | None] = mapped_column(String(9), unique=True)
    source: Mapped[str] = mapped_column(String(300))


class Outcome(Model):
    """One outcome of a scheme. Its id is `scheme.code`, so that a list imported again is the same list."""

    __tablename__ = "outcome"
    kept = nobodys("Lists of outcomes")
    __table_args__ = (CheckConstraint("valid_to >= valid_from", name="ends_after_it_begins"),)

    id: Mapped[OutcomeId] = mapped_column(String(60), primary_key=True)
    scheme: Mapped[SchemeCode] = mapped_column(String(40), ForeignKey("outcome_scheme.code"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    position: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class OutcomeMeaning(Model):
    """Which outcome of another scheme an outcome also means, so that lists can be compared."""

    __tablename__ = "outcome_meaning"
    kept = nobodys("Lists of outcomes")

    outcome_id: Mapped[OutcomeId] = mapped_column(String(60), ForeignKey("outcome.id"), primary_key=True)
    means: Mapped[OutcomeId] = mapped_column(String(60), ForeignKey("outcome.id"), primary_key=True, index=True)
