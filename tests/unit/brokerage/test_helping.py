"""Who may hold how much of somebody's planning, and what a declaration or a task must say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from marketplace.accounts.rules import WHOLE_PLANNING, Scope, called, whole_scopes
from marketplace.brokerage.rules import helping
from marketplace.brokerage.rules import independence as rules
from marketplace.brokerage.rules.nouns import Circle, Payer

TODAY = date(2026, 5, 4)


def test_only_whoever_sells_support_must_not_hold_it_all():
    for sells in (False, True):
        for left_out in (None, *WHOLE_PLANNING):
            holds = (WHOLE_PLANNING | {Scope.SEE_BUDGETS}) - {left_out}
            for refuse in (rules.conflict, rules.conflict_of_oneself):
                refusal = refuse(sells=sells, holds=holds, name="Hearthside")
                assert (refusal is not None) is (sells and left_out is None)
                assert refusal is None or refusal.startswith("Hearthside sells support")


def test_whoever_may_write_holds_it_all_with_quotes():
    assert rules.holds_everything(whole_scopes({Scope.WRITE_PLAN, Scope.ASK_FOR_QUOTES}))


def test_help_to_plan_and_to_run_a_budget_is_no_support_that_a_plan_buys():
    assert not rules.sells_support(["money-and-planning", "managing-money"])
    assert rules.sells_support(["money-and-planning", "peer-support"])


@pytest.mark.parametrize(("days", "stale"), [(366, False), (367, True)])
def test_a_declaration_goes_stale_after_a_year(days, stale):
    assert rules.is_stale(TODAY - timedelta(days=days), on=TODAY) is stale


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, None),
        ({"payers": ()}, "payers"),
        ({"payers": (Payer.SOMEBODY_ELSE,)}, "who_pays"),
        ({"payers": (Payer.SOMEBODY_ELSE,), "who_pays": "My aunt"}, None),
        ({"ties": "x" * 1001}, "ties"),
    ],
)
def test_a_declaration_says_who_pays(changed, field):
    said = {"payers": (Payer.PEOPLE,), "who_pays": "", "also_sells": "", "ties": ""} | changed
    problem = rules.declaration_problem(**said)
    assert (problem and problem[0]) == field


@pytest.mark.parametrize(
    ("words", "days", "field"),
    [("Ring", 0, None), ("Ring", None, None), ("", None, "words"), ("Ring", -1, "due_on"), ("Ring", 400, "due_on")],
)
def test_a_task_says_what_and_perhaps_by_when(words, days, field):
    due_on = None if days is None else TODAY + timedelta(days=days)
    problem = helping.task_problem(words, due_on=due_on, today=TODAY)
    assert (problem and problem[0]) == field


def test_whoever_helps_is_in_the_circle_they_come_from():
    assert helping.circle_of(is_of_organisation=False, is_user_led=False) is Circle.FAMILY
    assert helping.circle_of(is_of_organisation=True, is_user_led=True) is Circle.USER_LED_ORGANISATION
    assert helping.circle_of(is_of_organisation=True, is_user_led=False) is Circle.PAID_ADVISER


def test_nobody_is_called_the_same_name_twice():
    assert called("Asha", of="Hearthside") == "Asha of Hearthside"
    assert called("Asha", of="Asha") == called("Asha", of=None) == "Asha"
