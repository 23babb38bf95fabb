"""What waits for a moderator: offers that nobody has decided about, and offers that somebody has reported."""

import enum
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.catalogue.models import Category, Offer, Provider
from marketplace.catalogue.rules import OfferId, OfferStatus, ProviderKind
from marketplace.kit.pages import Slice
from marketplace.kit.sentences import one_word
from marketplace.moderation.models import Report
from marketplace.moderation.rules import SubjectKind

PAGE_SIZE = 20


class Waiting(enum.StrEnum):
    """Which of the waiting offers a moderator looks at."""

    NEW = "new"
    CHANGED = "changed"
    REPORTED = "reported"

    @property
    def words(self) -> str:
        """What they are called on a page."""
        return {
            Waiting.NEW: one_word("New"),
            Waiting.CHANGED: one_word("Changed"),
            Waiting.REPORTED: one_word("Reported"),
        }[self]


@dataclass(frozen=True, slots=True)
class WaitingOffer:
    """One offer that a moderator may decide about. `reports` counts those that nobody has closed."""

    id: OfferId
    title: str
    provider_name: str
    kind: ProviderKind
    category_name: str
    status: OfferStatus
    since: datetime
    was_shown: bool
    reports: int


@dataclass(frozen=True, slots=True)
class WaitingOffers:
    """One page of the offers that wait for a moderator, those that wait longest first."""

    offers: tuple[WaitingOffer, ...]
    slice: Slice


_REPORTS = (
    select(func.count(Report.id))
    .where(Report.subject_kind == SubjectKind.OFFER, Report.subject_id == Offer.id, Report.closed_at.is_(None))
    .correlate(Offer)
    .scalar_subquery()
)


def waiting_for_approval(
    session: Session, *, viewer: Viewer, page: int = 1, only: Waiting | None = None
) -> WaitingOffers:
    """Return the offers that wait for a moderator, of one sort or of all. Anybody else gets none."""
    if not viewer.may(Permission.MODERATE):
        return WaitingOffers((), Slice(1, PAGE_SIZE, 0))
    waiting = _are(only)
    total = session.scalar(select(func.count(Offer.id)).where(*waiting)) or 0
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    rows = session.execute(
        select(Offer, Provider.name, Provider.kind, Category.name.label("shelf"), _REPORTS.label("reports"))
        .join(Provider, Provider.id == Offer.provider_id)
        .join(Category, Category.slug == Offer.category)
        .where(*waiting)
        .order_by(Offer.updated_at, Offer.id)
        .offset(part.offset)
        .limit(part.size)
    )
    return WaitingOffers(
        offers=tuple(
            WaitingOffer(
                id=row.Offer.id,
                title=row.Offer.title,
                provider_name=row.name,
                kind=row.kind,
                category_name=row.shelf,
                status=row.Offer.status,
                since=row.Offer.updated_at,
                was_shown=row.Offer.listed_at is not None,
                reports=row.reports,
            )
            for row in rows
        ),
        slice=part,
    )


def next_waiting(session: Session, *, viewer: Viewer, only: Waiting | None = None) -> OfferId | None:
    """Return the offer that has waited longest and that this moderator may decide about, or None if none is left."""
    if not viewer.may(Permission.MODERATE):
        return None
    others = Provider.organisation_id.is_(None) | Provider.organisation_id.not_in(viewer.organisations)
    return session.scalar(
        select(Offer.id)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(*_are(only), others)
        .order_by(Offer.updated_at, Offer.id)
        .limit(1)
    )


def _are(only: Waiting | None) -> list[ColumnElement[bool]]:
    if only is Waiting.REPORTED:
        shown = Offer.status.in_((OfferStatus.SUBMITTED, OfferStatus.LIVE, OfferStatus.LAPSED))
        return [
            shown,
            exists().where(
                Report.subject_kind == SubjectKind.OFFER, Report.subject_id == Offer.id, Report.closed_at.is_(None)
            ),
        ]
    waiting = [Offer.status == OfferStatus.SUBMITTED]
    if only is Waiting.NEW:
        waiting.append(Offer.listed_at.is_(None))
    if only is Waiting.CHANGED:
        waiting.append(Offer.listed_at.is_not(None))
    return waiting
