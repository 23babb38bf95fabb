"""What the page says on which a provider quotes: the brief, their own offers, and their own quote if there is one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from marketplace.accounts.rules import OrganisationId, Viewer
from marketplace.brokerage.models import Brief, Quote
from marketplace.brokerage.queries.briefs import Wanted, wanted_in
from marketplace.brokerage.queries.quotes_of import written
from marketplace.brokerage.queries.sides import called_among, why_barred
from marketplace.brokerage.rules import quoting as rules
from marketplace.brokerage.rules.days import last_day
from marketplace.brokerage.rules.nouns import BriefId, NeedId, QuoteId, QuoteStatus
from marketplace.brokerage.rules.quoting import NewQuote
from marketplace.catalogue.models import Category, Offer, Provider
from marketplace.catalogue.queries.evidence import evidence_of
from marketplace.catalogue.queries.terms import prices_of
from marketplace.catalogue.rules import CheckState, OfferId, OfferStatus, Price, ProviderId, price_for
from marketplace.catalogue.rules.evidence import Evidence
from marketplace.kit.days import day_of
from marketplace.kit.money import Money

_COUNTS = {CheckState.CHECKED, CheckState.DECLARED}


@dataclass(frozen=True, slots=True)
class OfferToQuote:
    """One of the viewer's offers, and the quote that most simply begins from it."""

    id: OfferId
    organisation_id: OrganisationId
    provider_id: ProviderId
    title: str
    provider_name: str
    is_free: bool
    # Its price on the site, if it has one, and whether the brief counts in the same unit.
    price: Price | None
    fits_unit: bool
    begins: NewQuote


@dataclass(frozen=True, slots=True)
class LiveQuote:
    """The quote that a provider has kept or sent already."""

    id: QuoteId
    is_sent: bool
    wrote: NewQuote
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class QuotePage:
    """
    All that the page says. `refused` is why nothing can be quoted, in a sentence, and then nothing else is said.

    The budget is there only if the person shows it.
    """

    brief_id: BriefId
    title: str
    wanted: Wanted
    asked_for: str
    budget: Money | None
    refused: str
    # The offer it begins from, and all to choose from.
    offer: OfferToQuote | None
    offers: tuple[OfferToQuote, ...]
    quote: LiveQuote | None
    checks: tuple[Evidence, ...]

    @property
    def is_sent(self) -> bool:
        """Whether the person is to read it when the brief closes."""
        return self.quote is not None and self.quote.is_sent

    @property
    def last_day(self) -> date | None:
        """The last day on which it takes quotes."""
        return last_day(self.wanted.closes_at) if self.wanted.closes_at else None

    @property
    def needs(self) -> tuple[NeedId, ...]:
        """The needs of the brief in order."""
        return tuple(need.id for need in self.wanted.needs)

    def total(self, unit_price: Money) -> Money:
        """What so much for one unit comes to in all."""
        return rules.total_of(unit_price, quantity=self.wanted.quantity, weeks=self.wanted.weeks)


def quote_page(
    session: Session, *, brief_id: BriefId, viewer: Viewer, now: datetime, offer_id: OfferId | None = None
) -> QuotePage | None:
    """
    Return the page on which those the viewer speaks for quote, or None if the brief is for none of them.

    Without `offer_id` it begins from the offer they quoted with, or the one that fits best.
    """
    called = called_among(session, brief_id=brief_id, organisations=viewer.organisations)
    if not called:
        return None
    brief, category_name = session.execute(
        select(Brief, Category.name).outerjoin(Category, Category.slug == Brief.category).where(Brief.id == brief_id)
    ).one()
    on = day_of(now)
    offers = _offers(session, brief, organisations=called, on=on)
    quotes = _live_quotes(session, brief_id=brief_id, organisations=called)
    chosen = _chosen(offers, quotes, offer_id=offer_id)
    return QuotePage(
        brief_id=brief.id,
        title=brief.title,
        wanted=wanted_in(session, brief, category_name=category_name or "", with_unanswered=False),
        asked_for=rules.asked_for(quantity=brief.quantity, unit=brief.unit, kind=brief.kind, weeks=brief.weeks),
        budget=brief.budget if brief.shows_budget else None,
        refused=_refused(session, brief, chosen, now=now),
        offer=chosen,
        offers=offers,
        quote=quotes.get(chosen.organisation_id) if chosen else None,
        checks=_checks(session, chosen, on=on),
    )


