"""Questions about invoices that people send with their reviews. Who looks at one sees neither stars nor words."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, PersonId, Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import OfferId
from marketplace.kit.pages import Slice
from marketplace.ratings.models import InvoiceProof, KeptFile, Review
from marketplace.ratings.rules.nouns import FileUse, ProofState, ReviewId

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class WaitingInvoice:
    """An invoice that a checker has not looked at yet."""

    review_id: ReviewId
    offer_id: OfferId
    offer_title: str
    provider_name: str
    media_type: str
    sent_at: datetime
    due_at: datetime

    @property
    def is_pdf(self) -> bool:
        """Whether it is a document, and no photograph."""
        return self.media_type == "application/pdf"


@dataclass(frozen=True, slots=True)
class WaitingInvoices:
    """One page of the invoices that wait, those due first at the top."""

    invoices: tuple[WaitingInvoice, ...]
    slice: Slice


@dataclass(frozen=True, slots=True)
class InvoiceFile:
    """An invoice as it is kept."""

    content: bytes
    media_type: str


def has_reviewed_by_word(session: Session, *, person_id: PersonId, offer_id: OfferId) -> bool:
    """Test whether a person has reviewed an offer with neither an arrangement nor a card. For services."""
    return (
        session.scalar(
            select(Review.id).where(
                Review.person_id == person_id,
                Review.offer_id == offer_id,
                Review.arrangement_id.is_(None),
                Review.card_id.is_(None),
            )
        )
        is not None
    )


def kept_since(
    session: Session, *, use: FileUse, offer_id: OfferId, viewer: Viewer, after: datetime
) -> datetime | None:
    """Return when the viewer sent a file for a review that they are still writing, or None if there is none."""
    return session.scalar(
        select(KeptFile.kept_at).where(
            KeptFile.person_id == viewer.person_id,
            KeptFile.use == use,
            KeptFile.offer_id == offer_id,
            KeptFile.kept_at >= after,
        )
    )


def waiting_invoices(session: Session, *, viewer: Viewer, page: int) -> WaitingInvoices:
    """Return the invoices that the viewer may look at: not their own, nor about an organisation of theirs."""
    total = session.scalar(select(count_of_invoices(viewer))) or 0
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    rows = session.execute(
        _waiting(viewer).order_by(InvoiceProof.due_at, Review.id).offset(part.offset).limit(part.size)
    )
    return WaitingInvoices(tuple(WaitingInvoice(*row) for row in rows), part)


def count_of_invoices(viewer: Viewer) -> ScalarSelect[int]:
    """Return how to ask how many invoices the viewer may look at, alone or within a larger question."""
    found = _waiting(viewer)
    return select(func.count()).select_from(found.subquery()).scalar_subquery()


def waiting_invoice(session: Session, *, review_id: ReviewId, viewer: Viewer) -> WaitingInvoice | None:
    """Return one invoice that waits, if the viewer may look at it."""
    row = session.execute(_waiting(viewer).where(Review.id == review_id)).one_or_none()
    return WaitingInvoice(*row) if row else None


def invoice_file(session: Session, *, review_id: ReviewId, viewer: Viewer) -> InvoiceFile | None:
    """Return the file of an invoice that waits, if the viewer may look at it."""
    if waiting_invoice(session, review_id=review_id, viewer=viewer) is None:
        return None
    row = session.execute(
        select(InvoiceProof.file, InvoiceProof.media_type).where(InvoiceProof.review_id == review_id)
    ).one()
    return InvoiceFile(row.file, row.media_type) if row.file is not None else None


def _waiting(
    viewer: Viewer,
) -> Select[ReviewId, OfferId, str, str, str, datetime, datetime]:
    mine = (Review.person_id == viewer.person_id, Provider.organisation_id.in_(viewer.organisations))
    return (
        select(
            Review.id,
            Review.offer_id,
            Offer.title,
            Provider.name,
            InvoiceProof.media_type,
            InvoiceProof.sent_at,
            InvoiceProof.due_at,
        )
        .select_from(InvoiceProof)
        .join(Review, Review.id == InvoiceProof.review_id)
        .join(Offer, Offer.id == Review.offer_id)
        .join(Provider, Provider.id == Review.provider_id)
        .where(
            InvoiceProof.state == ProofState.TO_CHECK,
            # To who checks nobody, none.
            Review.id.is_not(None) if viewer.may(Permission.CHECK) else Review.id.is_(None),
            ~func.coalesce(or_(*mine), False),
        )
    )
