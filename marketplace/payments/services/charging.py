"""
Charging cards: the intent is written down and committed, then Stripe is asked, then what came of it is written down.

These are the two ends. What lies between them, in no transaction, is in `jobs.charging`.
"""

import uuid
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import PersonId, Viewer
from marketplace.kit import audit
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotFoundError
from marketplace.kit.sentences import worded
from marketplace.payments.gateways import answers
from marketplace.payments.models import Charge, Payment, SavedCard, StripeAccount
from marketplace.payments.queries.owing import UNDER_WAY, Owing
from marketplace.payments.rules import ChargeId, ChargeStatus, ChargeWay, PaymentId, PaymentKey, Route, SavedCardId
from marketplace.payments.rules.charging import LEAST_BY_CARD, TROUBLE, fee_of, next_reminder, wait_before_check
from marketplace.payments.services.paying import InvoiceNotFoundError, add_payment, locked_owing
from marketplace.payments.services.repaying import repay_for_pool
from marketplace.purchasing.rules import InvoiceId

Address = Callable[[InvoiceId], str]
"""Turns an invoice into the address of the page where it is paid."""


class ChargeNotFoundError(NotFoundError):
    """There is no such charge, or it is somebody else's."""


class NoCardsTakenError(DomainError):
    """The provider cannot take cards, or the amount is less than any card pays."""


class NothingToPayError(DomainError):
    """It is paid, or a card is being charged for it."""


class WrongSumError(DomainError):
    """Stripe charged another amount than we asked for. It should never happen, so a person must look."""


def begin_card_charge(
    session: Session, *, invoice_id: InvoiceId, pence_per_pound: Decimal, now: datetime
) -> ChargeId | None:
    """
    Begin to charge the card that somebody saved for an invoice, while they are not there; return None if it cannot be.

    That is so if nothing is to pay, a card is being charged, they saved none, or the provider cannot take cards.
    """
    owed = locked_owing(session, invoice_id=invoice_id)
    card_id = _newest_card(session, owed.person_id)
    account = _account(session, owed)
    if card_id is None or account is None or owed.under_way.pence or owed.owed < LEAST_BY_CARD:
        return None
    charge = _begin(session, owed, account=account, pence_per_pound=pence_per_pound, card_id=card_id, now=now)
    audit.record(session, by=None, did="began a charge", to_kind="invoice", to_id=invoice_id, now=now)
    return charge.id


def begin_hosted_charge(
    session: Session, *, invoice_id: InvoiceId, by: Viewer, pence_per_pound: Decimal, now: datetime
) -> ChargeId:
    """
    Begin a charge on a page of Stripe's, for the person who pays. One that is open already is gone on with.

    :raises InvoiceNotFoundError: if there is no such invoice, or somebody else pays it.
    :raises NothingToPayError: if it is paid, or their saved card is being charged.
    :raises NoCardsTakenError: if the provider cannot take cards, or so little.
    """
    owed = locked_owing(session, invoice_id=invoice_id)
    if by.person_id is None or owed.person_id != by.person_id:
        raise InvoiceNotFoundError("We could not find that invoice.")
    under_way = session.scalars(
        select(Charge).where(Charge.invoice_id == invoice_id, Charge.status.in_(UNDER_WAY))
    ).one_or_none()
    if under_way is not None and under_way.way is ChargeWay.HOSTED:
        return under_way.id
    if under_way is not None:
        raise NothingToPayError("Your saved card is being charged for this. We write to you when it is done.")
    if not owed.owed.pence:
        raise NothingToPayError("This has been paid already.")
    account = _account(session, owed)
    if account is None:
        raise NoCardsTakenError(
            worded(
                "{provider_name} cannot take cards now. Choose another way to pay.", provider_name=owed.provider_name
            )
        )
    if owed.owed < LEAST_BY_CARD:
        raise NoCardsTakenError(
            worded(
                "Cards cannot pay less than {least_by_card}. Choose another way to pay.", least_by_card=LEAST_BY_CARD
            )
        )
    charge = _begin(session, owed, account=account, pence_per_pound=pence_per_pound, card_id=None, now=now)
    audit.record(session, by=by.person_id, did="began a charge", to_kind="invoice", to_id=invoice_id, now=now)
    return charge.id


