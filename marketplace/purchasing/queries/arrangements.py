"""Questions about arrangements and invoices. Answers are plain frozen data, ready to show."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.accounts.models import Person
from marketplace.accounts.queries import Addressee, addressees_for
from marketplace.accounts.rules import OrganisationId, PersonId, Viewer
from marketplace.catalogue.models import Provider
from marketplace.catalogue.rules import CategorySlug, OfferId, OfferStatus, ProviderId
from marketplace.kit.money import ZERO, Money
from marketplace.kit.pages import Slice
from marketplace.kit.places import CouncilCode
from marketplace.purchasing import rules
from marketplace.purchasing.models import Arrangement, ArrangementTerms
from marketplace.purchasing.queries.invoices import InvoiceSummary, invoices_of, lines_due
from marketplace.purchasing.queries.sides import Between, arrangement_between, provided_by
from marketplace.purchasing.rules import Act, ArrangementId, ArrangementStatus, Side
from marketplace.purchasing.rules.invoicing import altogether
from marketplace.purchasing.rules.nouns import InvoiceKind, TermsStatus

PAGE_SIZE = 20
_GOING_AHEAD = frozenset({ArrangementStatus.ACCEPTED, ArrangementStatus.DONE})


@dataclass(frozen=True, slots=True)
class ArrangementLine:
    """One arrangement in a list. `with_whom` is the provider's name, or for the provider the person's."""

    id: ArrangementId
    title: str
    with_whom: str
    how_much: str
    total: Money
    starts_on: date
    status: ArrangementStatus
    asked_at: datetime
    # The other side would like to change what was agreed, and waits for an answer.
    asks_for_change: bool


@dataclass(frozen=True, slots=True)
class ArrangementList:
    """One page of a list of arrangements."""

    lines: tuple[ArrangementLine, ...]
    slice: Slice


@dataclass(frozen=True, slots=True)
class ArrangementPage:
    """Everything that one side of an arrangement sees of it."""

    id: ArrangementId
    offer_id: OfferId
    provider_id: ProviderId
    offer_version: int | None
    title: str
    offer_is_live: bool
    provider_name: str
    person_name: str
    side: Side
    what: str
    how_much: str
    unit_price: Money
    total: Money
    starts_on: date
    status: ArrangementStatus
    decline_reason: str | None
    asked_at: datetime
    answered_at: datetime | None
    done_at: datetime | None
    ended_at: datetime | None
    last_act_was_mine: bool
    # The pool it came from, if any; and whether that is not certain yet, so that nothing can be done here.
    pool_key: uuid.UUID | None
    waits_for_pool: bool
    acts: tuple[Act, ...]
    # Whom to write to on the other side, once it goes ahead.
    contacts: tuple[Addressee, ...]
    # With credit notes, the oldest first.
    invoices: tuple[InvoiceSummary, ...]
    # What the next invoice would come to, for the provider.
    to_invoice: Money

    @property
    def is_from_pool(self) -> bool:
        """Whether a pool made it."""
        return self.pool_key is not None

    @property
    def invoice_number(self) -> str | None:
        """The number of the newest invoice, if one was sent."""
        return next((it.number for it in reversed(self.invoices) if it.kind is InvoiceKind.INVOICE), None)

    @property
    def may_issue_invoice(self) -> bool:
        """Whether the viewer may send an invoice now."""
        return self.to_invoice > ZERO


@dataclass(frozen=True, slots=True)
class ArrangementForReview:
    """What ratings must know of an arrangement before its person may review it."""

    arrangement_id: ArrangementId
    offer_id: OfferId
    provider_id: ProviderId
    organisation_id: OrganisationId
    title: str
    provider_name: str
    category: CategorySlug
    council: CouncilCode | None
    is_done: bool


def provider_name(session: Session, *, provider_id: ProviderId) -> str:
    """Return what a provider is called."""
    return session.scalars(select(Provider.name).where(Provider.id == provider_id)).one()


def my_arrangements(session: Session, *, viewer: Viewer, page: int = 1) -> ArrangementList:
    """Return what the viewer has asked for, what waits for an answer first, then the newest."""
    proposed = ArrangementTerms.proposed_by != viewer.person_id
    return _list(session, Arrangement.person_id == viewer.person_id, Provider.name, proposed, page)


def arrangements_for_my_organisations(session: Session, *, viewer: Viewer, page: int = 1) -> ArrangementList:
    """Return what people have asked of those the viewer speaks for, what waits for an answer first, then the newest."""
    proposed = ArrangementTerms.proposed_by == Arrangement.person_id
    return _list(session, provided_by(viewer), Person.name, proposed, page)


def arrangement_page(
    session: Session, *, arrangement_id: ArrangementId, viewer: Viewer, today: date
) -> ArrangementPage | None:
    """Return an arrangement to one of its two sides. To anybody else there is none."""
    row = arrangement_between(session, arrangement_id=arrangement_id, viewer=viewer)
    if row is None:
        return None
    it = row.arrangement
    side = _side_of(it, viewer)
    goes_ahead = it.status in _GOING_AHEAD
    waits = it.waits_for_pool and it.status is ArrangementStatus.ACCEPTED
    return ArrangementPage(
        id=it.id,
        offer_id=it.offer_id,
        provider_id=it.provider_id,
        offer_version=it.offer_version,
        title=it.title,
        offer_is_live=row.offer_status is OfferStatus.LIVE,
        provider_name=row.provider,
        person_name=row.person.name,
        side=side,
        what=it.what,
        how_much=_how_much(it),
        unit_price=it.unit_price,
        total=it.total,
        starts_on=it.starts_on,
        status=it.status,
        decline_reason=it.decline_reason,
        asked_at=it.asked_at,
        answered_at=it.answered_at,
        done_at=it.done_at,
        ended_at=it.ended_at,
        last_act_was_mine=viewer.person_id in {it.done_by, it.ended_by},
        pool_key=it.pool_key,
        waits_for_pool=waits,
        acts=() if waits else rules.acts_open_to(status=it.status, side=side, starts_on=it.starts_on, today=today),
        contacts=_contacts(session, row, side) if goes_ahead and not waits else (),
        invoices=invoices_of(session, arrangement_id=it.id, viewer=viewer),
        to_invoice=altogether(lines_due(session, it, today=today)) if side is Side.PROVIDER else ZERO,
    )


def arrangement_for_review(
    session: Session, *, arrangement_id: ArrangementId, person_id: PersonId
) -> ArrangementForReview | None:
    """Return a person's own arrangement as ratings needs it. To anybody else there is none."""
    row = session.execute(
        select(
            Arrangement.offer_id,
            Arrangement.provider_id,
            Arrangement.organisation_id,
            Arrangement.title,
            Arrangement.category,
            Arrangement.council,
            Arrangement.status,
            Provider.name,
        )
        .join(Provider, Provider.id == Arrangement.provider_id)
        .where(Arrangement.id == arrangement_id, Arrangement.person_id == person_id)
    ).one_or_none()
    if row is None:
        return None
    return ArrangementForReview(
        arrangement_id=arrangement_id,
        offer_id=row.offer_id,
        provider_id=row.provider_id,
        organisation_id=row.organisation_id,
        title=row.title,
        provider_name=row.name,
        category=row.category,
        council=row.council,
        is_done=row.status is ArrangementStatus.DONE,
    )


