"""Which photographs may somebody see?"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.catalogue.models import Offer, Photo, PhotoFile, Provider
from marketplace.catalogue.rules import OfferId, OfferStatus, PhotoId
from marketplace.kit.pages import Slice

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class PhotoLine:
    """One photograph of an offer. `width` and `height` are pixels. Before a moderator has seen it, it is waiting."""

    id: PhotoId
    offer_id: OfferId
    digest: str
    alt: str
    width: int
    height: int
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class WaitingPhoto:
    """A photograph that waits for a moderator, with the offer it shows."""

    photo: PhotoLine
    offer_title: str
    provider_name: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class WaitingPhotos:
    """One page of the photographs that wait, those that have waited longest first."""

    photos: tuple[WaitingPhoto, ...]
    slice: Slice


def photos_of(session: Session, *, offer_id: OfferId, viewer: Viewer) -> tuple[PhotoLine, ...]:
    """Return the photographs of an offer that the viewer may see, in their order."""
    rows = session.execute(
        select(Photo)
        .join(Offer, Offer.id == Photo.offer_id)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(Photo.offer_id == offer_id, _may_see(viewer))
        .order_by(Photo.position)
    )
    return tuple(_line(photo) for (photo,) in rows)


def photo_file(session: Session, *, digest: str, is_small: bool, viewer: Viewer) -> bytes | None:
    """Return the JPEG of a photograph that the viewer may see, or None."""
    return session.scalar(
        select(PhotoFile.small if is_small else PhotoFile.large)
        .join(Photo, Photo.digest == PhotoFile.digest)
        .join(Offer, Offer.id == Photo.offer_id)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(PhotoFile.digest == digest, _may_see(viewer))
        .limit(1)
    )


def photo(session: Session, *, photo_id: PhotoId, viewer: Viewer) -> PhotoLine | None:
    """Return a photograph that the viewer may see, or None."""
    found = session.scalar(
        select(Photo)
        .join(Offer, Offer.id == Photo.offer_id)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(Photo.id == photo_id, _may_see(viewer))
    )
    return _line(found) if found else None


def waiting_photos(session: Session, *, viewer: Viewer, page: int = 1) -> WaitingPhotos:
    """Return the photographs that wait to be seen on live offers. To anybody but a moderator there are none."""
    is_waiting = and_(
        Photo.approved_at.is_(None),
        Offer.status == OfferStatus.LIVE,
        true() if viewer.may(Permission.MODERATE) else ~true(),
    )
    total = session.scalar(select(func.count(Photo.id)).join(Offer, Offer.id == Photo.offer_id).where(is_waiting)) or 0
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    rows = session.execute(
        select(Photo, Offer.title, Provider.name)
        .join(Offer, Offer.id == Photo.offer_id)
        .join(Provider, Provider.id == Offer.provider_id)
        .where(is_waiting)
        .order_by(Photo.added_at, Photo.id)
        .offset(part.offset)
        .limit(part.size)
    )
    return WaitingPhotos(
        photos=tuple(
            WaitingPhoto(photo=_line(found), offer_title=title, provider_name=name, added_at=found.added_at)
            for found, title, name in rows
        ),
        slice=part,
    )


def _is_public() -> ColumnElement[bool]:
    return and_(Offer.status == OfferStatus.LIVE, Photo.approved_at.is_not(None))


def _may_see(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.may(Permission.MODERATE):
        return true()
    return or_(_is_public(), Provider.organisation_id.in_(list(viewer.organisations)))


def _line(found: Photo) -> PhotoLine:
    return PhotoLine(
        id=found.id,
        offer_id=found.offer_id,
        digest=found.digest,
        alt=found.alt,
        width=found.width,
        height=found.height,
        is_waiting=found.approved_at is None,
    )
