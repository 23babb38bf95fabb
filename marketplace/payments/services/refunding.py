"""Giving money back: through Stripe for a card, else as the provider says they did. Never more than was paid."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import PersonId, Viewer
from marketplace.budgets.rules import Purpose, TransferId
from marketplace.budgets.services import promising
from marketplace.kit import audit, text
from marketplace.kit.errors import NotFoundError, WrongAnswerError
from marketplace.kit.money import ZERO, Money
from marketplace.kit.sentences import worded
from marketplace.payments import rules
from marketplace.payments.gateways import answers
from marketplace.payments.models import Payment, Refund, StripeAccount
from marketplace.payments.queries.owing import Owing
from marketplace.payments.rules import PaymentId, RefundId, RefundStatus, Route
from marketplace.payments.rules.charging import wait_before_check
from marketplace.payments.services.charging import Address
from marketplace.payments.services.counting import count_bought, count_given_back
from marketplace.payments.services.paying import locked_owing
from marketplace.purchasing.services import invoicing
from marketplace.purchasing.services.letters import Address as ArrangementAddress

LONGEST_REASON = 200


class PaymentNotFoundError(NotFoundError):
    """There is no such payment, or this person does not speak for whoever got it."""


class RefundUnclearError(WrongAnswerError):
    """Nothing, more than is left of the payment, or no reason."""


def begin_refund(
    session: Session,
    *,
    payment_id: PaymentId,
    by: Viewer,
    amount: Money,
    reason: str,
    is_by_hand: bool,
    refund_id: RefundId,
    address: ArrangementAddress,
    link: Address,
    now: datetime,
) -> RefundId:
    """
    Give some or all of a payment back, for the provider. Idempotent: the same id gives back once.

    The invoice is credited with as much, so that nobody asks for it again. What was paid by card goes back through
    Stripe, unless `is_by_hand` says that the provider has given it back in another way; all else they give back
    themselves.

    :raises PaymentNotFoundError: if there is no such payment, or this person does not speak for the provider.
    :raises RefundUnclearError: if the amount is nothing or more than is left, or there is no reason.
    """
    payment, owed = _locked(session, payment_id)
    if by.person_id is None or not by.speaks_for(owed.organisation_id):
        raise PaymentNotFoundError("We could not find that payment.")
    known = session.get(Refund, refund_id)
    if known is not None and known.payment_id == payment.id:
        return refund_id
    if known is not None:
        raise RefundUnclearError("This form has been used for another payment. Open the page again.")
    reason = text.tidy_line(reason)[:LONGEST_REASON]
    if not reason:
        raise RefundUnclearError("Say in a few words why you give it back.", field="reason")
    left = payment.amount - payment.refunded
    if not rules.fits(amount=amount, most=left):
        raise RefundUnclearError(worded("Enter an amount from one penny to {left}.", left=left), field="amount")
    _credit(session, owed, by=by.person_id, amount=amount, reason=reason, address=address, now=now)
    payment.refunded += amount
    refund = Refund(
        id=refund_id,
        payment_id=payment.id,
        amount=amount,
        reason=reason,
        status=RefundStatus.BEGUN,
        begun_by=by.person_id,
        begun_at=now,
        check_at=now + wait_before_check(0),
    )
    session.add(refund)
    session.flush()
    audit.record(session, by=by.person_id, did="began a refund", to_kind="payment", to_id=payment.id, now=now)
    if payment.route is not Route.CARD or is_by_hand:
        _succeed(session, refund, owed, link=link, now=now)
    return refund.id


def settle_refund(
    session: Session, *, refund_id: RefundId, state: answers.RefundState, link: Address, now: datetime
) -> bool:
    """Write down what Stripe says came of a refund; return whether that was news. Safe to say twice, in any order."""
    refund, payment, owed = _locked_refund(session, refund_id)
    if refund.status is RefundStatus.FAILED:
        return False
    refund.stripe_id = refund.stripe_id or state.refund_id
    if state.status is answers.RefundStatus.SUCCEEDED and refund.status is RefundStatus.BEGUN:
        _succeed(session, refund, owed, link=link, now=now)
        return True
    if state.status in {answers.RefundStatus.FAILED, answers.RefundStatus.CANCELLED}:
        _fail(session, refund, payment, owed, link=link, now=now)
        return True
    if refund.status is RefundStatus.BEGUN:
        refund.check_at = now + wait_before_check(20)
    return False


def put_off_refund(session: Session, *, refund_id: RefundId, now: datetime) -> None:
    """Ask Stripe again later: it did not answer."""
    refund, _payment, _owed = _locked_refund(session, refund_id)
    if refund.status is RefundStatus.BEGUN:
        refund.check_at = now + wait_before_check(2)


def refuse_refund(session: Session, *, refund_id: RefundId, link: Address, now: datetime) -> None:
    """Write down that Stripe would not give it back."""
    refund, payment, owed = _locked_refund(session, refund_id)
    if refund.status is RefundStatus.BEGUN:
        _fail(session, refund, payment, owed, link=link, now=now)


def note_refund_at_stripe(
    session: Session, *, payment_id: PaymentId, state: answers.RefundState, link: Address, now: datetime
) -> bool:
    """Write down what a provider gave back at Stripe itself and not here; return whether that was news."""
    payment, owed = _locked(session, payment_id)
    known = session.scalars(select(Refund.id).where(Refund.stripe_id == state.refund_id)).one_or_none()
    has_failed = state.status in {answers.RefundStatus.FAILED, answers.RefundStatus.CANCELLED}
    amount = Money(state.amount_pence)
    if known is not None or has_failed or not rules.fits(amount=amount, most=payment.amount - payment.refunded):
        return False
    account = session.get_one(StripeAccount, owed.organisation_id)
    payment.refunded += amount
    refund = Refund(
        id=RefundId(uuid.uuid4()),
        payment_id=payment.id,
        amount=amount,
        reason="Given back at Stripe",
        status=RefundStatus.BEGUN,
        stripe_id=state.refund_id,
        begun_by=account.begun_by,
        begun_at=now,
        check_at=now,
    )
    session.add(refund)
    session.flush()
    audit.record(session, by=None, did="found a refund", to_kind="payment", to_id=payment.id, now=now)
    if state.status is answers.RefundStatus.SUCCEEDED:
        _succeed(session, refund, owed, link=link, now=now)
    return True


def _credit(
    session: Session,
    owed: Owing,
    *,
    by: PersonId,
    amount: Money,
    reason: str,
    address: ArrangementAddress,
    now: datetime,
) -> None:
    """Take off the invoice what is given back, but for what was paid over it already."""
    over = max(owed.paid - owed.asked, ZERO)
    if amount > over:
        invoicing.issue_credit_note(
            session, invoice_id=owed.invoice_id, by=by, amount=amount - over, reason=reason, link=address, now=now
        )


def _succeed(session: Session, refund: Refund, owed: Owing, *, link: Address, now: datetime) -> None:
    refund.status, refund.settled_at, refund.check_at = RefundStatus.SUCCEEDED, now, None
    session.flush()
    promising.give_back(
        session,
        purpose=Purpose(owed.arrangement_id),
        amount=refund.amount,
        key=TransferId(refund.id),
        note=worded("Given back of invoice {number}", number=owed.number),
        now=now,
        by=refund.begun_by,
    )
    count_given_back(session, owed, amount=refund.amount, key=TransferId(refund.id), now=now)
    audit.record(
        session, by=refund.begun_by, did="gave money back", to_kind="payment", to_id=refund.payment_id, now=now
    )
    accounts.write_to_person(
        session,
        person_id=owed.person_id,
        subject=worded(
            "{provider_name} gives you {amount} back", provider_name=owed.provider_name, amount=refund.amount
        ),
        body=worded(
            "{provider_name} gives {amount} back for invoice {number}.\n\n"
            "What happens next: if you paid by card, it comes back to that card in 5 to 10 days. You can see it here:\n"
            "{link}",
            provider_name=owed.provider_name,
            amount=refund.amount,
            number=owed.number,
            link=link(owed.invoice_id),
        ),
        now=now,
    )


def _fail(session: Session, refund: Refund, payment: Payment, owed: Owing, *, link: Address, now: datetime) -> None:
    """The money stayed with the provider, even if it looked otherwise before: banks send some refunds back."""
    if refund.status is RefundStatus.SUCCEEDED:
        key = TransferId(uuid.uuid5(refund.id, "came back"))
        promising.spend(
            session,
            purpose=Purpose(owed.arrangement_id),
            amount=refund.amount,
            key=key,
            note=worded("Not given back after all: invoice {number}", number=owed.number),
            now=now,
            by=None,
        )
        count_bought(session, owed, amount=refund.amount, key=key, now=now)
    payment.refunded -= refund.amount
    refund.status, refund.settled_at, refund.check_at = RefundStatus.FAILED, now, None
    refund.problem = "The bank could not take the money back to the card."
    audit.record(session, by=None, did="could not give back", to_kind="payment", to_id=refund.payment_id, now=now)
    accounts.write_to_organisation(
        session,
        organisation_id=owed.organisation_id,
        subject=worded("Your refund did not work: {amount}", amount=refund.amount),
        body=worded(
            "You gave {amount} back for invoice {number}, and the bank could not take it to the card. "
            "The money is still with you.\n\n"
            "What happens next: agree with the person another way to give it back, for instance to their bank account. "
            "Then write it down here:\n{link}",
            amount=refund.amount,
            number=owed.number,
            link=link(owed.invoice_id),
        ),
        now=now,
    )


def _locked(session: Session, payment_id: PaymentId) -> tuple[Payment, Owing]:
    payment = session.get(Payment, payment_id)
    if payment is None:
        raise PaymentNotFoundError("We could not find that payment.")
    owed = locked_owing(session, invoice_id=payment.invoice_id)
    session.refresh(payment)
    return payment, owed


def _locked_refund(session: Session, refund_id: RefundId) -> tuple[Refund, Payment, Owing]:
    refund = session.get(Refund, refund_id)
    if refund is None:
        raise PaymentNotFoundError("We could not find that refund.")
    payment, owed = _locked(session, refund.payment_id)
    session.refresh(refund)
    return refund, payment, owed
