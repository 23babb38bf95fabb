"""Questions about quality checks by peers. A report is everybody's to read; what is not finished is its writers'."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, String, and_, cast, false, func, or_, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.accounts.rules import OrganisationId, Permission, Viewer
from marketplace.catalogue.models import Offer, Provider
from marketplace.catalogue.rules import OfferStatus, ProviderId
from marketplace.kit.days import day_of
from marketplace.kit.pages import Slice
from marketplace.ratings.models import (
    Checklist,
    ChecklistItem,
    QualityCheck,
    QualityCorrection,
    QualityFinding,
)
from marketplace.ratings.queries.checklists import CheckingOrganisation, ShownItem, checking_organisations
from marketplace.ratings.rules import quality as rules
from marketplace.ratings.rules.nouns import ChecklistId, Finding, QualityCheckId

PAGE_SIZE = 10
MOST_LATEST = 3
MOST_FOUND = 20
"""Providers found by name at once: whoever sees more looks for a longer name."""


@dataclass(frozen=True, slots=True)
class CheckedProvider:
    """Whom a check is about, and who answers for it."""

    id: ProviderId
    name: str
    organisation_id: OrganisationId | None


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check as lists show it."""

    id: QualityCheckId
    provider_id: ProviderId
    provider_name: str
    organisation_name: str
    visited_on: date
    published_at: datetime | None
    is_withdrawn: bool
    is_answered: bool
    is_old: bool
    found: str


@dataclass(frozen=True, slots=True)
class CheckList:
    """One page of a list of checks."""

    checks: tuple[CheckLine, ...]
    slice: Slice


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """What was found about one item. None: nobody has said."""

    item: ShownItem
    finding: Finding | None
    words: str

    @property
    def said(self) -> str:
        """What pages say was found."""
        return rules.FINDINGS[self.finding] if self.finding else "Not answered yet"


@dataclass(frozen=True, slots=True)
class ShownCorrection:
    """Something in a report that was wrong."""

    words: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """One visit, its report and what was said about it. Who wrote is nobody's business but the organisation's."""

    id: QualityCheckId
    provider: CheckedProvider
    organisation: CheckingOrganisation
    checklist_id: ChecklistId
    checklist_title: str
    checklist_edition: int
    visited_on: date
    report: str
    findings: tuple[ShownFinding, ...]
    published_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_reason: str
    answer: str
    answered_at: datetime | None
    corrections: tuple[ShownCorrection, ...]
    sells_the_same: bool
    is_old: bool
    may_write: bool
    may_answer: bool
    may_withdraw: bool

    @property
    def found(self) -> str:
        """What was found, counted."""
        findings = [one.finding for one in self.findings if one.finding]
        return rules.tally_words({one: findings.count(one) for one in set(findings)})

    @property
    def is_complete(self) -> bool:
        """Whether every item has a finding."""
        return all(one.finding for one in self.findings)


def checked_provider(session: Session, *, provider_id: ProviderId) -> CheckedProvider | None:
    """Return whom a check is about, or None if there is no such provider."""
    row = session.execute(_PROVIDERS.where(Provider.id == provider_id)).one_or_none()
    return CheckedProvider(*row) if row else None


@dataclass(frozen=True, slots=True)
class CheckNames:
    """Whom a check is about, and who made it."""

    provider_name: str
    organisation_name: str


def check_named(session: Session, *, check_id: QualityCheckId) -> CheckNames:
    """Return whom a check is about, and who made it. For services."""
    row = session.execute(
        select(Provider.name, Organisation.name)
        .select_from(QualityCheck)
        .join(Provider, Provider.id == QualityCheck.provider_id)
        .join(Organisation, Organisation.id == QualityCheck.organisation_id)
        .where(QualityCheck.id == check_id)
    ).one()
    return CheckNames(*row)


def providers_to_check(session: Session, *, words: str, viewer: Viewer) -> tuple[CheckedProvider, ...]:
    """Return the providers whose name has some words in it, but for the viewer's own; to those who check only."""
    if not words or not checking_organisations(session, viewer=viewer):
        return ()
    rows = session.execute(
        _PROVIDERS.where(
            func.lower(Provider.name).contains(words.lower(), autoescape=True),
            or_(Provider.organisation_id.is_(None), Provider.organisation_id.not_in(viewer.organisations)),
            _HAS_OFFERS,
        )
        .order_by(Provider.name, Provider.id)
        .limit(MOST_FOUND)
    )
    return tuple(CheckedProvider(*row) for row in rows)


