"""How offers stand to the Care Quality Commission, and which providers are on its register. Nothing links by itself."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import Viewer
from marketplace.catalogue.models import CqcLocation, Offer, Provider
from marketplace.catalogue.rules import CheckKind, CheckState, CqcLocationId, ProviderId
from marketplace.catalogue.rules import cqc as rules
from marketplace.catalogue.rules.evidence import location_page
from marketplace.catalogue.services.checking import Told, checked_provider, follow_check, latest_check
from marketplace.catalogue.services.finding import WrongDetailError
from marketplace.kit.days import day_of
from marketplace.kit.errors import NotFoundError
from marketplace.kit.sentences import worded

REGISTER = "the register of the Care Quality Commission"


class CqcNotAnsweredError(WrongDetailError):
    """Nobody knows yet how an offer stands to registration."""

    field = "cqc_standing"


class LocationNotFoundError(NotFoundError):
    """The register, as we last read it, has no such location."""


def require_cqc_answer(session: Session, offer: Offer) -> None:
    """
    Keep an offer from being sent or shown before its provider has said how it stands to registration.

    :raises CqcNotAnsweredError: if that is not known, or it is said to be registered and has no number.
    """
    check = latest_check(session, provider_id=offer.provider_id, kind=CheckKind.CQC_REGISTRATION)
    is_said = check is not None and check.state in {CheckState.CHECKED, CheckState.DECLARED}
    problem = rules.cqc_problem(
        category=offer.category, standing=offer.cqc_standing, location_id=check.level if check and is_said else ""
    )
    if problem:
        raise CqcNotAnsweredError(problem)


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
        subject=worded("{name} is shown as registered with the Care Quality Commission", name=provider.name),
        body=worded(
            "We found you on {register} as “{name}”, {id}. Your offers now show that, with your "
            "rating there and its date.\n\nSee what they say:\n{location_page}\n\n"
            "If that is not you, answer this letter.",
            register=REGISTER,
            name=location.name,
            id=location.id,
            location_page=location_page(location.id),
        ),
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
