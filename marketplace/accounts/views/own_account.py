"""One's own account."""

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts import queries, services
from marketplace.accounts.access import me as my_id
from marketplace.accounts.access import signed_in, viewer
from marketplace.accounts.forms import WhereYouLiveForm
from marketplace.accounts.queries.delegations import consents_waiting, people_helped
from marketplace.accounts.views.blueprint import bp
from marketplace.kit import hiding
from marketplace.kit.days import day_of
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.gazetteers import gazetteer
from marketplace.kit.refusals import show_refusal
from marketplace.kit.sentences import worded
from marketplace.web.queries.starting import HIDDEN, first_steps
from marketplace.web.queries.waiting import waiting_for


@bp.get("/me")
@signed_in
def me() -> ResponseReturnValue:
    account = queries.my_account(db.session, viewer=viewer()) or abort(404)
    council = gazetteer().council(account.council).name if account.council else None
    now = datetime.now(UTC)
    today = day_of(now)
    start = next((one for one in first_steps(db.session, viewer=viewer()) if one.left), None)
    return render_template(
        "accounts/me.html",
        account=account,
        council=council,
        waits=waiting_for(db.session, viewer=viewer(), now=now),
        waiting=consents_waiting(db.session, viewer=viewer(), today=today),
        helps=bool(people_helped(db.session, viewer=viewer(), on=today)),
        start=start,
        shows_start=not hiding.is_hidden(HIDDEN, of=my_id()),
    )


@bp.route("/where-you-live", methods=["GET", "POST"])
@signed_in
def where_you_live() -> ResponseReturnValue:
    form = WhereYouLiveForm()
    if form.validate_on_submit():
        try:
            place = gazetteer().find(form.place.data or "")
            with transaction() as session:
                services.say_where_you_live(session, person_id=my_id(), council=place.council)
        except DomainError as error:
            show_refusal(form, error, beside="place")
        else:
            flash(worded("Saved: you live in {name}.", name=gazetteer().council(place.council).name))
            return redirect(url_for(".me"))
    return render_template("accounts/where_you_live.html", form=form), 422 if form.errors else 200
