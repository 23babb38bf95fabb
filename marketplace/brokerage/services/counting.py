"""What becomes of briefs, kept as facts that name nobody: neither who asked nor who did not answer."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import OrganisationId, PersonId
from marketplace.accounts.services.counting import count_person
from marketplace.brokerage.models import Brief, BriefScorer
from marketplace.brokerage.rules.nouns import NoBid
from marketplace.kit import facts
from marketplace.kit.facts import FactKind
from marketplace.kit.quarters import Quarter


def those_who_look(session: Session, brief: Brief) -> tuple[PersonId, ...]:
    """Return whose brief it is: one person, or the members of a pool who are in it now."""
    # A helper is not among them: whether their consent lives is asked when they open the page.
    if brief.pool_key is None:
        return (brief.person_id,)
    members = select(BriefScorer.person_id).where(BriefScorer.brief_id == brief.id, BriefScorer.left_at.is_(None))
    return tuple(session.scalars(members.order_by(BriefScorer.person_id)))


def count_brief(session: Session, brief: Brief, kind: FactKind, *, now: datetime) -> None:
    """Count everybody whose brief it is among those to whom this happened."""
    for person_id in those_who_look(session, brief):
        count_person(session, kind, person_id=person_id, category=brief.category, council=brief.council, now=now)


def count_no_quote(
    session: Session, brief: Brief, *, organisation_id: OrganisationId, why_not: NoBid, now: datetime
) -> None:
    """Count a provider among those who do not quote, and why, in the area that the brief names."""
    if brief.council is None:
        return
    quarter = Quarter.of(now)
    facts.record(
        session,
        FactKind.NO_QUOTE,
        quarter=quarter,
        who=_no_quote_of(session, organisation_id, quarter=quarter),
        council=brief.council,
        category=brief.category,
        facet=why_not.value,
    )


def count_thought_again(
    session: Session, brief: Brief, *, organisation_id: OrganisationId, why_not: NoBid, now: datetime
) -> None:
    """Take back what was counted of a provider who may quote after all, if that was in the same quarter."""
    quarter = Quarter.of(now)
    facts.take_back(
        session,
        FactKind.NO_QUOTE,
        quarter=quarter,
        who=_no_quote_of(session, organisation_id, quarter=quarter),
        category=brief.category,
        facet=why_not.value,
    )


def _no_quote_of(session: Session, organisation_id: OrganisationId, *, quarter: Quarter) -> int:
    # A key of its own: where they do not quote is not where they offer support.
    return facts.key_of(session, quarter=quarter, about=f"does not quote:{organisation_id}")
