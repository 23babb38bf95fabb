"""First steps: what somebody does here first, and a list that empties itself."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, viewer
from marketplace.kit import hiding
from marketplace.kit.db import db
from marketplace.web.queries.starting import HIDDEN, first_steps
from marketplace.web.views.blueprint import bp


@bp.get("/welcome")
@signed_in
def welcome() -> ResponseReturnValue:
    return render_template(
        "web/welcome.html",
        starts=first_steps(db.session, viewer=viewer()),
        is_hidden=hiding.is_hidden(HIDDEN, of=me()),
    )


@bp.post("/welcome/hide")
@signed_in
def hide_first_steps() -> ResponseReturnValue:
    response = redirect(url_for("accounts.me"), 303)
    hiding.hide(response, HIDDEN, of=me())
    return response


@bp.post("/welcome/show")
@signed_in
def show_first_steps() -> ResponseReturnValue:
    response = redirect(url_for("accounts.me"), 303)
    hiding.show_again(response)
    return response
