"""Questions about the terms of an arrangement: what holds, what is proposed, what held before."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import Viewer
from marketplace.budgets.queries.paying import set_aside
from marketplace.budgets.rules import Purpose
from marketplace.catalogue.rules import Rate, Unit
from marketplace.kit.asked import know, once
from marketplace.kit.money import ZERO, Money
from marketplace.kit.said import day
from marketplace.kit.sentences import one_word
from marketplace.purchasing import rules
from marketplace.purchasing.models import Arrangement, ArrangementRate, ArrangementTerms
from marketplace.purchasing.queries.sides import arrangement_between
from marketplace.purchasing.rules import ArrangementId, ArrangementStatus, Side
from marketplace.purchasing.rules.nouns import ArrangementKind, PayBy, TermsStatus
from marketplace.purchasing.rules.terms import (
    Terms,
    change_begins,
    cost_in_all,
    notice_words,
    travel_words,
    weeks_left,
)


@dataclass(frozen=True, slots=True)
class TermsVersion:
    """One version of the terms, whoever proposed it and whatever came of it."""

    version: int
    terms: Terms
    how_much: str
    status: TermsStatus
    reason: str
    proposed_by: Side
    proposed_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the old and the new beside each other."""

    name: str
    now: str
    then: str

    @property
    def is_different(self) -> bool:
        """Whether the change changes this."""
        return self.now != self.then


@dataclass(frozen=True, slots=True)
class TermsPage:
    """What both sides agreed, every version of it, and what else holds. To one side of it."""

    id: ArrangementId
    title: str
    side: Side
    other: str
    status: ArrangementStatus
    kind: ArrangementKind
    unit: Unit | None
    package_hours: Decimal | None
    rate: Rate
    holds: Terms
    how_much: str
    version: int
    # What all agreed versions come to, each for as long as it holds.
    cost_in_all: Money
    # What a unit costs at other times.
    rates: tuple[tuple[Rate, Money], ...]
    trial_until: date | None
    pay_by: PayBy
    # Whether a budget here pays for it: said to the person alone.
    budget_pays: bool
    # The newest first.
    versions: tuple[TermsVersion, ...]

    @property
    def proposed(self) -> TermsVersion | None:
        """The change that waits for an answer, if there is one."""
        return next((one for one in self.versions if one.status is TermsStatus.PROPOSED and one.version > 1), None)

    @property
    def may_change(self) -> bool:
        """Whether a change may be proposed now."""
        return self.status is ArrangementStatus.ACCEPTED and self.proposed is None

    def cost_with(self, wanted: Terms) -> Money:
        """Return what everything would come to with a change."""
        agreed = [one.terms for one in reversed(self.versions) if one.status is TermsStatus.AGREED] or [self.holds]
        return cost_in_all(self.kind, [*agreed, wanted])

    def amount_of(self, terms: Terms) -> str:
        """Return how much a version of the terms is for, as people say it."""
        return _how_much(self, terms)

    def compared(self, wanted: Terms) -> tuple[Compared, ...]:
        """Return what holds and what would hold, line by line, in words."""
        holds, is_weekly = self.holds, self.kind is ArrangementKind.WEEKLY
        price = self.unit.each if self.unit else ""
        return (
            Compared("How much", self.how_much, self.amount_of(wanted)),
            Compared(
                one_word("Price"),
                *(f"{one.unit_price} {price}" if price else one_word("Free") for one in (holds, wanted)),
            ),
            Compared(one_word("From"), day(holds.starts_on), day(wanted.starts_on)),
            Compared("Who comes", *(one.who or "Not said" for one in (holds, wanted))),
            Compared("Notice to cancel", *(notice_words(one.notice_hours) for one in (holds, wanted))),
            Compared(one_word("Travel"), *(travel_words(one.travel_per_mile) for one in (holds, wanted))),
            Compared(
                "Altogether, with what was before" if is_weekly else one_word("Altogether"),
                str(self.cost_in_all),
                str(self.cost_with(wanted)),
            ),
        )

    def to_change(self, *, today: date) -> Terms:
        """Return what a change would most simply be: what holds, from the next week on."""
        begins = change_begins(self.holds, kind=self.kind, today=today)
        weeks = weeks_left(self.holds, day=begins) if self.kind is ArrangementKind.WEEKLY else 1
        it = self.holds
        return Terms(
            what=it.what,
            quantity=it.quantity,
            weeks=weeks,
            unit_price=it.unit_price,
            notice_hours=it.notice_hours,
            travel_per_mile=it.travel_per_mile,
            who=it.who,
            starts_on=begins,
        )


