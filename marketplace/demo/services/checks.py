"""Providers say what they have, a moderator writes down what somebody has looked at, and offers say how they stand."""

from datetime import datetime, timedelta
from functools import partial
from random import Random

from marketplace.accounts import services as accounts
from marketplace.accounts.rules import Role
from marketplace.catalogue.rules import CategorySlug, CqcStanding
from marketplace.catalogue.rules.cqc import may_be_personal_care
from marketplace.catalogue.services import checking
from marketplace.catalogue.services.checking import Told
from marketplace.demo.rules import WrittenOffer
from marketplace.demo.rules.calendar import some_time
from marketplace.demo.rules.checks import WrittenCheck
from marketplace.demo.services.street import Street
from marketplace.kit.days import day_of


def expect_checks(draw: Random, street: Street) -> None:
    """Put on the agenda when each thing is said or looked at. All providers are long there by then."""
    street.agenda.add(some_time(draw, street.calendar.opens_on - timedelta(days=98)), partial(_trust, street))
    for check in street.town.evidence.checks:
        at = some_time(draw, street.calendar.days_ago(check.days_ago))
        street.agenda.add(at, partial(_record if check.state == "checked" else _declare, street, check))


def standing_of(street: Street, offer: WrittenOffer) -> tuple[CqcStanding | None, str]:
    """Return how an offer stands to registration, and why. Where nothing is written, it includes no personal care."""
    written = next((one for one in street.town.evidence.standings if one.offer == offer.key), None)
    if written is not None:
        return written.standing, written.because
    return (CqcStanding.NOT_PERSONAL_CARE if may_be_personal_care(CategorySlug(offer.category)) else None), ""


def _declare(street: Street, check: WrittenCheck, *, now: datetime) -> None:
    checking.declare_check(
        street.session,
        provider_id=street.providers[check.provider],
        kind=check.kind,
        told=_told(check, now=now),
        by=street.viewer(street.speakers[check.provider]),
        now=now,
    )


def _trust(street: Street, *, now: datetime) -> None:
    """Let somebody in a user-led organisation check others."""
    worker = next(one for one in street.town.sign_ins if one.role is Role.USER_LED_ORGANISATION)
    accounts.trust_with_role(street.session, email=worker.email, role=Role.CHECKER, council=None, by=None, now=now)


def _record(street: Street, check: WrittenCheck, *, now: datetime) -> None:
    moderator = next(one for one in street.town.sign_ins if one.role is Role.MODERATOR)
    own = {one.provider: one for one in street.town.sign_ins if one.role is Role.USER_LED_ORGANISATION}
    names = {provider.name: own[provider.key] for provider in street.town.providers if provider.key in own}
    who = names.get(check.by, moderator)
    checking.record_check(
        street.session,
        provider_id=street.providers[check.provider],
        kind=check.kind,
        told=_told(check, now=now),
        checked_by=check.by,
        checked_on=day_of(now),
        by=street.viewer(street.people[who.key]),
        now=now,
    )


def _told(check: WrittenCheck, *, now: datetime) -> Told:
    lasts = timedelta(days=check.lasts_days) if check.lasts_days else None
    return Told(level=check.level, detail=check.detail, expires_on=day_of(now) + lasts if lasts else None)
