"""Pools told in full: they open, people pledge from their budgets, it goes ahead, and goes on week by week."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from marketplace.accounts.rules import PersonId
from marketplace.budgets.queries.paying import payable_streams
from marketplace.budgets.rules import StreamId
from marketplace.demo import queries
from marketplace.demo.rules.calendar import some_time
from marketplace.demo.rules.clubs import WrittenClub, WrittenMember, WrittenSharedVisits
from marketplace.demo.services.paying import expect_payment
from marketplace.demo.services.pools import look_after, take_further
from marketplace.demo.services.room import expect_room
from marketplace.demo.services.street import Street
from marketplace.kit.days import day_of, midnight
from marketplace.kit.money import Money
from marketplace.pooling.queries.pledging import ladder_of
from marketplace.pooling.rules import NewPool, PoolId, known
from marketplace.pooling.rules.nouns import SharedVisitId
from marketplace.pooling.services import attending, closing, opening, pledging, visiting
from marketplace.purchasing import services as purchasing
from marketplace.purchasing.rules import ArrangementId
from marketplace.purchasing.rules.nouns import ArrangementKind, PayBy
from marketplace.purchasing.services import confirming, invoicing

_VISITS_ON_AN_INVOICE = 4
_PAID_AFTER_DAYS = 5


def expect_clubs(draw: Random, street: Street) -> None:
    """Put on the agenda when each pool is opened. Everything else follows from that."""
    for club in street.town.together.clubs:
        at = some_time(draw, street.calendar.days_ago(club.opened_days_ago))
        street.agenda.add(at, partial(_open, draw, street, club))


def _open(draw: Random, street: Street, club: WrittenClub, *, now: datetime) -> None:
    last_day = day_of(now) + timedelta(days=club.open_for_days)
    starts_on = last_day + timedelta(days=club.starts_days_after_close)
    pool_id = opening.open_pool(
        street.session,
        offer_id=street.offers[club.offer],
        by=street.people[club.members[0].person],
        wanted=NewPool(
            title=club.title,
            purpose=club.purpose,
            minimum_people=club.minimum_people,
            most_people=club.most_people,
            quantity=club.quantity,
            days=club.open_for_days,
            starts_on=starts_on,
            kind=ArrangementKind.WEEKLY if club.weeks > 1 else ArrangementKind.ONE_OFF,
            weeks=club.weeks,
        ),
        now=now,
    )
    street.pools[club.key] = pool_id
    for member in club.members:
        at = max(some_time(draw, street.calendar.days_ago(member.days_ago)), now)
        street.agenda.add(at, partial(_pledge, street, pool_id, member))
    # When the job comes by that looks whose day has come.
    street.agenda.add(
        midnight(last_day + timedelta(days=1)) + timedelta(minutes=1), partial(_close, street, club, pool_id)
    )
    expect_room(draw, street, club, pool_id)
    if club.done_days_ago is not None:
        at = some_time(draw, street.calendar.days_ago(club.done_days_ago))
        street.agenda.add(at, partial(_finish, street, club, pool_id))
    if club.visits:
        at = some_time(draw, last_day + timedelta(days=2))
        street.agenda.add(at, partial(_plan, draw, street, club, club.visits, pool_id))


def _close(street: Street, club: WrittenClub, pool_id: PoolId, *, now: datetime) -> None:
    closing.close_lapsed_pool(street.session, pool_id=pool_id, address=street.addresses.pool, now=now)
    take_further(street, pool_id, now=now)
    starts_on = day_of(now) + timedelta(days=club.starts_days_after_close - 1)
    street.agenda.add(midnight(starts_on) + timedelta(minutes=1), partial(look_after, street, pool_id))


def _pledge(street: Street, pool_id: PoolId, member: WrittenMember, *, now: datetime) -> None:
    by = street.people[member.person]
    ladder = known(ladder_of(street.session, pool_id=pool_id))
    usual = ladder.usual
    pledging.pledge_to_pool(
        street.session,
        pool_id=pool_id,
        by=by,
        wanted=replace(usual, shares=_shares(street, member, by, known(ladder.at_worst(usual)))),
        called=member.called,
        now=now,
    )


def _shares(street: Street, member: WrittenMember, by: PersonId, at_worst: Money) -> Mapping[StreamId, Money]:
    """Return which stream pays for a pledge, if somebody's budget does."""
    if member.budget is None:
        return {}
    return {
        one.stream_id: at_worst
        for one in payable_streams(street.session, viewer=street.viewer(by))
        if one.kind is member.stream and one.budget_id == street.budgets[member.budget]
    }


