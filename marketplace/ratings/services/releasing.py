"""Showing reviews together: of a tiny provider, who wrote is only hidden among others who did."""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.catalogue.rules import ProviderId
from marketplace.catalogue.services import take_turns_at_provider
from marketplace.kit.sentences import worded
from marketplace.ratings.models import Review
from marketplace.ratings.rules.nouns import ReviewStatus
from marketplace.ratings.rules.releasing import are_enough


def ready_together(session: Session, *, provider_id: ProviderId) -> list[Review]:
    """
    Return the reviews of a provider to be shown now, in an order drawn by lot; none while too few people wait.

    Who comes at the same moment queues here, so that the last of them sees all. Take this turn before any review or
    offer is locked: everywhere else a review is locked first, then its offer.
    """
    session.flush()
    take_turns_at_provider(session, provider_id=provider_id)
    waiting = list(
        session.scalars(
            select(Review)
            .where(Review.provider_id == provider_id, Review.status == ReviewStatus.WAITING)
            .order_by(Review.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    )
    # Nobody can tell who wrote on paper without an account, so that each such review is somebody of its own.
    if not are_enough(it.person_id or it.id for it in waiting):
        return []
    secrets.SystemRandom().shuffle(waiting)
    return waiting


def tell_writer(session: Session, review: Review, *, title: str, address: str, now: datetime) -> None:
    """Write to somebody that what they said is shown now, among others."""
    if review.person_id is None:  # Written on paper: there is nobody to write to.
        return
    accounts.write_to_person(
        session,
        person_id=review.person_id,
        subject="Your review is shown now",
        body=worded(
            "You wanted your review of {title} to be shown together with others. Enough people have written now, "
            "so all of them are shown, in no order:\n{address}\n\nIt does not say who wrote it, or when.",
            title=title,
            address=address,
        ),
        now=now,
    )
