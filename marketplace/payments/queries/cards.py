"""Questions about saved cards and providers' accounts. Every one takes the viewer, and each sees their own."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.accounts.rules import OrganisationId, PersonId, Viewer
from marketplace.payments.models import CardSetup, SavedCard, StripeAccount
from marketplace.payments.queries.payments import Bank, bank_of
from marketplace.payments.rules import CardSetupId, SavedCardId, SetupStatus


@dataclass(frozen=True, slots=True)
class CardLine:
    """A saved card, as much of it as its owner needs to know it by."""

    id: SavedCardId
    payment_method_id: str
    brand: str
    last4: str
    expires_month: int
    expires_year: int
    saved_at: datetime


def my_cards(session: Session, *, viewer: Viewer) -> tuple[CardLine, ...]:
    """Return the viewer's own saved cards. The first is the one that is charged."""
    rows = session.scalars(
        select(SavedCard)
        .where(SavedCard.person_id == viewer.person_id, SavedCard.removed_at.is_(None))
        .order_by(SavedCard.saved_at.desc(), SavedCard.id)
    )
    return tuple(
        CardLine(it.id, it.payment_method_id, it.brand, it.last4, it.expires_month, it.expires_year, it.saved_at)
        for it in rows
    )


def card_ready(session: Session, *, person_id: PersonId, organisation_id: OrganisationId) -> bool:
    """Test whether somebody has a saved card that this provider may charge. For services: nobody is shown it."""
    card = select(SavedCard.id).where(SavedCard.person_id == person_id, SavedCard.removed_at.is_(None))
    account = select(StripeAccount.account_id).where(
        StripeAccount.organisation_id == organisation_id, StripeAccount.charges_enabled.is_(True)
    )
    return bool(session.scalar(select(and_(card.exists(), account.exists()))))


@dataclass(frozen=True, slots=True)
class SetupPage:
    """How far the viewer has come with saving a card."""

    id: CardSetupId
    status: SetupStatus
    page_url: str
    back_to: str


def setup_page(session: Session, *, setup_id: CardSetupId, viewer: Viewer) -> SetupPage | None:
    """Return how far somebody has come with saving a card, to themselves. To anybody else there is nothing."""
    it = session.scalars(
        select(CardSetup).where(CardSetup.id == setup_id, CardSetup.person_id == viewer.person_id)
    ).one_or_none()
    return SetupPage(it.id, it.status, it.page_url, it.back_to) if it else None


@dataclass(frozen=True, slots=True)
class ProviderAccount:
    """How one organisation that the viewer speaks for is paid."""

    organisation_id: OrganisationId
    name: str
    has_begun: bool
    charges_enabled: bool
    payouts_enabled: bool
    details_submitted: bool
    checked_at: datetime | None
    bank: Bank | None


def provider_accounts(session: Session, *, viewer: Viewer) -> tuple[ProviderAccount, ...]:
    """Return how each organisation that the viewer speaks for is paid."""
    rows = session.execute(
        select(Organisation, StripeAccount)
        .outerjoin(StripeAccount, StripeAccount.organisation_id == Organisation.id)
        .where(Organisation.id.in_(viewer.organisations))
        .order_by(Organisation.name, Organisation.id)
    ).all()
    return tuple(
        ProviderAccount(
            organisation_id=organisation.id,
            name=organisation.name,
            has_begun=account is not None,
            charges_enabled=account is not None and account.charges_enabled,
            payouts_enabled=account is not None and account.payouts_enabled,
            details_submitted=account is not None and account.details_submitted,
            checked_at=account.checked_at if account else None,
            bank=bank_of(session, organisation_id=organisation.id),
        )
        for organisation, account in rows
    )
