"""Questions about what people said aloud and nobody has written down yet."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.kit.pages import Slice
from marketplace.ratings.models import Review, VoiceNote
from marketplace.ratings.rules.nouns import ReviewId

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class WaitingSound:
    """A recording that waits to be written down."""

    review_id: ReviewId
    offer_title: str
    provider_name: str
    seconds: int
    recorded_at: datetime
    due_at: datetime
    is_mine: bool

    @property
    def lasts(self) -> str:
        """How long it is, as players say it."""
        return f"{self.seconds // 60}:{self.seconds % 60:02}"


@dataclass(frozen=True, slots=True)
class WaitingSounds:
    """One page of the recordings that wait, those due first at the top."""

    sounds: tuple[WaitingSound, ...]
    slice: Slice


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A recording as it was sent."""

    content: bytes
    media_type: str


def waiting_sounds(session: Session, *, viewer: Viewer, page: int) -> WaitingSounds:
    """Return the recordings that a moderator may write down: not their own, nor about an organisation of theirs."""
    found = _waiting(viewer, wanted=Review.person_id.is_distinct_from(viewer.person_id))
    total = session.scalar(select(count_of_sounds(viewer))) or 0
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    rows = session.execute(found.order_by(VoiceNote.due_at, Review.id).offset(part.offset).limit(part.size))
    return WaitingSounds(tuple(WaitingSound(*row) for row in rows), part)


def count_of_sounds(viewer: Viewer) -> ScalarSelect[int]:
    """Return how to ask how many recordings a moderator may write down, alone or within a larger question."""
    found = _waiting(viewer, wanted=Review.person_id.is_distinct_from(viewer.person_id))
    return select(func.count()).select_from(found.subquery()).scalar_subquery()


def waiting_sound(session: Session, *, review_id: ReviewId, viewer: Viewer) -> WaitingSound | None:
    """Return one recording, if the viewer said it, or may write it down."""
    row = session.execute(_waiting(viewer, wanted=Review.id == review_id)).one_or_none()
    return WaitingSound(*row) if row else None


def sound_file(session: Session, *, review_id: ReviewId, viewer: Viewer) -> SoundFile | None:
    """Return what somebody said, to themselves and to who may write it down."""
    if waiting_sound(session, review_id=review_id, viewer=viewer) is None:
        return None
    row = session.execute(select(VoiceNote.sound, VoiceNote.media_type).where(VoiceNote.review_id == review_id)).one()
    return SoundFile(row.sound, row.media_type)


def _waiting(
    viewer: Viewer, *, wanted: ColumnElement[bool] | None = None
) -> Select[ReviewId, str, str, int, datetime, datetime, bool]:
    # Of somebody without an account nothing is anybody's, not even a stranger's.
    is_mine = and_(Review.person_id.is_not(None), Review.person_id == viewer.person_id)
    of_mine = func.coalesce(Provider.organisation_id.in_(viewer.organisations), False)
    found = (
        select(
            Review.id,
            Offer.title,
            Provider.name,
            VoiceNote.seconds,
            VoiceNote.recorded_at,
            VoiceNote.due_at,
            is_mine.label("is_mine"),
        )
        .select_from(VoiceNote)
        .join(Review, Review.id == VoiceNote.review_id)
        .join(Offer, Offer.id == Review.offer_id)
        .join(Provider, Provider.id == Review.provider_id)
        .where(or_(is_mine, ~of_mine) if viewer.may(Permission.MODERATE) else is_mine)
    )
    return found if wanted is None else found.where(wanted)
