"""How a provider comes to be, and how it keeps its page true."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.queries import speaks_for
from marketplace.accounts.rules import PersonId, Role, Viewer
from marketplace.catalogue import rules
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import OfferStatus, ProviderId, ProviderKind, Trade
from marketplace.catalogue.rules.boards import board_source_problem
from marketplace.catalogue.services.finding import WrongDetailError, own_provider
from marketplace.catalogue.services.indexing import keep_index_true
from marketplace.kit import audit, text
from marketplace.kit.days import day_of
from marketplace.kit.places import Place, Precision
from marketplace.kit.sentences import worded

ROLES = {
    ProviderKind.MICRO_PROVIDER: Role.PROVIDER,
    ProviderKind.USER_LED_ORGANISATION: Role.USER_LED_ORGANISATION,
    ProviderKind.OTHER_PROVIDER: Role.PROVIDER,
}
"""Who can found themselves, and what they are here as. Universal services come in from lists, or are suggested."""


@dataclass(frozen=True, slots=True)
class ProviderDetails:
    """
    What a provider tells us about itself.

    `staff_fte` and `is_independent` are for micro-providers, what begins with `board_share` for user-led bodies, and
    `trade` for other providers.
    """

    name: str
    about: str
    place: Place
    website: str | None = None
    staff_fte: Decimal | None = None
    is_independent: bool = False
    board_share: int | None = None
    board_share_source: str = ""
    board_share_on: date | None = None
    trade: Trade | None = None


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
        raise WrongDetailError("Choose what you are.", field="kind")
    _check(kind, details, most_staff=most_staff, today=day_of(now))
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
    _check(provider.kind, details, most_staff=most_staff, today=day_of(now))
    _fill(provider, details)
    audit.record(session, by=by.person_id, did="edited", to_kind="provider", to_id=provider.id, now=now)
    session.flush()
    live = select(Offer).where(Offer.provider_id == provider_id, Offer.status == OfferStatus.LIVE).order_by(Offer.id)
    for offer in session.scalars(live).all():
        keep_index_true(session, offer, now=now)


def _check(kind: ProviderKind, details: ProviderDetails, *, most_staff: Decimal, today: date) -> None:
    _check_words(details)
    if kind is ProviderKind.MICRO_PROVIDER:
        _refuse("staff_fte", rules.staff_problem(staff_fte=details.staff_fte or Decimal(0), most=most_staff))
        if not details.is_independent:
            raise WrongDetailError(
                "A micro-provider is independent of any larger organisation. If you are not, you are another provider.",
                field="is_independent",
            )
    if kind is ProviderKind.USER_LED_ORGANISATION:
        _refuse("board_share", rules.board_problem(details.board_share or 0))
        source = text.tidy_line(details.board_share_source)
        problem = board_source_problem(source=source, on=details.board_share_on, today=today)
        _refuse(*problem or ("", None))
    if kind is ProviderKind.OTHER_PROVIDER and details.trade is None:
        raise WrongDetailError("Choose what you do.", field="trade")


def _refuse(field: str, problem: str | None) -> None:
    if problem:
        raise WrongDetailError(problem, field=field)


def _check_words(details: ProviderDetails) -> None:
    name = text.tidy_line(details.name)
    if not name:
        raise WrongDetailError("Tell us the name people know you by.", field="name")
    if len(name) > rules.LONGEST_NAME:
        raise WrongDetailError(
            worded("Use at most {longest_name} characters.", longest_name=rules.LONGEST_NAME), field="name"
        )
    if len(text.tidy(details.about)) > rules.LONGEST_ABOUT:
        raise WrongDetailError(
            worded("Use at most {longest_about:,} characters.", longest_about=rules.LONGEST_ABOUT), field="about"
        )
    if details.website and rules.web_address(details.website) is None:
        raise WrongDetailError("Enter a web address, like www.example.org.", field="website")
    if details.place.precision is Precision.COUNCIL:
        raise WrongDetailError("Enter a postcode, or the first part of one: people search near a place.", field="place")


def _fill(provider: Provider, details: ProviderDetails) -> None:
    provider.name = text.tidy_line(details.name)
    provider.about = text.tidy(details.about)
    provider.website = rules.web_address(details.website)
    is_user_led = provider.kind is ProviderKind.USER_LED_ORGANISATION
    provider.staff_fte = details.staff_fte
    provider.is_independent = details.is_independent and provider.kind is ProviderKind.MICRO_PROVIDER
    provider.board_share = details.board_share if is_user_led else None
    provider.board_share_source = text.tidy_line(details.board_share_source) if is_user_led else ""
    provider.board_share_on = details.board_share_on if is_user_led else None
    provider.trade = details.trade if provider.kind is ProviderKind.OTHER_PROVIDER else None
    provider.postcode = rules.postcode_of(details.place)
    provider.easting, provider.northing = details.place.point.easting, details.place.point.northing
    provider.council = details.place.council
