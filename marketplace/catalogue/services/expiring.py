"""Who is told that a check runs out: its provider, a month before and on the day, each once."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts import services as accounts
from marketplace.catalogue.models import Provider, SafetyCheck
from marketplace.catalogue.rules import CheckState, ProviderId, SafetyCheckId
from marketplace.catalogue.rules.evidence import REMIND_BEFORE
from marketplace.catalogue.services.checking import latest_check
from marketplace.kit import audit
from marketplace.kit.days import day_of
from marketplace.kit.said import day
from marketplace.kit.sentences import worded

Address = Callable[[ProviderId], str]
"""Turns a provider into the address of the page with its checks."""


def tell_of_expiry(session: Session, *, check_id: SafetyCheckId, address: Address, now: datetime) -> int:
    """Tell a provider that a check runs out soon, or is running out today. Return 1 if a letter left, 0 if not due."""
    check = session.get(SafetyCheck, check_id, with_for_update=True)
    if check is None or check.expires_on is None or not _is_in_force(session, check):
        return 0
    left = check.expires_on - day_of(now)
    if left.days <= 0 and check.expiry_told_at is None:
        # Whoever is told that it is over need not be told that it soon will be.
        check.expiry_told_at = now
        check.reminded_at = check.reminded_at or now
        _write(session, check, address=address, is_over=True, now=now)
        return 1
    if 0 < left.days <= REMIND_BEFORE.days and check.reminded_at is None:
        check.reminded_at = now
        _write(session, check, address=address, is_over=False, now=now)
        return 1
    return 0


def _is_in_force(session: Session, check: SafetyCheck) -> bool:
    latest = latest_check(session, provider_id=check.provider_id, kind=check.kind)
    return latest is check and check.state in {CheckState.CHECKED, CheckState.DECLARED}


def _write(session: Session, check: SafetyCheck, *, address: Address, is_over: bool, now: datetime) -> None:
    assert check.expires_on is not None  # noqa: S101  (only what runs out is written of)
    provider = session.get_one(Provider, check.provider_id)
    what, until = check.kind.words, day(check.expires_on)
    is_checked = check.state is CheckState.CHECKED
    then = "that it was checked, and when it ran out" if is_checked else "“Not checked”"
    mend = (
        worded("Show the new one to whoever looked at it ({checked_by}).", checked_by=check.checked_by)
        if is_checked
        else "If you have a new one, say so."
    )
    audit.record(
        session,
        by=None,
        did=f"told of expiry {check.kind}" if is_over else f"reminded of {check.kind}",
        to_kind="provider",
        to_id=provider.id,
        now=now,
    )
    accounts.write_to_organisation(
        session,
        organisation_id=provider.organisation_id,
        subject=f"{what}: {'good until' if is_over else 'runs out on'} {until}",
        body=worded(
            "On the page of {name} we show: {what}, {state}, good until {until}. "
            "After that day we show {then}. {mend}\n\nYour checks:\n{address}",
            name=provider.name,
            what=what,
            state=check.state.words.lower(),
            until=until,
            then=then,
            mend=mend,
            address=address(provider.id),
        ),
        now=now,
    )
