"""What providers see of their own checks, what those who check see of anybody's, and what waits for them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Permission, Viewer
from marketplace.catalogue.models import CqcLocation, Offer, Provider, SafetyCheck
from marketplace.catalogue.queries.evidence import LATEST, check_of, evidence_of
from marketplace.catalogue.rules import (
    CheckKind,
    CheckState,
    CqcLocationId,
    OfferStatus,
    ProviderId,
    SafetyCheckId,
)
from marketplace.catalogue.rules.cqc import ASKED
from marketplace.catalogue.rules.evidence import REMIND_BEFORE, Check, Evidence, level_words, location_page
from marketplace.kit.pages import Slice
from marketplace.kit.said import day
from marketplace.kit.sentences import worded

PAGE_SIZE = 20
MOST_MATCHES = 200
"""Matches that are shown at once. What is left comes when some of them are settled."""


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One thing that was once written down of a check, and when."""

    check: Check
    recorded_on: date

    @property
    def sentence(self) -> str:
        """All of it, in one line."""
        check = self.check
        said = [
            f"{check.kind.words}: {check.state.words.lower()}",
            level_words(check.kind, check.level),
            check.detail.rstrip("."),
            worded("By {checked_by} on {checked_on}", checked_by=check.checked_by, checked_on=day(check.checked_on))
            if check.checked_on
            else "",
            worded("Good until {expires_on}", expires_on=day(check.expires_on)) if check.expires_on else "",
        ]
        return f"{'. '.join(part for part in said if part)}."


@dataclass(frozen=True, slots=True)
class ProviderChecks:
    """How every check on a provider stands, and, for those who check, all that was ever written down."""

    id: ProviderId
    name: str
    kind_words: str
    is_own: bool
    evidence: tuple[Evidence, ...]
    history: tuple[CheckLine, ...]


def provider_checks(session: Session, *, provider_id: ProviderId, viewer: Viewer, on: date) -> ProviderChecks | None:
    """Return the checks on a provider, to those who speak for it and to those who check. To others there are none."""
    provider = session.get(Provider, provider_id)
    if provider is None or not (viewer.speaks_for(provider.organisation_id) or viewer.may(Permission.CHECK)):
        return None
    found = evidence_of(session, provider_ids=[provider_id], on=on, only_live=False)[provider_id]
    lines = session.scalars(
        select(SafetyCheck)
        .where(SafetyCheck.provider_id == provider_id)
        .order_by(SafetyCheck.recorded_at.desc(), SafetyCheck.kind, SafetyCheck.edition.desc())
    )
    history = [check_of(line) for line in lines]
    return ProviderChecks(
        id=provider.id,
        name=provider.name,
        kind_words=provider.kind.words,
        is_own=viewer.speaks_for(provider.organisation_id),
        evidence=found,
        history=tuple(CheckLine(check, check.recorded_on or on) for check in history),
    )


@dataclass(frozen=True, slots=True)
class Match:
    """A provider that may be at a place on the register, and what speaks for that. Somebody has to compare the two."""

    provider_id: ProviderId
    provider_name: str
    provider_postcode: str
    location_id: CqcLocationId
    location_name: str
    registered_by: str
    location_postcode: str
    gave_number: bool
    same_name: bool
    same_postcode: bool

    @property
    def href(self) -> str:
        """The location's page on the Care Quality Commission's site."""
        return location_page(self.location_id)


@dataclass(frozen=True, slots=True)
class WaitingProvider:
    """A provider that says things which nobody has checked."""

    id: ProviderId
    name: str
    kinds: tuple[CheckKind, ...]


@dataclass(frozen=True, slots=True)
class WaitingChecks:
    """What those who check can do now: compare with the register, and look at what providers say."""

    matches: tuple[Match, ...]
    providers: tuple[WaitingProvider, ...]
    slice: Slice


def waiting_checks(session: Session, *, viewer: Viewer, page: int = 1) -> WaitingChecks:
    """Return what waits for those who check, but for what is their own. Anybody else gets nothing."""
    if not viewer.may(Permission.CHECK):
        return WaitingChecks((), (), Slice(1, PAGE_SIZE, 0))
    not_own = Provider.organisation_id.is_not(None) & Provider.organisation_id.not_in(viewer.organisations)
    said = select(SafetyCheck.provider_id).where(
        SafetyCheck.state == CheckState.DECLARED, SafetyCheck.edition == LATEST
    )
    waiting = and_(not_own, Provider.id.in_(said))
    total = session.scalar(select(func.count(Provider.id)).where(waiting)) or 0
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    rows = session.execute(
        select(Provider.id, Provider.name)
        .where(waiting)
        .order_by(func.lower(Provider.name), Provider.id)
        .offset(part.offset)
        .limit(part.size)
    ).all()
    kinds = _declared_kinds(session, [row.id for row in rows])
    return WaitingChecks(
        matches=_matches(session, not_own),
        providers=tuple(WaitingProvider(row.id, row.name, tuple(kinds.get(row.id, ()))) for row in rows),
        slice=part,
    )


