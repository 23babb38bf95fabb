"""What does a basket cost today, who pays for it, and what stands in the way? Changes nothing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId, Viewer
from marketplace.budgets.queries.paying import PayableStream, payable_streams
from marketplace.budgets.rules import StreamId
from marketplace.catalogue.queries.paying import ways_taken
from marketplace.catalogue.rules import OfferId, WayToPay
from marketplace.kit.errors import DomainError, NotAllowedError
from marketplace.kit.money import ZERO, Money
from marketplace.kit.said import day
from marketplace.kit.sentences import worded
from marketplace.purchasing.queries.baskets import Line, basket_lines, offers_waiting
from marketplace.purchasing.rules.baskets import Wish, first_shortages, shares_of
from marketplace.purchasing.rules.nouns import BasketLineId, PayBy
from marketplace.purchasing.rules.routes import takes, ways_of
from marketplace.purchasing.services.asking import Request, price_request
from marketplace.purchasing.services.paying import TakesCards


@dataclass(frozen=True, slots=True)
class Part:
    """What one funding stream pays of something."""

    stream: PayableStream
    amount: Money


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One thing in a basket at today's price. `problems` stop the checkout, `notes` do not."""

    line: Line
    request: Request | None
    parts: tuple[Part, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def id(self) -> BasketLineId:
        """Which line it is, and which arrangement it will be."""
        return self.line.id

    @property
    def total(self) -> Money:
        """What it costs, or nothing while nobody can say."""
        return self.request.total if self.request else ZERO

    @property
    def shares(self) -> dict[StreamId, Money]:
        """How much of it each funding stream pays."""
        return {part.stream.stream_id: part.amount for part in self.parts}

    @property
    def from_elsewhere(self) -> Money:
        """What of it no budget here pays."""
        return self.total - sum((part.amount for part in self.parts), ZERO)


@dataclass(frozen=True, slots=True)
class StreamAfter:
    """A funding stream that pays for something in a basket, and what is left in it afterwards."""

    stream: PayableStream
    pays: Money

    @property
    def after(self) -> Money:
        """What is left in it once all is promised. Below zero it cannot be."""
        return self.stream.left - self.pays


@dataclass(frozen=True, slots=True)
class PricedBasket:
    """All that is in a basket at today's prices."""

    lines: tuple[PricedLine, ...]
    streams: tuple[PayableStream, ...]

    @property
    def total(self) -> Money:
        """What it costs altogether."""
        return sum((line.total for line in self.lines), ZERO)

    @property
    def from_elsewhere(self) -> Money:
        """What of it no budget here pays."""
        return sum((line.from_elsewhere for line in self.lines), ZERO)

    @property
    def by_provider(self) -> tuple[tuple[str, Money], ...]:
        """What goes to each provider, the first in the basket first."""
        totals: dict[tuple[object, str], Money] = {}
        for line in self.lines:
            whose = (line.request.offer.terms.provider_id if line.request else None, line.line.provider_name)
            totals[whose] = totals.get(whose, ZERO) + line.total
        return tuple((name, total) for (_id, name), total in totals.items())

    @property
    def budgets(self) -> tuple[StreamAfter, ...]:
        """The funding streams that pay for something, and what each then has left."""
        pays: dict[StreamId, Money] = {}
        for line in self.lines:
            for part in line.parts:
                pays[part.stream.stream_id] = pays.get(part.stream.stream_id, ZERO) + part.amount
        return tuple(StreamAfter(it, pays[it.stream_id]) for it in self.streams if it.stream_id in pays)

    @property
    def pays_by_card(self) -> bool:
        """Whether any of it is to be paid by card."""
        return any(line.total != ZERO and line.line.pay_by is PayBy.CARD for line in self.lines)

    @property
    def is_ready(self) -> bool:
        """Whether all of it can be asked for as it stands."""
        return bool(self.lines) and not any(line.problems for line in self.lines)

    def line(self, line_id: BasketLineId) -> PricedLine | None:
        """Return one line, or None if it is not there."""
        return next((line for line in self.lines if line.id == line_id), None)


def price_wish(session: Session, *, offer_id: OfferId, by: PersonId, wish: Wish, now: datetime) -> Request:
    """
    Return what a wish would cost on today's terms.

    :raises DomainError: as `price_request`.
    """
    return price_request(
        session,
        offer_id=offer_id,
        by=by,
        what=wish.what,
        quantity=wish.quantity,
        starts_on=wish.starts_on,
        rate=wish.rate,
        kind=wish.kind,
        weeks=wish.weeks,
        trial_weeks=wish.trial_weeks,
        now=now,
    )


def price_basket(session: Session, *, by: Viewer, takes_cards: TakesCards, now: datetime) -> PricedBasket:
    """
    Return somebody's basket at today's prices, with what stands in the way said beside each line.

    :raises NotAllowedError: if nobody is signed in.
    """
    if by.person_id is None:
        raise NotAllowedError("Sign in to see your basket.")
    found = basket_lines(session, viewer=by)
    streams = payable_streams(session, viewer=by)
    waiting = offers_waiting(session, viewer=by)
    ways = ways_taken(session, offer_ids=[line.offer_id for line in found])
    lines = [
        _priced(
            line,
            *_requested(session, line, by=by.person_id, waiting=waiting, now=now),
            streams=streams,
            ways=ways.get(line.offer_id, frozenset()),
            takes_cards=takes_cards,
        )
        for line in found
    ]
    return PricedBasket(lines=tuple(_with_shortages(lines, streams=streams)), streams=streams)


def _requested(
    session: Session, line: Line, *, by: PersonId, waiting: Collection[OfferId], now: datetime
) -> tuple[Request | None, tuple[str, ...]]:
    try:
        request = price_wish(session, offer_id=line.offer_id, by=by, wish=line.wish, now=now)
    except DomainError as error:
        return None, (str(error),)
    if line.offer_id in waiting:
        return request, ("You have asked for this already. Wait for the answer, or take it out of your basket.",)
    return request, ()


def _priced(
    line: Line,
    request: Request | None,
    problems: tuple[str, ...],
    *,
    streams: Collection[PayableStream],
    ways: Collection[WayToPay],
    takes_cards: TakesCards,
) -> PricedLine:
    if request is None:
        return PricedLine(line, None, (), problems, ())
    known = {it.stream_id: it for it in streams}
    wanted = shares_of(request.total, line.shares)
    parts = tuple(Part(known[stream_id], amount) for stream_id, amount in wanted.items() if stream_id in known)
    if len(parts) < len(wanted):
        problems += ("A budget that you chose for this is closed. Choose again who pays.",)
    if line.pay_by is PayBy.CARD and request.total != ZERO and not takes_cards(request.offer.organisation_id):
        problems += (
            worded(
                "{provider_name} cannot be paid by card here now. Choose another way to pay.",
                provider_name=line.provider_name,
            ),
        )
    return PricedLine(line, request, parts, problems, _notes(line, request, parts, ways))


def _notes(line: Line, request: Request, parts: Collection[Part], ways: Collection[WayToPay]) -> tuple[str, ...]:
    notes = [request.note] if request.note else []
    kinds_of_money = {ways_of(holding=part.stream.holding, kind=part.stream.kind) for part in parts}
    notes += [
        worded(
            "{provider_name} has not said that they take this: {money}. Ask them, or choose other money.",
            provider_name=line.provider_name,
            money=money[0].words,
        )
        for money in sorted(kinds_of_money)
        if not takes(money, taken=ways)
    ]
    notes += [
        worded(
            "“{budget_name}” runs out on {ends_on}, before this ends.",
            budget_name=part.stream.budget_name,
            ends_on=day(part.stream.ends_on),
        )
        for part in parts
        if part.stream.ends_on < line.wish.ends_on
    ]
    return tuple(notes)


def _with_shortages(lines: Collection[PricedLine], *, streams: Collection[PayableStream]) -> list[PricedLine]:
    known = {it.stream_id: it for it in streams}
    short = first_shortages(((line.id, line.shares) for line in lines), left={it.stream_id: it.left for it in streams})
    return [_said_short(line, short, known) for line in lines]


def _said_short(
    line: PricedLine, short: Mapping[object, tuple[StreamId, Money]], known: Mapping[StreamId, PayableStream]
) -> PricedLine:
    if line.id not in short:
        return line
    stream_id, left = short[line.id]
    sentence = worded(
        "“{budget_name}” has {left} left for this, and would pay {shares}. Change how much you ask for, or who pays.",
        budget_name=known[stream_id].budget_name,
        left=left,
        shares=line.shares[stream_id],
    )
    return PricedLine(line.line, line.request, line.parts, (*line.problems, sentence), line.notes)
