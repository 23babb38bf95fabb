"""What we store of what people look for: their shortlists and saved searches. Each is its person's alone."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import PersonId
from marketplace.catalogue.rules import AlertEvery, OfferId, SavedSearchId
from marketplace.kit.keeping import Kept
from marketplace.kit.model import Model


class Shortlisted(Model):
    """One offer on one person's shortlist."""

    __tablename__ = "shortlisted"
    kept = Kept(what="Your shortlist", whose="person_id")

    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), primary_key=True)
    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"), primary_key=True)
    shortlisted_at: Mapped[datetime]


class SavedSearch(Model):
    """A search that a person wants to hear of again. `asked` is the query of the results page's address."""

    __tablename__ = "saved_search"
    kept = Kept(what="Searches you saved", whose="person_id", words=("name", "asked"))
    __table_args__ = (UniqueConstraint("person_id", "asked"), Index(None, "every", "told_at"))

    id: Mapped[SavedSearchId] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(200))
    asked: Mapped[str] = mapped_column(String(2000))
    every: Mapped[AlertEvery]
    saved_at: Mapped[datetime]
    told_at: Mapped[datetime]
