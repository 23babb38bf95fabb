"""What facts say, without the numbers that stand for people and providers."""

from sqlalchemy import select

from marketplace.kit.facts import Fact


def said(session, *kinds):
    """Return what each fact of some kinds says, or of all, the earliest first: kind, category, facet and amount."""
    asked = select(Fact.kind, Fact.category, Fact.facet, Fact.amount).order_by(Fact.id)
    return [tuple(row) for row in session.execute(asked.where(Fact.kind.in_(kinds)) if kinds else asked)]


def kinds(session):
    """Return of which kinds the facts are, the earliest first."""
    return [kind for kind, *_ in said(session)]
