"""The most boring quality checks there are."""

import uuid
from datetime import UTC, date, datetime

from marketplace.accounts.models import Organisation, RoleGrant
from marketplace.accounts.rules import Role, Viewer
from marketplace.ratings.queries.quality import quality_check_page
from marketplace.ratings.rules.nouns import Finding
from marketplace.ratings.rules.quality import Found
from marketplace.ratings.services import checklists, quality
from tests.factories import accounts

NOW = datetime(2026, 5, 20, 9, tzinfo=UTC)
VISITED_ON = date(2026, 5, 12)
ITEMS = ("People choose what they eat.", "Staff ask before they help.", "There is a quiet room.")
REPORT = "We were made welcome and stayed for lunch. People told us that they choose what they do. " * 2


def checker(session, *, organisation=None, name="Pia"):
    """Add a checker of a user-led organisation, and return them as a viewer, with the organisation."""
    person = accounts.person(session, role=Role.CHECKER, name=name)
    if organisation is None:
        organisation, _ = accounts.organisation(
            session, name="Meadowbridge Peer Network", role=Role.USER_LED_ORGANISATION, spoken_for_by=person
        )
    else:
        session.add(RoleGrant(person_id=person.id, role=Role.USER_LED_ORGANISATION, organisation_id=organisation.id))
        session.flush()
    viewer = Viewer(
        person_id=person.id,
        name=name,
        roles=frozenset({Role.CHECKER, Role.USER_LED_ORGANISATION}),
        organisations=frozenset({organisation.id}),
    )
    return viewer, organisation


def organisation_of(session, viewer):
    """Return the organisation that a checker checks for."""
    return session.get_one(Organisation, next(iter(viewer.organisations)))


def checklist(session, *, by, organisation, title="A visit to a day service", items=ITEMS, now=NOW):
    """Let a checker have written a checklist."""
    return checklists.write_checklist(
        session, organisation_id=organisation.id, title=title, items=items, by=by, now=now
    )


def begun(session, *, provider, by, checklist_id, visited_on=VISITED_ON, now=NOW):
    """Let a checker have begun a check."""
    return quality.begin_check(
        session, provider_id=provider.id, checklist_id=checklist_id, visited_on=visited_on, by=by, now=now
    )


def found(session, *, check_id, by, finding=Finding.MET, words="We saw it.", report=REPORT, visited_on=VISITED_ON):
    """Let a checker have written down all of it."""
    it = quality_check_page(session, check_id=check_id, viewer=by, now=NOW)
    items = [one.item.id for one in it.findings]
    quality.save_findings(
        session,
        check_id=check_id,
        found=Found(visited_on, report, dict.fromkeys(items, finding), dict.fromkeys(items, words)),
        by=by,
        now=NOW,
    )


def published(session, *, provider, by=None, organisation=None, visited_on=VISITED_ON, now=NOW):
    """Let checkers have published a report about a provider, and return its id with who wrote it."""
    if by is None:
        by, organisation = checker(session)
    checklist_id = checklist(session, by=by, organisation=organisation, title=f"Visit {uuid.uuid4()}", now=now)
    check_id = begun(session, provider=provider, by=by, checklist_id=checklist_id, visited_on=visited_on, now=now)
    found(session, check_id=check_id, by=by, visited_on=visited_on)
    quality.publish_check(session, check_id=check_id, by=by, link=str, now=now)
    return check_id, by