def terms_page(session: Session, *, arrangement_id: ArrangementId, viewer: Viewer) -> TermsPage | None:
    """Return the terms of an arrangement to one of its two sides. To anybody else there are none. Four queries."""
    row = arrangement_between(session, arrangement_id=arrangement_id, viewer=viewer)
    if row is None:
        return None
    it, provider, person = row.arrangement, row.provider, row.person.name
    side = Side.PERSON if it.person_id == viewer.person_id else Side.PROVIDER
    kept = _kept(session, it)
    holds = terms_of_version(it)
    return TermsPage(
        id=it.id,
        title=it.title,
        side=side,
        other=provider if side is Side.PERSON else person,
        status=it.status,
        kind=it.kind,
        unit=it.unit,
        package_hours=it.package_hours,
        rate=it.rate,
        holds=holds,
        how_much=_how_much(it, holds),
        version=it.version,
        cost_in_all=cost_in_all(it.kind, _agreed(kept) or [holds]),
        rates=_rates(session, it),
        trial_until=it.trial_until,
        pay_by=it.pay_by,
        budget_pays=side is Side.PERSON and set_aside(session, purpose=Purpose(it.id)) != (ZERO, ZERO),
        versions=tuple(
            TermsVersion(
                version=one.version,
                terms=terms_of_version(one),
                how_much=_how_much(it, terms_of_version(one)),
                status=one.status,
                reason=one.reason,
                proposed_by=Side.PERSON if one.proposed_by == it.person_id else Side.PROVIDER,
                proposed_at=one.proposed_at,
                answered_at=one.answered_at,
            )
            for one in reversed(kept)
        ),
    )


def agreed_versions(session: Session, it: Arrangement) -> list[Terms]:
    """Return the agreed versions of an arrangement's terms, oldest first: at least what holds. For services."""
    return _agreed(_kept(session, it)) or [terms_of_version(it)]


def terms_of_version(it: Arrangement | ArrangementTerms) -> Terms:
    """Return the terms that a version holds, or those that an arrangement repeats."""
    return Terms(
        what=it.what,
        quantity=it.quantity,
        weeks=it.weeks,
        unit_price=it.unit_price,
        notice_hours=it.notice_hours,
        travel_per_mile=it.travel_per_mile,
        who=it.who,
        starts_on=it.starts_on,
    )


def _kept(session: Session, it: Arrangement) -> Sequence[ArrangementTerms]:
    wanted = (
        select(ArrangementTerms)
        .where(ArrangementTerms.arrangement_id == it.id)
        .order_by(ArrangementTerms.version)
        .execution_options(populate_existing=True)
    )
    return once(session, ("terms", it.id), lambda: session.scalars(wanted).all())


def ask_for_terms(session: Session, its: Collection[Arrangement]) -> None:
    """Ask at once for all terms and prices of some arrangements, which are then taken one by one."""
    ids = [it.id for it in its]
    versions = session.scalars(
        select(ArrangementTerms).where(ArrangementTerms.arrangement_id.in_(ids)).order_by(ArrangementTerms.version)
    ).all()
    rates = session.scalars(select(ArrangementRate).where(ArrangementRate.arrangement_id.in_(ids))).all()
    for it in its:
        of_terms = [one for one in versions if one.arrangement_id == it.id]
        of_rates = {one.rate: one.unit_price for one in rates if one.arrangement_id == it.id}
        know(session, ("terms", it.id), of_terms)
        know(session, ("rates", it.id), of_rates)


def rates_of(session: Session, it: Arrangement) -> Mapping[Rate, Money]:
    """Return what a unit of an arrangement costs at other times than the usual. For this package."""
    wanted = select(ArrangementRate).where(ArrangementRate.arrangement_id == it.id)
    return once(session, ("rates", it.id), lambda: {one.rate: one.unit_price for one in session.scalars(wanted)})


def _agreed(kept: Sequence[ArrangementTerms]) -> list[Terms]:
    return [terms_of_version(one) for one in kept if one.status is TermsStatus.AGREED]


def _rates(session: Session, it: Arrangement) -> tuple[tuple[Rate, Money], ...]:
    order = list(Rate)
    return tuple(sorted(rates_of(session, it).items(), key=lambda pair: order.index(pair[0])))


def _how_much(it: Arrangement | TermsPage, terms: Terms) -> str:
    return rules.how_much(
        quantity=terms.quantity,
        unit=it.unit,
        package_hours=it.package_hours,
        rate=it.rate,
        kind=it.kind,
        weeks=terms.weeks,
    )
