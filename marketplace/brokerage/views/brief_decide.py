"""A moderator keeps a brief from the view of providers, or shows it again. They never learn whose it is."""

from datetime import UTC, datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import me, requires, viewer
from marketplace.accounts.rules import Permission
from marketplace.brokerage.queries.reported_briefs import reported_brief
from marketplace.brokerage.rules.nouns import BriefId
from marketplace.brokerage.services import holding_briefs
from marketplace.brokerage.views.blueprint import bp
from marketplace.kit.addresses import page_address
from marketplace.kit.db import db, transaction
from marketplace.kit.errors import DomainError
from marketplace.kit.refusals import show_refusal
from marketplace.moderation.forms import DecideForm

_DECISIONS = {"hold": holding_briefs.hold_brief, "release": holding_briefs.release_brief}


@bp.route("/briefs/<uuid:brief_id>/<any(hold, release):act>", methods=["GET", "POST"])
@requires(Permission.MODERATE)
def decide_brief(brief_id: UUID, act: str) -> ResponseReturnValue:
    page = reported_brief(db.session, brief_id=BriefId(brief_id), viewer=viewer()) or abort(404)
    form = DecideForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                _DECISIONS[act](
                    session,
                    brief_id=page.id,
                    by=me(),
                    reason=form.reason.data or "",
                    address=lambda wanted: page_address("brokerage.brief", {"brief_id": wanted}),
                    now=datetime.now(UTC),
                )
        except DomainError as error:
            show_refusal(form, error)
        else:
            flash("Saved. We have written to whoever wrote it.")
            return redirect(url_for("moderation.queue"))
    return render_template("brokerage/brief_decide.html", page=page, form=form, act=act), 422 if form.errors else 200