def _plan(
    draw: Random, street: Street, club: WrittenClub, written: WrittenSharedVisits, pool_id: PoolId, *, now: datetime
) -> None:
    last_day = street.calendar.days_ago(club.opened_days_ago - club.open_for_days)
    first_on = last_day + timedelta(days=club.starts_days_after_close)
    visiting.plan_pool_visits(
        street.session,
        pool_id=pool_id,
        by=street.speaker(club.offer),
        first_on=first_on,
        starts_at=written.at,
        minutes=written.minutes,
        weeks=club.weeks,
        address=street.addresses.pool,
        now=now,
    )
    for number, visit_id in enumerate(queries.shared_visits_of(street.session, pool_id=pool_id), start=1):
        held_on = first_on + timedelta(weeks=number - 1)
        for away in written.away:
            if away.visit == number and away.told:
                at = some_time(draw, held_on - timedelta(days=5))
                street.agenda.add(at, partial(_say_away, street, visit_id, street.people[away.person]))
        missing = {street.people[away.person] for away in written.away if away.visit == number}
        present = frozenset(street.people[one.person] for one in club.members) - missing
        at = some_time(draw, held_on + timedelta(days=1))
        street.agenda.add(at, partial(_hold, draw, street, club, visit_id, present, minutes=written.minutes))
        if number % _VISITS_ON_AN_INVOICE == 0:
            at = some_time(draw, held_on + timedelta(days=4))
            street.agenda.add(at, partial(_invoice, draw, street, club, pool_id))


def _finish(street: Street, club: WrittenClub, pool_id: PoolId, *, now: datetime) -> None:
    """Mark what each of them bought as done, for the provider. Then the pool is over."""
    by, link = street.speaker(club.offer), street.addresses.arrangement
    for arrangement_id in queries.arrangements_of_pool(street.session, pool_id=pool_id):
        purchasing.mark_done(street.session, arrangement_id=arrangement_id, by=by, link=link, now=now)
    look_after(street, pool_id, now=now)


def _say_away(street: Street, visit_id: SharedVisitId, by: PersonId, *, now: datetime) -> None:
    visiting.say_away(
        street.session, shared_visit_id=visit_id, by=by, is_away=True, address=street.addresses.pool, now=now
    )


def _hold(
    draw: Random,
    street: Street,
    club: WrittenClub,
    visit_id: SharedVisitId,
    present: frozenset[PersonId],
    *,
    minutes: int,
    now: datetime,
) -> None:
    attending.hold_pool_visit(
        street.session,
        shared_visit_id=visit_id,
        by=street.speaker(club.offer),
        minutes=minutes,
        present=present,
        note="",
        link=street.addresses.arrangement,
        now=now,
    )
    at = some_time(draw, day_of(now) + timedelta(days=1))
    street.agenda.add(at, partial(_confirm, street, visit_id))


def _confirm(street: Street, shared_visit_id: SharedVisitId, *, now: datetime) -> None:
    for visit_id, person_id in queries.shares_to_confirm(street.session, shared_visit_id=shared_visit_id):
        link = street.addresses.arrangement
        confirming.confirm_visit(street.session, visit_id=visit_id, by=person_id, link=link, now=now)


def _invoice(draw: Random, street: Street, club: WrittenClub, pool_id: PoolId, *, now: datetime) -> None:
    for arrangement_id in queries.arrangements_of_pool(street.session, pool_id=pool_id):
        _invoice_one(draw, street, club, arrangement_id, now=now)


def _invoice_one(
    draw: Random, street: Street, club: WrittenClub, arrangement_id: ArrangementId, *, now: datetime
) -> None:
    by, link = street.speaker(club.offer), street.addresses.arrangement
    try:
        invoice_id = invoicing.issue_invoice(street.session, arrangement_id=arrangement_id, by=by, link=link, now=now)
    except invoicing.AlreadyInvoicedError:
        return
    paid_at = some_time(draw, day_of(now) + timedelta(days=_PAID_AFTER_DAYS))
    expect_payment(street, club.offer, invoice_id, pay_by=PayBy.BANK_TRANSFER, at=paid_at)
