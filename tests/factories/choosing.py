"""A brief that has closed, with quotes on it that its person chooses between."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from marketplace.accounts.rules import Scope
from marketplace.kit.money import Money
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


def closed(session, *, prices=PRICES, pence=52_000, **differences):
    """Add a brief that has closed, a helper of its person, and a quote at each of some prices."""
    person = accounts.person(session, name="Ada", lives_in="E08000009")
    helper, consent_id = accounts.friend(session, of=person, scopes={Scope.ASK_FOR_QUOTES}, now=briefs.BEGAN)
    budget_id = budgets.budget(session, person, social_care=pence)
    brief = briefs.open_brief(session, person=person, **differences)
    providers = [quotes.provider(session, name=f"Provider {number}") for number in range(len(prices))]
    sent = [
        quotes.sent(session, brief=brief, by=by, about=about, support=price)
        for (by, about), price in zip(providers, prices, strict=True)
    ]
    return World(person, accounts.as_viewer(person), helper, consent_id, budget_id, brief, providers, sent)