def note_page(session: Session, *, charge_id: ChargeId, page: answers.HostedPage, now: datetime) -> None:
    """Keep where the page is on which somebody pays."""
    charge, _owed = _locked(session, charge_id)
    if charge.status not in UNDER_WAY:
        return
    charge.status = ChargeStatus.ASKED
    charge.session_id, charge.page_url = page.session_id, page.url
    charge.check_at = now + wait_before_check(charge.checks)


def put_off(session: Session, *, charge_id: ChargeId, now: datetime) -> None:
    """Ask Stripe again later: it did not answer, or does not know yet."""
    charge, _owed = _locked(session, charge_id)
    if charge.status in UNDER_WAY:
        charge.checks += 1
        charge.check_at = now + wait_before_check(charge.checks)


def settle_charge(
    session: Session, *, charge_id: ChargeId, state: answers.ChargeState, link: Address, now: datetime
) -> bool:
    """
    Write down what Stripe says came of a charge; return whether that was news. Safe to say twice, in any order.

    :raises WrongSumError: if another amount was charged than we asked for.
    """
    charge, owed = _locked(session, charge_id)
    if charge.status is ChargeStatus.SUCCEEDED:
        return False
    if state.status is answers.ChargeStatus.SUCCEEDED:
        _succeed(session, charge, owed, state, link=link, now=now)
        return True
    if charge.status not in UNDER_WAY:
        return False
    charge.payment_intent_id = state.payment_intent_id or charge.payment_intent_id
    if state.status in {answers.ChargeStatus.PROCESSING, answers.ChargeStatus.OPEN}:
        charge.status = ChargeStatus.ASKED
        charge.checks += 1
        charge.check_at = now + wait_before_check(charge.checks)
        return False
    _fail(session, charge, owed, state, link=link, now=now)
    return True


def refuse_charge(session: Session, *, charge_id: ChargeId, code: str, says: str, link: Address, now: datetime) -> None:
    """Write down that Stripe would not charge at all, or that nothing came of it, and why in its words."""
    charge, owed = _locked(session, charge_id)
    if charge.status not in UNDER_WAY:
        return
    nothing = answers.ChargeState(answers.ChargeStatus.FAILED, None, 0, 0, 0, code, says)
    _fail(session, charge, owed, nothing, link=link, now=now)


def _begin(
    session: Session,
    owed: Owing,
    *,
    account: str,
    pence_per_pound: Decimal,
    card_id: SavedCardId | None,
    now: datetime,
) -> Charge:
    last = session.scalar(select(func.max(Charge.attempt)).where(Charge.invoice_id == owed.invoice_id)) or 0
    charge = Charge(
        id=ChargeId(uuid.uuid4()),
        invoice_id=owed.invoice_id,
        person_id=owed.person_id,
        organisation_id=owed.organisation_id,
        account_id=account,
        attempt=last + 1,
        way=ChargeWay.SAVED_CARD if card_id else ChargeWay.HOSTED,
        saved_card_id=card_id,
        amount=owed.owed,
        fee=fee_of(owed.owed, pence_per_pound=pence_per_pound),
        status=ChargeStatus.BEGUN,
        begun_at=now,
        # Whoever began it asks at once. If they are stopped before, somebody asks for them.
        check_at=now + wait_before_check(0),
    )
    session.add(charge)
    session.flush()
    return charge


def _locked(session: Session, charge_id: ChargeId) -> tuple[Charge, Owing]:
    charge = session.get(Charge, charge_id)
    if charge is None:
        raise ChargeNotFoundError("We could not find that payment.")
    owed = locked_owing(session, invoice_id=charge.invoice_id)
    session.refresh(charge)
    return charge, owed