def quality_checks(
    session: Session, *, now: datetime, provider_id: ProviderId | None = None, page: int = 1, size: int = PAGE_SIZE
) -> CheckList:
    """Return published checks of everybody, or of one provider, the latest visit first. Withdrawn ones are left out."""
    wanted: list[ColumnElement[bool]] = [_IS_PUBLIC, QualityCheck.withdrawn_at.is_(None)]
    if provider_id is not None:
        wanted.append(QualityCheck.provider_id == provider_id)
    return _check_list(session, wanted, now=now, page=page, size=size)


def latest_quality_checks(session: Session, *, provider_id: ProviderId, now: datetime) -> CheckList:
    """Return the latest published checks of one provider, for pages about it and its offers."""
    return quality_checks(session, provider_id=provider_id, now=now, size=MOST_LATEST)


def my_quality_checks(
    session: Session, *, is_published: bool, viewer: Viewer, now: datetime, page: int = 1
) -> CheckList:
    """Return the checks of the organisations that the viewer checks for: those published, or those begun."""
    own = [one.id for one in checking_organisations(session, viewer=viewer)]
    wanted = [QualityCheck.organisation_id.in_(own), _IS_PUBLIC if is_published else ~_IS_PUBLIC]
    return _check_list(session, wanted, now=now, page=page, size=PAGE_SIZE)


def quality_checks_of_me(session: Session, *, viewer: Viewer, now: datetime) -> tuple[CheckLine, ...]:
    """Return the latest reports about those the viewer speaks for."""
    mine = Provider.organisation_id.in_(viewer.organisations) if viewer.organisations else false()
    wanted = [_IS_PUBLIC, QualityCheck.withdrawn_at.is_(None), mine]
    return _check_list(session, wanted, now=now, page=1, size=PAGE_SIZE).checks


def quality_check_page(
    session: Session, *, check_id: QualityCheckId, viewer: Viewer, now: datetime
) -> ShownCheck | None:
    """Return one check: a published one to anybody, one that is not to the checkers of its organisation."""
    own = {one.id for one in checking_organisations(session, viewer=viewer)}
    row = session.execute(
        select(QualityCheck, Provider, Organisation.name, Checklist.title, Checklist.edition)
        .join(Provider, Provider.id == QualityCheck.provider_id)
        .join(Organisation, Organisation.id == QualityCheck.organisation_id)
        .join(Checklist, Checklist.id == QualityCheck.checklist_id)
        .where(QualityCheck.id == check_id, or_(_IS_PUBLIC, QualityCheck.organisation_id.in_(own)))
    ).one_or_none()
    if row is None:
        return None
    it, provider, organisation_name, title, edition = row
    is_shown = it.withdrawn_at is None
    return ShownCheck(
        id=it.id,
        provider=CheckedProvider(provider.id, provider.name, provider.organisation_id),
        organisation=CheckingOrganisation(it.organisation_id, organisation_name),
        checklist_id=it.checklist_id,
        checklist_title=title,
        checklist_edition=edition,
        visited_on=it.visited_on,
        # What was withdrawn is read by nobody any more: only that it was, and why.
        report=it.report if is_shown else "",
        findings=_findings(session, it) if is_shown else (),
        published_at=it.published_at,
        withdrawn_at=it.withdrawn_at,
        withdrawn_reason=it.withdrawn_reason,
        answer=it.answer if is_shown else "",
        answered_at=it.answered_at,
        corrections=_corrections(session, it.id) if is_shown else (),
        sells_the_same=_sells_the_same(session, it.organisation_id, provider.id),
        is_old=rules.is_old(it.visited_on, today=day_of(now)),
        may_write=it.organisation_id in own,
        may_answer=is_shown and it.published_at is not None and viewer.speaks_for(provider.organisation_id),
        may_withdraw=is_shown
        and it.published_at is not None
        and (it.organisation_id in own or viewer.may(Permission.MODERATE)),
    )


