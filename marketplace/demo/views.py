"""What does a visitor see of the demo town? Whom to be, and what to try in five minutes as each."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts import access
from marketplace.accounts.access import public, viewer
from marketplace.demo import queries
from marketplace.demo.queries import SignIn
from marketplace.kit.db import db
from marketplace.kit.limits import SIGN_IN, limiter

bp = Blueprint("demo", __name__, url_prefix="/demo", template_folder="templates")


@bp.before_request
def _only_where_everybody_is_made_up() -> None:
    # Config never lets production have a demo. Asked of both, so that one mistake alone opens nothing.
    if current_app.config["IS_PRODUCTION"] or not current_app.config["HAS_DEMO"]:
        abort(404)


@bp.get("")
@public
def show() -> ResponseReturnValue:
    return render_template(
        "demo/show.html", sign_ins=queries.sign_ins(), is_built=bool(queries.people_to_be(db.session))
    )


@bp.get("/<slug>")
@public
def tour(slug: str) -> ResponseReturnValue:
    somebody = _somebody(slug)
    person_id = queries.people_to_be(db.session).get(slug)
    is_them = person_id is not None and viewer().person_id == person_id
    return render_template("demo/tour.html", somebody=somebody, is_them=is_them, is_here=person_id is not None)


@bp.post("/<slug>/be")
@public
@limiter.limit(SIGN_IN)
def be(slug: str) -> ResponseReturnValue:
    somebody = _somebody(slug)
    # The town has no phones: here, and only here, one press is a code too. What asks for a password still does.
    access.sign_in(queries.people_to_be(db.session).get(slug) or abort(404), proved=True, confirmed=False)
    flash(f"You are {somebody.name} now.")
    return redirect(url_for(".tour", slug=slug))


def _somebody(slug: str) -> SignIn:
    return queries.sign_in_with_key(slug) or abort(404)
