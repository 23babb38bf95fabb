"""Who wants to hear of what is missing: an organisation's own alerts, and those that a job looks at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.accounts.rules import OrganisationId, Viewer
from marketplace.catalogue.models import Category
from marketplace.demand.models.signals import MarketAlert
from marketplace.demand.rules.alerts import AlertKey
from marketplace.kit.places import CouncilCode


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One alert, as the people of its organisation see it. `category_name` is None for every kind of support."""

    key: AlertKey
    organisation_name: str
    category_name: str | None
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class DueAlert:
    """One alert, and until when everything was told."""

    key: AlertKey
    told_at: datetime


def own_alerts(session: Session, *, viewer: Viewer) -> tuple[AlertLine, ...]:
    """Return the alerts of the organisations that the viewer speaks for, by organisation and council."""
    rows = session.execute(
        select(MarketAlert, Organisation.name, Category.name.label("category_name"))
        .join(Organisation, Organisation.id == MarketAlert.organisation_id)
        .outerjoin(Category, Category.slug == MarketAlert.category)
        .where(MarketAlert.organisation_id.in_(viewer.organisations))
        .order_by(Organisation.name, MarketAlert.council, MarketAlert.category)
    )
    return tuple(
        AlertLine(_key(row.MarketAlert), row.name, row.category_name, row.MarketAlert.asked_at) for row in rows
    )


def own_organisations(session: Session, *, viewer: Viewer) -> tuple[tuple[OrganisationId, str], ...]:
    """Return the organisations that the viewer speaks for, by name."""
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.id.in_(viewer.organisations))
        .order_by(Organisation.name, Organisation.id)
    )
    return tuple((row.id, row.name) for row in rows)


def organisations_with_alerts(session: Session) -> Sequence[OrganisationId]:
    """Return every organisation that wants to be told of something."""
    return session.scalars(select(MarketAlert.organisation_id).distinct().order_by(MarketAlert.organisation_id)).all()


def alerts_of(session: Session, *, organisation_id: OrganisationId) -> tuple[DueAlert, ...]:
    """Return the alerts of one organisation. For the job that writes letters."""
    rows = session.scalars(
        select(MarketAlert)
        .where(MarketAlert.organisation_id == organisation_id)
        .order_by(MarketAlert.council, MarketAlert.category)
    )
    return tuple(DueAlert(_key(row), row.told_at) for row in rows)


def _key(row: MarketAlert) -> AlertKey:
    return AlertKey(row.organisation_id, CouncilCode(row.council), row.category)
