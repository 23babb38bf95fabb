"""What we store about arrangements and invoices. Constraints here are the last word."""

import uuid
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, Uuid, false, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.catalogue.rules import CategorySlug, OfferId, ProviderId, Rate, Unit
from marketplace.kit.keeping import Kept, Leaving
from marketplace.kit.model import Model
from marketplace.kit.money import Money
from marketplace.kit.places import CouncilCode
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus
from marketplace.purchasing.rules.nouns import ArrangementKind, CheckoutId, PayBy, TermsStatus

_ONE = text("1")
_WAITING_FOR_AN_ANSWER = text("status = 'asked'")


class Arrangement(Model):
    """
    What one person asked one provider for, on the terms of that day.

    The title, category, price and council are copies: what the offer says later, or where the person moves to, changes
    nothing here.
    """

    __tablename__ = "arrangement"
    kept = Kept(
        what="What you arranged with providers",
        whose="person_id",
        leaving=Leaving.STAYS,
        because="the provider must be able to show what was agreed, for six years",
        later={"what": "", "who": "", "decline_reason": None, "council": None},
        plain=("title",),
        audited=True,
        unaudited=("minutes_left",),
    )
    __table_args__ = (
        CheckConstraint("quantity BETWEEN 1 AND 10000", name="quantity_in_bounds"),
        CheckConstraint("unit_price >= 0", name="unit_price_not_negative"),
        CheckConstraint("total = unit_price * quantity * weeks", name="total_is_price_times_quantity"),
        CheckConstraint("weeks BETWEEN 1 AND 104", name="weeks_in_bounds"),
        CheckConstraint("kind = 'weekly' OR weeks = 1", name="weeks_are_of_weekly_support"),
        CheckConstraint("minutes_left >= 0", name="hours_never_below_zero"),
        CheckConstraint("notice_hours >= 0", name="notice_not_negative"),
        CheckConstraint("travel_per_mile >= 0", name="travel_not_negative"),
        CheckConstraint("owed_at_end >= 0", name="owed_at_end_not_negative"),
        CheckConstraint("package_hours IS NULL OR unit = 'package'", name="hours_are_of_a_package"),
        CheckConstraint("unit_price = 0 OR unit IS NOT NULL", name="a_price_is_for_a_unit"),
        CheckConstraint("(status IN ('asked', 'withdrawn')) = (answered_at IS NULL)", name="answered_has_a_moment"),
        CheckConstraint("(status = 'declined') = (decline_reason IS NOT NULL)", name="declined_has_a_reason"),
        CheckConstraint("(status = 'done') = (done_at IS NOT NULL)", name="done_has_a_moment"),
        CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="done_at_and_by"),
        CheckConstraint("(status IN ('withdrawn', 'cancelled')) = (ended_at IS NOT NULL)", name="ended_has_a_moment"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_at_and_by"),
        # A second press of the button, or a second browser tab, asks for nothing more.
        Index(
            "uq_arrangement_waiting",
            "person_id",
            "offer_id",
            unique=True,
            sqlite_where=_WAITING_FOR_AN_ANSWER,
            postgresql_where=_WAITING_FOR_AN_ANSWER,
        ),
        UniqueConstraint("pool_key", "person_id"),
        Index(None, "person_id", "asked_at"),
        Index(None, "organisation_id", "asked_at"),
        # Demand is counted by area, kind and quarter.
        Index(None, "council", "category", "done_at"),
    )

    id: Mapped[ArrangementId] = mapped_column(Uuid, primary_key=True)
    offer_id: Mapped[OfferId] = mapped_column(Uuid, ForeignKey("offer.id"), index=True)
    provider_id: Mapped[ProviderId] = mapped_column(Uuid, ForeignKey("provider.id"), index=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    organisation_id: Mapped[OrganisationId] = mapped_column(Uuid, ForeignKey("organisation.id"))
    # The version of the offer that could be read at the time, where one was kept.
    offer_version: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(200))
    category: Mapped[CategorySlug] = mapped_column(String(40), ForeignKey("category.slug"))
    # The council the person lived in when they asked.
    council: Mapped[CouncilCode | None] = mapped_column(String(9))
    what: Mapped[str] = mapped_column(Text)
    kind: Mapped[ArrangementKind] = mapped_column(
        default=ArrangementKind.ONE_OFF, server_default=ArrangementKind.ONE_OFF.value
    )
    # Which version of the terms holds: the columns here repeat it.
    version: Mapped[int] = mapped_column(default=1, server_default=_ONE)
    # Of weekly support, how many units in each week.
    quantity: Mapped[int]
    weeks: Mapped[int] = mapped_column(default=1, server_default=_ONE)
    # Free offers may have no unit.
    unit: Mapped[Unit | None]
    # How many hours one package holds, if packages were agreed.
    package_hours: Mapped[Decimal | None] = mapped_column(Numeric(5, 2))
    rate: Mapped[Rate] = mapped_column(default=Rate.STANDARD, server_default=Rate.STANDARD.value)
    unit_price: Mapped[Money]
    total: Mapped[Money]
    # Other rates as they were frozen, in `arrangement_rate`. Notice in whole hours, travel in pence a mile [003].
    notice_hours: Mapped[int | None]
    travel_per_mile: Mapped[Money | None]
    # Who comes, as both agreed, in words.
    who: Mapped[str] = mapped_column(String(200), default="", server_default="")
    starts_on: Mapped[date]
    # Until the end of this day either side can end it without notice or cost.
    trial_until: Mapped[date | None]
    pay_by: Mapped[PayBy] = mapped_column(default=PayBy.BANK_TRANSFER, server_default=PayBy.BANK_TRANSFER.value)
    # What is on the hours account, in minutes. Kept by a trigger on `hours_entry`.
    minutes_left: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    checkout_id: Mapped[CheckoutId | None] = mapped_column(Uuid, index=True)
    status: Mapped[ArrangementStatus]
    decline_reason: Mapped[str | None] = mapped_column(Text)
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    # Withdrawn before an answer, or cancelled after one.
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    # What is owed once it is cancelled, apart from visits: what was done, and what was cancelled too late.
    owed_at_end: Mapped[Money | None]
    # The pool it came from, if any. No foreign key: pools are a package above, and know us rather than we them.
    pool_key: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    # Until its pool is confirmed neither side acts on it, and the provider does not see it. A pool that fails never is.
    waits_for_pool: Mapped[bool] = mapped_column(default=False, server_default=false())


