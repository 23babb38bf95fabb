"""Files that come before the review they belong to, so that nothing is lost while somebody is still writing."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId
from marketplace.catalogue.rules import OfferId
from marketplace.ratings.models import KeptFile
from marketplace.ratings.rules.nouns import FileUse

LASTS = timedelta(days=1)


def keep_file(
    session: Session,
    *,
    use: FileUse,
    offer_id: OfferId,
    by: PersonId,
    content: bytes,
    media_type: str,
    seconds: int = 0,
    now: datetime,
) -> None:
    """Keep a file for a review that somebody is about to write, in place of the one they sent before."""
    kept = session.get(KeptFile, (by, use), with_for_update=True)
    if kept is None:
        kept = KeptFile(person_id=by, use=use)
        session.add(kept)
    kept.offer_id, kept.content, kept.media_type = offer_id, content, media_type
    kept.seconds, kept.kept_at = seconds, now
    session.flush()


def take_kept_file(
    session: Session, *, use: FileUse, offer_id: OfferId, by: PersonId, now: datetime
) -> KeptFile | None:
    """Return what somebody sent for a review of an offer, and keep it no longer; None if there is nothing."""
    kept = session.get(KeptFile, (by, use), with_for_update=True, populate_existing=True)
    if kept is None or kept.offer_id != offer_id or now - kept.kept_at > LASTS:
        return None
    session.delete(kept)
    session.flush()
    return kept


def forget_kept_files(session: Session, *, now: datetime) -> int:
    """Delete what nobody has used within a day; return how many files. Safe to run twice."""
    return len(
        session.execute(delete(KeptFile).where(KeptFile.kept_at < now - LASTS).returning(KeptFile.person_id)).all()
    )
