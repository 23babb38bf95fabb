"""What we store about cards and what is charged to them. Never a card's number. Constraints here are the last word."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.kit.keeping import Kept, Leaving, Why, nobodys
from marketplace.kit.model import Model
from marketplace.kit.money import Money
from marketplace.payments.rules import (
    CardSetupId,
    ChargeId,
    ChargeStatus,
    ChargeWay,
    SavedCardId,
    SetupStatus,
)
from marketplace.purchasing.rules import InvoiceId

_OPEN = text("status IN ('begun', 'asked')")


class StripeAccount(Model):
    """A provider's own account at Stripe, to which cards pay directly. We never hold the money."""

    __tablename__ = "stripe_account"
    kept = nobodys("Accounts of organisations at the payment company")

    organisation_id: Mapped[OrganisationId] = mapped_column(Uuid, ForeignKey("organisation.id"), primary_key=True)
    # Empty until Stripe has opened it.
    account_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    charges_enabled: Mapped[bool]
    payouts_enabled: Mapped[bool]
    details_submitted: Mapped[bool]
    begun_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    begun_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]


class BankDetails(Model):
    """Where a provider is paid by bank transfer, as they told whoever gets an invoice from them."""

    __tablename__ = "bank_details"
    kept = nobodys("Bank details of organisations", audited=True)
    __table_args__ = (
        CheckConstraint("length(sort_code) = 6", name="sort_code_has_six_figures"),
        CheckConstraint("length(account_number) = 8", name="account_number_has_eight_figures"),
    )

    organisation_id: Mapped[OrganisationId] = mapped_column(Uuid, ForeignKey("organisation.id"), primary_key=True)
    account_name: Mapped[str] = mapped_column(String(120))
    sort_code: Mapped[str] = mapped_column(String(6))
    account_number: Mapped[str] = mapped_column(String(8))
    changed_by: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    changed_at: Mapped[datetime]


class StripeCustomer(Model):
    """What Stripe calls a person who saves a card. It knows them by this alone."""

    __tablename__ = "stripe_customer"
    kept = Kept(
        what="What our payment company calls you",
        whose="person_id",
        leaving=Leaving.STAYS,
        because="it is asked about refunds by this",
        secrets=("customer_id",),
    )

    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), primary_key=True)
    # Empty until Stripe has answered.
    customer_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    begun_at: Mapped[datetime]


class CardSetup(Model):
    """One visit to Stripe's page to save a card."""

    __tablename__ = "card_setup"
    kept = Kept(
        what="Visits to the payment company’s page to save a card",
        whose="person_id",
        plain=("back_to",),
        secrets=("session_id", "page_url"),
    )

    id: Mapped[CardSetupId] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    session_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    status: Mapped[SetupStatus]
    # Where the person goes on afterwards: a path of this site.
    back_to: Mapped[str] = mapped_column(String(300))
    # Stripe's page, once there is one.
    page_url: Mapped[str] = mapped_column(Text, default="", server_default="")
    begun_at: Mapped[datetime]
    # When Stripe is next asked about it; how often it has been.
    check_at: Mapped[datetime | None]
    checks: Mapped[int] = mapped_column(default=0, server_default="0")
    settled_at: Mapped[datetime | None]


class SavedCard(Model):
    """A card somebody saved with Stripe, and agreed may be charged for what they confirm."""

    __tablename__ = "saved_card"
    kept = Kept(
        what="Cards you saved",
        whose="person_id",
        leaving=Leaving.EMPTIED,
        because="a refund goes back to the card, and the payment company is told to forget it",
        blanks={"brand": "", "last4": ""},
        secrets=("payment_method_id",),
        audited=True,
        unaudited=("forgotten_at",),
    )
    __table_args__ = (
        # The newest is the one that is charged.
        Index(None, "person_id", "saved_at"),
    )

    id: Mapped[SavedCardId] = mapped_column(Uuid, primary_key=True)
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"))
    payment_method_id: Mapped[str] = mapped_column(String(255), unique=True)
    brand: Mapped[str] = mapped_column(String(40))
    last4: Mapped[str] = mapped_column(String(4))
    expires_month: Mapped[int]
    expires_year: Mapped[int]
    saved_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    # When Stripe forgot it too. Until then it is asked to.
    forgotten_at: Mapped[datetime | None]


class Charge(Model):
    """
    One attempt to take money from a card for one invoice, straight to the provider's account.

    Written down before Stripe is asked, and settled from what Stripe says. An attempt that failed is followed by
    another, with a number and so a key of its own: a decline would be replayed under the old one.
    """

    __tablename__ = "charge"
    kept = Kept(
        what="Attempts to charge your card",
        whose="person_id",
        leaving=Leaving.STAYS,
        why=Why.LAW,
        because="the books must add up, for everybody, for six years",
        plain=("account_id", "decline_code", "problem"),
        secrets=("session_id", "page_url", "payment_intent_id"),
        audited=True,
        unaudited=("check_at", "checks", "session_id", "page_url", "payment_intent_id", "remind_at"),
    )
    __table_args__ = (
        UniqueConstraint("invoice_id", "attempt"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("fee BETWEEN 0 AND amount", name="fee_in_bounds"),
        CheckConstraint("attempt > 0", name="attempt_positive"),
        CheckConstraint("(status IN ('begun', 'asked')) = (settled_at IS NULL)", name="settled_has_a_moment"),
        CheckConstraint("(way = 'saved_card') = (saved_card_id IS NOT NULL)", name="saved_card_is_named"),
        # One at a time: a person is never charged twice for one invoice.
        Index("uq_charge_open", "invoice_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(None, "status", "check_at"),
    )

    id: Mapped[ChargeId] = mapped_column(Uuid, primary_key=True)
    invoice_id: Mapped[InvoiceId] = mapped_column(Uuid, ForeignKey("invoice.id"))
    person_id: Mapped[PersonId] = mapped_column(Uuid, ForeignKey("person.id"), index=True)
    organisation_id: Mapped[OrganisationId] = mapped_column(Uuid, ForeignKey("organisation.id"))
    account_id: Mapped[str] = mapped_column(String(255))
    attempt: Mapped[int]
    way: Mapped[ChargeWay]
    saved_card_id: Mapped[SavedCardId | None] = mapped_column(Uuid, ForeignKey("saved_card.id"))
    amount: Mapped[Money]
    # What of the amount comes to whoever runs this site.
    fee: Mapped[Money]
    status: Mapped[ChargeStatus]
    session_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    # Stripe's page to pay on, once there is one.
    page_url: Mapped[str] = mapped_column(Text, default="", server_default="")
    payment_intent_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    # Why it did not work: Stripe's code, and our sentence for it.
    decline_code: Mapped[str] = mapped_column(String(80), default="", server_default="")
    problem: Mapped[str] = mapped_column(String(300), default="", server_default="")
    begun_at: Mapped[datetime]
    # When Stripe is next asked about it; how often it has been.
    check_at: Mapped[datetime | None]
    checks: Mapped[int] = mapped_column(default=0, server_default="0")
    settled_at: Mapped[datetime | None]
    # When the person is next written to about a saved card that could not be charged.
    remind_at: Mapped[datetime | None] = mapped_column(index=True)
