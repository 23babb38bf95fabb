"""Pages on employing a personal assistant: the steps, and what stands in a contract. Not legal advice."""

from datetime import UTC, datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public
from marketplace.kit.days import day_of
from marketplace.purchasing.rules.employing import READ_ON, is_due
from marketplace.purchasing.views.blueprint import personal_assistants


@personal_assistants.get("")
@public
def show() -> ResponseReturnValue:
    return _draw("purchasing/employing.html")


@personal_assistants.get("/contract")
@public
def contract() -> ResponseReturnValue:
    return _draw("purchasing/employing_contract.html")


def _draw(template: str) -> str:
    due = is_due(read_on=READ_ON, today=day_of(datetime.now(UTC)))
    return render_template(template, read_on=READ_ON, is_due=due)
