"""People write, draw and cost their plans, look at them again, and share them."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from random import Random

from marketplace.accounts.rules import PersonId
from marketplace.brokerage.gateways.files import read_file
from marketplace.brokerage.queries.contents import Around, PricedElsewhere
from marketplace.brokerage.rules.costing import Times
from marketplace.brokerage.rules.marks import mark_of
from marketplace.brokerage.rules.nouns import CostedBy, HowOften, LineId, OutcomeId, PlanId
from marketplace.brokerage.services import files, lines, plans, reviewing, sharing, supporters, versions, week
from marketplace.brokerage.services.lines import Choice
from marketplace.brokerage.services.week import Shown
from marketplace.demo.rules.calendar import some_time
from marketplace.demo.rules.plans import WrittenLine, WrittenLink, WrittenPlan, WrittenReview, WrittenVersion
from marketplace.demo.services.street import Street
from marketplace.kit.money import Money
from marketplace.pooling.queries.prices import pool_prices
from marketplace.ratings.queries import criteria

_COSTED_DAYS_AGO = 100
"""What says what a line costs is chosen on that day, or when the plan is begun: by then the pools are open."""


def expect_plans(draw: Random, street: Street) -> None:
    """Put on the agenda when each plan is begun. Everything else follows from that."""
    for plan in street.town.planning.plans:
        at = some_time(draw, street.calendar.days_ago(plan.begun_days_ago))
        street.agenda.add(at, partial(_begin, draw, street, plan))


def _begin(draw: Random, street: Street, plan: WrittenPlan, *, now: datetime) -> None:
    by = street.people[plan.by or plan.person]
    plan_id = plans.begin_plan(street.session, by=by, person_id=street.people[plan.person], now=now)
    _tell(street, plan, plan_id, by=by, now=now)
    costed_at = max(some_time(draw, street.calendar.days_ago(_COSTED_DAYS_AGO)), now)
    for line in plan.lines:
        line_id = _add_line(street, plan_id, line, by=by, now=now)
        street.lines[plan.person, line.wish] = line_id
        street.agenda.add(costed_at, partial(_cost, street, plan_id, line_id, line, by))
    _expect_more(draw, street, plan, plan_id, by=by)


def _tell(street: Street, plan: WrittenPlan, plan_id: PlanId, *, by: PersonId, now: datetime) -> None:
    """Tell what a good life is, in words and pictures."""
    for part, words in plan.parts.items():
        plans.write_part(street.session, plan_id=plan_id, part=part, words=words, edition=0, by=by, now=now)
    for picture in plan.pictures:
        files.add_file(
            street.session,
            plan_id=plan_id,
            part=picture.part,
            file=read_file(street.town.planning.pictures[picture.picture], name=f"{picture.picture}.png"),
            said=picture.said,
            by=by,
            now=now,
        )
    for item in plan.week:
        week.put_in_week(
            street.session,
            plan_id=plan_id,
            days=[item.day],
            part_of_day=item.part_of_day,
            shown=Shown(item.words, item.drawing),
            by=by,
            now=now,
        )
    for one in plan.supporters:
        supporters.add_supporter(
            street.session, plan_id=plan_id, circle=one.circle, called=one.called, how=one.how, by=by, now=now
        )


def _expect_more(draw: Random, street: Street, plan: WrittenPlan, plan_id: PlanId, *, by: PersonId) -> None:
    """Put on the agenda what happens to a plan later."""
    days_ago = street.calendar.days_ago
    for day in sorted({one.days_ago for one in plan.readings}, reverse=True):
        readings = {one.outcome: one.score for one in plan.readings if one.days_ago == day}
        street.agenda.add(some_time(draw, days_ago(day)), partial(_read, street, plan_id, readings, by))
    for review in plan.reviews:
        _expect_review(draw, street, plan_id, review, by)
    for version in plan.versions:
        street.agenda.add(some_time(draw, days_ago(version.days_ago)), partial(_keep, street, plan_id, version, by))
    for link in plan.links:
        street.agenda.add(some_time(draw, days_ago(link.days_ago)), partial(_share, street, plan_id, link, by))


def _add_line(street: Street, plan_id: PlanId, line: WrittenLine, *, by: PersonId, now: datetime) -> LineId:
    return lines.add_line(
        street.session,
        plan_id=plan_id,
        by=by,
        outcome_id=line.outcome,
        wish=line.wish,
        what_would_help=line.what_would_help,
        now=now,
    )


def _cost(street: Street, plan_id: PlanId, line_id: LineId, line: WrittenLine, by: PersonId, *, now: datetime) -> None:
    weekly = line.weeks > 1
    lines.cost_line(
        street.session,
        plan_id=plan_id,
        line_id=line_id,
        by=street.viewer(by),
        choice=_choice(street, line),
        times=Times(line.quantity, HowOften.WEEKLY if weekly else HowOften.ONCE, line.weeks),
        now=now,
    )


def _choice(street: Street, line: WrittenLine) -> Choice:
    if line.offer:
        return Choice(CostedBy.OFFER, offer_id=street.offers[line.offer])
    if line.pool:
        return Choice(CostedBy.POOL, pool_key=street.pools[line.pool])
    if line.own_price is not None:
        return Choice(CostedBy.OWN_PRICE, own_price=Money(line.own_price))
    return Choice(CostedBy.FREE if line.free else CostedBy.NOTHING_YET)


def _read(street: Street, plan_id: PlanId, readings: Mapping[OutcomeId, int], by: PersonId, *, now: datetime) -> None:
    reviewing.say_readings(street.session, plan_id=plan_id, by=by, readings=readings, now=now)


def _expect_review(draw: Random, street: Street, plan_id: PlanId, review: WrittenReview, by: PersonId) -> None:
    """Put a review on the agenda: the day is chosen some days before, and kept when it comes."""
    held_on = street.calendar.days_ago(review.days_ago if review.days_ago is not None else -(review.in_days or 0))
    set_at = some_time(draw, min(held_on - timedelta(days=20), street.calendar.days_ago(1)))
    street.agenda.add(set_at, partial(_set_review, draw, street, plan_id, review, by))


def _set_review(
    draw: Random, street: Street, plan_id: PlanId, review: WrittenReview, by: PersonId, *, now: datetime
) -> None:
    held_on = street.calendar.days_ago(review.days_ago if review.days_ago is not None else -(review.in_days or 0))
    review_id = reviewing.set_review(street.session, plan_id=plan_id, due_on=held_on, by=by, now=now)
    if review.days_ago is None:
        return

    def hold(*, now: datetime) -> None:
        reviewing.hold_review(
            street.session,
            plan_id=plan_id,
            review_id=review_id,
            by=by,
            said=reviewing.Said(review.worked, review.not_worked, review.next, seen=mark_of(None, "", "", "")),
            readings={},
            next_on=None,
            around=around(street),
            now=now,
        )

    street.agenda.add(some_time(draw, held_on), hold)


def _keep(street: Street, plan_id: PlanId, version: WrittenVersion, by: PersonId, *, now: datetime) -> None:
    versions.keep_version(street.session, plan_id=plan_id, by=by, note=version.note, around=around(street), now=now)


def _share(street: Street, plan_id: PlanId, link: WrittenLink, by: PersonId, *, now: datetime) -> None:
    sharing.share_plan(
        street.session,
        plan_id=plan_id,
        by=by,
        called=link.called,
        days=link.days,
        shows_money=link.with_money,
        around=around(street),
        now=now,
    )


def around(street: Street) -> Around:
    """Return what packages above know about plans: what outcomes are called, and what pools cost."""

    def outcomes(ids: Collection[OutcomeId]) -> Mapping[OutcomeId, str]:
        return {OutcomeId(key): name for key, name in criteria.outcomes_named(street.session, ids).items()}

    def pools(keys: Collection[uuid.UUID]) -> Mapping[uuid.UUID, PricedElsewhere]:
        return {
            key: PricedElsewhere(it.title, it.provider_name, it.unit, it.unit_price, it.is_there)
            for key, it in pool_prices(street.session, pool_ids=keys).items()
        }

    return Around(outcomes=outcomes, pools=pools)
