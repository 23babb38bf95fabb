"""What anybody may read of the checks on providers: one query, however many providers or offers there are."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, String, and_, cast, func, select
from sqlalchemy.orm import Session, aliased

from marketplace.catalogue.models import CqcLocation, Offer, Provider, SafetyCheck
from marketplace.catalogue.rules import CategorySlug, OfferId, OfferStatus, ProviderId
from marketplace.catalogue.rules import evidence as rules
from marketplace.catalogue.rules.evidence import Check, Evidence, Registration
from marketplace.kit.days import day_of

_later = aliased(SafetyCheck)
_LATEST = (
    select(func.max(_later.edition))
    .where(_later.provider_id == SafetyCheck.provider_id, _later.kind == SafetyCheck.kind)
    .correlate(SafetyCheck)
    .scalar_subquery()
)
_SHELVES = (
    select(func.aggregate_strings(cast(Offer.category, String(40)), ","))
    .where(Offer.provider_id == Provider.id, Offer.status == OfferStatus.LIVE)
    .correlate(Provider)
    .scalar_subquery()
)


def evidence_of(
    session: Session, *, provider_ids: Iterable[ProviderId], on: date
) -> dict[ProviderId, tuple[Evidence, ...]]:
    """Return how every check on some providers stands, by what their live offers are. One query."""
    wanted = set(provider_ids)
    if not wanted:
        return {}
    rows = session.execute(_checks(select(Provider.id, Provider.kind, _SHELVES)).where(Provider.id.in_(wanted))).all()
    return {
        provider_id: rules.evidence_of(
            _known(found),
            matter=rules.kinds_that_matter(_shelves(found[0][2]), provider=found[0].kind),
            on=on,
            registration=_registration(found[0].CqcLocation),
        )
        for provider_id, found in _grouped(rows).items()
    }


def evidence_on_offers(
    session: Session, *, offer_ids: Iterable[OfferId], on: date
) -> dict[OfferId, tuple[Evidence, ...]]:
    """Return how every check stands that matters for some offers, by what each of them is. One query."""
    wanted = set(offer_ids)
    if not wanted:
        return {}
    asked = select(Offer.id, Provider.kind, Offer.category, Offer.cqc_standing, Offer.cqc_because)
    asked = asked.join_from(Offer, Provider, Provider.id == Offer.provider_id)
    rows = session.execute(_checks(asked).where(Offer.id.in_(wanted))).all()
    return {
        offer_id: rules.evidence_of(
            _known(found),
            matter=rules.kinds_that_matter([found[0].category], provider=found[0].kind, standing=found[0].cqc_standing),
            on=on,
            registration=_registration(found[0].CqcLocation),
            no_cqc_because=found[0].cqc_because,
        )
        for offer_id, found in _grouped(rows).items()
    }


def _checks(asked: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Return a question about providers with, to each, its latest checks and its place on the register."""
    return (
        asked.add_columns(SafetyCheck, CqcLocation)
        .outerjoin(SafetyCheck, and_(SafetyCheck.provider_id == Provider.id, SafetyCheck.edition == _LATEST))
        .outerjoin(CqcLocation, CqcLocation.id == Provider.cqc_location_id)
    )


def _grouped(rows: Sequence[Row[*tuple[Any, ...]]]) -> dict[Any, list[Row[*tuple[Any, ...]]]]:
    grouped: dict[Any, list[Row[*tuple[Any, ...]]]] = {}
    for row in rows:
        grouped.setdefault(row[0], []).append(row)
    return grouped


def _known(rows: Iterable[Row[*tuple[Any, ...]]]) -> list[Check]:
    return [check_of(row.SafetyCheck) for row in rows if row.SafetyCheck is not None]


def check_of(check: SafetyCheck) -> Check:
    """Return a check as the rules know it."""
    return Check(
        kind=check.kind,
        state=check.state,
        level=check.level,
        detail=check.detail,
        checked_by=check.checked_by,
        checked_on=check.checked_on,
        expires_on=check.expires_on,
        recorded_on=day_of(check.recorded_at),
    )


def _shelves(joined: str | None) -> list[CategorySlug]:
    return [CategorySlug(slug) for slug in (joined or "").split(",") if slug]


def _registration(location: CqcLocation | None) -> Registration | None:
    if location is None:
        return None
    return Registration(
        location_id=location.id,
        name=location.name,
        is_registered=location.is_registered,
        rating=location.rating,
        rated_on=location.checked_on,
        read_on=day_of(location.imported_at),
    )
