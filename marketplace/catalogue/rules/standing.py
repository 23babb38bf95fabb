"""Where an offer stands on its way to the public, and how it moves."""

import enum

from marketplace.catalogue.rules.nouns import OfferStatus


class Step(enum.StrEnum):
    """What can happen to an offer that changes where it stands."""

    SUBMIT = "submit"
    APPROVE = "approve"
    REFUSE = "refuse"
    REWRITE = "rewrite"
    UNLIST = "unlist"
    RELIST = "relist"


NEXT: dict[tuple[OfferStatus, Step], OfferStatus] = {
    (OfferStatus.DRAFT, Step.SUBMIT): OfferStatus.SUBMITTED,
    (OfferStatus.REFUSED, Step.SUBMIT): OfferStatus.SUBMITTED,
    (OfferStatus.SUBMITTED, Step.APPROVE): OfferStatus.LIVE,
    (OfferStatus.SUBMITTED, Step.REFUSE): OfferStatus.REFUSED,
    # A moderator may take down what was approved, when a report shows it to be wrong.
    (OfferStatus.LIVE, Step.REFUSE): OfferStatus.REFUSED,
    # New words have been read by nobody. They wait for a moderator, and are not shown meanwhile.
    (OfferStatus.LIVE, Step.REWRITE): OfferStatus.SUBMITTED,
    (OfferStatus.UNLISTED, Step.REWRITE): OfferStatus.DRAFT,
    (OfferStatus.DRAFT, Step.REWRITE): OfferStatus.DRAFT,
    (OfferStatus.SUBMITTED, Step.REWRITE): OfferStatus.SUBMITTED,
    (OfferStatus.REFUSED, Step.REWRITE): OfferStatus.REFUSED,
    (OfferStatus.LIVE, Step.UNLIST): OfferStatus.UNLISTED,
    (OfferStatus.UNLISTED, Step.RELIST): OfferStatus.LIVE,
}
"""Every way an offer can move. What is not here cannot happen."""


def next_status(status: OfferStatus, step: Step) -> OfferStatus | None:
    """Return where an offer stands after a step, or None if that step cannot be taken from here."""
    return NEXT.get((status, step))
