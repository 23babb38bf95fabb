"""Deciding whether something is shown or kept from view. For moderators, who give their ground and their reason."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.queries import speaks_for
from marketplace.accounts.rules import PersonId
from marketplace.kit import audit, text
from marketplace.kit.errors import DomainError, NotAllowedError, WrongAnswerError
from marketplace.kit.sentences import worded
from marketplace.moderation.queries import has_open_reports
from marketplace.moderation.rules import LONGEST_WORDS, Outcome, SubjectKind
from marketplace.moderation.services import record_decision
from marketplace.ratings.models import Addition, Reply, Review, Screening
from marketplace.ratings.queries import reviewed
from marketplace.ratings.rules.nouns import (
    Ground,
    ReviewId,
    ReviewStatus,
    Screened,
    ScreeningId,
    ScreeningOutcome,
)
from marketplace.ratings.services import ledger
from marketplace.ratings.services.publishing import Address, publish, refuse
from marketplace.ratings.services.recording import count_decision
from marketplace.ratings.services.replying import tell_of_reply
from marketplace.ratings.services.reviewing import ReviewNotFoundError
from marketplace.ratings.services.screening import Subject, open_screening, refuse_while_appealed

_KINDS = {Screened.REVIEW: SubjectKind.REVIEW, Screened.REPLY: SubjectKind.REPLY}


class ReviewMovedOnError(DomainError):
    """It is held already, or shown already."""


class OwnProviderDecisionError(NotAllowedError):
    """Nobody decides about what people say of their own organisation, or about their own words."""


class DecisionUnclearError(WrongAnswerError):
    """The ground or the reason is missing, or the reason is too long."""


def hold_review(
    session: Session, *, review_id: ReviewId, ground: Ground, reason: str, by: PersonId, link: Address, now: datetime
) -> None:
    """
    Keep a review from view, and tell its writer why. Never for being bad: only on one of the grounds.

    :raises ReviewNotFoundError, ReviewMovedOnError, OwnProviderDecisionError, DecisionUnclearError: as `decide`.
    """
    it = Subject(Screened.REVIEW, review_id, review_id)
    decide(
        session, it, outcome=ScreeningOutcome.REFUSED, ground=ground, reason=reason, by=by, link=link, now=now
    )  # fmt: skip


def decide(
    session: Session,
    it: Subject,
    *,
    outcome: ScreeningOutcome,
    ground: Ground | None,
    reason: str,
    by: PersonId,
    link: Address,
    now: datetime,
) -> None:
    """
    Decide whether a review, a reply or an addition is shown, and tell whoever wrote it.

    Call it for what waits to be read, for what somebody reported, and to undo a refusal. Showing what is shown already
    means that it stays, and closes the reports.

    :raises ReviewNotFoundError: if there is no such thing.
    :raises ReviewMovedOnError: if somebody else has just decided.
    :raises OwnProviderDecisionError: if `by` wrote it or speaks for the provider.
    :raises DecisionUnclearError: if a refusal has no ground or no reason.
    :raises AppealOpenError: if the panel is looking at it.
    """
    review = _locked(session, it.review_id, by)
    thing = _thing(session, it, review)
    refuse_while_appealed(session, it)
    reason = text.tidy(reason)
    before = thing.status
    if outcome is ScreeningOutcome.REFUSED:
        _require_reason(ground, reason)
    _require_news(session, it, before, outcome)
    _close(session, it, outcome=outcome, ground=ground, reason=reason, by=by, now=now)
    _record(session, it, outcome, was_shown=before is ReviewStatus.SHOWN, reason=reason, by=by, now=now)
    if isinstance(thing, Review):
        count_decision(session, thing, outcome, now=now)
    _set_status(session, thing, outcome, ground, link=link, now=now)
    if before is ReviewStatus.UNREAD and it.kind is Screened.REVIEW:
        ledger.note_decided(session, it.review_id, now=now)
    if thing.status is not before:
        _tell(session, it, thing, review, address=link(review.id), now=now)
    if before is ReviewStatus.UNREAD and _is_new_reply(thing):
        about = reviewed(session, offer_id=review.offer_id, provider_id=review.provider_id)
        tell_of_reply(session, review, about, link=link, now=now)
    session.flush()


def _is_new_reply(thing: Review | Reply | Addition) -> bool:
    return isinstance(thing, Reply) and thing.status is ReviewStatus.SHOWN and thing.edited_at is None


def _locked(session: Session, review_id: ReviewId, by: PersonId) -> Review:
    review = session.get(Review, review_id, with_for_update=True, populate_existing=True)
    if review is None:
        raise ReviewNotFoundError("We could not find that review.")
    about = reviewed(session, offer_id=review.offer_id, provider_id=review.provider_id)
    is_own = by in {review.person_id, review.typed_by}
    if is_own or speaks_for(session, person_id=by, organisation_id=about.organisation_id):
        raise OwnProviderDecisionError("This is about you or your own organisation, so somebody else must decide.")
    return review


def _thing(session: Session, it: Subject, review: Review) -> Review | Reply | Addition:
    if it.kind is Screened.REVIEW:
        return review
    model: type[Any] = Reply if it.kind is Screened.REPLY else Addition
    found: Reply | Addition | None = session.get(model, it.id, with_for_update=True, populate_existing=True)
    if found is None or found.review_id != review.id:
        raise ReviewNotFoundError("We could not find what you want to decide about. It may have been taken back.")
    return found


def _require_reason(ground: Ground | None, reason: str) -> None:
    if ground is None:
        raise DecisionUnclearError("Choose on which ground you keep it from view.", field="ground")
    if not reason:
        raise DecisionUnclearError("Say why. Whoever wrote it will read this.", field="reason")
    if len(reason) > LONGEST_WORDS:
        raise DecisionUnclearError(
            worded("Use at most {longest_words:,} characters.", longest_words=LONGEST_WORDS), field="reason"
        )


def _require_news(session: Session, it: Subject, before: ReviewStatus, outcome: ScreeningOutcome) -> None:
    if outcome is ScreeningOutcome.REFUSED:
        is_news = before is not ReviewStatus.HELD
    else:
        # What is still to be written down from a sound waits as well, but not for a decision.
        is_news = before is ReviewStatus.HELD or open_screening(session, it) is not None or _is_reported(session, it)
    if not is_news:
        raise ReviewMovedOnError("Another moderator has just done this. Open the page again to see where it stands.")


def _is_reported(session: Session, it: Subject) -> bool:
    kind = _KINDS.get(it.kind)
    return kind is not None and has_open_reports(session, subject_kind=kind, subject_id=it.id)


def _close(
    session: Session,
    it: Subject,
    *,
    outcome: ScreeningOutcome,
    ground: Ground | None,
    reason: str,
    by: PersonId,
    now: datetime,
) -> None:
    """Close what waits. A refusal of what did not wait is set down as well, so that its writer can appeal."""
    waiting = open_screening(session, it)
    if waiting is None:
        if outcome is ScreeningOutcome.SHOWN:
            return
        waiting = Screening(
            id=ScreeningId(uuid.uuid4()),
            review_id=it.review_id,
            subject_kind=it.kind,
            subject_id=it.id,
            suspected=[],
            opened_at=now,
            due_at=now,
        )
        session.add(waiting)
    waiting.outcome, waiting.decided_by, waiting.decided_at = outcome, by, now
    waiting.ground = ground if outcome is ScreeningOutcome.REFUSED else None
    waiting.reason = reason


def _record(
    session: Session,
    it: Subject,
    outcome: ScreeningOutcome,
    *,
    was_shown: bool,
    reason: str,
    by: PersonId,
    now: datetime,
) -> None:
    if outcome is ScreeningOutcome.REFUSED:
        decided = Outcome.HELD
    else:
        decided = Outcome.APPROVED if was_shown else Outcome.RELEASED
    kind = _KINDS.get(it.kind)
    if kind is None:
        audit.record(session, by=by, did=str(decided), to_kind=str(it.kind), to_id=it.id, now=now)
    else:
        record_decision(
            session, subject_kind=kind, subject_id=it.id, outcome=decided, reason=reason, by=by, now=now
        )  # fmt: skip


def _set_status(
    session: Session,
    thing: Review | Reply | Addition,
    outcome: ScreeningOutcome,
    ground: Ground | None,
    *,
    link: Address,
    now: datetime,
) -> None:
    if outcome is ScreeningOutcome.SHOWN:
        if not isinstance(thing, Review):
            thing.status = ReviewStatus.SHOWN
        elif thing.status in {ReviewStatus.UNREAD, ReviewStatus.HELD}:
            publish(session, thing, link=link, now=now)
    elif isinstance(thing, Review) and ground is not None:
        refuse(session, thing, ground=ground, now=now)
    else:
        thing.status = ReviewStatus.HELD


def _tell(
    session: Session, it: Subject, thing: Review | Reply | Addition, review: Review, *, address: str, now: datetime
) -> None:
    to = thing.written_by if isinstance(thing, Reply) else review.person_id
    if to is None:  # Written on paper: there is nobody to write to.
        return
    title = reviewed(session, offer_id=review.offer_id, provider_id=review.provider_id).offer_title
    what = {
        Screened.REVIEW: worded("your review of {title}", title=title),
        Screened.REPLY: worded("your reply to a review of {title}", title=title),
        Screened.ADDITION: worded("what you added to your review of {title}", title=title),
    }[it.kind]
    if thing.status is ReviewStatus.HELD:
        subject = "We have kept something from view"
        body = worded(
            "A moderator has kept {what} from view. You can read why, and what you can do, here:\n{address}\n\n"
            "You can change it, or ask a panel of disabled and older people to look at it again.",
            what=what,
            address=address,
        )
    elif thing.status is ReviewStatus.WAITING:
        subject = "A moderator has read your review"
        body = worded(
            "A moderator has read {what}, and nothing keeps it from view. As you asked, it is shown together with "
            "others, once there are enough:\n{address}",
            what=what,
            address=address,
        )
    else:
        subject = "It is shown now"
        body = worded("A moderator has read {what}, and it is shown now:\n{address}", what=what, address=address)
    accounts.write_to_person(session, person_id=to, subject=subject, body=body, now=now)