def _succeed(
    session: Session, charge: Charge, owed: Owing, state: answers.ChargeState, *, link: Address, now: datetime
) -> None:
    if state.amount_pence != charge.amount.pence:
        raise WrongSumError("Stripe charged another amount than we asked for, so we have changed nothing.")
    charge.status, charge.settled_at, charge.check_at, charge.remind_at = ChargeStatus.SUCCEEDED, now, None, None
    charge.payment_intent_id = state.payment_intent_id
    charge.decline_code = charge.problem = ""
    session.flush()
    payment = Payment(
        id=PaymentId(uuid.uuid4()),
        key=PaymentKey(charge.id),
        invoice_id=charge.invoice_id,
        charge_id=charge.id,
        amount=charge.amount,
        route=Route.CARD,
        paid_on=day_of(now),
        recorded_by=None,
        recorded_at=now,
    )
    add_payment(session, payment, of=owed, by=None, now=now)
    if owed.waits_for_pool:
        # It may have failed while Stripe was charging.
        repay_for_pool(session, arrangement_id=owed.arrangement_id, now=now)
    uncertain = (
        "Your pool is getting ready. If it does not go ahead, you get all of it back, by itself.\n\n"
        if owed.waits_for_pool
        else ""
    )
    accounts.write_to_person(
        session,
        person_id=owed.person_id,
        subject=worded("Paid: {amount} to {provider_name}", amount=charge.amount, provider_name=owed.provider_name),
        body=worded(
            "Your card has paid {amount} to {provider_name} for invoice {number}.\n\n"
            "{uncertain}What happens next: nothing to do. You can see the payment here:\n{link}",
            amount=charge.amount,
            provider_name=owed.provider_name,
            number=owed.number,
            uncertain=uncertain,
            link=link(owed.invoice_id),
        ),
        now=now,
    )


def _fail(
    session: Session, charge: Charge, owed: Owing, state: answers.ChargeState, *, link: Address, now: datetime
) -> None:
    status = {
        answers.ChargeStatus.NEEDS_PERSON: ChargeStatus.NEEDS_PERSON,
        answers.ChargeStatus.EXPIRED: ChargeStatus.EXPIRED,
    }
    charge.status = status.get(state.status, ChargeStatus.FAILED)
    charge.settled_at, charge.check_at = now, None
    charge.decline_code, charge.problem = (state.decline_code or "")[:80], state.says[:300]
    audit.record(session, by=None, did="could not charge a card", to_kind="invoice", to_id=owed.invoice_id, now=now)
    # On Stripe's page they were there and saw it. Trouble at Stripe is no news yet: it is tried again by itself. Of a
    # pool that is not certain yet the pool writes.
    if charge.way is ChargeWay.HOSTED or charge.decline_code == TROUBLE or owed.waits_for_pool:
        return
    charge.remind_at = next_reminder(failed_at=now, now=now)
    write_of_failure(session, charge, owed, link=link, now=now)


def write_of_failure(session: Session, charge: Charge, owed: Owing, *, link: Address, now: datetime) -> None:
    """Tell somebody that their saved card could not be charged, and where to pay. Not why: letters are read."""
    accounts.write_to_person(
        session,
        person_id=owed.person_id,
        subject=worded(
            "We could not charge your card: {owed} to {provider_name}", owed=owed.owed, provider_name=owed.provider_name
        ),
        body=worded(
            "{provider_name} asks for {owed} for invoice {number}, and your saved card could not be "
            "charged. Sometimes a bank only wants to be sure that it is you.\n\n"
            "What happens next: sign in and pay on this page. You can use any card, or another way to pay:\n"
            "{link}\n\n"
            "Nothing has been taken. If it is still not paid a week after we first wrote, we tell {provider_name}.",
            provider_name=owed.provider_name,
            owed=owed.owed,
            number=owed.number,
            link=link(owed.invoice_id),
        ),
        now=now,
    )


def _newest_card(session: Session, person_id: PersonId) -> SavedCardId | None:
    return session.scalars(
        select(SavedCard.id)
        .where(SavedCard.person_id == person_id, SavedCard.removed_at.is_(None))
        .order_by(SavedCard.saved_at.desc(), SavedCard.id)
        .limit(1)
    ).one_or_none()


def _account(session: Session, owed: Owing) -> str | None:
    return session.scalars(
        select(StripeAccount.account_id).where(
            StripeAccount.organisation_id == owed.organisation_id, StripeAccount.charges_enabled.is_(True)
        )
    ).one_or_none()
