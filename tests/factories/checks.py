"""The most boring checks there are, and an invented register."""

from datetime import UTC, date, datetime

from marketplace.accounts.rules import Role
from marketplace.catalogue.models import CqcLocation
from marketplace.catalogue.rules import CheckKind
from marketplace.catalogue.services import checking
from marketplace.catalogue.services.checking import Told
from tests.factories import accounts

INVENTED = "1-99999000001"
READ_AT = datetime(2026, 5, 3, 6, tzinfo=UTC)


def checker(session):
    """Add somebody who checks providers, and return them as a viewer."""
    return accounts.as_viewer(accounts.person(session, role=Role.MODERATOR, name="Cher"), role=Role.MODERATOR)


def checked(session, provider, *, by=None, kind=CheckKind.INSURANCE, now=READ_AT, **differences):
    """Let somebody have checked a provider."""
    told = {"level": "", "detail": "Public liability, £5 million", "expires_on": date(2026, 12, 31)}
    told |= {name: differences.pop(name) for name in tuple(differences) if name in told}
    plain = {"checked_by": "Meadowbridge Peer Network", "checked_on": date(2026, 5, 1)}
    checking.record_check(
        session,
        provider_id=provider.id,
        kind=kind,
        told=Told(**told),
        by=by or checker(session),
        now=now,
        **plain | differences,
    )


def declared(session, provider, speaker, *, kind=CheckKind.INSURANCE, now=READ_AT, **told):
    """Let a provider have said that it has something."""
    checking.declare_check(session, provider_id=provider.id, kind=kind, told=Told(**told), by=speaker, now=now)


def location(session, *, location_id=INVENTED, **differences):
    """Add a place to the register. Neither it nor its rating is anybody's."""
    plain = {
        "name": "Invented Home Care",
        "provider_name": "Invented Care Ltd",
        "postcode": "M33 7ZF",
        "council": "E08000009",
        "service_types": "Homecare agencies",
        "rating": "Good",
        "checked_on": date(2025, 2, 3),
        "is_registered": True,
        "imported_at": READ_AT,
    }
    place = CqcLocation(id=location_id, **plain | differences)
    session.add(place)
    session.flush()
    return place
