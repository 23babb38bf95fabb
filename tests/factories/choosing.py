"""A brief that has closed, with quotes on it that its person chooses between."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from marketplace.accounts.rules import Scope
from marketplace.kit.days import day_of
from marketplace.kit.money import Money
from marketplace.pooling.services.following import follow_members
from tests.factories import accounts, briefs, budgets, quotes

CLOSED = briefs.BEGAN + timedelta(days=15)
"""A moment after the most boring brief has closed."""

PRICES = (Money(12_00), Money(15_00), Money(9_00))
"""What support costs in each of three quotes; £3 of admin, overhead and travel come on top, for 12 hours in all."""


@dataclass
class World:
    """Who there is, and what they quoted: in the order of `PRICES`."""

    person: Any
    viewer: Any
    helper: Any
    consent_id: Any
    budget_id: Any
    brief: Any
    providers: list[Any]
    quotes: list[Any]


def closed(session, *, began=briefs.BEGAN, prices=PRICES, pence=52_000, **differences):
    """Add a brief that opened at a moment and has closed two weeks later, with a helper, and quotes at some prices."""
    begins_on, starts_on = day_of(began) - timedelta(weeks=4), day_of(began) + timedelta(weeks=4)
    person = accounts.person(session, name="Ada", lives_in="E08000009")
    helper, consent_id = accounts.friend(session, of=person, scopes={Scope.ASK_FOR_QUOTES}, now=began)
    period = {"begins_on": begins_on, "ends_on": begins_on + timedelta(weeks=52, days=-1)}
    budget_id = budgets.budget(session, person, now=began, period=period, social_care=pence)
    brief = briefs.open_brief(session, person=person, now=began, starts_on=starts_on, **differences)
    providers = [quotes.provider(session, name=f"Provider {number}") for number in range(len(prices))]
    sent = [
        quotes.sent(session, brief=brief, by=by, about=about, support=price, can_start_on=starts_on)
        for (by, about), price in zip(providers, prices, strict=True)
    ]
    return World(person, accounts.as_viewer(person), helper, consent_id, budget_id, brief, providers, sent)


def of_pool(session, *, pool_id, champion, by, about, began=None, people=2, **differences):
    """Add a brief of a pool that has closed, with a quote of one provider on it: the brief, and the quote's id."""
    began = began or datetime.now(UTC) - timedelta(days=15)
    brief = briefs.open_brief(session, person=champion, now=began, category=about.category, **differences)
    brief.pool_key, brief.people = pool_id, people
    session.flush()
    follow_members(session, pool_id=pool_id, now=began)
    quote_id = quotes.sent(session, brief=brief, by=by, about=about, can_start_on=day_of(began) + timedelta(weeks=4))
    return brief, quote_id