def _refused(session: Session, brief: Brief, offer: OfferToQuote | None, *, now: datetime) -> str:
    if not rules.takes_quotes(status=brief.status, closes_at=brief.closes_at, held_at=brief.held_at, now=now):
        return rules.why_closed(brief.status, is_held=brief.held_at is not None)
    if offer is None:
        return "None of your offers is on the site any more. A quote is for one of them, so put one back first."
    barred = why_barred(session, brief=brief, organisation_id=offer.organisation_id, on=day_of(now))
    return barred.sentence if barred else ""


def _chosen(
    offers: tuple[OfferToQuote, ...],
    quotes: dict[OrganisationId, LiveQuote],
    *,
    offer_id: OfferId | None,
) -> OfferToQuote | None:
    wanted = [offer_id, *(quote.wrote.offer_id for quote in quotes.values())]
    found = (offer for one in wanted for offer in offers if offer.id == one)
    return next(found, offers[0] if offers else None)


def _offers(
    session: Session, brief: Brief, *, organisations: Collection[OrganisationId], on: date
) -> tuple[OfferToQuote, ...]:
    """Return the live offers of some organisations, those of the brief's kind first. Two queries."""
    kind = aliased(Category)
    is_of_kind = or_(Offer.category == brief.category, kind.parent == brief.category)
    rows = session.execute(
        select(Offer, Provider.organisation_id, Provider.name)
        .join(Provider, Provider.id == Offer.provider_id)
        .join(kind, kind.slug == Offer.category)
        .where(Provider.organisation_id.in_(organisations), Offer.status == OfferStatus.LIVE)
        .order_by(case((is_of_kind, 0), else_=1), func.lower(Offer.title), Offer.id)
    ).all()
    prices = prices_of(session, offer_ids=[row.Offer.id for row in rows])
    return tuple(_offer(row, prices.get(row.Offer.id, ()), brief=brief, on=on) for row in rows)


def _offer(
    row: Row[Offer, OrganisationId | None, str], prices: Sequence[Price], *, brief: Brief, on: date
) -> OfferToQuote:
    offer: Offer = row.Offer
    price = None if offer.is_free else price_for(prices, people=1, on=on)
    return OfferToQuote(
        id=offer.id,
        organisation_id=row.organisation_id,
        provider_id=offer.provider_id,
        title=offer.title,
        provider_name=row.name,
        is_free=offer.is_free,
        price=price,
        fits_unit=price is not None and price.unit is brief.unit,
        begins=rules.begun_from(
            offer.id,
            price if price is not None and price.unit is brief.unit else None,
            notice_hours=offer.notice_hours,
            can_start_on=rules.first_day(wanted_on=brief.starts_on, today=on),
            times=brief.times,
        ),
    )


def _live_quotes(
    session: Session, *, brief_id: BriefId, organisations: Collection[OrganisationId]
) -> dict[OrganisationId, LiveQuote]:
    live = select(Quote).where(
        Quote.brief_id == brief_id,
        Quote.organisation_id.in_(organisations),
        Quote.status.in_((QuoteStatus.DRAFT, QuoteStatus.SENT)),
    )
    return {
        quote.organisation_id: LiveQuote(
            quote.id, quote.status is QuoteStatus.SENT, written(session, quote), quote.changed_at
        )
        for quote in session.scalars(live.order_by(Quote.began_at, Quote.id))
    }


def _checks(session: Session, offer: OfferToQuote | None, *, on: date) -> tuple[Evidence, ...]:
    if offer is None:
        return ()
    found = evidence_of(session, provider_ids=[offer.provider_id], on=on).get(offer.provider_id, ())
    return tuple(check for check in found if check.state in _COUNTS)
