"""Where providers are paid: their own account at Stripe, and their bank account. We never hold their money."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import OrganisationId, PersonId, Viewer
from marketplace.kit import audit, text
from marketplace.kit.errors import NotFoundError, WrongAnswerError
from marketplace.kit.sentences import worded
from marketplace.payments.gateways.answers import AccountState
from marketplace.payments.models import BankDetails, StripeAccount
from marketplace.payments.rules import banking

LONGEST_ACCOUNT_NAME = 120


class OrganisationNotFoundError(NotFoundError):
    """There is no such organisation, or this person does not speak for it."""


class BankDetailsUnclearError(WrongAnswerError):
    """A sort code has six figures, an account number eight, and a name is not empty."""


def begin_account(session: Session, *, organisation_id: OrganisationId, by: Viewer, now: datetime) -> None:
    """
    Begin to open an account at Stripe for a provider. Again, nothing more happens.

    :raises OrganisationNotFoundError: if this person does not speak for it.
    """
    speaker = _speaker(organisation_id, by)
    account = StripeAccount(
        organisation_id=organisation_id,
        charges_enabled=False,
        payouts_enabled=False,
        details_submitted=False,
        begun_by=speaker,
        begun_at=now,
    )
    if session.get(StripeAccount, organisation_id) is not None or not _is_first(session, account):
        return
    audit.record(session, by=speaker, did="began to take cards", to_kind="organisation", to_id=organisation_id, now=now)


def note_account(session: Session, *, organisation_id: OrganisationId, account_id: str) -> None:
    """Keep what Stripe calls a provider's account."""
    account = _locked(session, organisation_id)
    account.account_id = account.account_id or account_id


def note_account_state(
    session: Session, *, organisation_id: OrganisationId, state: AccountState, link: str, now: datetime
) -> None:
    """Keep what a provider's account may do, as Stripe says; tell them once cards can be taken, or no longer can."""
    account = _locked(session, organisation_id)
    was = account.charges_enabled
    account.charges_enabled, account.payouts_enabled = state.charges_enabled, state.payouts_enabled
    account.details_submitted, account.checked_at = state.details_submitted, now
    if state.charges_enabled == was:
        return
    did = "can take cards" if state.charges_enabled else "can no longer take cards"
    audit.record(session, by=None, did=did, to_kind="organisation", to_id=organisation_id, now=now)
    if state.charges_enabled:
        subject, body = "You can take cards now", "People can pay your invoices by card from now on."
    else:
        subject = "You cannot take cards at the moment"
        body = "Stripe has stopped cards for you until you tell them something more. Nobody can pay you by card now."
    accounts.write_to_organisation(
        session,
        organisation_id=organisation_id,
        subject=subject,
        body=worded("{body}\n\nYou can see where it stands, and what to do, here:\n{link}", body=body, link=link),
        now=now,
    )


def say_bank_details(
    session: Session,
    *,
    organisation_id: OrganisationId,
    by: Viewer,
    account_name: str,
    sort_code: str,
    account_number: str,
    link: str,
    now: datetime,
) -> None:
    """
    Say where a provider is paid by bank transfer. Everybody who speaks for it is told, since thieves change these.

    :raises OrganisationNotFoundError: if this person does not speak for it.
    :raises BankDetailsUnclearError: if they have another shape than bank details have.
    """
    speaker = _speaker(organisation_id, by)
    name, code, number = _read(account_name, sort_code, account_number)
    given = BankDetails(
        organisation_id=organisation_id,
        account_name=name,
        sort_code=code,
        account_number=number,
        changed_by=speaker,
        changed_at=now,
    )
    details = session.get(BankDetails, organisation_id, with_for_update=True)
    if details is None and not _is_first(session, given):
        details = session.get_one(BankDetails, organisation_id, with_for_update=True)
    if details is not None:
        if (details.account_name, details.sort_code, details.account_number) == (name, code, number):
            return
        details.account_name, details.sort_code, details.account_number = name, code, number
        details.changed_by, details.changed_at = speaker, now
    audit.record(
        session, by=speaker, did="changed bank details", to_kind="organisation", to_id=organisation_id, now=now
    )
    accounts.write_to_organisation(
        session,
        organisation_id=organisation_id,
        subject="Your bank details were changed",
        body=worded(
            "{name} has said that people pay you into this account from now on: it ends in {number}.\n\n"
            "If that is right, there is nothing to do. If it is not, change it back at once, and write to us:\n"
            "{link}",
            name=by.name,
            number=number[-3:],
            link=link,
        ),
        now=now,
    )


def _is_first(session: Session, row: StripeAccount | BankDetails) -> bool:
    """Add the one row of its kind that an organisation has, unless somebody else has done so at this moment."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True


def _read(account_name: str, sort_code: str, account_number: str) -> tuple[str, str, str]:
    name = text.tidy_line(account_name)[:LONGEST_ACCOUNT_NAME]
    code, number = banking.sort_code(sort_code), banking.account_number(account_number)
    if not name:
        raise BankDetailsUnclearError("Enter the name on the account.", field="account_name")
    if code is None:
        raise BankDetailsUnclearError("Enter a sort code of six figures, like 12-34-56.", field="sort_code")
    if number is None:
        raise BankDetailsUnclearError(
            "Enter an account number of eight figures, like 12345678.", field="account_number"
        )
    return name, code, number


def _speaker(organisation_id: OrganisationId, by: Viewer) -> PersonId:
    if by.person_id is None or not by.speaks_for(organisation_id):
        raise OrganisationNotFoundError("We could not find that organisation.")
    return by.person_id


def _locked(session: Session, organisation_id: OrganisationId) -> StripeAccount:
    account = session.get(StripeAccount, organisation_id, with_for_update=True, populate_existing=True)
    if account is None:
        raise OrganisationNotFoundError("We could not find that organisation.")
    return account
