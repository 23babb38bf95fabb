"""What is true of asking for help, and of what a helper is to do. Pure."""

from datetime import date, timedelta

from marketplace.accounts.rules import Scope
from marketplace.brokerage.rules.nouns import Circle
from marketplace.kit.sentences import worded

LONGEST_REQUEST = 1000
LONGEST_ANSWER = 500
LONGEST_TASK = 200
LONGEST_CALLED = 80
LONGEST_HOW = 200
MOST_ASKED = 10
"""Requests that somebody may have waiting at once."""

MOST_TASKS = 50
"""Tasks between two people that are not done yet."""

MOST_SUPPORTERS = 60
USUAL_CONSENT = timedelta(days=182)
"""Half a year: what a form begins with."""

LEVELS: dict[str, frozenset[Scope]] = {
    "look": frozenset({Scope.SEE_PLAN}),
    "write": frozenset({Scope.SEE_PLAN, Scope.WRITE_PLAN}),
    "quotes": frozenset({Scope.SEE_PLAN, Scope.WRITE_PLAN, Scope.ASK_FOR_QUOTES}),
}
"""How much family and friends may do, in one choice."""

PLANNING_SCOPES = (Scope.SEE_PLAN, Scope.WRITE_PLAN, Scope.ASK_FOR_QUOTES, Scope.SEE_BUDGETS)
"""What one may ask an organisation to do: confirming visits stays with those who live with them."""


def request_problem(words: str) -> str | None:
    """Return why what somebody writes to an organisation will not do, as a sentence, or None if it will."""
    if not words:
        return "Say in a few words what you would like help with."
    if len(words) > LONGEST_REQUEST:
        return worded("Use at most {longest_request:,} characters.", longest_request=LONGEST_REQUEST)
    return None


def task_problem(words: str, *, due_on: date | None, today: date) -> tuple[str, str] | None:
    """Return which part of a task will not do, and why, as a sentence, or None if all will."""
    if not words:
        return "words", "Say what is to be done."
    if len(words) > LONGEST_TASK:
        return "words", worded("Use at most {longest_task} characters.", longest_task=LONGEST_TASK)
    if due_on is not None and not today <= due_on <= today + timedelta(days=366):
        return "due_on", "Choose a day from today to a year from today, or leave it empty."
    return None


def supporter_problem(*, called: str, how: str) -> tuple[str, str] | None:
    """Return what about somebody who is named in a plan will not do, and why, or None if all will."""
    if not called:
        return "called", "Say who they are: “Mum”, “Bev next door”."
    if len(called) > LONGEST_CALLED:
        return "called", worded("Use at most {longest_called} characters.", longest_called=LONGEST_CALLED)
    if len(how) > LONGEST_HOW:
        return "how", worded("Use at most {longest_how} characters.", longest_how=LONGEST_HOW)
    return None


def circle_of(*, is_of_organisation: bool, is_user_led: bool) -> Circle:
    """Return in which circle somebody with consent is shown."""
    if not is_of_organisation:
        return Circle.FAMILY
    return Circle.USER_LED_ORGANISATION if is_user_led else Circle.PAID_ADVISER
