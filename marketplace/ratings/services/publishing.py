"""How a review comes into view, and leaves it. The one place where the status of a review changes."""

import secrets
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.kit.days import day_of
from marketplace.kit.sentences import worded
from marketplace.ratings.models import Review
from marketplace.ratings.queries import reviewed
from marketplace.ratings.rules import flags
from marketplace.ratings.rules.nouns import Ground, Release, ReviewId, ReviewStatus
from marketplace.ratings.services import ledger
from marketplace.ratings.services.counting import counted_anew
from marketplace.ratings.services.recording import count_review, count_review_no_more
from marketplace.ratings.services.releasing import ready_together, tell_writer

Address = Callable[[ReviewId], str]
"""Turns a review into the address of its page."""


def publish(session: Session, review: Review, *, link: Address, now: datetime) -> None:
    """
    Bring a review into view that need not be read first, or has been: at once or with others, as its writer chose.

    The rule is the same for good and bad: it never looks at the stars (ANCHORS 2.7).
    """
    if review.release is Release.WITH_OTHERS and review.shown_month is None:
        review.status = ReviewStatus.WAITING
        _show_those_ready(session, review, link=link, now=now)
        return
    show(session, review, link=link, now=now)


def show(session: Session, review: Review, *, link: Address, now: datetime) -> None:
    """Show a review now. The first time its month begins, its place in the month is drawn, and the provider is told."""
    is_new, was_held = review.shown_month is None, review.status is ReviewStatus.HELD
    with counted_anew(session, offer_id=review.offer_id, person_id=review.person_id):
        if is_new:
            review.shown_month = day_of(now).replace(day=1)
            review.shuffle = secrets.randbelow(1_000_000_000)
            review.is_set_aside = _is_settling(review, now=now)
        review.status = ReviewStatus.SHOWN
    ledger.note_published(session, review.id, now=now)
    if is_new or was_held:
        count_review(session, review, now=now)
    if is_new:
        _tell_provider(session, review, link=link, now=now)


def stop(session: Session, review: Review, *, now: datetime) -> None:
    """Let a review wait for a person to read it. Call it for what the screens found, before it is shown or after."""
    with counted_anew(session, offer_id=review.offer_id, person_id=review.person_id):
        review.counts = False
        review.status = ReviewStatus.UNREAD
    ledger.note_stopped(session, review.id, now=now)


def refuse(session: Session, review: Review, *, ground: Ground, now: datetime) -> None:
    """Keep a review from view. The caller has recorded who decided, and why."""
    if review.shown_month is not None:
        count_review_no_more(session, review, now=now)
    with counted_anew(session, offer_id=review.offer_id, person_id=review.person_id):
        review.counts = False
        review.status = ReviewStatus.HELD
    ledger.note_refused(session, review.id, ground=ground, now=now)


def _is_settling(review: Review, *, now: datetime) -> bool:
    """Test whether a review is of a sort that moves no offer's place yet, because it could have been arranged."""
    proof = flags.proof_of(basis=review.basis, is_verified=review.is_verified)
    return flags.settles_on(proof=proof, on=day_of(review.written_at)) > day_of(now)


def _show_those_ready(session: Session, last: Review, *, link: Address, now: datetime) -> None:
    """Show all who wait for others of the same provider, once there are enough. The last of them knows already."""
    for review in ready_together(session, provider_id=last.provider_id):
        show(session, review, link=link, now=now)
        if review.id != last.id:
            title = reviewed(session, provider_id=review.provider_id, offer_id=review.offer_id).offer_title
            tell_writer(session, review, title=title, address=link(review.id), now=now)


def _tell_provider(session: Session, review: Review, *, link: Address, now: datetime) -> None:
    about = reviewed(session, provider_id=review.provider_id, offer_id=review.offer_id)
    accounts.write_to_organisation(
        session,
        organisation_id=about.organisation_id,
        subject=worded("Somebody has reviewed: {offer_title}", offer_title=about.offer_title),
        body=worded(
            "Somebody has said what this was like: {offer_title}.\n\n"
            "You can read it, and reply once, here:\n{link}\n\n"
            "Good and bad ones are treated alike, and none says who wrote it.",
            offer_title=about.offer_title,
            link=link(review.id),
        ),
        now=now,
    )
