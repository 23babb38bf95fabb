"""What did an offer say, and when? Every version, and what was decided about which."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.catalogue.models import Offer, OfferVersion, Provider
from marketplace.catalogue.rules import OfferId, OfferStatus
from marketplace.catalogue.rules.versions import Words
from marketplace.kit.pages import Slice
from marketplace.moderation.models import Decision
from marketplace.moderation.rules import Outcome

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class VersionLine:
    """
    One version, and the one before it. `outcome` and `reason` are of the decision that it is the frozen copy of.

    `before` is None for the first.
    """

    number: int
    did: str
    saved_at: datetime
    words: Words
    before: Words | None
    outcome: Outcome | None
    reason: str


@dataclass(frozen=True, slots=True)
class OfferHistory:
    """One page of the versions of an offer, newest first."""

    id: OfferId
    title: str
    status: OfferStatus
    is_own: bool
    versions: tuple[VersionLine, ...]
    slice: Slice


def offer_history(session: Session, *, offer_id: OfferId, viewer: Viewer, page: int = 1) -> OfferHistory | None:
    """Return the versions of an offer, to its provider and to moderators. For anybody else there are none."""
    row = session.execute(
        select(Offer.title, Offer.status, Provider.organisation_id)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(Offer.id == offer_id)
    ).one_or_none()
    if row is None or not (viewer.speaks_for(row.organisation_id) or viewer.may(Permission.MODERATE)):
        return None
    total = session.scalar(select(func.count(OfferVersion.id)).where(OfferVersion.offer_id == offer_id)) or 0
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    rows = session.execute(
        select(OfferVersion, Decision.outcome, Decision.reason)
        .outerjoin(Decision, Decision.id == OfferVersion.decision_id)
        .where(OfferVersion.offer_id == offer_id)
        .order_by(OfferVersion.number.desc())
        .offset(part.offset)
        # One more than is shown: the oldest of a page is compared with the one before it.
        .limit(part.size + 1)
    ).all()
    words = [found[0].words for found in rows]
    return OfferHistory(
        id=offer_id,
        title=row.title,
        status=row.status,
        is_own=viewer.speaks_for(row.organisation_id),
        versions=tuple(
            VersionLine(
                number=version.number,
                did=version.did,
                saved_at=version.saved_at,
                words=version.words,
                before=before,
                outcome=outcome,
                reason=reason or "",
            )
            for (version, outcome, reason), before in zip(rows[: part.size], [*words[1:], None], strict=False)
        ),
        slice=part,
    )


@dataclass(frozen=True, slots=True)
class SinceApproved:
    """An offer as it reads now, and as it read when it was last approved: None if it never was."""

    now: Words
    approved: Words | None
    approved_at: datetime | None


def since_approved(session: Session, *, offer_id: OfferId, viewer: Viewer) -> SinceApproved | None:
    """Return what a moderator compares. None to anybody else, and of an offer that was never saved since we keep it."""
    if not viewer.may(Permission.MODERATE):
        return None
    newest = select(OfferVersion.words).where(OfferVersion.offer_id == offer_id).order_by(OfferVersion.number.desc())
    now = session.scalars(newest.limit(1)).one_or_none()
    if now is None:
        return None
    approved = session.execute(
        select(OfferVersion.words, OfferVersion.saved_at)
        .join(Decision, Decision.id == OfferVersion.decision_id)
        .where(OfferVersion.offer_id == offer_id, Decision.outcome == Outcome.APPROVED)
        .order_by(OfferVersion.number.desc())
        .limit(1)
    ).one_or_none()
    if approved is None:
        return SinceApproved(now, None, None)
    return SinceApproved(now, approved.words, approved.saved_at)


def latest_version(session: Session, *, offer_id: OfferId) -> int | None:
    """Return the number of the newest version of an offer: what an arrangement is agreed on."""
    return session.scalar(select(func.max(OfferVersion.number)).where(OfferVersion.offer_id == offer_id))
