"""What councils say back to their market, and who wants to hear what is missing. Constraints here are the last word."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.catalogue.rules import CategorySlug
from marketplace.demand.rules.nouns import SignalId, SignalKind
from marketplace.kit.keeping import nobodys
from marketplace.kit.model import Model
from marketplace.kit.places import CouncilCode


class MarketSignal(Model):
    """A signal, an intention, or “you told us, so together we did”. Public from the moment it is posted."""

    __tablename__ = "market_signal"
    kept = nobodys("What councils say to providers", audited=True)
    __table_args__ = (
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by IS NULL)", name="withdrawn_at_and_by"),
        CheckConstraint("answers_id IS NULL OR kind = 'answer'", name="only_answers_answer"),
        CheckConstraint("kind <> 'answer' OR you_told_us <> ''", name="answers_say_what_was_told"),
    )

    id: Mapped[SignalId] = mapped_column(Uuid, primary_key=True)
    council: Mapped[CouncilCode] = mapped_column(String(9), index=True)
    kind: Mapped[SignalKind]
    category: Mapped[CategorySlug | None] = mapped_column(String(40), ForeignKey("category.slug"))
    title: Mapped[str] = mapped_column(String(120))
    words: Mapped[str] = mapped_column(Text)
    # Of an answer: what people told, in figures or in words; the signal it answers, if one.
    you_told_us: Mapped[str] = mapped_column(Text, default="", server_default="")
    answers_id: Mapped[SignalId | None] = mapped_column(Uuid, ForeignKey("market_signal.id"))
    # The quarter whose figures it speaks of: 20263.
    quarter: Mapped[int | None]
    posted_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    posted_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))


class MarketAlert(Model):
    """An organisation wants a letter when something new is missing in a council, of one kind or of any."""

    __tablename__ = "market_alert"
    kept = nobodys("What organisations want to hear of")

    organisation_id: Mapped[OrganisationId] = mapped_column(Uuid, ForeignKey("organisation.id"), primary_key=True)
    council: Mapped[CouncilCode] = mapped_column(String(9), primary_key=True)
    # "any" for every category.
    category: Mapped[str] = mapped_column(String(40), primary_key=True)
    asked_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    # Everything up to then has been told.
    told_at: Mapped[datetime]
