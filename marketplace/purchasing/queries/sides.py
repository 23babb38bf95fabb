"""Whose arrangement is it? The two sides of each, as conditions for other questions, and who they are."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Person
from marketplace.accounts.queries import Addressee
from marketplace.accounts.rules import Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import OfferStatus
from marketplace.kit.asked import once
from marketplace.purchasing.models import Arrangement
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus


def provided_by(viewer: Viewer) -> ColumnElement[bool]:
    """Hold for what those provide for whom the viewer speaks. What waits for its pool is nobody's to provide yet."""
    waits = and_(Arrangement.waits_for_pool.is_(True), Arrangement.status == ArrangementStatus.ACCEPTED)
    return and_(Arrangement.organisation_id.in_(viewer.organisations), ~waits)


def is_between(viewer: Viewer) -> ColumnElement[bool]:
    """Hold for the arrangements of which the viewer is one side."""
    return or_(Arrangement.person_id == viewer.person_id, provided_by(viewer))


@dataclass(frozen=True, slots=True)
class Between:
    """An arrangement, and between whom it is."""

    arrangement: Arrangement
    offer_status: OfferStatus
    provider: str
    person: Addressee


def arrangement_between(session: Session, *, arrangement_id: ArrangementId, viewer: Viewer) -> Between | None:
    """Return an arrangement to one of its two sides, or None. For this package: a page asks in several places."""
    wanted = (
        select(Arrangement, Offer.status, Provider.name, Person.email, Person.name.label("person"))
        .join(Offer, Offer.id == Arrangement.offer_id)
        .join(Provider, Provider.id == Arrangement.provider_id)
        .join(Person, Person.id == Arrangement.person_id)
        .where(Arrangement.id == arrangement_id, is_between(viewer))
    )

    def ask() -> Between | None:
        row = session.execute(wanted).one_or_none()
        return Between(row.Arrangement, row.status, row.name, Addressee(row.email, row.person)) if row else None

    return once(session, ("arrangement", arrangement_id, viewer), ask)
