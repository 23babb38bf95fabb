"""The most boring cards, charges and payments there are, as if Stripe had been asked."""

import uuid
from datetime import UTC, date, datetime, timedelta

from marketplace.kit.money import Money
from marketplace.payments.models import CardSetup, Charge, Payment, SavedCard, StripeAccount, StripeCustomer
from marketplace.payments.rules import ChargeStatus, ChargeWay, Route, SetupStatus

LONG_AGO = datetime(2026, 5, 4, 12, tzinfo=UTC)
_OPEN = {ChargeStatus.BEGUN, ChargeStatus.ASKED}


def account(session, *, organisation_id, by, **differences):
    """Let an organisation have an account at Stripe that may charge cards."""
    plain = {
        "account_id": f"acct_{uuid.uuid4().hex[:12]}",
        "charges_enabled": True,
        "payouts_enabled": True,
        "details_submitted": True,
        "begun_at": LONG_AGO,
    }
    it = StripeAccount(organisation_id=organisation_id, begun_by=by, **plain | differences)
    session.add(it)
    session.flush()
    return it


def card(session, *, person_id, **differences):
    """Let somebody have a saved card."""
    if session.get(StripeCustomer, person_id) is None:
        customer = StripeCustomer(person_id=person_id, customer_id=f"cus_{uuid.uuid4().hex[:12]}", begun_at=LONG_AGO)
        session.add(customer)
    plain = {
        "payment_method_id": f"pm_{uuid.uuid4().hex[:12]}",
        "brand": "visa",
        "last4": "4242",
        "expires_month": 12,
        "expires_year": 2031,
        "saved_at": LONG_AGO,
    }
    it = SavedCard(id=uuid.uuid4(), person_id=person_id, **plain | differences)
    session.add(it)
    session.flush()
    return it


def setup(session, *, person_id, **differences):
    """Let somebody be about to save a card."""
    plain = {"status": SetupStatus.BEGUN, "back_to": "/payments/cards", "begun_at": LONG_AGO}
    it = CardSetup(id=uuid.uuid4(), person_id=person_id, **plain | differences)
    session.add(it)
    session.flush()
    return it


def charge(session, *, invoice_id, person_id, organisation_id, status=ChargeStatus.EXPIRED, **differences):
    """Add a charge on Stripe's page, which nobody paid unless something else is said."""
    plain = {
        "account_id": "acct_1",
        "attempt": 1,
        "way": ChargeWay.HOSTED,
        "amount": Money(43_50),
        "fee": Money(0),
        "begun_at": LONG_AGO,
        "settled_at": None if status in _OPEN else LONG_AGO + timedelta(minutes=1),
    }
    it = Charge(
        id=uuid.uuid4(),
        invoice_id=invoice_id,
        person_id=person_id,
        organisation_id=organisation_id,
        status=status,
        **plain | differences,
    )
    session.add(it)
    session.flush()
    return it


def payment(session, *, invoice_id, by, **differences):
    """Add a payment that the provider wrote down."""
    plain = {
        "amount": Money(10_00),
        "route": Route.BANK_TRANSFER,
        "paid_on": date(2026, 5, 5),
        "recorded_at": LONG_AGO,
    }
    it = Payment(id=uuid.uuid4(), key=uuid.uuid4(), invoice_id=invoice_id, recorded_by=by, **plain | differences)
    session.add(it)
    session.flush()
    return it
