"""Where an offer stands on its way to the public, and how it moves."""

import enum

from marketplace.catalogue.rules.nouns import OfferStatus


class Act(enum.StrEnum):
    """What can happen to an offer that changes where it stands."""

    SUBMIT = "submit"
    APPROVE = "approve"
    REFUSE = "refuse"
    REWRITE = "rewrite"
    UNLIST = "unlist"
    RELIST = "relist"
    LAPSE = "lapse"
    CONFIRM = "confirm"


NEXT: dict[tuple[OfferStatus, Act], OfferStatus] = {
    (OfferStatus.DRAFT, Act.SUBMIT): OfferStatus.SUBMITTED,
    (OfferStatus.REFUSED, Act.SUBMIT): OfferStatus.SUBMITTED,
    (OfferStatus.SUBMITTED, Act.APPROVE): OfferStatus.LIVE,
    (OfferStatus.SUBMITTED, Act.REFUSE): OfferStatus.REFUSED,
    # A moderator may take down what was approved, when a report shows it to be wrong.
    (OfferStatus.LIVE, Act.REFUSE): OfferStatus.REFUSED,
    # New words have been read by nobody. They wait for a moderator, and are not shown meanwhile.
    (OfferStatus.LIVE, Act.REWRITE): OfferStatus.SUBMITTED,
    (OfferStatus.UNLISTED, Act.REWRITE): OfferStatus.DRAFT,
    (OfferStatus.DRAFT, Act.REWRITE): OfferStatus.DRAFT,
    (OfferStatus.SUBMITTED, Act.REWRITE): OfferStatus.SUBMITTED,
    (OfferStatus.REFUSED, Act.REWRITE): OfferStatus.REFUSED,
    (OfferStatus.LIVE, Act.UNLIST): OfferStatus.UNLISTED,
    (OfferStatus.UNLISTED, Act.RELIST): OfferStatus.LIVE,
    # Nobody confirmed it for too long. Its words were approved, so saying that they are still right is enough.
    (OfferStatus.LIVE, Act.LAPSE): OfferStatus.LAPSED,
    (OfferStatus.LIVE, Act.CONFIRM): OfferStatus.LIVE,
    (OfferStatus.LAPSED, Act.CONFIRM): OfferStatus.LIVE,
    (OfferStatus.LAPSED, Act.UNLIST): OfferStatus.UNLISTED,
    (OfferStatus.LAPSED, Act.REWRITE): OfferStatus.SUBMITTED,
    # What a moderator knows to be wrong does not come back by a tap.
    (OfferStatus.LAPSED, Act.REFUSE): OfferStatus.REFUSED,
}
"""Every way an offer can move. What is not here cannot happen."""


_OF_PROVIDERS = (Act.SUBMIT, Act.UNLIST, Act.RELIST, Act.CONFIRM)
_OF_MODERATORS = (Act.APPROVE, Act.REFUSE)


def next_status(*, status: OfferStatus, act: Act) -> OfferStatus | None:
    """Return where an offer stands after an act, or None if that cannot be done from here."""
    return NEXT.get((status, act))


def acts_open_to(*, status: OfferStatus, provides: bool, moderates: bool) -> tuple[Act, ...]:
    """Return what somebody may do about where an offer stands. Nobody decides about an offer of their own."""
    theirs = _OF_PROVIDERS if provides else _OF_MODERATORS if moderates else ()
    return tuple(act for act in theirs if (status, act) in NEXT)
