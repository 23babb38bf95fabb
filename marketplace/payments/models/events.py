"""What we store of what Stripe tells us, before any of it is believed."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kit.keeping import Lasts, nobodys
from marketplace.kit.model import Model
from marketplace.payments.rules import EventStatus


class ProviderEvent(Model):
    """One event as it came, signed. However often it comes, it has one effect."""

    __tablename__ = "provider_event"
    kept = nobodys("What the payment company told us; emptied after a month")
    __table_args__ = (CheckConstraint("(status = 'received') = (settled_at IS NULL)", name="settled_has_a_moment"),)

    event_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    type: Mapped[str] = mapped_column(String(80))
    account_id: Mapped[str | None] = mapped_column(String(255))
    # What it is about: what Stripe calls the thing, and what we do, if we named it.
    object_id: Mapped[str] = mapped_column(String(255), default="", server_default="")
    ref: Mapped[str] = mapped_column(String(255), default="", server_default="")
    # As it came, byte for byte. Emptied a month after.
    body: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[EventStatus] = mapped_column(index=True)
    received_at: Mapped[datetime]
    # How often it came.
    deliveries: Mapped[int] = mapped_column(default=1, server_default="1")
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    problem: Mapped[str] = mapped_column(String(300), default="", server_default="")
    settled_at: Mapped[datetime | None]


class RefusedEvent(Model):
    """How many events were refused on a day, and why: a wrong signature, too old, not readable."""

    __tablename__ = "refused_event"
    kept = nobodys("How many of those were refused", lasts=Lasts(400, "day"))

    day: Mapped[date] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int]