def _declared_kinds(session: Session, provider_ids: Sequence[ProviderId]) -> dict[ProviderId, list[CheckKind]]:
    found: dict[ProviderId, list[CheckKind]] = {}
    for row in session.execute(
        select(SafetyCheck.provider_id, SafetyCheck.kind)
        .where(
            SafetyCheck.provider_id.in_(provider_ids),
            SafetyCheck.state == CheckState.DECLARED,
            SafetyCheck.edition == LATEST,
        )
        .order_by(SafetyCheck.kind)
    ):
        found.setdefault(row.provider_id, []).append(row.kind)
    return found


def _matches(session: Session, not_own: ColumnElement[bool]) -> tuple[Match, ...]:
    """Return who may be where on the register: by the number they gave, else by their name and postcode together."""
    latest = and_(
        SafetyCheck.provider_id == Provider.id,
        SafetyCheck.kind == CheckKind.CQC_REGISTRATION,
        SafetyCheck.edition == LATEST,
    )
    gave_number = and_(SafetyCheck.state == CheckState.DECLARED, SafetyCheck.level == CqcLocation.id)
    cares = exists().where(
        Offer.provider_id == Provider.id,
        Offer.category.in_(ASKED),
        Offer.status.in_([OfferStatus.LIVE, OfferStatus.SUBMITTED]),
    )
    was_refused = and_(SafetyCheck.state == CheckState.NOT_CHECKED, SafetyCheck.level == CqcLocation.id)
    near = and_(Provider.postcode == CqcLocation.postcode, cares, or_(SafetyCheck.id.is_(None), ~was_refused))
    # Two questions, for one that asks for either would read the whole register for every provider.
    found = {}
    for why in (gave_number, near):
        rows = session.execute(
            select(Provider, CqcLocation, SafetyCheck)
            .select_from(Provider)
            .outerjoin(SafetyCheck, latest)
            .join(CqcLocation, why)
            .where(not_own, Provider.cqc_location_id.is_(None), CqcLocation.is_registered)
            .order_by(func.lower(Provider.name), Provider.id, CqcLocation.id)
            .limit(MOST_MATCHES)
        )
        for row in rows:
            match = _match(*row)
            if match.gave_number or (match.same_name and match.same_postcode):
                found[match.provider_id, match.location_id] = match
    return tuple(found.values())


def _match(provider: Provider, location: CqcLocation, check: SafetyCheck | None) -> Match:
    names = {_bare(location.name), _bare(location.provider_name)}
    return Match(
        provider_id=provider.id,
        provider_name=provider.name,
        provider_postcode=provider.postcode or "",
        location_id=location.id,
        location_name=location.name,
        registered_by=location.provider_name,
        location_postcode=location.postcode or "",
        gave_number=check is not None and check.state is CheckState.DECLARED and check.level == location.id,
        same_name=_bare(provider.name) in names,
        same_postcode=provider.postcode is not None and provider.postcode == location.postcode,
    )


_NO_NAME = re.compile(r"\b(ltd|limited|llp|plc|cic|cio|the|and|company)\b|[^a-z0-9]+")


def _bare(name: str) -> str:
    """Return a name without what one writes and another leaves out: capitals, marks, and which kind of company."""
    return _NO_NAME.sub("", name.casefold().replace("&", " and ").replace("’", "").replace("'", ""))


def checks_to_tell_of(session: Session, *, on: date) -> tuple[SafetyCheckId, ...]:
    """Return the checks that run out within a month, or have, and whose providers we have not told. For the job."""
    due = and_(SafetyCheck.expires_on <= on + REMIND_BEFORE, SafetyCheck.expires_on > on)
    over = SafetyCheck.expires_on <= on
    found = session.scalars(
        select(SafetyCheck.id)
        .where(
            SafetyCheck.state.in_([CheckState.CHECKED, CheckState.DECLARED]),
            SafetyCheck.edition == LATEST,
            or_(and_(due, SafetyCheck.reminded_at.is_(None)), and_(over, SafetyCheck.expiry_told_at.is_(None))),
        )
        .order_by(SafetyCheck.expires_on, SafetyCheck.id)
    )
    return tuple(found)
