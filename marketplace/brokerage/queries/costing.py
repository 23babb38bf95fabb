"""What does a plan cost, and what do the budgets say to it? Every question takes the viewer and filters in SQL."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.rules import PersonId, Viewer
from marketplace.brokerage.models import PlanVersion
from marketplace.brokerage.queries.contents import Around, LinesNow, plan_lines
from marketplace.brokerage.queries.plans import PlanSeen
from marketplace.brokerage.rules import contents as kept
from marketplace.brokerage.rules import costing as rules
from marketplace.brokerage.rules.contents import KeptLine
from marketplace.brokerage.rules.costing import Cost, PriceState, Purse, Reach, Sum, Times
from marketplace.brokerage.rules.nouns import LineId, PlanId
from marketplace.budgets.queries import seen_budgets
from marketplace.kit.money import Money


@dataclass(frozen=True, slots=True)
class Before:
    """What the same line cost when the plan was last kept."""

    unit_price: Money
    number: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class CostedLine:
    """One line of a plan with what it costs now, and what is known about how that changes."""

    line: KeptLine
    cost: Cost
    adder: str
    is_added_by_person: bool
    before: Before | None
    next_price: tuple[Money, date] | None

    @property
    def is_by_seller(self) -> bool:
        """Whether whoever added it speaks for those who sell it [003]."""
        return bool(self.line.sold_by)


@dataclass(frozen=True, slots=True)
class CostedPlan:
    """
    All lines of a plan with what they cost, in all and against budgets.

    `reaches` has one for each open budget that the viewer may see; `together` is of all, if there are several.
    """

    lines: tuple[CostedLine, ...]
    sum: Sum
    sees_budgets: bool
    may_ask_for_quotes: bool
    reaches: tuple[Reach, ...]
    together: Reach | None


def costed_plan(
    session: Session,
    *,
    plan: PlanSeen,
    viewer: Viewer,
    on: date,
    around: Around,
    instead: Mapping[LineId, Times] | None = None,
) -> CostedPlan:
    """
    Return what a plan costs on a day, as the viewer may know it: budgets only with consent to see them.

    `instead` is how much of some lines to reckon with rather than what is kept: to try it out.
    """
    now = plan_lines(session, plan=plan, viewer=viewer, on=on, around=around)
    lines = [replace(line, times=(instead or {}).get(line.id, line.times)) for line in now.lines]
    costs = [replace(line.cost, is_promised=line.id in now.promised) for line in lines]
    purses = _purses(session, plan.person_id, viewer, on=on) if plan.sees_budgets else ()
    whole = rules.together(purses)
    return CostedPlan(
        lines=_told(session, plan, now, lines, costs),
        sum=rules.add_up(costs),
        sees_budgets=plan.sees_budgets,
        may_ask_for_quotes=plan.may_ask_for_quotes,
        reaches=tuple(rules.reach(costs, purse, today=on) for purse in purses),
        together=rules.reach(costs, whole, today=on) if whole else None,
    )


def _purses(session: Session, person_id: PersonId, viewer: Viewer, *, on: date) -> tuple[Purse, ...]:
    return tuple(
        Purse(name=it.name, left=it.left, begins_on=it.begins_on, ends_on=it.ends_on)
        for it in seen_budgets(session, viewer=viewer, on=on, person_id=person_id)
        if it.closed_at is None and it.ends_on >= on
    )


def _told(
    session: Session, plan: PlanSeen, now: LinesNow, lines: list[KeptLine], costs: list[Cost]
) -> tuple[CostedLine, ...]:
    before = _before(session, plan.id) if lines else {}
    return tuple(
        CostedLine(
            line=line,
            cost=it,
            adder=now.adders[line.added_by],
            is_added_by_person=line.added_by == plan.person_id,
            before=_was(line, before.get(line.id)),
            next_price=_next_price(line, now),
        )
        for line, it in zip(lines, costs, strict=True)
    )


def _next_price(line: KeptLine, now: LinesNow) -> tuple[Money, date] | None:
    offer = now.offers.get(line.offer_id) if line.offer_id is not None else None
    return offer.next_price if offer and line.state in {PriceState.KNOWN, PriceState.FREE} else None


def _before(session: Session, plan_id: PlanId) -> dict[LineId, tuple[KeptLine, int, datetime]]:
    """Return the lines of the last version of a plan that the caller has found to be the viewer's to see."""
    last = session.scalars(
        select(PlanVersion).where(PlanVersion.plan_id == plan_id).order_by(PlanVersion.number.desc()).limit(1)
    ).one_or_none()
    if last is None:
        return {}
    return {line.id: (line, last.number, last.made_at) for line in kept.read(last.contents).lines}


def _was(line: KeptLine, before: tuple[KeptLine, int, datetime] | None) -> Before | None:
    if before is None:
        return None
    old, number, made_at = before
    is_the_same = (old.costed_by, old.offer_id, old.pool_key) == (line.costed_by, line.offer_id, line.pool_key)
    if not is_the_same or old.unit_price is None or old.unit_price == line.unit_price or line.own_price is not None:
        return None
    return Before(unit_price=old.unit_price, number=number, made_at=made_at)
