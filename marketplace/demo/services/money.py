"""Whose money there is: budgets, one period after another, who may look after them, and where providers are paid."""

from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from uuid import uuid4

from marketplace.accounts.rules import DelegationId
from marketplace.accounts.services import delegations
from marketplace.budgets.rules import BudgetId
from marketplace.budgets.services import budgets, periods
from marketplace.demo.rules.calendar import some_time
from marketplace.demo.rules.money import WrittenBudget, WrittenConsent
from marketplace.demo.services.street import Street
from marketplace.kit.days import day_of
from marketplace.kit.money import Money
from marketplace.payments.services import providers

_MONTHS = 12
_SAID_BANK_DETAILS_DAYS_AGO = 200


def expect_money(draw: Random, street: Street) -> None:
    """Put on the agenda when each budget begins, each consent is given, and each provider says where it is paid."""
    money = street.town.money
    for budget in money.budgets:
        begins_on = _first_of_month(street.calendar.built_on, months=-budget.began_months_ago)
        street.agenda.add(some_time(draw, begins_on), partial(_begin, street, budget, begins_on))
    for consent in money.consents:
        at = some_time(draw, street.calendar.days_ago(consent.days_ago))
        street.agenda.add(at, partial(_give_consent, draw, street, consent))
    for provider in money.bank_details:
        at = some_time(draw, street.calendar.days_ago(_SAID_BANK_DETAILS_DAYS_AGO))
        street.agenda.add(at, partial(_say_bank_details, street, provider))


def _begin(street: Street, budget: WrittenBudget, begins_on: date, *, now: datetime) -> None:
    key, by = BudgetId(uuid4()), street.people[budget.person]
    street.budgets[budget.key] = key
    ends_on = _first_of_month(begins_on, months=budget.lasts_months) - timedelta(days=1)
    amounts = {stream: Money(pence) for stream, pence in budget.amounts.items()}
    if budget.follows:
        periods.begin_next_period(
            street.session,
            budget_id=street.budgets[budget.follows],
            by=by,
            begins_on=begins_on,
            ends_on=ends_on,
            amounts=amounts,
            now=now,
            key=key,
        )
        return
    budgets.set_up_budget(
        street.session,
        by=by,
        name=budget.name,
        holding=budget.holding,
        begins_on=begins_on,
        ends_on=ends_on,
        amounts=amounts,
        now=now,
        key=key,
        held_by=budgets.HeldBy(
            holding=budget.holding,
            name=budget.holder,
            email=budget.holder_email,
            reference=budget.reference,
            carry_over_percent=budget.carry_over_percent,
        ),
    )


def _give_consent(draw: Random, street: Street, consent: WrittenConsent, *, now: datetime) -> None:
    link, to = street.addresses.consent(), street.people[consent.to]
    email = next(one.email for one in street.town.sign_ins if one.key == consent.to)
    delegation_id = delegations.give_consent(
        street.session,
        by=street.people[consent.person],
        email=email,
        scopes=consent.scopes,
        ends_on=day_of(now) + timedelta(days=consent.for_days),
        link=link,
        now=now,
        key=DelegationId(uuid4()),
    )
    at = some_time(draw, day_of(now) + timedelta(days=1))
    street.agenda.add(
        at, partial(delegations.accept_consent, street.session, delegation_id=delegation_id, by=to, link=link)
    )


def _say_bank_details(street: Street, provider: str, *, now: datetime) -> None:
    by = street.viewer(street.speakers[provider])
    sort_code, account_number = street.town.money.bank_details[provider]
    providers.say_bank_details(
        street.session,
        organisation_id=min(by.organisations),
        by=by,
        account_name=next(one.name for one in street.town.providers if one.key == provider),
        sort_code=sort_code,
        account_number=account_number,
        link=street.addresses.bank_details(),
        now=now,
    )


def _first_of_month(day: date, *, months: int) -> date:
    """Return the first day of the month that is so many months later."""
    number = day.year * _MONTHS + day.month - 1 + months
    return date(number // _MONTHS, number % _MONTHS + 1, 1)
