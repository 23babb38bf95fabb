"""How offers stand to the Care Quality Commission, and which providers are on its register. Nothing links by itself."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import Viewer
from marketplace.catalogue.models import CqcLocation, Offer, Provider
from marketplace.catalogue.rules import CheckKind, CheckState, CqcLocationId, CqcStanding, OfferId, ProviderId
from marketplace.catalogue.rules import cqc as rules
from marketplace.catalogue.rules.cqc import Question
from marketplace.catalogue.rules.evidence import location_page
from marketplace.catalogue.services.checking import Told, checked_provider, follow_check, latest_check
from marketplace.catalogue.services.finding import WrongDetailError, own_offer
from marketplace.catalogue.services.indexing import keep_index_true
from marketplace.kit import audit
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotFoundError

REGISTER = "the register of the Care Quality Commission"


class MustRegisterError(DomainError):
    """What is offered needs a registration that its provider says it does not have."""


class CqcNotAnsweredError(DomainError):
    """Nobody knows yet how an offer stands to registration."""


class LocationNotFoundError(NotFoundError):
    """The register, as we last read it, has no such location."""


def answer_cqc(
    session: Session, *, offer_id: OfferId, answers: Mapping[str, str], location: str, by: Viewer, now: datetime
) -> CqcStanding:
    """
    Say how an offer stands to registration, by the answers to the questions, and return it.

    `location` is the number that a registered provider gives: it is then shown as said by the provider, until a
    moderator has compared it with the register.

    :raises OfferNotFoundError: if it is not the viewer's.
    :raises CqcNotAnsweredError: if a question is still open.
    :raises MustRegisterError: if it must be registered, and no number is given.
    :raises WrongDetailError: if the number is not one of a location.
    """
    offer = own_offer(session, offer_id=offer_id, by=by)
    outcome = rules.way_through(answers).then
    if isinstance(outcome, Question):
        raise CqcNotAnsweredError("Answer the question that is still open, then go on.")
    number = _number(location)
    if number is None and outcome.standing is None:
        raise MustRegisterError(f"{outcome.words} Once you are, come back with the number of your location.")
    offer.cqc_standing = CqcStanding.REGISTERED if number else outcome.standing or CqcStanding.REGISTERED
    offer.cqc_because = "" if number else outcome.because
    if number:
        _declare_location(session, session.get_one(Provider, offer.provider_id), number, by=by, now=now)
    audit.record(session, by=by.person_id, did="answered cqc", to_kind="offer", to_id=offer.id, now=now)
    keep_index_true(session, offer, now=now)
    return offer.cqc_standing


def cqc_problem(session: Session, offer: Offer) -> str | None:
    """Return why an offer cannot be sent or shown before its provider has answered, as a sentence, or None."""
    check = latest_check(session, provider_id=offer.provider_id, kind=CheckKind.CQC_REGISTRATION)
    has_number = check is not None and check.state in {CheckState.CHECKED, CheckState.DECLARED}
    return rules.cqc_problem(
        category=offer.category, standing=offer.cqc_standing, location_id=check.level if check and has_number else ""
    )


def confirm_location(
    session: Session, *, provider_id: ProviderId, location_id: CqcLocationId, by: Viewer, now: datetime
) -> None:
    """
    Link a provider to its place on the register, after somebody has compared the two, and tell the provider.

    :raises ProviderNotFoundError: if there is no such provider, or the viewer checks nobody.
    :raises OwnCheckError: if the viewer speaks for it.
    :raises LocationNotFoundError: if the register has no such location, or not any more.
    """
    provider = checked_provider(session, provider_id=provider_id, by=by)
    location = session.get(CqcLocation, location_id)
    if location is None or not location.is_registered:
        raise LocationNotFoundError("The register, as we last read it, has no such location.")
    if provider.cqc_location_id == location.id:
        return
    provider.cqc_location_id = location.id
    write_registration(session, provider, location, by=by, now=now)
    accounts.write_to_organisation(
        session,
        organisation_id=provider.organisation_id,
        subject=f"{provider.name} is shown as registered with the Care Quality Commission",
        body=f"We found you on {REGISTER} as “{location.name}”, {location.id}. Your offers now show that, with the "
        f"rating there and its date. See what they say:\n{location_page(location.id)}\n\n"
        "If that is not you, answer this letter.",
        now=now,
    )


def refuse_location(
    session: Session, *, provider_id: ProviderId, location_id: CqcLocationId, by: Viewer, now: datetime
) -> None:
    """
    Say that a provider is not the body that has a place on the register. It is not suggested again.

    :raises ProviderNotFoundError: if there is no such provider, or the viewer checks nobody.
    :raises OwnCheckError: if the viewer speaks for it.
    """
    provider = checked_provider(session, provider_id=provider_id, by=by)
    provider.cqc_location_id = None
    follow_check(
        session,
        provider,
        kind=CheckKind.CQC_REGISTRATION,
        state=CheckState.NOT_CHECKED,
        told=Told(level=location_id, detail="We compared it with the register, and it is another body."),
        by=by,
        did="refused",
        now=now,
    )


def write_registration(
    session: Session, provider: Provider, location: CqcLocation, *, by: Viewer | None, now: datetime
) -> None:
    """Write down what the register says of a linked provider: that it is on it, or not any more."""
    is_on = location.is_registered
    follow_check(
        session,
        provider,
        kind=CheckKind.CQC_REGISTRATION,
        state=CheckState.CHECKED if is_on else CheckState.NOT_CHECKED,
        told=Told(level=location.id, detail="" if is_on else "It is not on the register any more."),
        checked_by=REGISTER if is_on else "",
        checked_on=day_of(location.imported_at) if is_on else None,
        by=by,
        did="found" if is_on else "lost",
        now=now,
    )


def _number(typed: str) -> CqcLocationId | None:
    if not typed.strip():
        return None
    number = rules.location_number(typed)
    if number is None:
        raise WrongDetailError(
            "Enter the number of your location, like 1-123456789. It ends the address of your page on cqc.org.uk.",
            field="location",
        )
    return number


def _declare_location(
    session: Session, provider: Provider, number: CqcLocationId, *, by: Viewer, now: datetime
) -> None:
    latest = latest_check(session, provider_id=provider.id, kind=CheckKind.CQC_REGISTRATION)
    is_said = latest is not None and latest.level == number and latest.state is not CheckState.NOT_CHECKED
    if is_said:
        return
    # Another number than the one that was compared: what is shown must not outlive it.
    provider.cqc_location_id = None
    follow_check(
        session,
        provider,
        kind=CheckKind.CQC_REGISTRATION,
        state=CheckState.DECLARED,
        told=Told(level=number),
        by=by,
        did="declared",
        now=now,
    )
