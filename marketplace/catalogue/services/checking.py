"""What is known of a provider, written down: what it says itself, what somebody checked, and what is no longer so."""

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.catalogue.models import Offer, Provider, SafetyCheck
from marketplace.catalogue.queries.evidence import check_of
from marketplace.catalogue.rules import (
    CheckKind,
    CheckState,
    OfferStatus,
    ProviderId,
    SafetyCheckId,
)
from marketplace.catalogue.rules import evidence as rules
from marketplace.catalogue.rules.cqc import location_number
from marketplace.catalogue.services.finding import ProviderNotFoundError, WrongDetailError, own_provider
from marketplace.catalogue.services.indexing import keep_index_true
from marketplace.kit import audit, text
from marketplace.kit.days import day_of
from marketplace.kit.errors import DomainError, NotAllowedError
from marketplace.kit.sentences import worded


class OwnCheckError(NotAllowedError):
    """Nobody checks a provider that they speak for."""


class CheckStandsError(DomainError):
    """Somebody checked it, and that is worth more than what the provider says."""


class NothingToWithdrawError(DomainError):
    """There is no check of this kind."""


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says of one kind of check. `level` is one of `LEVELS`; `detail` is read by everybody."""

    level: str = ""
    detail: str = ""
    expires_on: date | None = None


def declare_check(
    session: Session, *, provider_id: ProviderId, kind: CheckKind, told: Told, by: Viewer, now: datetime
) -> None:
    """
    Let a provider say that it has something. It is shown as said by the provider, never as checked.

    :raises ProviderNotFoundError: if the viewer does not speak for this provider.
    :raises WrongDetailError: if the level, the words or the day will not do.
    :raises CheckStandsError: if somebody has checked it, and that holds.
    """
    provider = own_provider(session, provider_id=provider_id, by=by)
    told = _right(kind, told, checked_on=None, today=day_of(now))
    latest = latest_check(session, provider_id=provider.id, kind=kind)
    if latest is not None and rules.holds(check_of(latest), on=day_of(now)):
        raise CheckStandsError(
            "Somebody has checked this, and that counts for more than saying so. Show the new one to whoever checks."
        )
    follow_check(session, provider, kind=kind, state=CheckState.DECLARED, told=told, by=by, did="declared", now=now)


def record_check(
    session: Session,
    *,
    provider_id: ProviderId,
    kind: CheckKind,
    told: Told,
    checked_by: str,
    checked_on: date,
    by: Viewer,
    now: datetime,
) -> None:
    """
    Write down that somebody looked: who, when, and until when that holds.

    :raises ProviderNotFoundError: if there is no such provider, or the viewer checks nobody.
    :raises OwnCheckError: if the viewer speaks for it.
    :raises WrongDetailError: if nobody is named, or the level, the words or a day will not do.
    """
    provider = checked_provider(session, provider_id=provider_id, by=by)
    checker = text.tidy_line(checked_by)
    if not checker:
        raise WrongDetailError("Say who looked: a body that people can ask.", field="checked_by")
    if len(checker) > rules.LONGEST_NAME_OF_CHECKER:
        raise WrongDetailError(
            worded(
                "Use at most {longest_name_of_checker} characters.",
                longest_name_of_checker=rules.LONGEST_NAME_OF_CHECKER,
            ),
            field="checked_by",
        )
    told = _right(kind, told, checked_on=checked_on, today=day_of(now))
    follow_check(
        session,
        provider,
        kind=kind,
        state=CheckState.CHECKED,
        told=told,
        checked_by=checker,
        checked_on=checked_on,
        by=by,
        did="checked",
        now=now,
    )


def withdraw_check(
    session: Session, *, provider_id: ProviderId, kind: CheckKind, reason: str, by: Viewer, now: datetime
) -> None:
    """
    Say that something is no longer so. Its provider may, and so may whoever checks. What was written before is kept.

    :raises ProviderNotFoundError: if there is no such provider, or the viewer neither speaks for it nor checks.
    :raises NothingToWithdrawError: if nothing is said or checked.
    :raises WrongDetailError: if the reason is too long.
    """
    provider = session.get(Provider, provider_id, with_for_update=True)
    if provider is None or not (by.speaks_for(provider.organisation_id) or by.may(Permission.CHECK)):
        raise ProviderNotFoundError("We could not find that provider.")
    told = Told(detail=text.tidy_line(reason))
    _require_short(told.detail, field="reason")
    latest = latest_check(session, provider_id=provider.id, kind=kind)
    if latest is None or latest.state is CheckState.NOT_CHECKED:
        raise NothingToWithdrawError("There is nothing to take back: nobody says so or has checked it.")
    follow_check(session, provider, kind=kind, state=CheckState.NOT_CHECKED, told=told, by=by, did="withdrew", now=now)


def checked_provider(session: Session, *, provider_id: ProviderId, by: Viewer) -> Provider:
    """
    Return a provider that the viewer may check, locked.

    :raises ProviderNotFoundError: if there is none, or the viewer checks nobody.
    :raises OwnCheckError: if the viewer speaks for it.
    """
    provider = session.get(Provider, provider_id, with_for_update=True) if by.may(Permission.CHECK) else None
    if provider is None:
        raise ProviderNotFoundError("We could not find that provider.")
    if by.speaks_for(provider.organisation_id):
        raise OwnCheckError("You speak for this provider, so somebody else has to check it.")
    return provider


def latest_check(session: Session, *, provider_id: ProviderId, kind: CheckKind) -> SafetyCheck | None:
    """Return what was last written down of one kind of check."""
    return session.scalars(
        select(SafetyCheck)
        .where(SafetyCheck.provider_id == provider_id, SafetyCheck.kind == kind)
        .order_by(SafetyCheck.edition.desc())
        .limit(1)
    ).one_or_none()


def follow_check(
    session: Session,
    provider: Provider,
    *,
    kind: CheckKind,
    state: CheckState,
    told: Told,
    by: Viewer | None,
    did: str,
    now: datetime,
    checked_by: str = "",
    checked_on: date | None = None,
) -> None:
    """Write the next edition of a check on a locked provider, and let the search know. `by` is None for a job."""
    latest = latest_check(session, provider_id=provider.id, kind=kind)
    if kind is CheckKind.CQC_REGISTRATION and told.level != provider.cqc_location_id:
        # What was compared was another number, or is taken back: its rating must not outlive it.
        provider.cqc_location_id = None
    session.add(
        SafetyCheck(
            id=SafetyCheckId(uuid.uuid4()),
            provider_id=provider.id,
            kind=kind,
            state=state,
            level=told.level,
            detail=text.tidy_line(told.detail),
            checked_by=checked_by,
            checked_on=checked_on,
            expires_on=told.expires_on,
            recorded_by=by.person_id if by else None,
            recorded_at=now,
            edition=latest.edition + 1 if latest else 1,
        )
    )
    person_id = by.person_id if by else None
    audit.record(session, by=person_id, did=f"{did} {kind}", to_kind="provider", to_id=provider.id, now=now)
    session.flush()
    keep_checks_found(session, provider_id=provider.id, now=now)


def keep_checks_found(session: Session, *, provider_id: ProviderId, now: datetime) -> None:
    """Let the search find a provider's live offers by the checks it now has."""
    live = select(Offer).where(Offer.provider_id == provider_id, Offer.status == OfferStatus.LIVE).order_by(Offer.id)
    for offer in session.scalars(live).all():
        keep_index_true(session, offer, now=now)


def _right(kind: CheckKind, told: Told, *, checked_on: date | None, today: date) -> Told:
    level = told.level
    if kind is CheckKind.CQC_REGISTRATION:
        level = location_number(told.level) or ""
        if not level:
            raise WrongDetailError(
                "Enter the number of your location, like 1-123456789. It ends the address of its page on cqc.org.uk.",
                field="number",
            )
    problem = rules.level_problem(kind, level)
    if problem:
        raise WrongDetailError(problem, field="level")
    _require_short(told.detail, field="detail")
    wrong = rules.days_problem(checked_on=checked_on, expires_on=told.expires_on, today=today)
    if wrong:
        raise WrongDetailError(wrong[1], field=wrong[0])
    return replace(told, level=level)


def _require_short(words: str, *, field: str) -> None:
    if len(words) > rules.LONGEST_DETAIL:
        raise WrongDetailError(
            worded("Use at most {longest_detail} characters.", longest_detail=rules.LONGEST_DETAIL), field=field
        )
