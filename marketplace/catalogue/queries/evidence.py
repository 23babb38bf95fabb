"""
What anybody may read of the checks on providers: one query, however many providers or offers there are.

Where some of them only say that they are registered, one more: which day's register their numbers are looked up in.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, String, and_, bindparam, cast, func, select
from sqlalchemy.orm import Session, aliased

from marketplace.catalogue.models import CqcLocation, Offer, Provider, SafetyCheck
from marketplace.catalogue.rules import (
    CategorySlug,
    CheckKind,
    CheckState,
    OfferId,
    OfferStatus,
    ProviderId,
    SafetyCheckId,
)
from marketplace.catalogue.rules import evidence as rules
from marketplace.catalogue.rules.evidence import Check, Claim, Evidence, Registration
from marketplace.kit.days import day_of

_later = aliased(SafetyCheck)
LATEST = (
    select(func.max(_later.edition))
    .where(_later.provider_id == SafetyCheck.provider_id, _later.kind == SafetyCheck.kind)
    .correlate(SafetyCheck)
    .scalar_subquery()
)
_SHELVES = (
    select(func.aggregate_strings(cast(Offer.category, String(40)), ","))
    .where(Offer.provider_id == Provider.id)
    .correlate(Provider)
)


_Claimed = aliased(CqcLocation)


def _checks(asked: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Return a question about providers with, to each, its latest checks and its place on the register."""
    return (
        asked.add_columns(SafetyCheck, CqcLocation, _Claimed.id.label("claimed"))
        .outerjoin(SafetyCheck, and_(SafetyCheck.provider_id == Provider.id, SafetyCheck.edition == LATEST))
        .outerjoin(CqcLocation, CqcLocation.id == Provider.cqc_location_id)
        .outerjoin(
            _Claimed,
            and_(
                SafetyCheck.kind == CheckKind.CQC_REGISTRATION, _Claimed.id == SafetyCheck.level, _Claimed.is_registered
            ),
        )
    )


# Made once: putting a statement together takes longer than running it.
_BY_OFFER = _checks(
    select(Offer.id, Provider.kind, Offer.category, Offer.cqc_standing, Offer.cqc_because).join_from(
        Offer, Provider, Provider.id == Offer.provider_id
    )
).where(Offer.id.in_(bindparam("ids", expanding=True)))
_BY_PROVIDER = {
    only_live: _checks(select(Provider.id, Provider.kind, shelves.scalar_subquery()).select_from(Provider)).where(
        Provider.id.in_(bindparam("ids", expanding=True))
    )
    for only_live, shelves in ((True, _SHELVES.where(Offer.status == OfferStatus.LIVE)), (False, _SHELVES))
}


def evidence_of(
    session: Session, *, provider_ids: Iterable[ProviderId], on: date, only_live: bool = True
) -> dict[ProviderId, tuple[Evidence, ...]]:
    """
    Return how every check on some providers stands. One query.

    What matters follows from their live offers; from all of them, for those who have to see to it in time.
    """
    wanted = set(provider_ids)
    if not wanted:
        return {}
    rows = session.execute(_BY_PROVIDER[only_live], {"ids": list(wanted)}).all()
    read_on = _read_on(session, rows)
    return {
        provider_id: rules.evidence_of(
            _known(found),
            matter=rules.kinds_that_matter(_shelves(found[0][2]), provider=found[0].kind),
            on=on,
            registration=_registration(found[0].CqcLocation),
            claim=_claim(found, read_on=read_on),
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
    rows = session.execute(_BY_OFFER, {"ids": list(wanted)}).all()
    read_on = _read_on(session, rows)
    return {
        offer_id: rules.evidence_of(
            _known(found),
            matter=rules.kinds_that_matter([found[0].category], provider=found[0].kind, standing=found[0].cqc_standing),
            on=on,
            registration=_registration(found[0].CqcLocation),
            claim=_claim(found, read_on=read_on),
            no_cqc_because=found[0].cqc_because,
        )
        for offer_id, found in _grouped(rows).items()
    }


def checks_that_count(session: Session, *, provider_id: ProviderId, on: date) -> tuple[SafetyCheckId, ...]:
    """Return the checks on a provider that were made, or that it declares, and that have not run out on a day."""
    latest = session.scalars(
        select(SafetyCheck).where(
            SafetyCheck.provider_id == provider_id,
            SafetyCheck.edition == LATEST,
            SafetyCheck.state.in_((CheckState.CHECKED, CheckState.DECLARED)),
        )
    )
    return tuple(check.id for check in latest if not rules.has_run_out(check_of(check), on=on))


def register_read_on(session: Session) -> date | None:
    """Return the day on which the register was last read in, or None if it never was."""
    read_at = session.scalar(select(func.max(CqcLocation.imported_at)))
    return day_of(read_at) if read_at else None


def _read_on(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> date | None:
    return register_read_on(session) if any(_is_claim(row) for row in rows) else None


def _is_claim(row: Row[*tuple[Any, ...]]) -> bool:
    check: SafetyCheck | None = row.SafetyCheck
    return check is not None and check.kind is CheckKind.CQC_REGISTRATION and check.state is CheckState.DECLARED


def _claim(rows: Iterable[Row[*tuple[Any, ...]]], *, read_on: date | None) -> Claim | None:
    return next((Claim(row.claimed is not None, read_on) for row in rows if _is_claim(row)), None)


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
