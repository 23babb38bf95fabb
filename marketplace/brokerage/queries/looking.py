"""Who may look at the quotes on a brief? Filters in SQL, for every question and every act about choosing."""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import RoleGrant
from marketplace.accounts.queries.delegations import own_or_delegated
from marketplace.accounts.rules import Scope, Viewer
from marketplace.brokerage.models import Brief, BriefScorer, Quote
from marketplace.brokerage.rules.nouns import BriefId


def may_look(viewer: Viewer, *, on: date) -> ColumnElement[bool]:
    """
    Return a filter: briefs of which the viewer may read the quotes, once it has closed.

    Their own; those of people who let them ask for quotes; those of their pools. Whoever speaks for an organisation
    that quotes on a brief sees nothing of it, unless it is their own [003].
    """
    alone = and_(Brief.pool_key.is_(None), own_or_delegated(Brief.person_id, viewer, Scope.ASK_FOR_QUOTES, on=on))
    in_pool = and_(
        Brief.pool_key.is_not(None),
        Brief.id.in_(
            select(BriefScorer.brief_id).where(BriefScorer.person_id == viewer.person_id, BriefScorer.left_at.is_(None))
        ),
    )
    sells = Brief.id.in_(
        select(Quote.brief_id)
        .join(RoleGrant, RoleGrant.organisation_id == Quote.organisation_id)
        .where(RoleGrant.person_id == viewer.person_id)
    )
    is_own = and_(Brief.pool_key.is_(None), Brief.person_id == viewer.person_id)
    return and_(or_(alone, in_pool), or_(is_own, ~sells))


def live_scorers(session: Session, brief: Brief, *, on: date, known: Viewer | None = None) -> list[BriefScorer]:
    """
    Return whose scores count: the person, helpers whose consent lives, those in the pool. For this package.

    `known` is who was just found to be one of those who may look, and is not asked about again.
    """
    there = session.scalars(
        select(BriefScorer)
        .where(BriefScorer.brief_id == brief.id, BriefScorer.left_at.is_(None))
        .order_by(BriefScorer.added_at, BriefScorer.person_id)
    ).all()
    if brief.pool_key is not None:
        return list(there)
    return [
        one
        for one in there
        if (known and one.person_id == known.person_id)
        or looks(session, brief_id=brief.id, viewer=Viewer(person_id=one.person_id), on=on)
    ]


def looks(session: Session, *, brief_id: BriefId, viewer: Viewer, on: date) -> bool:
    """Test whether the viewer may look at the quotes on a brief."""
    return session.scalar(select(Brief.id).where(Brief.id == brief_id, may_look(viewer, on=on))) is not None
