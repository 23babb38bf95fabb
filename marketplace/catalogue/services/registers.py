"""How the register of the Care Quality Commission comes in, and what it says of the providers linked to it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.catalogue.gateways.registers import Location
from marketplace.catalogue.models import CqcLocation, Provider
from marketplace.catalogue.rules import CqcLocationId
from marketplace.catalogue.rules.evidence import location_page
from marketplace.catalogue.services.importing import RowOutcome
from marketplace.catalogue.services.registering import write_registration
from marketplace.catalogue.services.universal import Imported
from marketplace.kit.places import Gazetteer, UnknownPlaceError, postcode_in
from marketplace.kit.sentences import worded

MOST_MISSING = 10
"""How many of every hundred locations may be gone at once. More means that the file is only a part of the register."""


def import_locations(
    session: Session, *, locations: Sequence[Location], gazetteer: Gazetteer, now: datetime
) -> list[RowOutcome]:
    """
    Write down what the register says of some locations. Safe to run again: what is as it was only gets its new day.

    `now` is when this reading of the register began: see `mark_gone`.
    """
    wanted = [location.id for location in locations]
    known = {
        location.id: location
        for location in session.scalars(select(CqcLocation).where(CqcLocation.id.in_(wanted))).all()
    }
    outcomes = []
    for location in locations:
        kept, remarks = known.get(location.id), list(location.remarks)
        if kept is None:
            kept = CqcLocation(id=location.id, rating="", is_registered=False)
            session.add(kept)
        before = _said(kept) if location.id in known else None
        was_gone = before is not None and not kept.is_registered
        remarks += _fill(kept, location, gazetteer=gazetteer, now=now)
        did = Imported.ADDED if before is None else _did(before, kept)
        outcomes.append(RowOutcome(location.line, location.name, did, tuple(remarks)))
        if was_gone:
            session.flush()
            _tell_linked(session, [kept], now=now)
    session.flush()
    return outcomes


def _fill(kept: CqcLocation, location: Location, *, gazetteer: Gazetteer, now: datetime) -> list[str]:
    kept.name, kept.provider_name = location.name, location.provider_name
    kept.service_types = location.service_types
    kept.is_registered, kept.imported_at = True, now
    # A file without ratings says nothing of one that we have, nor of its day.
    if location.rating is not None or not kept.rating:
        kept.rating, kept.checked_on = location.rating or "", location.checked_on
    postcode = postcode_in(location.postcode) if location.postcode else None
    if kept.postcode != postcode or kept.council is None:
        kept.postcode = postcode
        try:
            kept.council = gazetteer.find(postcode).council if postcode else None
        except UnknownPlaceError:
            kept.council = None
    if location.postcode and postcode is None:
        return [worded("“{postcode}” is no postcode, and is left out.", postcode=location.postcode[:20])]
    return []


def _said(location: CqcLocation) -> tuple[object, ...]:
    return (
        location.name,
        location.provider_name,
        location.postcode,
        location.service_types,
        location.rating,
        location.checked_on,
        location.is_registered,
    )


def _did(before: tuple[object, ...], kept: CqcLocation) -> Imported:
    return Imported.UNCHANGED if before == _said(kept) else Imported.CHANGED


def missing_locations(session: Session, *, read_since: datetime) -> list[CqcLocationId]:
    """Return the locations that were on the register, and that this reading of it, begun at a moment, has not named."""
    return list(
        session.scalars(
            select(CqcLocation.id)
            .where(CqcLocation.is_registered, CqcLocation.imported_at < read_since)
            .order_by(CqcLocation.id)
        )
    )


def too_many_are_missing(*, missing: int, named: int) -> bool:
    """Test whether so many locations are gone that the file must be a part of the register."""
    return missing * 100 > (missing + named) * MOST_MISSING


def mark_gone(session: Session, *, location_ids: Iterable[CqcLocationId], now: datetime) -> None:
    """Say that some locations are on the register no more, to everybody who reads of their providers, and to them."""
    gone = list(location_ids)
    session.execute(update(CqcLocation).where(CqcLocation.id.in_(gone)).values(is_registered=False))
    locations = session.scalars(select(CqcLocation).where(CqcLocation.id.in_(gone)).order_by(CqcLocation.id)).all()
    _tell_linked(session, locations, now=now)


def _tell_linked(session: Session, locations: Sequence[CqcLocation], *, now: datetime) -> None:
    by_id = {location.id: location for location in locations}
    linked = select(Provider).where(Provider.cqc_location_id.in_(by_id)).order_by(Provider.id).with_for_update()
    for provider in session.scalars(linked).all():
        assert provider.cqc_location_id is not None  # noqa: S101  (the question above asked for it)
        location = by_id[provider.cqc_location_id]
        write_registration(session, provider, location, by=None, now=now)
        if location.is_registered:
            continue
        accounts.write_to_organisation(
            session,
            organisation_id=provider.organisation_id,
            subject=worded("{name} is not on the register of the Care Quality Commission any more", name=provider.name),
            body=worded(
                "Your location {id}, “{name}”, is not on the register that we read today. Your "
                "offers say so until it is there again.\n\nHave you a new number? Give it to us on the page "
                "“Your checks”.\n\nSee what the register says:\n{location_page}",
                id=location.id,
                name=location.name,
                location_page=location_page(location.id),
            ),
            now=now,
        )
