"""Questions about people who are alike. What somebody said of themselves is answered to nobody else."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.rules import Viewer
from marketplace.catalogue.rules import OfferId
from marketplace.ratings.models import Likeness, Review
from marketplace.ratings.rules.likeness import told_of

_MINE = aliased(Likeness)
# Made once: putting a statement together takes longer than running it.
_SHARED = (
    select(_MINE.fact, Review.stars, func.count(Review.id))
    .select_from(_MINE)
    .outerjoin(Likeness, (Likeness.fact == _MINE.fact) & (Likeness.person_id != _MINE.person_id))
    .outerjoin(
        Review,
        (Review.person_id == Likeness.person_id)
        & (Review.offer_id == bindparam("offer_id"))
        & Review.counts
        & ~Review.is_set_aside,
    )
    .where(_MINE.person_id == bindparam("person_id"))
    .group_by(_MINE.fact, Review.stars)
)


@dataclass(frozen=True, slots=True)
class PeopleLikeMe:
    """What people like the viewer give an offer, to half a star, or None if they are fewer than five."""

    stars: Decimal | None


def my_likeness(session: Session, *, viewer: Viewer) -> frozenset[str]:
    """Return what the viewer said of themselves."""
    return frozenset(session.scalars(select(Likeness.fact).where(Likeness.person_id == viewer.person_id)))


def people_like_me(session: Session, *, offer_id: OfferId, viewer: Viewer) -> PeopleLikeMe | None:
    """Return what people like the viewer give an offer, or None if the viewer has said nothing of themselves."""
    if viewer.person_id is None:
        return None
    groups: dict[str, list[int]] = {}
    for fact, stars, people in session.execute(_SHARED, {"offer_id": offer_id, "person_id": viewer.person_id}):
        groups.setdefault(fact, []).extend([stars] * people if stars else [])
    return PeopleLikeMe(stars=told_of(groups.values())) if groups else None
