"""What we store of the lists that others publish: how far each is read, what was in it, and who else has an offer."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.catalogue.models.offers import Offer
from marketplace.catalogue.rules import OfferId, SourceKey
from marketplace.kit.keeping import Lasts, nobodys
from marketplace.kit.model import Model

# An entry of a list is compared with what else we have at its postcode.
Index(None, Offer.postcode)


class AlsoListed(Model):
    """An entry of a list that is the same as an offer we have from somebody else, and when it was last in that list."""

    __tablename__ = "also_listed"
    kept = nobodys("Where else an offer is listed")
    __table_args__ = (UniqueConstraint("source", "source_key"),)

    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"), primary_key=True)
    source: Mapped[SourceKey] = mapped_column(String(80), ForeignKey("source.key"), primary_key=True)
    source_key: Mapped[str] = mapped_column(String(200), primary_key=True)
    seen_at: Mapped[datetime]


class Sighting(Model):
    """When an offer was last in the list it came from. One that has left its list is seen no more."""

    __tablename__ = "sighting"
    kept = nobodys("When an offer was last in its source")

    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"), primary_key=True)
    seen_at: Mapped[datetime]


class AgeRange(Model):
    """The ages an offer is for, in whole years, where its list says so."""

    __tablename__ = "age_range"
    kept = nobodys("Ages an offer is for")
    __table_args__ = (
        CheckConstraint("youngest IS NOT NULL OR oldest IS NOT NULL", name="says_an_age"),
        CheckConstraint("youngest >= 0 AND oldest >= 0", name="ages_not_negative"),
    )

    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"), primary_key=True)
    youngest: Mapped[int | None]
    oldest: Mapped[int | None]


class FeedRun(Model):
    """How far a feed has been read: a reading that was interrupted goes on after the last page that is done."""

    __tablename__ = "feed_run"
    kept = nobodys("When a feed was last read", lasts=Lasts(365, "begun_at"))
    __table_args__ = (CheckConstraint("pages_done >= 0", name="pages_done_not_negative"),)

    source: Mapped[SourceKey] = mapped_column(String(80), ForeignKey("source.key"), primary_key=True)
    url: Mapped[str] = mapped_column(String(500))
    begun_at: Mapped[datetime]
    pages_done: Mapped[int]
    ended_at: Mapped[datetime | None]