def _how_much(it: Arrangement) -> str:
    return rules.how_much(
        quantity=it.quantity,
        unit=it.unit,
        package_hours=it.package_hours,
        rate=it.rate,
        kind=it.kind,
        weeks=it.weeks,
    )


def _side_of(it: Arrangement, viewer: Viewer) -> Side:
    return Side.PERSON if it.person_id == viewer.person_id else Side.PROVIDER


def _contacts(session: Session, row: Between, side: Side) -> tuple[Addressee, ...]:
    if side is Side.PROVIDER:
        return (row.person,)
    return addressees_for(session, organisation_id=row.arrangement.organisation_id)


def _list(
    session: Session,
    whose: ColumnElement[bool],
    with_whom: InstrumentedAttribute[str],
    proposed: ColumnElement[bool],
    page: int,
) -> ArrangementList:
    total = session.scalar(select(func.count()).select_from(Arrangement).where(whose)) or 0
    part = Slice.within(total=total, size=PAGE_SIZE, page=page)
    asks_for_change = and_(
        Arrangement.status == ArrangementStatus.ACCEPTED,
        exists().where(
            ArrangementTerms.arrangement_id == Arrangement.id,
            ArrangementTerms.status == TermsStatus.PROPOSED,
            proposed,
        ),
    )
    waits_first = case((or_(Arrangement.status == ArrangementStatus.ASKED, asks_for_change), 0), else_=1)
    rows = session.execute(
        select(Arrangement, with_whom, asks_for_change)
        .join(Provider, Provider.id == Arrangement.provider_id)
        .join(Person, Person.id == Arrangement.person_id)
        .where(whose)
        .order_by(waits_first, Arrangement.asked_at.desc(), Arrangement.id)
        .offset(part.offset)
        .limit(part.size)
    ).all()
    return ArrangementList(
        lines=tuple(
            ArrangementLine(
                id=it.id,
                title=it.title,
                with_whom=name,
                how_much=_how_much(it),
                total=it.total,
                starts_on=it.starts_on,
                status=it.status,
                asked_at=it.asked_at,
                asks_for_change=asks,
            )
            for it, name, asks in rows
        ),
        slice=part,
    )
