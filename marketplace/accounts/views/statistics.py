"""Saying whether what one does counts in the figures that councils get."""

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts import queries
from marketplace.accounts.access import me, signed_in, viewer
from marketplace.accounts.forms import StatisticsForm
from marketplace.accounts.services.counting import say_whether_counted
from marketplace.accounts.views.blueprint import bp
from marketplace.kit.db import db, transaction

_NO, _YES = "no", "yes"


@bp.route("/statistics", methods=["GET", "POST"])
@signed_in
def statistics() -> ResponseReturnValue:
    account = queries.my_account(db.session, viewer=viewer()) or abort(404)
    form = StatisticsForm(data={"counted": _YES if account.is_counted else _NO})
    if form.validate_on_submit():
        wants = form.counted.data == _YES
        with transaction() as session:
            say_whether_counted(session, person_id=me(), is_counted=wants, now=datetime.now(UTC))
        flash(
            "Saved: what you do here counts in the figures."
            if wants
            else "Saved: you no longer count in any figures, and what was kept to count you is deleted."
        )
        return redirect(url_for(".me"))
    return render_template("accounts/statistics.html", form=form), 422 if form.errors else 200
