"""What can happen to the photographs of an offer."""

import uuid
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import Permission, Viewer
from marketplace.catalogue import rules
from marketplace.catalogue.models import Offer, Photo, PhotoFile, Provider
from marketplace.catalogue.rules import OfferId, PhotoId
from marketplace.catalogue.services.deciding import OwnOfferError
from marketplace.catalogue.services.finding import WrongDetailError, any_offer, own_offer
from marketplace.catalogue.services.versions import keep_version
from marketplace.kit import audit, text
from marketplace.kit.errors import NotFoundError
from marketplace.kit.pictures import Picture
from marketplace.kit.sentences import worded


class PhotoNotFoundError(NotFoundError):
    """There is no such photograph, or none this person may know about."""


def add_photo(session: Session, *, offer_id: OfferId, picture: Picture, alt: str, by: Viewer, now: datetime) -> PhotoId:
    """
    Add a photograph to an offer. Nobody else sees it before a moderator has. Idempotent: the same picture is one.

    :raises OfferNotFoundError: if it is not the viewer's offer.
    :raises WrongDetailError: if the words will not do, or there are as many photographs as there may be.
    """
    offer = own_offer(session, offer_id=offer_id, by=by)
    words = _checked(alt)
    photos = session.scalars(select(Photo).where(Photo.offer_id == offer.id)).all()
    known = next((photo for photo in photos if photo.digest == picture.digest), None)
    if known is not None:
        known.alt = words
        return known.id
    if len(photos) >= rules.MOST_PHOTOS:
        raise WrongDetailError(
            worded(
                "An offer can show {most_photos} photos. Remove one before you add another.",
                most_photos=rules.MOST_PHOTOS,
            ),
            field="photo",
        )
    if session.get(PhotoFile, picture.digest) is None:
        session.add(PhotoFile(digest=picture.digest, large=picture.large, small=picture.small))
        session.flush()
    photo = Photo(
        id=PhotoId(uuid.uuid4()),
        offer_id=offer.id,
        digest=picture.digest,
        alt=words,
        width=picture.width,
        height=picture.height,
        position=max((photo.position for photo in photos), default=0) + 1,
        added_at=now,
    )
    session.add(photo)
    audit.record(session, by=by.person_id, did="added a photo", to_kind="offer", to_id=offer.id, now=now)
    session.flush()
    return photo.id


def describe_photo(session: Session, *, photo_id: PhotoId, alt: str, by: Viewer, now: datetime) -> OfferId:
    """
    Change the words of a photograph. A moderator reads new words before others do.

    :raises PhotoNotFoundError: if it is not the viewer's.
    :raises WrongDetailError: if the words will not do.
    """
    photo, offer = _own_photo(session, photo_id=photo_id, by=by)
    words = _checked(alt)
    if words != photo.alt:
        photo.alt, photo.approved_at = words, None
        keep_version(session, offer, did="described a photo", by=by.person_id, now=now)
        audit.record(session, by=by.person_id, did="described a photo", to_kind="offer", to_id=offer.id, now=now)
    session.flush()
    return offer.id


def remove_photo(session: Session, *, photo_id: PhotoId, by: Viewer, now: datetime) -> OfferId:
    """
    Take a photograph away, and its file with it unless another offer shows the same.

    :raises PhotoNotFoundError: if it is not the viewer's.
    """
    photo, offer = _own_photo(session, photo_id=photo_id, by=by)
    _drop(session, photo)
    keep_version(session, offer, did="removed a photo", by=by.person_id, now=now)
    audit.record(session, by=by.person_id, did="removed a photo", to_kind="offer", to_id=offer.id, now=now)
    return offer.id


def approve_photo(session: Session, *, photo_id: PhotoId, by: Viewer, now: datetime) -> None:
    """
    Let everybody see a photograph. Idempotent.

    :raises PhotoNotFoundError: if there is none, or the viewer is no moderator.
    :raises OwnOfferError: if the moderator speaks for its provider.
    """
    photo, offer, _provider = _to_decide(session, photo_id=photo_id, by=by)
    if photo.approved_at is None:
        photo.approved_at = now
        keep_version(session, offer, did="approved a photo", by=by.person_id, now=now)
        audit.record(session, by=by.person_id, did="approved a photo", to_kind="offer", to_id=offer.id, now=now)


def refuse_photo(session: Session, *, photo_id: PhotoId, reason: str, by: Viewer, now: datetime) -> None:
    """
    Remove a photograph that cannot be shown, and tell its provider why.

    :raises PhotoNotFoundError: if there is none, or the viewer is no moderator.
    :raises OwnOfferError: if the moderator speaks for its provider.
    :raises WrongDetailError: if no reason is given.
    """
    photo, offer, provider = _to_decide(session, photo_id=photo_id, by=by)
    why = text.tidy(reason)
    if not why:
        raise WrongDetailError("Say why, so that the provider can send a better one.", field="reason")
    accounts.write_to_organisation(
        session,
        organisation_id=provider.organisation_id,
        subject=worded("A photo of “{title}” cannot be shown", title=offer.title),
        body=worded(
            "We have removed a photo from your offer “{title}”: “{alt}”. This is why:\n\n{why}\n\n"
            "You can send another one. If you think we are wrong, answer this letter.",
            title=offer.title,
            alt=photo.alt,
            why=why,
        ),
        now=now,
    )
    _drop(session, photo)
    keep_version(session, offer, did="refused a photo", by=by.person_id, now=now)
    audit.record(session, by=by.person_id, did="refused a photo", to_kind="offer", to_id=offer.id, now=now)


def _checked(alt: str) -> str:
    words = text.tidy_line(alt)
    problem = rules.alt_problem(words)
    if problem:
        raise WrongDetailError(problem, field="alt")
    return words


def _photo(session: Session, photo_id: PhotoId) -> tuple[Photo, OfferId]:
    photo = session.get(Photo, photo_id, with_for_update=True)
    if photo is None:
        raise PhotoNotFoundError("We could not find that photo.")
    return photo, photo.offer_id


def _own_photo(session: Session, *, photo_id: PhotoId, by: Viewer) -> tuple[Photo, Offer]:
    photo, offer_id = _photo(session, photo_id)
    offer = any_offer(session, offer_id=offer_id)
    if not by.speaks_for(session.get_one(Provider, offer.provider_id).organisation_id):
        raise PhotoNotFoundError("We could not find that photo.")
    return photo, offer


def _to_decide(session: Session, *, photo_id: PhotoId, by: Viewer) -> tuple[Photo, Offer, Provider]:
    if not by.may(Permission.MODERATE):
        raise PhotoNotFoundError("We could not find that photo.")
    photo, offer_id = _photo(session, photo_id)
    offer = any_offer(session, offer_id=offer_id)
    provider = session.get_one(Provider, offer.provider_id)
    if by.speaks_for(provider.organisation_id):
        raise OwnOfferError("You speak for this provider, so another moderator decides about its photos.")
    return photo, offer, provider


def _drop(session: Session, photo: Photo) -> None:
    digest = photo.digest
    session.delete(photo)
    session.flush()
    others = session.scalar(select(func.count()).select_from(Photo).where(Photo.digest == digest))
    if not others:
        session.execute(delete(PhotoFile).where(PhotoFile.digest == digest))
