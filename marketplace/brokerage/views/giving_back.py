"""When consent ends while somebody types, their words are given back on the page that says so. We keep none of them."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from marketplace.accounts.access import viewer
from marketplace.brokerage.queries.plans import plan_seen
from marketplace.brokerage.rules.nouns import PlanId
from marketplace.brokerage.services.plans import PlanNotFoundError
from marketplace.brokerage.views.plans import today
from marketplace.kit.db import db
from marketplace.kit.errors import NotAllowedError

_View = Callable[..., ResponseReturnValue]


def gives_back(**asked: str) -> Callable[[_View], _View]:
    """Give back what was typed in these fields, by what each is called, if its writer may not write there any more."""

    def wrapped(view: _View) -> _View:
        @wraps(view)
        def shown(plan_id: UUID, **rest: UUID) -> ResponseReturnValue:
            try:
                return view(plan_id=plan_id, **rest)
            except (NotFound, NotAllowedError, PlanNotFoundError):
                typed = [(words, said) for name, words in asked.items() if (said := request.form.get(name, "").strip())]
                seen = plan_seen(db.session, plan_id=PlanId(plan_id), viewer=viewer(), on=today())
                if not typed or (seen and seen.may_write):
                    raise
                page = render_template("brokerage/plan_given_back.html", plan=seen, typed=typed)
                return page, 403 if seen else 404

        return shown

    return wrapped
