"""Telling it aloud: a recording that only its writer and a moderator hear, until one of them has written it down."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import Permission, PersonId, Viewer
from marketplace.catalogue.rules import OfferId
from marketplace.kit import audit, text
from marketplace.kit.days import working_days_after
from marketplace.kit.errors import DomainError, NotFoundError
from marketplace.kit.sentences import worded
from marketplace.kit.sounds import Sound
from marketplace.purchasing.rules import ArrangementId
from marketplace.ratings.models import Review, VoiceNote
from marketplace.ratings.queries import reviewed
from marketplace.ratings.rules.nouns import CardId, FileUse, ReviewId, ReviewStatus, Telling
from marketplace.ratings.rules.reviewing import Written, words_problem
from marketplace.ratings.services import ledger
from marketplace.ratings.services.answers import ReviewUnclearError
from marketplace.ratings.services.cards import review_with_card
from marketplace.ratings.services.keeping import keep_file, take_kept_file
from marketplace.ratings.services.publishing import Address
from marketplace.ratings.services.reviewing import declare_use_and_review, review_arrangement
from marketplace.ratings.services.screening import receive

WORKING_DAYS = 2
"""How long somebody waits at most until what they said is written down."""

_SOON = timedelta(hours=8)


class NoSoundError(DomainError):
    """The recording was not sent, or too long ago."""


class VoiceNoteNotFoundError(NotFoundError):
    """There is no such recording, or it is not for this person."""


def keep_sound(session: Session, *, offer_id: OfferId, by: PersonId, sound: Sound, now: datetime) -> None:
    """Keep a recording for the review that somebody is about to send. Of each person one, for a day."""
    keep_file(
        session,
        use=FileUse.VOICE,
        offer_id=offer_id,
        by=by,
        content=sound.content,
        media_type=sound.media_type,
        seconds=sound.seconds,
        now=now,
    )


def say_of_arrangement(
    session: Session, *, arrangement_id: ArrangementId, by: PersonId, written: Written, link: Address, now: datetime
) -> ReviewId:
    """
    Review aloud what was arranged here. What was recorded waits to be written down.

    :raises NoSoundError: if no recording was sent for it within a day.
    :raises NothingToReviewError, NotDoneYetError, OwnProviderError, AlreadyReviewedError, ReviewUnclearError: as
        `review_arrangement`.
    """
    review_id = review_arrangement(
        session, arrangement_id=arrangement_id, by=by, written=_aloud(written), link=link, now=now
    )
    return _attach_sound(session, review_id, by=by, now=now)


def say_of_offer(
    session: Session, *, offer_id: OfferId, by: PersonId, written: Written, link: Address, now: datetime
) -> ReviewId:
    """
    Review aloud what is open to everyone. What was recorded waits to be written down.

    :raises NoSoundError: if no recording was sent for it within a day.
    :raises NothingToReviewError, NotOpenToEveryoneError, OwnProviderError, AlreadyReviewedError, ReviewUnclearError:
        as `declare_use_and_review`.
    """
    review_id = declare_use_and_review(session, offer_id=offer_id, by=by, written=_aloud(written), link=link, now=now)
    return _attach_sound(session, review_id, by=by, now=now)


def say_with_card(
    session: Session, *, card_id: CardId, by: PersonId, written: Written, link: Address, now: datetime
) -> ReviewId:
    """
    Review aloud with the code of a card. What was recorded waits to be written down.

    :raises NoSoundError: if no recording was sent for it within a day.
    :raises CardUnclearError, OwnProviderError, AlreadyReviewedError, NothingToReviewError, ReviewUnclearError: as
        `review_with_card`.
    """
    review_id = review_with_card(session, card_id=card_id, by=by, written=_aloud(written), link=link, now=now)
    return _attach_sound(session, review_id, by=by, now=now)


def write_down(
    session: Session, *, review_id: ReviewId, words: str, by: Viewer, link: Address, now: datetime
) -> ReviewStatus:
    """
    Put into words what somebody said aloud, and delete the recording. From there it is a review like any other.

    Return where the review stands now.

    :raises VoiceNoteNotFoundError: if there is none, or the viewer neither said it nor may write it down.
    :raises ReviewUnclearError: if the words are too few or too many.
    """
    review = _to_write_down(session, review_id, by)
    words = text.tidy(words)
    problem = words_problem(words)
    if problem:
        raise ReviewUnclearError(problem, field="words")
    review.words = words
    _go_on(session, review, by=by, did="wrote down", link=link, now=now)
    if review.person_id is not None and review.person_id != by.person_id:
        title = reviewed(session, offer_id=review.offer_id, provider_id=review.provider_id).offer_title
        accounts.write_to_person(
            session,
            person_id=review.person_id,
            subject="We have written down what you said",
            body=worded(
                "We have listened to what you said about {title}, written it down, and deleted the recording. "
                "Read it here, and change what we got wrong:\n{link}",
                title=title,
                link=link(review_id),
            ),
            now=now,
        )
    return review.status


def give_up_listening(session: Session, *, review_id: ReviewId, by: Viewer, link: Address, now: datetime) -> None:
    """
    Say that a recording cannot be understood. It is deleted, the review goes on without it, and its writer is told.

    :raises VoiceNoteNotFoundError: if there is none, or the viewer neither said it nor may write it down.
    """
    review = _to_write_down(session, review_id, by)
    _go_on(session, review, by=by, did="could not make out", link=link, now=now)
    if review.person_id is not None and review.person_id != by.person_id:
        title = reviewed(session, offer_id=review.offer_id, provider_id=review.provider_id).offer_title
        accounts.write_to_person(
            session,
            person_id=review.person_id,
            subject="We could not make out what you said",
            body=worded(
                "We listened to what you said about {title}, and could not make it out, so we have deleted the "
                "recording. The rest of your review goes on without it. You can write a few words instead, or ask "
                "somebody to write them for you:\n{link}",
                title=title,
                link=link(review_id),
            ),
            now=now,
        )


def forget_sounds_written_down(session: Session) -> int:
    """Delete recordings whose writers have put their words into the review themselves. Safe to run twice."""
    done = select(Review.id).where(Review.id == VoiceNote.review_id, Review.words != "")
    return len(session.execute(delete(VoiceNote).where(done.exists()).returning(VoiceNote.review_id)).all())


def remind_of_voice_notes(session: Session, *, address: str, now: datetime) -> int:
    """
    Write to moderators about recordings that are due soon, and again, to operators too, once they are late.

    Return how many recordings that was about. Safe to run twice.
    """
    notes = session.scalars(select(VoiceNote).where(VoiceNote.due_at <= now + _SOON).with_for_update()).all()
    late = [one for one in notes if one.due_at <= now and (one.told_at is None or one.told_at < one.due_at)]
    soon = [one for one in notes if one.due_at > now and one.told_at is None]
    if soon:
        _remind(session, Permission.MODERATE, "Voice notes wait to be written down", address, now=now)
    for permission in (Permission.MODERATE, Permission.OPERATE) if late else ():
        _remind(session, permission, "Voice notes are late to be written down", address, now=now)
    for one in (*soon, *late):
        one.told_at = now
    session.flush()
    return len(soon) + len(late)


def _remind(session: Session, permission: Permission, subject: str, address: str, *, now: datetime) -> None:
    body = worded(
        "People told us aloud what something was like, and were told that somebody writes it down within "
        "{working_days} working days:\n{address}",
        working_days=WORKING_DAYS,
        address=address,
    )
    accounts.write_to_those_who_may(session, permission, subject=subject, body=body, now=now)


def _to_write_down(session: Session, review_id: ReviewId, by: Viewer) -> Review:
    note = session.get(VoiceNote, review_id, with_for_update=True, populate_existing=True)
    review = session.get(Review, review_id, with_for_update=True, populate_existing=True)
    if note is None or review is None or not _may(session, review, by):
        raise VoiceNoteNotFoundError("We could not find that recording. Somebody may have written it down already.")
    return review


def _may(session: Session, review: Review, by: Viewer) -> bool:
    if by.is_signed_in and review.person_id == by.person_id:
        return True
    about = reviewed(session, offer_id=review.offer_id, provider_id=review.provider_id)
    return by.may(Permission.MODERATE) and not by.speaks_for(about.organisation_id)


def _go_on(session: Session, review: Review, *, by: Viewer, did: str, link: Address, now: datetime) -> None:
    """Delete the recording, and let the review go the way that all go."""
    session.execute(delete(VoiceNote).where(VoiceNote.review_id == review.id))
    audit.record(session, by=by.person_id, did=did, to_kind="review", to_id=review.id, now=now)
    receive(session, review, link=link, now=now)
    if review.status is not ReviewStatus.UNREAD:
        ledger.note_decided(session, review.id, now=now)
    session.flush()


def _aloud(written: Written) -> Written:
    return replace(written, told=Telling.VOICE)


def _attach_sound(session: Session, review_id: ReviewId, *, by: PersonId, now: datetime) -> ReviewId:
    review = session.get_one(Review, review_id)
    kept = take_kept_file(session, use=FileUse.VOICE, offer_id=review.offer_id, by=by, now=now)
    if kept is None:
        raise NoSoundError("We do not have your recording any more. Send it again, then send your review.")
    session.add(
        VoiceNote(
            review_id=review_id,
            sound=kept.content,
            media_type=kept.media_type,
            seconds=kept.seconds,
            recorded_at=now,
            due_at=working_days_after(now, WORKING_DAYS),
        )
    )
    session.flush()
    return review_id
