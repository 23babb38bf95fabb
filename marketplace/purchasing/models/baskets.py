"""What we store about baskets. Constraints here are the last word."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import PersonId
from marketplace.catalogue.rules import OfferId, Rate
from marketplace.kit.keeping import Kept, Lasts
from marketplace.kit.model import Model
from marketplace.purchasing.rules.nouns import ArrangementKind, BasketLineId, PayBy


class BasketLine(Model):
    """One thing somebody means to ask for. Checked out, it becomes the arrangement of the same id."""

    __tablename__ = "basket_line"
    kept = Kept(what="Your basket", whose="person_id", words=("what", "shares"), lasts=Lasts(365, "added_at"))
    __table_args__ = (
        CheckConstraint("quantity BETWEEN 1 AND 10000", name="quantity_in_bounds"),
        CheckConstraint("weeks BETWEEN 1 AND 104", name="weeks_in_bounds"),
        CheckConstraint("kind = 'weekly' OR weeks = 1", name="weeks_are_of_weekly_support"),
        CheckConstraint("trial_weeks BETWEEN 0 AND 12", name="trial_in_bounds"),
    )

    id: Mapped[BasketLineId] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"))
    kind: Mapped[ArrangementKind]
    what: Mapped[str] = mapped_column(Text)
    quantity: Mapped[int]
    weeks: Mapped[int]
    rate: Mapped[Rate]
    starts_on: Mapped[date]
    trial_weeks: Mapped[int]
    pay_by: Mapped[PayBy]
    # Which funding streams pay, and how much of it each: stream id to pence. Empty: no budget here pays.
    shares: Mapped[dict[str, int]] = mapped_column(JSON)
    added_at: Mapped[datetime]
