"""Questions about review cards: who made which, how many were used, and what stands on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation, RoleGrant
from marketplace.accounts.rules import OrganisationId, PersonId, Role, Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import OfferId, OfferStatus, ProviderKind
from marketplace.kit.days import day_of
from marketplace.kit.pages import Slice
from marketplace.ratings.models import Card, CardBatch, Review
from marketplace.ratings.rules.cards import FEWEST_COUNTED
from marketplace.ratings.rules.nouns import CardBatchId, ReviewStatus

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Batch:
    """
    Cards made together, as those see them who made them.

    `used` counts those whose review is shown, and is None below three: it must not say who wrote, or who is waiting.
    """

    id: CardBatchId
    offer_id: OfferId
    offer_title: str
    provider_name: str
    made_by: str
    is_word: bool
    made_on: date
    expires_on: date
    cards: int
    used: int | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class BatchList:
    """One page of the cards that somebody's organisations made."""

    batches: tuple[Batch, ...]
    slice: Slice


@dataclass(frozen=True, slots=True)
class CardOffer:
    """An offer for which somebody may make cards."""

    id: OfferId
    title: str
    provider_name: str


@dataclass(frozen=True, slots=True)
class PrintedBatch:
    """What stands on cards besides their codes."""

    offer_title: str
    provider_name: str
    attester: str
    expires_on: date


_TO_BE_SEEN = Offer.status.in_((OfferStatus.LIVE, OfferStatus.UNLISTED))


def attesting_organisation(session: Session, *, viewer: Viewer) -> OrganisationId | None:
    """Return the user-led organisation that the viewer can give the word of: one with an offer that we have read."""
    return session.scalar(
        select(RoleGrant.organisation_id)
        .join(Provider, Provider.organisation_id == RoleGrant.organisation_id)
        .join(Offer, Offer.provider_id == Provider.id)
        .where(
            RoleGrant.person_id == viewer.person_id,
            RoleGrant.role == Role.USER_LED_ORGANISATION,
            Provider.kind == ProviderKind.USER_LED_ORGANISATION,
            _TO_BE_SEEN,
        )
        .order_by(RoleGrant.organisation_id)
        .limit(1)
    )


def has_reviewed_by_card(session: Session, *, person_id: PersonId, offer_id: OfferId) -> bool:
    """Test whether a person has reviewed an offer with a card before. For services."""
    wanted = (Review.person_id == person_id, Review.offer_id == offer_id, Review.card_id.is_not(None))
    return session.scalar(select(Review.id).where(*wanted).limit(1)) is not None


def card_offers(session: Session, *, viewer: Viewer) -> tuple[CardOffer, ...]:
    """Return the viewer's own offers for which there can be cards, by title."""
    rows = session.execute(
        select(Offer.id, Offer.title, Provider.name)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(Provider.organisation_id.in_(viewer.organisations), _TO_BE_SEEN)
        .order_by(func.lower(Offer.title), Offer.id)
    )
    return tuple(CardOffer(*row) for row in rows)


def my_batches(session: Session, *, viewer: Viewer, page: int, today: date) -> BatchList:
    """Return the cards that the viewer's organisations made, the newest first."""
    is_theirs = CardBatch.organisation_id.in_(viewer.organisations)
    total = session.scalar(select(func.count()).select_from(CardBatch).where(is_theirs)) or 0
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    rows = session.execute(
        select(CardBatch, Offer.title, Provider.name, Organisation.name)
        .join(Offer, Offer.id == CardBatch.offer_id)
        .join(Provider, Provider.id == Offer.provider_id)
        .join(Organisation, Organisation.id == CardBatch.organisation_id)
        .where(is_theirs)
        .order_by(CardBatch.made_at.desc(), CardBatch.id)
        .offset(part.offset)
        .limit(part.size)
    ).all()
    counts = _counts(session, [batch.id for batch, *_ in rows])
    return BatchList(tuple(_batch(*row, counts=counts[row[0].id], today=today) for row in rows), part)


def printed_batch(
    session: Session, *, batch_id: CardBatchId, code_hashes: Sequence[str], viewer: Viewer
) -> PrintedBatch | None:
    """Return what stands on cards of the viewer's, if all of these hashes are theirs, or None."""
    row = session.execute(
        select(Offer.title, Provider.name, Organisation.name, CardBatch.is_word, CardBatch.expires_on)
        .select_from(CardBatch)
        .join(Offer, Offer.id == CardBatch.offer_id)
        .join(Provider, Provider.id == Offer.provider_id)
        .join(Organisation, Organisation.id == CardBatch.organisation_id)
        .where(CardBatch.id == batch_id, CardBatch.organisation_id.in_(viewer.organisations))
    ).one_or_none()
    theirs = select(func.count()).where(Card.batch_id == batch_id, Card.code_hash.in_(code_hashes))
    if row is None or not code_hashes or session.scalar(theirs) != len(code_hashes):
        return None
    title, provider, maker, is_word, expires_on = row
    return PrintedBatch(title, provider, maker if is_word else "", expires_on)


@dataclass(frozen=True, slots=True)
class _Counts:
    """Of one batch: its cards, those taken back (all or none), and those whose review is shown."""

    cards: int
    revoked: int
    shown: int


def _counts(session: Session, batch_ids: Sequence[CardBatchId]) -> dict[CardBatchId, _Counts]:
    is_shown = and_(Review.card_id == Card.id, Review.status == ReviewStatus.SHOWN)
    rows = session.execute(
        select(
            Card.batch_id,
            func.count(Card.id),
            func.count(Card.revoked_at),
            func.count(Review.id),
        )
        .outerjoin(Review, is_shown)
        .where(Card.batch_id.in_(batch_ids))
        .group_by(Card.batch_id)
    )
    return {batch_id: _Counts(cards, revoked, shown) for batch_id, cards, revoked, shown in rows}


def _batch(batch: CardBatch, title: str, provider: str, maker: str, *, counts: _Counts, today: date) -> Batch:
    return Batch(
        id=batch.id,
        offer_id=batch.offer_id,
        offer_title=title,
        provider_name=provider,
        made_by=maker,
        is_word=batch.is_word,
        made_on=day_of(batch.made_at),
        expires_on=batch.expires_on,
        cards=counts.cards,
        used=counts.shown if counts.shown >= FEWEST_COUNTED else None,
        is_open=counts.revoked == 0 and batch.expires_on >= today,
    )
