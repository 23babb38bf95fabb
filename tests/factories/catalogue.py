"""The most boring providers and offers there are, made through the services so that their rules hold."""

import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

from marketplace.accounts.rules import Role, Viewer
from marketplace.catalogue import services
from marketplace.catalogue.models import Offer, Photo, PhotoFile, Provider
from marketplace.catalogue.rules import (
    Asking,
    OfferDetails,
    ProviderKind,
    Setting,
    Step,
    SuggestionId,
    Unit,
    UniversalService,
)
from marketplace.catalogue.rules.suggestions import WrongFact
from marketplace.catalogue.services import ProviderDetails
from marketplace.kit.money import Money
from marketplace.kit.places import Place, Point, Precision
from tests.factories import accounts, moderation
from tests.factories.pictures import picture

LISTED = datetime(2026, 5, 1, 9, tzinfo=UTC)
SALE = Place("M33 7ZF", Point(378_700, 392_000), "E08000009", Precision.POSTCODE)
MOST_STAFF = Decimal(5)


def somebody(session, *, name="Pat"):
    """Add a person, and return them as a viewer."""
    return accounts.as_viewer(accounts.person(session, name=name))


def provider_details(**differences):
    plain = {"name": "Boring Help", "about": "We help.", "place": SALE, "staff_fte": Decimal(2), "is_independent": True}
    return ProviderDetails(**plain | differences)


def provider(session, *, kind=ProviderKind.MICRO_PROVIDER, by=None, **differences):
    """Add a provider, and return it with the viewer who speaks for it."""
    by = by or somebody(session)
    if kind is ProviderKind.USER_LED_ORGANISATION:
        differences = {
            "staff_fte": None,
            "board_share": 80,
            "board_share_source": "our annual report",
            "board_share_on": date(2026, 4, 1),
        } | differences
    founded = services.found_provider(
        session,
        kind=kind,
        details=provider_details(**differences),
        most_staff=MOST_STAFF,
        by=by.person_id,
        now=LISTED,
    )
    body = session.get_one(Provider, founded)
    roles = by.roles | {Role.PROVIDER if kind is ProviderKind.MICRO_PROVIDER else Role.USER_LED_ORGANISATION}
    speaker = Viewer(
        person_id=by.person_id, name=by.name, roles=roles, organisations=by.organisations | {body.organisation_id}
    )
    return body, speaker


def details(**differences):
    plain = {
        "title": "Gardening, an hour",
        "category": "home-and-garden",
        "description": "I cut, dig and tidy.",
        "setting": Setting.AT_PLACE,
        "is_free": False,
        "place": SALE,
        "address": "Boring Hall, Sale",
    }
    return OfferDetails(**plain | differences)


def asking(pounds=20, *, group_amount=None, group_from=None, **differences):
    plain = {"amount": Money(pounds * 100), "unit": Unit.HOUR, "begins_on": date(2026, 5, 1)}
    if group_from:
        plain["ladder"] = (Step(group_from, group_amount),)
    return Asking(**plain | differences)


def draft(session, *, by=None, of=None, price=None, now=LISTED, **differences):
    """Add a draft at £20 an hour, and return it with the viewer who speaks for its provider."""
    body, speaker = (of, by) if of else provider(session, by=by)
    wanted = details(**differences)
    offer_id = services.list_offer(
        session,
        provider_id=body.id,
        details=wanted,
        asking=None if wanted.is_free else price or asking(),
        by=speaker,
        now=now,
    )
    return session.get_one(Offer, offer_id), speaker


def submitted(session, **differences):
    offer, speaker = draft(session, **differences)
    services.submit_offer(session, offer_id=offer.id, by=speaker, now=differences.get("now", LISTED))
    return offer, speaker


def live(session, **differences):
    """Add an offer that a moderator has approved."""
    offer, speaker = submitted(session, **differences)
    services.approve_offer(
        session,
        offer_id=offer.id,
        by=moderation.moderator(session),
        seen=None,
        address="http://127.0.0.1:8000/offers",
        now=differences.get("now", LISTED),
    )
    return offer, speaker


def source(session, *, key="trafford-libraries"):
    services.add_source(
        session,
        key=key,
        publisher="Trafford Council",
        licence="Open Government Licence v3.0",
        licence_url="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        url="https://www.trafforddatalab.io/",
    )
    return key


def universal_service(**differences):
    plain = {
        "source": "trafford-libraries",
        "source_key": "sale",
        "title": "Sale Library",
        "category": "community-places",
        "provider_name": "Sale Library",
        "provider_key": "sale",
        "address": "Waterside, Sale",
        "postcode": "M33 7ZF",
        "easting": 378_700,
        "northing": 392_000,
        "council": "E08000009",
        "is_free": True,
    }
    return UniversalService(**plain | differences)


def photo(session, *, offer):
    """Add a photograph that waits for a moderator, and return its id."""
    kept = picture()
    session.add(PhotoFile(digest=kept.digest, large=kept.large, small=kept.small))
    session.flush()
    added = Photo(
        id=uuid.uuid4(),
        offer_id=offer.id,
        digest=kept.digest,
        alt="Two people digging a bed",
        width=kept.width,
        height=kept.height,
        position=1,
        added_at=LISTED,
    )
    session.add(added)
    session.flush()
    return added.id


def wrong_fact(session, *, offer, by=None, fact=WrongFact.PRICE, words="It costs more now.", now=LISTED):
    """Add what somebody says is wrong on an offer, and return its id."""
    return services.suggest_wrong_fact(
        session,
        key=SuggestionId(uuid.uuid4()),
        offer_id=offer.id,
        fact=fact,
        words=words,
        by=by,
        address="http://127.0.0.1:8000/offers",
        now=now,
    )


def missing_place(session, *, by=None, name="The Tuesday club", words="People play cards.", now=LISTED):
    """Add a place that somebody says is missing, and return its id."""
    return services.suggest_place(
        session,
        key=SuggestionId(uuid.uuid4()),
        name=name,
        place="Sale",
        words=words,
        council="E08000009",
        by=by,
        now=now,
    )
