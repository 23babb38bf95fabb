"""Who asks whom for what, when, how it ends, and who says what it was like."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from marketplace.catalogue.rules import OfferStatus
from marketplace.demo.rules.calendar import Calendar, later, some_time
from marketplace.demo.rules.slots import Slot, plan_slots
from marketplace.demo.rules.voices import WrittenReview
from marketplace.demo.rules.written import FirstArrangement, WrittenOffer, WrittenTown
from marketplace.kit.days import day_of
from marketplace.purchasing.rules import ArrangementStatus

Reach = Callable[[str, str], bool]
"""Tests whether an offer reaches a person, both by key."""

_TRIES = 60
_BY_PERSON = 0.4
"""In so much of what ends, it is the person who says so."""
_INVOICED_WITHIN = timedelta(days=45)
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PlannedArrangement:
    """
    One arrangement, and when each thing that happens to it does. What would come after the last night does not.

    `ended_at` is when it is withdrawn, cancelled or done, and `by_person` who says so.
    """

    person: str
    offer: str
    what: str
    quantity: int
    starts_on: date
    ends: ArrangementStatus
    asked_at: datetime
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    by_person: bool = True
    reason: str = ""
    invoiced_at: datetime | None = None
    review: WrittenReview | None = None
    reviewed_at: datetime | None = None
    replied_at: datetime | None = None


@dataclass(slots=True)
class _Memory:
    """What has happened so far, as the plan is made from the oldest day to the newest."""

    had: dict[str, dict[str, None]] = field(default_factory=dict)
    """Who has had something of a category, in the order they first did."""
    waits_until: dict[tuple[str, str], datetime] = field(default_factory=dict)
    """When a person got the answer about an offer that they asked for last."""
    reviewed: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Street:
    """Everything that does not change while the plan is made."""

    town: WrittenTown
    calendar: Calendar
    people: list[str]
    reach: Reach
    shown_since: Mapping[str, datetime]
    offers: dict[str, WrittenOffer]
    shelves: dict[str, list[WrittenOffer]]


def plan_first_days(draw: Random, *, town: WrittenTown, calendar: Calendar) -> tuple[PlannedArrangement, ...]:
    """Return what is told in full about the people whom a visitor may sign in as."""
    return tuple(_told(draw, one, calendar) for one in town.first_days.arrangements)


def plan_trade(
    draw: Random,
    *,
    town: WrittenTown,
    calendar: Calendar,
    people: list[str],
    reach: Reach,
    shown_since: Mapping[str, datetime],
) -> tuple[PlannedArrangement, ...]:
    """
    Return everything that the people of the town ask for, in order, with every written review somewhere in it.

    `shown_since` says from when on an offer can be asked for.
    """
    shelves: dict[str, list[WrittenOffer]] = {category: [] for category in town.trade.categories}
    for offer in town.offers:
        if offer.state is OfferStatus.LIVE:
            shelves[offer.category].append(offer)
    street = _Street(
        town=town,
        calendar=calendar,
        people=people,
        reach=reach,
        shown_since=shown_since,
        offers={offer.key: offer for offer in town.offers},
        shelves=shelves,
    )
    memory = _Memory()
    slots = plan_slots(draw, town=town, calendar=calendar, shown_since=shown_since)
    return tuple(_plan(draw, slot, street, memory) for slot in slots)


def _plan(draw: Random, slot: Slot, street: _Street, memory: _Memory) -> PlannedArrangement:
    offer = street.offers[slot.offer] if slot.offer else _some_offer(draw, slot, street)
    person = _some_person(draw, slot, offer, street, memory)
    pair = (person, offer.key)
    trade = street.town.trade
    if pair in memory.waits_until:
        words: tuple[str, ...] = trade.asks["again"]
    else:
        words = trade.asks[offer.category] + trade.asks["anything"]
    low, high = trade.how_much[offer.unit or "free"]
    answered_at = later(draw, slot.asked_at, days=(1, 3))
    asked = PlannedArrangement(
        person=person,
        offer=offer.key,
        what=draw.choice(words),
        quantity=draw.randint(low, high),
        starts_on=day_of(answered_at) + timedelta(days=draw.randint(2, 18)),
        ends=slot.ends,
        asked_at=slot.asked_at,
    )
    if slot.ends is ArrangementStatus.WITHDRAWN:
        made = replace(asked, ended_at=asked.asked_at + timedelta(minutes=draw.randint(40, 1_000)))
    else:
        made = _answered(draw, asked, answered_at, slot.review, street)
    memory.waits_until[pair] = made.answered_at or made.ended_at or _NEVER
    memory.had.setdefault(offer.category, {})[person] = None
    if slot.review:
        memory.reviewed.add(pair)
    return made


def _some_offer(draw: Random, slot: Slot, street: _Street) -> WrittenOffer:
    """Return an offer of a category that is shown by then: what many have written about, many ask for."""
    shown = [offer for offer in street.shelves[slot.category] if street.shown_since[offer.key] < slot.asked_at]
    weights = [1 + len(street.town.reviews.get(offer.key, ())) for offer in shown]
    return draw.choices(shown, weights)[0]


def _some_person(draw: Random, slot: Slot, offer: WrittenOffer, street: _Street, memory: _Memory) -> str:
    had = memory.had.get(offer.category, {})
    returns = draw.randrange(100) < street.town.trade.categories[offer.category].returning
    known = list(had)

    def suits(person: str) -> bool:
        pair = (person, offer.key)
        if memory.waits_until.get(pair, slot.asked_at) > slot.asked_at:
            return False
        return slot.review is None or pair not in memory.reviewed

    for _ in range(_TRIES):
        person = draw.choice(known if returns and known else street.people)
        if suits(person) and street.reach(person, offer.key) and (returns or person not in had):
            return person
    # Somebody from further away, or who has had it before, is better than nobody.
    return next(person for person in draw.sample(street.people, len(street.people)) if suits(person))


def _answered(
    draw: Random, asked: PlannedArrangement, answered_at: datetime, review: WrittenReview | None, street: _Street
) -> PlannedArrangement:
    """Say when an arrangement is answered, and what comes of it."""
    match asked.ends:
        case ArrangementStatus.ASKED:
            return asked
        case ArrangementStatus.DECLINED:
            return replace(asked, answered_at=answered_at, reason=draw.choice(street.town.trade.declines))
        case ArrangementStatus.CANCELLED:
            ended_at = later(draw, answered_at, days=(1, 2))
            return replace(asked, answered_at=answered_at, ended_at=ended_at, by_person=draw.random() < _BY_PERSON)
        case ArrangementStatus.DONE:
            made = replace(asked, answered_at=answered_at, by_person=draw.random() < _BY_PERSON)
            return _done(
                draw, made, some_time(draw, made.starts_on + timedelta(days=draw.randint(0, 20))), review, street
            )
    return replace(asked, answered_at=answered_at)


def _done(
    draw: Random, made: PlannedArrangement, done_at: datetime, review: WrittenReview | None, street: _Street
) -> PlannedArrangement:
    """Say when it is done, paid for and reviewed. Only the last weeks have invoices: older ones interest nobody."""
    reviewed_at = later(draw, done_at, days=(1, 9))
    is_recent = done_at > street.calendar.until - _INVOICED_WITHIN
    return replace(
        made,
        ended_at=done_at,
        invoiced_at=later(draw, done_at, days=(1, 4)) if is_recent else None,
        review=review,
        reviewed_at=reviewed_at if review else None,
        replied_at=later(draw, reviewed_at, days=(1, 4)) if review and review.reply else None,
    )


def _told(draw: Random, one: FirstArrangement, calendar: Calendar) -> PlannedArrangement:
    asked_on = calendar.days_ago(one.asked_days_ago)
    answer, start, *end = (asked_on + timedelta(days=days) for days in one.days)
    return PlannedArrangement(
        person=one.person,
        offer=one.offer,
        what=one.what,
        quantity=one.quantity,
        starts_on=start,
        ends=one.ends,
        asked_at=some_time(draw, asked_on),
        answered_at=None if one.ends is ArrangementStatus.ASKED else some_time(draw, answer),
        ended_at=some_time(draw, end[0]) if end else None,
        by_person=False,
        reason=one.reason or "",
        invoiced_at=some_time(draw, end[0] + timedelta(days=1)) if end else None,
    )
