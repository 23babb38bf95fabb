"""Saying what one is like, to see what people like oneself say; and taking it back."""

from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.kit.db import db, transaction
from marketplace.kit.refusals import show_refusal
from marketplace.ratings.forms.likeness import LikenessForm
from marketplace.ratings.queries import likeness as queries
from marketplace.ratings.rules.likeness import FEWEST_ALIKE
from marketplace.ratings.services import likeness as services
from marketplace.ratings.views.blueprint import bp


@bp.route("/people-like-me", methods=["GET", "POST"])
@requires(Permission.BUY)
def people_like_me() -> ResponseReturnValue:
    said = queries.my_likeness(db.session, viewer=viewer())
    form = LikenessForm.filled(said)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                services.say_likeness(
                    session, facts=form.facts, agrees=bool(form.agrees.data), by=me(), now=datetime.now(UTC)
                )
        except services.LikenessUnclearError as error:
            show_refusal(form, error)
        else:
            flash("Saved. On an offer that five people like you have rated, you now see what they give it.")
            return redirect(url_for(".people_like_me"))
    page = render_template("ratings/people_like_me.html", form=form, has_said=bool(said), fewest=FEWEST_ALIKE)
    return page, 422 if form.errors else 200


@bp.post("/people-like-me/delete")
@requires(Permission.BUY)
def forget_likeness() -> ResponseReturnValue:
    with transaction() as session:
        services.forget_likeness(session, by=me(), now=datetime.now(UTC))
    flash("Deleted. We keep nothing of what you said about yourself.")
    return redirect(url_for(".people_like_me"))
