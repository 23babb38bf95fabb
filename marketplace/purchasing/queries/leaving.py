"""What has somebody agreed to, or is at odds about, that must end before their account does?"""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.queries.leaving import StillOpen
from marketplace.accounts.rules import OrganisationId, Viewer
from marketplace.purchasing.models import Arrangement, Dispute
from marketplace.purchasing.rules import ArrangementStatus

_MOST_SHOWN = 50
_GOING_ON = (ArrangementStatus.ASKED, ArrangementStatus.ACCEPTED)


def agreed_and_going_on(
    session: Session, *, viewer: Viewer, alone: Collection[OrganisationId]
) -> tuple[StillOpen, ...]:
    """Return what is not over of the viewer's arrangements and disputes, and of those that they alone answer for."""
    theirs = or_(Arrangement.person_id == viewer.person_id, Arrangement.organisation_id.in_(alone))
    arrangements = session.execute(
        select(Arrangement.id, Arrangement.title)
        .where(theirs, Arrangement.status.in_(_GOING_ON))
        .order_by(Arrangement.asked_at, Arrangement.id)
        .limit(_MOST_SHOWN)
    ).all()
    disputes = session.execute(
        select(Dispute.id, Arrangement.title)
        .join(Arrangement, Arrangement.id == Dispute.arrangement_id)
        .where(theirs, Dispute.closed_at.is_(None))
        .order_by(Dispute.opened_at, Dispute.id)
        .limit(_MOST_SHOWN)
    ).all()
    return tuple(
        StillOpen(kind, title, row_id)
        for kind, rows in (("arrangement", arrangements), ("dispute", disputes))
        for row_id, title in rows
    )
