"""How reviews work here, in full: the page that the law wants everybody to find."""

from flask import render_template
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public
from marketplace.ratings.rules import flags, releasing, scoring, screening
from marketplace.ratings.views.blueprint import bp


@bp.get("/policy")
@public
def policy() -> ResponseReturnValue:
    # The page says what the rules are by asking them, so that it cannot say anything else.
    return render_template(
        "ratings/policy.html", flags=flags, releasing=releasing, scoring=scoring, screening=screening
    )