_IS_PUBLIC = QualityCheck.published_at.is_not(None)
_HAS_OFFERS = (
    select(Offer.id)
    .where(Offer.provider_id == Provider.id, Offer.status.in_((OfferStatus.LIVE, OfferStatus.UNLISTED)))
    .exists()
)
_PROVIDERS = select(Provider.id, Provider.name, Provider.organisation_id)


_LATEST_FIRST = (QualityCheck.visited_on.desc(), QualityCheck.begun_at.desc(), QualityCheck.id)
_FOUND = (
    select(func.aggregate_strings(cast(QualityFinding.finding, String(20)), ","))
    .where(QualityFinding.check_id == QualityCheck.id)
    .correlate(QualityCheck)
    .scalar_subquery()
)


def _check_list(
    session: Session, wanted: Sequence[ColumnElement[bool]], *, now: datetime, page: int, size: int
) -> CheckList:
    of = and_(*wanted)
    # First which, then what of them: what was found is gathered for those on the page only.
    on_page = (
        select(QualityCheck.id, func.count().over().label("total"))
        .join(Provider, Provider.id == QualityCheck.provider_id)
        .where(of)
        .order_by(*_LATEST_FIRST)
        .limit(size)
        .offset((page - 1) * size)
        .subquery()
    )
    rows = session.execute(
        select(QualityCheck, Provider.name, Organisation.name, _FOUND, on_page.c.total)
        .join(on_page, on_page.c.id == QualityCheck.id)
        .join(Provider, Provider.id == QualityCheck.provider_id)
        .join(Organisation, Organisation.id == QualityCheck.organisation_id)
        .order_by(*_LATEST_FIRST)
    ).all()
    if not rows and page > 1:
        # Past the end: the last page is shown, and which that is must be asked first.
        total = session.scalar(select(func.count(QualityCheck.id)).join_from(QualityCheck, Provider).where(of))
        return _check_list(session, wanted, now=now, page=Slice(1, size, total or 0).pages, size=size)
    return CheckList(
        checks=tuple(
            CheckLine(
                id=it.id,
                provider_id=it.provider_id,
                provider_name=provider,
                organisation_name=organisation,
                visited_on=it.visited_on,
                published_at=it.published_at,
                is_withdrawn=it.withdrawn_at is not None,
                is_answered=it.answered_at is not None,
                is_old=rules.is_old(it.visited_on, today=day_of(now)),
                found=_tallied(found),
            )
            for it, provider, organisation, found, _total in rows
        ),
        slice=Slice.within(total=rows[0].total if rows else 0, size=size, page=page),
    )


def _tallied(gathered: str | None) -> str:
    return rules.tally_words(Counter(Finding(one) for one in gathered.split(",")) if gathered else {})


def _findings(session: Session, it: QualityCheck) -> tuple[ShownFinding, ...]:
    rows = session.execute(
        select(ChecklistItem, QualityFinding)
        .outerjoin(QualityFinding, and_(QualityFinding.item_id == ChecklistItem.id, QualityFinding.check_id == it.id))
        .where(ChecklistItem.checklist_id == it.checklist_id)
        .order_by(ChecklistItem.position)
    )
    return tuple(
        ShownFinding(ShownItem(item.id, item.words), found.finding if found else None, found.words if found else "")
        for item, found in rows
    )


def _corrections(session: Session, check_id: QualityCheckId) -> tuple[ShownCorrection, ...]:
    rows = session.scalars(
        select(QualityCorrection)
        .where(QualityCorrection.check_id == check_id)
        .order_by(QualityCorrection.written_at.desc(), QualityCorrection.id)
    )
    return tuple(ShownCorrection(one.words, one.written_at) for one in rows)


def _sells_the_same(session: Session, organisation_id: OrganisationId, provider_id: ProviderId) -> bool:
    """Test whether who checked offers the same kind of support as whom they checked: readers should know."""
    theirs = select(Offer.category).where(Offer.provider_id == provider_id, Offer.status == OfferStatus.LIVE)
    return (
        session.scalar(
            select(Offer.id)
            .join(Provider, Provider.id == Offer.provider_id)
            .where(
                Provider.organisation_id == organisation_id,
                Offer.status == OfferStatus.LIVE,
                Offer.category.in_(theirs),
            )
            .limit(1)
        )
        is not None
    )
