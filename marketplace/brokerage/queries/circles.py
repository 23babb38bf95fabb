"""Who helps? Those who are named in a plan, and those who have consent, in the five circles of help [001]."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import RoleGrant
from marketplace.accounts.queries.delegations import LiveConsent, who_may_help
from marketplace.accounts.rules import OrganisationId, PersonId, Scope, Viewer
from marketplace.brokerage.models import Plan, Supporter
from marketplace.brokerage.queries.independence import sold_by
from marketplace.brokerage.queries.plans import seen_by
from marketplace.brokerage.rules.helping import circle_of
from marketplace.brokerage.rules.independence import holds_everything
from marketplace.brokerage.rules.nouns import Circle, PlanId, SupporterId
from marketplace.catalogue.models import Provider
from marketplace.catalogue.rules import ProviderKind


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who is named in a plan."""

    id: SupporterId
    circle: Circle
    called: str
    how: str


@dataclass(frozen=True, slots=True)
class InCircle:
    """Somebody with consent, in a circle, and what those they speak for sell that a plan could buy [003]."""

    consent: LiveConsent
    circle: Circle
    sellers: tuple[str, ...]
    # What they hold together with others who speak for the same organisation is shown as theirs.
    holds_everything: bool

    @property
    def is_in_conflict(self) -> bool:
        """Whether they sell support and hold the whole of the planning."""
        return bool(self.sellers) and self.holds_everything


def named_in_plan(session: Session, *, plan_id: PlanId, viewer: Viewer, on: date) -> tuple[Named, ...]:
    """Return who is named in a plan that the viewer may see, from the nearest circle outwards. Of another: nobody."""
    rows = session.scalars(
        select(Supporter)
        .join(Plan, Plan.id == Supporter.plan_id)
        .where(Supporter.plan_id == plan_id, seen_by(viewer, on=on))
        .order_by(Supporter.called, Supporter.id)
    )
    found = [Named(it.id, it.circle, it.called, it.how) for it in rows]
    return tuple(it for circle in Circle for it in found if it.circle is circle)


def in_circles(session: Session, *, viewer: Viewer, on: date) -> tuple[InCircle, ...]:
    """Return who has the viewer's consent now, each in their circle, with what they sell said plainly [003]."""
    consents = who_may_help(session, viewer=viewer, on=on)
    spoken = _spoken_for(session, {it.person_id for it in consents})
    organisations = {one for those in spoken.values() for one in those}
    sold = sold_by(session, organisation_ids=organisations)
    providers = {
        row.organisation_id: row
        for row in session.execute(
            select(Provider.organisation_id, Provider.name, Provider.kind).where(
                Provider.organisation_id.in_(organisations)
            )
        )
    }
    held: dict[OrganisationId, set[Scope]] = {}
    for consent in consents:
        for organisation_id in spoken.get(consent.person_id, ()):
            held.setdefault(organisation_id, set()).update(consent.scopes)
    return tuple(
        InCircle(
            consent=consent,
            circle=_circle(consent, providers),
            sellers=tuple(
                providers[one].name for one in spoken.get(consent.person_id, ()) if one in sold and one in providers
            ),
            holds_everything=any(
                holds_everything(held[one]) for one in spoken.get(consent.person_id, ()) if one in sold
            ),
        )
        for consent in consents
    )


def _circle(consent: LiveConsent, providers: dict[OrganisationId, Row[*tuple[Any, ...]]]) -> Circle:
    provider = providers.get(consent.organisation_id) if consent.organisation_id else None
    return circle_of(
        is_of_organisation=consent.organisation_id is not None,
        is_user_led=provider is not None and provider.kind is ProviderKind.USER_LED_ORGANISATION,
    )


def _spoken_for(session: Session, people: Collection[PersonId]) -> dict[PersonId, tuple[OrganisationId, ...]]:
    rows = session.execute(
        select(RoleGrant.person_id, RoleGrant.organisation_id)
        .where(RoleGrant.person_id.in_(people), RoleGrant.organisation_id.is_not(None))
        .order_by(RoleGrant.id)
    )
    found: dict[PersonId, tuple[OrganisationId, ...]] = {}
    for row in rows:
        found[row.person_id] = (*found.get(row.person_id, ()), row.organisation_id)
    return found
