"""What somebody typed when they had been signed out: here it is again, to be sent or thrown away."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, signed_in, unsent, viewer
from marketplace.accounts.queries import unsent as queries
from marketplace.accounts.services.unsent import forget_unsent
from marketplace.accounts.views.blueprint import bp
from marketplace.kit.db import db, transaction


@bp.get("/unsent")
@signed_in
def show_unsent() -> ResponseReturnValue:
    kept = unsent.kept()
    form = queries.unsent(db.session, form_id=kept[0], key=kept[1], viewer=viewer()) if kept else None
    return render_template("accounts/unsent.html", unsent=form)


@bp.post("/unsent/throw-away")
@signed_in
def throw_unsent_away() -> ResponseReturnValue:
    kept = unsent.kept()
    if kept:
        with transaction() as session:
            forget_unsent(session, form_id=kept[0], by=me())
        unsent.forget()
    flash("It is thrown away. We sent nothing.")
    return redirect(url_for("accounts.me"))