class ArrangementTerms(Model):
    """
    One version of what both sides agreed, or one that one side proposes. Version 1 is what was asked for.

    Never changed once agreed: another version follows it.
    """

    __tablename__ = "arrangement_terms"
    kept = Kept(
        what="The terms you agreed, and those before",
        whose="arrangement_id",
        leaving=Leaving.STAYS,
        because="the provider must be able to show what was agreed, for six years",
        later={"what": "", "who": "", "reason": ""},
        audited=True,
    )
    __table_args__ = (
        UniqueConstraint("arrangement_id", "version"),
        CheckConstraint("quantity BETWEEN 1 AND 10000", name="quantity_in_bounds"),
        CheckConstraint("unit_price >= 0", name="unit_price_not_negative"),
        CheckConstraint("total = unit_price * quantity * weeks", name="total_is_price_times_quantity"),
        CheckConstraint("weeks BETWEEN 1 AND 104", name="weeks_in_bounds"),
        CheckConstraint("(status = 'proposed') = (answered_at IS NULL)", name="answered_has_a_moment"),
        Index(
            "uq_arrangement_terms_proposed",
            "arrangement_id",
            unique=True,
            sqlite_where=text("status = 'proposed'"),
            postgresql_where=text("status = 'proposed'"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    arrangement_id: Mapped[ArrangementId] = mapped_column(Uuid, ForeignKey("arrangement.id"))
    version: Mapped[int]
    what: Mapped[str] = mapped_column(Text)
    quantity: Mapped[int]
    weeks: Mapped[int]
    unit_price: Mapped[Money]
    total: Mapped[Money]
    notice_hours: Mapped[int | None]
    travel_per_mile: Mapped[Money | None]
    who: Mapped[str] = mapped_column(String(200), default="", server_default="")
    starts_on: Mapped[date]
    status: Mapped[TermsStatus]
    # Why one side would like it changed.
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    proposed_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    answered_by: Mapped[PersonId | None] = mapped_column(Uuid, ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]


class ArrangementRate(Model):
    """What a unit costs at another time, as it was when it was asked for: evenings, weekends, bank holidays."""

    __tablename__ = "arrangement_rate"
    kept = Kept(
        what="The rates you agreed",
        whose="arrangement_id",
        leaving=Leaving.STAYS,
        because="the provider must be able to show what was agreed, for six years",
    )
    __table_args__ = (CheckConstraint("unit_price >= 0", name="unit_price_not_negative"),)

    arrangement_id: Mapped[ArrangementId] = mapped_column(Uuid, ForeignKey("arrangement.id"), primary_key=True)
    rate: Mapped[Rate] = mapped_column(primary_key=True)
    unit_price: Mapped[Money]
