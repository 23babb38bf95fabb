"""How entries of published lists come in: libraries, clubs, food banks. Safe to run again and again."""

import enum
import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Category, Offer, Provider, Source
from marketplace.catalogue.rules import (
    LONGEST_DESCRIPTION,
    Act,
    OfferId,
    OfferStatus,
    ProviderId,
    ProviderKind,
    SourceKey,
    UniversalService,
    web_address,
)
from marketplace.catalogue.rules.details import LONGEST_SUITS
from marketplace.catalogue.services.finding import WrongDetailError, move_on
from marketplace.catalogue.services.indexing import keep_index_true
from marketplace.catalogue.services.published_facts import keep_facts
from marketplace.catalogue.services.twins import note_sighting, offer_also_listed
from marketplace.catalogue.services.versions import keep_version
from marketplace.kit import audit, text
from marketplace.kit.days import day_of
from marketplace.kit.sentences import worded


class Imported(enum.StrEnum):
    """What bringing in one entry did."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ALSO_LISTED = "also_listed"


def add_source(session: Session, *, key: SourceKey, publisher: str, licence: str, licence_url: str, url: str) -> None:
    """Name a published list, whom to thank for it, and its licence. Naming it again corrects it."""
    source = session.get(Source, key) or Source(key=key)
    source.publisher, source.licence, source.licence_url, source.url = publisher, licence, licence_url, url
    session.add(source)
    session.flush()


def add_universal_service(session: Session, *, service: UniversalService, now: datetime) -> Imported:
    """
    List an entry of a published list, or bring it up to date. One entry is one offer, however often it comes.

    It is live at once: an operator chose the list. What a moderator has taken down stays down. Every time it comes
    counts as confirmed, and brings back what was hidden for want of that. One that we have from somebody else already
    is not listed again: that offer says who else has it.

    :raises WrongDetailError: if it has no name, no known source or no known category.
    """
    _check(session, service)
    offer = session.scalars(
        select(Offer).where(Offer.source == service.source, Offer.source_key == service.source_key).with_for_update()
    ).one_or_none()
    if offer is None and offer_also_listed(session, service=service, now=now) is not None:
        return Imported.ALSO_LISTED
    provider, changed = _provider(session, service, now=now)
    is_new = offer is None
    if offer is None:
        offer = Offer(
            id=OfferId(uuid.uuid4()),
            provider_id=provider.id,
            status=OfferStatus.LIVE,
            source=service.source,
            source_key=service.source_key,
            created_at=now,
            updated_at=now,
            listed_at=now,
            confirmed_at=now,
        )
        session.add(offer)
    changed |= _update(offer, _offer_columns(service))
    session.flush()
    changed |= keep_facts(session, offer, service=service, is_new=is_new, today=day_of(now))
    note_sighting(session, offer_id=offer.id, now=now)
    was_hidden = offer.status is OfferStatus.LAPSED
    if not (changed or is_new or was_hidden):
        _confirm(session, offer, now=now)
        return Imported.UNCHANGED
    if was_hidden:
        move_on(offer, Act.CONFIRM)
    offer.updated_at = offer.confirmed_at = now
    keep_version(session, offer, did="imported", by=None, now=now)
    audit.record(session, by=None, did="imported", to_kind="offer", to_id=offer.id, now=now)
    keep_index_true(session, offer, now=now)
    return Imported.ADDED if is_new else Imported.CHANGED


def _provider(session: Session, service: UniversalService, *, now: datetime) -> tuple[Provider, bool]:
    """Return who provides an entry, and whether anything of it is new."""
    provider = session.scalars(
        select(Provider).where(Provider.source == service.source, Provider.source_key == service.provider_key)
    ).one_or_none()
    if provider is None:
        provider = Provider(
            id=ProviderId(uuid.uuid4()),
            kind=ProviderKind.UNIVERSAL_SERVICE,
            source=service.source,
            source_key=service.provider_key,
            about="",
            created_at=now,
        )
        session.add(provider)
    changed = _update(provider, _provider_columns(service))
    session.flush()
    return provider, changed


def _confirm(session: Session, offer: Offer, *, now: datetime) -> None:
    """Its publisher says the same again, which confirms it: once a day is enough, however often the list is read."""
    if day_of(offer.confirmed_at) != day_of(now):
        offer.confirmed_at = now
        keep_index_true(session, offer, now=now)


def _check(session: Session, service: UniversalService) -> None:
    if not text.tidy_line(service.title):
        raise WrongDetailError("It has no name.", field="title")
    if session.get(Source, service.source) is None:
        raise WrongDetailError(
            worded("Name the publisher and licence of “{source}” first.", source=service.source), field="source"
        )
    if session.get(Category, service.category) is None:
        raise WrongDetailError(
            worded("There is no category “{category}”.", category=service.category), field="category"
        )


def _provider_columns(service: UniversalService) -> dict[str, object]:
    columns: dict[str, object] = {
        "name": text.tidy_line(service.provider_name)[:200] or text.tidy_line(service.title)[:200],
        "council": service.council,
    }
    if service.provider_key == service.source_key:
        # A provider of several places has no one postcode of its own.
        columns |= {
            "postcode": service.postcode,
            "easting": service.easting,
            "northing": service.northing,
            "website": web_address(service.website),
        }
    return columns


def _offer_columns(service: UniversalService) -> dict[str, object]:
    return {
        "title": text.tidy_line(service.title)[:200],
        "category": service.category,
        "description": text.tidy(service.description)[:LONGEST_DESCRIPTION],
        "setting": service.setting,
        "travels_metres": service.facts.travels_metres,
        "address": text.tidy_line(service.address)[:300],
        "postcode": service.postcode,
        "easting": service.easting,
        "northing": service.northing,
        "council": service.council,
        "is_free": service.is_free,
        "suits": text.tidy(service.facts.suits)[:LONGEST_SUITS],
        "notice_hours": service.facts.notice_hours,
        "travel_per_mile": service.facts.travel_per_mile,
        "capacity": service.facts.capacity,
        "capacity_on": service.facts.capacity_on,
    }


def _update(row: Provider | Offer, columns: dict[str, object]) -> bool:
    changed = {name: value for name, value in columns.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)
