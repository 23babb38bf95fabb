"""How a provider comes to be, and how it keeps its page true."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.queries import speaks_for
from marketplace.accounts.rules import PersonId, Role, Viewer
from marketplace.catalogue import rules
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import OfferStatus, ProviderId, ProviderKind
from marketplace.catalogue.services.finding import WrongDetailError, own_provider
from marketplace.catalogue.services.indexing import keep_index_true
from marketplace.kit import audit, text
from marketplace.kit.places import Place, Precision

ROLES = {ProviderKind.MICRO_PROVIDER: Role.PROVIDER, ProviderKind.USER_LED_ORGANISATION: Role.USER_LED_ORGANISATION}


@dataclass(frozen=True, slots=True)
class ProviderDetails:
    """What a provider tells us about itself. `staff_fte` is for micro-providers, `board_share` for user-led bodies."""

    name: str
    about: str
    place: Place
    website: str | None = None
    staff_fte: Decimal | None = None
    board_share: int | None = None


def found_provider(
    session: Session,
    *,
    kind: ProviderKind,
    details: ProviderDetails,
    most_staff: Decimal,
    by: PersonId,
    now: datetime,
    key: ProviderId | None = None,
) -> ProviderId:
    """
    Start a provider that this person speaks for. Idempotent: the same key and name start one.

    `most_staff` is how many full-time-equivalent staff a micro-provider may have.

    :raises WrongDetailError: if the provider is not of its kind, or says too little about itself.
    """
    if kind not in ROLES:
        raise WrongDetailError("Choose whether you are a small provider or a user-led organisation.", field="kind")
    _check(kind, details, most_staff=most_staff)
    name = text.tidy_line(details.name)
    accounts.take_turns(session, person_id=by)
    known = session.get(Provider, key) if key else None
    is_theirs = known and speaks_for(session, person_id=by, organisation_id=known.organisation_id)
    if known is not None and is_theirs and known.name == name:
        return known.id
    organisation_id = accounts.found_organisation(session, name=name, role=ROLES[kind], by=by, now=now)
    provider_id = ProviderId(uuid.uuid4()) if known or key is None else key
    provider = Provider(id=provider_id, organisation_id=organisation_id, kind=kind, created_at=now)
    _fill(provider, details)
    session.add(provider)
    audit.record(session, by=by, did="founded", to_kind="provider", to_id=provider.id, now=now)
    session.flush()
    return provider.id


def edit_provider(
    session: Session,
    *,
    provider_id: ProviderId,
    details: ProviderDetails,
    most_staff: Decimal,
    by: Viewer,
    now: datetime,
) -> None:
    """
    Change what a provider says about itself. Its live offers are found by the new name at once.

    :raises ProviderNotFoundError: if the viewer does not speak for this provider.
    :raises WrongDetailError: if the provider would no longer be of its kind, or says too little about itself.
    """
    provider = own_provider(session, provider_id=provider_id, by=by)
    _check(provider.kind, details, most_staff=most_staff)
    _fill(provider, details)
    audit.record(session, by=by.person_id, did="edited", to_kind="provider", to_id=provider.id, now=now)
    session.flush()
    live = select(Offer).where(Offer.provider_id == provider_id, Offer.status == OfferStatus.LIVE).order_by(Offer.id)
    for offer in session.scalars(live).all():
        keep_index_true(session, offer, now=now)


def _check(kind: ProviderKind, details: ProviderDetails, *, most_staff: Decimal) -> None:
    _check_words(details)
    if kind is ProviderKind.MICRO_PROVIDER:
        problem = rules.staff_problem(staff_fte=details.staff_fte or Decimal(0), most=most_staff)
        if problem:
            raise WrongDetailError(problem, field="staff_fte")
    if kind is ProviderKind.USER_LED_ORGANISATION:
        problem = rules.board_problem(details.board_share or 0)
        if problem:
            raise WrongDetailError(problem, field="board_share")


def _check_words(details: ProviderDetails) -> None:
    name = text.tidy_line(details.name)
    if not name:
        raise WrongDetailError("Tell us the name people know you by.", field="name")
    if len(name) > rules.LONGEST_NAME:
        raise WrongDetailError(f"Use at most {rules.LONGEST_NAME} characters.", field="name")
    if len(text.tidy(details.about)) > rules.LONGEST_ABOUT:
        raise WrongDetailError(f"Use at most {rules.LONGEST_ABOUT:,} characters.", field="about")
    if details.website and rules.web_address(details.website) is None:
        raise WrongDetailError("Enter a web address, like www.example.org.", field="website")
    if details.place.precision is Precision.COUNCIL:
        raise WrongDetailError("Enter a postcode, or the first part of one: people search near a place.", field="place")


def _fill(provider: Provider, details: ProviderDetails) -> None:
    provider.name = text.tidy_line(details.name)
    provider.about = text.tidy(details.about)
    provider.website = rules.web_address(details.website)
    provider.staff_fte = details.staff_fte
    provider.board_share = details.board_share if provider.kind is ProviderKind.USER_LED_ORGANISATION else None
    provider.postcode = rules.postcode_of(details.place)
    provider.easting, provider.northing = details.place.point.easting, details.place.point.northing
    provider.council = details.place.council
